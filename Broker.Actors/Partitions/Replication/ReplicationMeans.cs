using Akka.Actor;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>What makes the partitions of a broker replicas of a cluster's. A lone broker has none.</summary>
public sealed record ReplicationMeans
{
    private long lagTimeMaxMs = 30_000;

    /// <summary>This broker.</summary>
    public required int BrokerId { get; init; }

    /// <summary>Its registration in its present life: -1 before it has one, and then no partition leads or follows.</summary>
    public required Func<long> BrokerEpoch { get; init; }

    /// <summary>The actor <c>/user/replicas</c> of a broker, or null where its address is not known. From any thread.</summary>
    public required Func<int, ICanTell?> ReplicasOf { get; init; }

    /// <summary>The way to the controller.</summary>
    public required IInSyncProposals Proposals { get; init; }

    /// <summary>Hears of replicas here that cannot go on, so that others lead and nobody waits for them. From any thread; may be told again and again.</summary>
    public Action<ReplicaTrouble> Troubled { get; init; } = static _ => { };

    /// <summary>What is on its way to followers.</summary>
    public ReplicationBudget Budget { get; } = new(Limits.ReplicationBytes);

    /// <summary>Arrays for it.</summary>
    internal ReplicaFrames Frames { get; } = new(Limits.ReplicaFramesKept);

    /// <summary>Milliseconds after which a follower that did not catch up leaves the in-sync set: <c>replica.lag.time.max.ms</c>.</summary>
    public long LagTimeMaxMs
    {
        get => Volatile.Read(ref lagTimeMaxMs);
        set => Volatile.Write(ref lagTimeMaxMs, value);
    }

    /// <summary>What leaders here may send to throttled replicas that are not in sync.</summary>
    public ReplicationThrottle LeaderThrottle { get; } = new();

    /// <summary>What throttled replicas here that are not in sync may take.</summary>
    public ReplicationThrottle FollowerThrottle { get; } = new();
}
