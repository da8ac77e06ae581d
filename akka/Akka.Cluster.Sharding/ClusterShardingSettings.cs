using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Times and sizes of sharding. Immutable.</summary>
public class TuningParameters
{
    /// <summary>How many messages wait in one region for shards to be placed.</summary>
    public readonly int BufferSize;

    /// <summary>How long a shard's entities have to end when it moves; then they are stopped.</summary>
    public readonly TimeSpan HandOffTimeout;

    /// <summary>After what time a shard's place is asked for again.</summary>
    public readonly TimeSpan RetryInterval;

    /// <summary>How often the strategy is asked what is to move.</summary>
    public readonly TimeSpan RebalanceInterval;

    /// <summary>After what time a region is told again to start a shard.</summary>
    public readonly TimeSpan ShardStartTimeout;

    /// <summary>After what time a shard's store of remembered entities that failed is started again.</summary>
    public readonly TimeSpan ShardFailureBackoff;

    /// <summary>The same for the coordinator's store of remembered shards.</summary>
    public readonly TimeSpan CoordinatorFailureBackoff;

    /// <summary>After what time a remembered entity that ended by itself is started again.</summary>
    public readonly TimeSpan EntityRestartBackoff;

    /// <summary>How long a write of what is remembered may take; then its store is started anew.</summary>
    public readonly TimeSpan UpdatingStateTimeout;

    /// <summary>After how many events of what is remembered a snapshot is taken.</summary>
    public readonly int SnapshotAfter;

    /// <summary>How many times <see cref="SnapshotAfter"/> events are kept behind the last snapshot, with the snapshots among them.</summary>
    public readonly int KeepNrOfBatches;

    /// <summary>How a shard starts what it remembers: <c>all</c> at once, or <c>constant</c>.</summary>
    public readonly string EntityRecoveryStrategy;

    /// <summary>How often a shard starts some of what it remembers, with the strategy <c>constant</c>.</summary>
    public readonly TimeSpan EntityRecoveryConstantRateStrategyFrequency;

    /// <summary>How many it starts each time.</summary>
    public readonly int EntityRecoveryConstantRateStrategyNumberOfEntities;

    /// <summary>How many shards the default strategy moves at a time at most; 0 for no limit.</summary>
    public readonly int LeastShardAllocationAbsoluteLimit;

    /// <summary>What part of all shards it moves at a time at most.</summary>
    public readonly double LeastShardAllocationRelativeLimit;

    internal TuningParameters(Config config)
    {
        BufferSize = config.GetInt("buffer-size");
        HandOffTimeout = config.GetTimeSpan("handoff-timeout", allowInfinite: false);
        RetryInterval = config.GetTimeSpan("retry-interval", allowInfinite: false);
        RebalanceInterval = config.GetTimeSpan("rebalance-interval", allowInfinite: false);
        ShardStartTimeout = config.GetTimeSpan("shard-start-timeout", TimeSpan.FromSeconds(1), allowInfinite: false);
        ShardFailureBackoff = config.GetTimeSpan("shard-failure-backoff", allowInfinite: false);
        CoordinatorFailureBackoff = config.GetTimeSpan("coordinator-failure-backoff", allowInfinite: false);
        EntityRestartBackoff = config.GetTimeSpan("entity-restart-backoff", allowInfinite: false);
        UpdatingStateTimeout = config.GetTimeSpan("updating-state-timeout", allowInfinite: false);
        SnapshotAfter = config.GetInt("snapshot-after");
        KeepNrOfBatches = config.GetInt("keep-nr-of-batches");
        EntityRecoveryStrategy = config.GetString("entity-recovery-strategy")!;
        if (EntityRecoveryStrategy is not ("all" or "constant")) throw new ConfigurationException($"akka.cluster.sharding.entity-recovery-strategy: there is no [{EntityRecoveryStrategy}]: all or constant");
        EntityRecoveryConstantRateStrategyFrequency = config.GetTimeSpan("entity-recovery-constant-rate-strategy.frequency", allowInfinite: false);
        EntityRecoveryConstantRateStrategyNumberOfEntities = Math.Max(1, config.GetInt("entity-recovery-constant-rate-strategy.number-of-entities"));
        LeastShardAllocationAbsoluteLimit = config.GetInt("least-shard-allocation-strategy.rebalance-absolute-limit");
        LeastShardAllocationRelativeLimit = config.GetDouble("least-shard-allocation-strategy.rebalance-relative-limit");
    }
}

/// <summary>Where remembered entities are kept.</summary>
public enum RememberEntitiesStore
{
    /// <summary>In distributed data: this engine has none, and refuses it.</summary>
    DData,

    /// <summary>In the journal.</summary>
    Eventsourced,

    /// <summary>In a store of the application's: refused too.</summary>
    Custom,
}

/// <summary>How the entities of a kind are sharded. Immutable.</summary>
public sealed class ClusterShardingSettings : INoSerializationVerificationNeeded
{
    /// <summary>The role of the nodes that have entities; null for all.</summary>
    public readonly string? Role;

    /// <summary>Whether entities that were started are started again wherever their shard comes to be, without a message for them, until they passivate.</summary>
    public readonly bool RememberEntities;

    /// <summary>Where that is kept.</summary>
    public readonly RememberEntitiesStore RememberEntitiesStore;

    /// <summary>The journal of what is remembered; the default one where it is empty. All nodes have to reach the same.</summary>
    public readonly string JournalPluginId;

    /// <summary>The snapshot store of what is remembered; the default one where it is empty.</summary>
    public readonly string SnapshotPluginId;

    /// <summary>After what time without messages an entity is passivated; 0 for never. Those that are remembered never are.</summary>
    public readonly TimeSpan PassivateIdleEntityAfter;

    /// <summary>How long a region waits for its shards when it is asked for them.</summary>
    public readonly TimeSpan ShardRegionQueryTimeout;

    /// <summary>Times and sizes.</summary>
    public readonly TuningParameters TuningParameters;

    /// <summary>How the coordinator is managed.</summary>
    public readonly ClusterSingletonManagerSettings CoordinatorSingletonSettings;

    private readonly Values _values;

    private ClusterShardingSettings(Values values)
    {
        _values = values;
        Role = string.IsNullOrEmpty(values.Role) ? null : values.Role;
        RememberEntities = values.Remember;
        RememberEntitiesStore = values.Store;
        JournalPluginId = values.Journal;
        SnapshotPluginId = values.Snapshots;
        PassivateIdleEntityAfter = values.Idle;
        ShardRegionQueryTimeout = values.QueryTimeout;
        TuningParameters = values.Tuning;
        CoordinatorSingletonSettings = values.Coordinator;
    }

    /// <summary>By a system's configuration, <c>akka.cluster.sharding</c>.</summary>
    public static ClusterShardingSettings Create(ActorSystem system)
    {
        ShardingReference.AddTo(system);
        var config = system.Settings.Config.GetConfig("akka.cluster.sharding");
        var idle = config.GetString("passivate-idle-entity-after")!.ToLowerInvariant() is "off" or "none" or "false" ? TimeSpan.Zero : config.GetTimeSpan("passivate-idle-entity-after", allowInfinite: false);
        return new ClusterShardingSettings(new Values
        {
            Role = config.GetString("role"),
            Remember = config.GetBoolean("remember-entities"),
            Store = StoreOf(config.GetString("remember-entities-store")!),
            Journal = config.GetString("journal-plugin-id", "")!,
            Snapshots = config.GetString("snapshot-plugin-id", "")!,
            Idle = idle,
            QueryTimeout = config.GetTimeSpan("shard-region-query-timeout", allowInfinite: false),
            Tuning = new TuningParameters(config),
            Coordinator = ClusterSingletonManagerSettings.Create(system),
        });
    }

    /// <summary>With another role.</summary>
    public ClusterShardingSettings WithRole(string? role) => new(_values with { Role = role });

    /// <summary>Whether entities are remembered.</summary>
    public ClusterShardingSettings WithRememberEntities(bool rememberEntities) => new(_values with { Remember = rememberEntities });

    /// <summary>With another journal of what is remembered.</summary>
    public ClusterShardingSettings WithJournalPluginId(string journalPluginId) => new(_values with { Journal = journalPluginId });

    /// <summary>With another snapshot store of what is remembered.</summary>
    public ClusterShardingSettings WithSnapshotPluginId(string snapshotPluginId) => new(_values with { Snapshots = snapshotPluginId });

    /// <summary>With another time; 0 for never.</summary>
    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => new(_values with { Idle = duration });

    /// <summary>With other times and sizes.</summary>
    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) => new(_values with { Tuning = tuningParameters });

    /// <summary>With another management of the coordinator.</summary>
    public ClusterShardingSettings WithCoordinatorSingletonSettings(ClusterSingletonManagerSettings coordinatorSingletonSettings) => new(_values with { Coordinator = coordinatorSingletonSettings });

    internal ClusterShardingSettings WithStore(RememberEntitiesStore store) => new(_values with { Store = store });

    /// <summary>Throws <see cref="ConfigurationException"/> where entities are to be remembered in a store that is not there.</summary>
    internal void Check()
    {
        if (RememberEntities && RememberEntitiesStore != RememberEntitiesStore.Eventsourced)
            throw new ConfigurationException($"akka.cluster.sharding.remember-entities-store: this engine remembers entities in the journal only (eventsourced), not in {RememberEntitiesStore}");
    }

    private static RememberEntitiesStore StoreOf(string name) => name.ToLowerInvariant() switch
    {
        "ddata" => RememberEntitiesStore.DData,
        "eventsourced" => RememberEntitiesStore.Eventsourced,
        "custom" => RememberEntitiesStore.Custom,
        _ => throw new ConfigurationException($"akka.cluster.sharding.remember-entities-store: there is no [{name}]"),
    };

    private sealed record Values
    {
        public required string? Role { get; init; }

        public required bool Remember { get; init; }

        public required RememberEntitiesStore Store { get; init; }

        public required string Journal { get; init; }

        public required string Snapshots { get; init; }

        public required TimeSpan Idle { get; init; }

        public required TimeSpan QueryTimeout { get; init; }

        public required TuningParameters Tuning { get; init; }

        public required ClusterSingletonManagerSettings Coordinator { get; init; }
    }
}
