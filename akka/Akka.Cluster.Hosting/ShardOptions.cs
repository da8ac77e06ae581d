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

    /// <summary>Whether entities are started again wherever their shard comes to be, until they passivate.</summary>
    public bool? RememberEntities { get; set; }

    /// <summary>Where that is kept: in the journal only.</summary>
    public RememberEntitiesStore? RememberEntitiesStore { get; set; }

    /// <summary>The journal of what is remembered; the default one where it is empty.</summary>
    public string? JournalPluginId { get; set; }

    /// <summary>The snapshot store of what is remembered; the default one where it is empty.</summary>
    public string? SnapshotPluginId { get; set; }

    /// <summary>Whether entities without messages are passivated.</summary>
    public bool? ShouldPassivateIdleEntities { get; set; }

    /// <summary>After what time.</summary>
    public TimeSpan? PassivateIdleEntityAfter { get; set; }

    internal ClusterShardingSettings Apply(ClusterShardingSettings settings)
    {
        if (Role is not null) settings = settings.WithRole(Role);
        if (RememberEntities is { } remember) settings = settings.WithRememberEntities(remember);
        if (RememberEntitiesStore is { } store) settings = settings.WithStore(store);
        if (JournalPluginId is not null) settings = settings.WithJournalPluginId(JournalPluginId);
        if (SnapshotPluginId is not null) settings = settings.WithSnapshotPluginId(SnapshotPluginId);
        if (PassivateIdleEntityAfter is { } after) settings = settings.WithPassivateIdleAfter(after);
        return ShouldPassivateIdleEntities == false ? settings.WithPassivateIdleAfter(TimeSpan.Zero) : settings;
    }
}
