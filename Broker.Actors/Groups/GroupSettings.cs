using AkkaStream.Actors.Configuration;

namespace AkkaStream.Actors.Groups;

/// <summary>What a group coordinator is configured with, read once for each configuration. Times in milliseconds.</summary>
internal sealed class GroupSettings(BrokerConfig config)
{
    private const long MsPerMinute = 60_000;

    /// <summary>The configuration that this was read from.</summary>
    public BrokerConfig Source => config;

    public int SessionTimeoutMin { get; } = config.Int("group.min.session.timeout.ms");

    public int SessionTimeoutMax { get; } = config.Int("group.max.session.timeout.ms");

    public int ClassicMaxSize { get; } = config.Int("group.max.size");

    public int InitialRebalanceDelay { get; } = config.Int("group.initial.rebalance.delay.ms");

    public int RebalanceGather { get; } = config.Int("group.rebalance.gather.ms");

    public int MetadataMaxBytes { get; } = config.Int("offset.metadata.max.bytes");

    public long OffsetsRetention { get; } = config.Int("offsets.retention.minutes") * MsPerMinute;

    public long OffsetsCheckInterval { get; } = config.Long("offsets.retention.check.interval.ms");

    public int ConsumerMaxSize { get; } = config.Int("group.consumer.max.size");

    public int ConsumerSessionTimeout { get; } = config.Int("group.consumer.session.timeout.ms");

    public int ConsumerHeartbeatInterval { get; } = config.Int("group.consumer.heartbeat.interval.ms");

    public int ConsumerAssignmentInterval { get; } = config.Int("group.consumer.assignment.interval.ms");

    public IReadOnlyList<string> ConsumerAssignors { get; } = config.List("group.consumer.assignors");

    public string MigrationPolicy { get; } = config.String("group.consumer.migration.policy")!.ToUpperInvariant();

    public bool SpeaksConsumer { get; } = config.List("group.coordinator.rebalance.protocols").Contains("consumer");
}
