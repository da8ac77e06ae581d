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
        LeastShardAllocationAbsoluteLimit = config.GetInt("least-shard-allocation-strategy.rebalance-absolute-limit");
        LeastShardAllocationRelativeLimit = config.GetDouble("least-shard-allocation-strategy.rebalance-relative-limit");
    }
}

/// <summary>How the entities of a kind are sharded. Immutable.</summary>
public sealed class ClusterShardingSettings : INoSerializationVerificationNeeded
{
    /// <summary>The role of the nodes that have entities; null for all.</summary>
    public readonly string? Role;

    /// <summary>After what time without messages an entity is passivated; 0 for never.</summary>
    public readonly TimeSpan PassivateIdleEntityAfter;

    /// <summary>How long a region waits for its shards when it is asked for them.</summary>
    public readonly TimeSpan ShardRegionQueryTimeout;

    /// <summary>Times and sizes.</summary>
    public readonly TuningParameters TuningParameters;

    /// <summary>How the coordinator is managed.</summary>
    public readonly ClusterSingletonManagerSettings CoordinatorSingletonSettings;

    private ClusterShardingSettings(string? role, TimeSpan passivateIdleEntityAfter, TimeSpan queryTimeout, TuningParameters tuning, ClusterSingletonManagerSettings coordinator)
    {
        Role = string.IsNullOrEmpty(role) ? null : role;
        PassivateIdleEntityAfter = passivateIdleEntityAfter;
        ShardRegionQueryTimeout = queryTimeout;
        TuningParameters = tuning;
        CoordinatorSingletonSettings = coordinator;
    }

    /// <summary>By a system's configuration, <c>akka.cluster.sharding</c>. Throws <see cref="ConfigurationException"/> where <c>remember-entities</c> is on: this engine has no store for that.</summary>
    public static ClusterShardingSettings Create(ActorSystem system)
    {
        ShardingReference.AddTo(system);
        var config = system.Settings.Config.GetConfig("akka.cluster.sharding");
        if (config.GetBoolean("remember-entities")) throw new ConfigurationException("akka.cluster.sharding.remember-entities: this engine does not remember entities; send StartEntity to those that have to run");
        var idle = config.GetString("passivate-idle-entity-after")!.ToLowerInvariant() is "off" or "none" or "false" ? TimeSpan.Zero : config.GetTimeSpan("passivate-idle-entity-after", allowInfinite: false);
        return new ClusterShardingSettings(
            config.GetString("role"),
            idle,
            config.GetTimeSpan("shard-region-query-timeout", allowInfinite: false),
            new TuningParameters(config),
            ClusterSingletonManagerSettings.Create(system));
    }

    /// <summary>With another role.</summary>
    public ClusterShardingSettings WithRole(string? role) => new(role, PassivateIdleEntityAfter, ShardRegionQueryTimeout, TuningParameters, CoordinatorSingletonSettings);

    /// <summary>With another time; 0 for never.</summary>
    public ClusterShardingSettings WithPassivateIdleAfter(TimeSpan duration) => new(Role, duration, ShardRegionQueryTimeout, TuningParameters, CoordinatorSingletonSettings);

    /// <summary>With other times and sizes.</summary>
    public ClusterShardingSettings WithTuningParameters(TuningParameters tuningParameters) => new(Role, PassivateIdleEntityAfter, ShardRegionQueryTimeout, tuningParameters, CoordinatorSingletonSettings);

    /// <summary>With another management of the coordinator.</summary>
    public ClusterShardingSettings WithCoordinatorSingletonSettings(ClusterSingletonManagerSettings coordinatorSingletonSettings) => new(Role, PassivateIdleEntityAfter, ShardRegionQueryTimeout, TuningParameters, coordinatorSingletonSettings);
}
