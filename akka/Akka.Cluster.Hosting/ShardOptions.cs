using Akka.Cluster.Sharding;

namespace Akka.Cluster.Hosting;

/// <summary>How a singleton is run. What is null stays as the configuration has it.</summary>
public class ClusterSingletonOptions
{
    /// <summary>How many messages wait at a proxy while the singleton is not found.</summary>
    public int? BufferSize { get; set; }

    /// <summary>The role of its nodes.</summary>
    public string? Role { get; set; }

    /// <summary>On what it ends; <see cref="Actor.PoisonPill"/> where it is null.</summary>
    public object? TerminationMessage { get; set; }
}

/// <summary>How a kind of entities is sharded. What is null stays as the configuration has it.</summary>
public class ShardOptions
{
    /// <summary>The role of its nodes.</summary>
    public string? Role { get; set; }

    /// <summary>On what entities end when their shard moves; <see cref="Actor.PoisonPill"/> where it is null.</summary>
    public object? HandOffStopMessage { get; set; }

    /// <summary>Whether entities without messages are passivated.</summary>
    public bool? ShouldPassivateIdleEntities { get; set; }

    /// <summary>After what time.</summary>
    public TimeSpan? PassivateIdleEntityAfter { get; set; }

    internal ClusterShardingSettings Apply(ClusterShardingSettings settings)
    {
        if (Role is not null) settings = settings.WithRole(Role);
        if (PassivateIdleEntityAfter is { } after) settings = settings.WithPassivateIdleAfter(after);
        return ShouldPassivateIdleEntities == false ? settings.WithPassivateIdleAfter(TimeSpan.Zero) : settings;
    }
}
