using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>Makes a topic of the cluster's own, compacted, with the number of partitions that the broker's configuration gives it.</summary>
/// <param name="name"><see cref="TopicNames.ConsumerOffsets"/> or <see cref="TopicNames.TransactionState"/>.</param>
/// <param name="done">Called when it is there, or cannot be made.</param>
public sealed class InternalTopicCommand(string name, Action done) : ControllerCommand
{
    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (context.Image.Topics.ContainsKey(name)) return [];
        var count = context.Config.Int(name == TopicNames.ConsumerOffsets ? "offsets.topic.num.partitions" : "transaction.state.log.num.partitions");
        // A broker that is alone has one replica of everything. In a cluster there are as many as configured, or the topic waits for brokers: fewer would be lost sooner than asked for.
        var factor = context.IsAlone ? 1 : context.Config.Int(name == TopicNames.ConsumerOffsets ? "offsets.topic.replication.factor" : "transaction.state.log.replication.factor");
        var placer = new ReplicaPlacer(context);
        if (placer.Check(factor).Error != ErrorCode.None) return [];
        var id = context.NewId();
        var events = new List<IApiMessage> { new TopicRecord { Name = name, TopicId = id } };
        for (var i = 0; i < count; i++) events.Add(Placement.NewPartition(id, i, placer.Next(factor), context.IsActive));
        events.AddRange(Configs(name, context.Config));
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done();

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done();

    /// <summary>What such a topic is configured with: without it, retention would delete what groups and transactions are rebuilt from.</summary>
    internal static IEnumerable<ConfigRecord> Configs(string name, BrokerConfig config)
    {
        var offsets = name == TopicNames.ConsumerOffsets;
        yield return Config(name, "cleanup.policy", "compact");
        yield return Config(name, "compression.type", offsets ? "producer" : "uncompressed");
        yield return Config(name, "segment.bytes", config.String(offsets ? "offsets.topic.segment.bytes" : "transaction.state.log.segment.bytes"));
    }

    private static ConfigRecord Config(string topic, string key, string? value) => new() { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = topic, Name = key, Value = value };
}
