using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>One partition, as the controller decided it.</summary>
/// <param name="Index">Its number, from 0 on.</param>
/// <param name="Replicas">Broker ids, the preferred leader first.</param>
/// <param name="InSync">The in-sync replicas.</param>
/// <param name="Leader">Broker id of the leader, or -1.</param>
/// <param name="LeaderEpoch">Rises with every leadership.</param>
/// <param name="PartitionEpoch">Rises with every change.</param>
public sealed record PartitionImage(int Index, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSync, int Leader, int LeaderEpoch, int PartitionEpoch)
{
    /// <summary>The leader of a partition that nobody leads.</summary>
    public const int NoLeader = -1;

    /// <summary>What a change names as leader where leadership is not touched.</summary>
    internal const int SameLeader = -2;

    // What few partitions have, so that the many pay one reference for all of it.
    private Rare? Few { get; init; }

    /// <summary>Replicas that a reassignment adds, among <see cref="Replicas"/> already; empty while none is under way.</summary>
    public IReadOnlyList<int> Adding
    {
        get => Few?.Adding ?? [];
        init => Few = Rare.Of(value, Removing, Elr, LastKnownElr);
    }

    /// <summary>Replicas that a reassignment removes, among <see cref="Replicas"/> still; empty while none is under way.</summary>
    public IReadOnlyList<int> Removing
    {
        get => Few?.Removing ?? [];
        init => Few = Rare.Of(Adding, value, Elr, LastKnownElr);
    }

    /// <summary>Replicas that left the in-sync set and are known to have every committed record (KIP-966); empty unless the in-sync set is below its least size.</summary>
    public IReadOnlyList<int> Elr
    {
        get => Few?.Elr ?? [];
        init => Few = Rare.Of(Adding, Removing, value, LastKnownElr);
    }

    /// <summary>Who stood in the in-sync set or in <see cref="Elr"/> last, and restarted uncleanly since (KIP-966).</summary>
    public IReadOnlyList<int> LastKnownElr
    {
        get => Few?.LastKnownElr ?? [];
        init => Few = Rare.Of(Adding, Removing, Elr, value);
    }

    /// <summary>Whether replicas are being added or removed.</summary>
    public bool IsReassigning => Few is { } r && (r.Adding.Count > 0 || r.Removing.Count > 0);

    /// <summary>The preferred leader: the first replica.</summary>
    public int Preferred => Replicas.Count > 0 ? Replicas[0] : NoLeader;

    /// <summary>Whether that broker holds a replica, or is to hold one.</summary>
    public bool IsReplica(int broker) => Contains(Replicas, broker);

    /// <summary>Whether that broker is in the in-sync set.</summary>
    public bool IsInSync(int broker) => Contains(InSync, broker);

    /// <summary>Whether a list has a broker's id.</summary>
    internal static bool Contains(IReadOnlyList<int> brokers, int broker)
    {
        for (var i = 0; i < brokers.Count; i++)
        {
            if (brokers[i] == broker) return true;
        }

        return false;
    }

    /// <summary>The partition that an event brings into being.</summary>
    internal static PartitionImage From(PartitionRecord p)
        => new(p.PartitionId, BrokerLists.Shared(p.Replicas), BrokerLists.Shared(p.Isr), p.Leader, p.LeaderEpoch, p.PartitionEpoch)
        {
            Few = Rare.Of(BrokerLists.Shared(p.AddingReplicas), BrokerLists.Shared(p.RemovingReplicas), BrokerLists.Shared(p.EligibleLeaderReplicas), BrokerLists.Shared(p.LastKnownElr)),
        };

    /// <summary>The partition after a change. As in Kafka, whoever names a leader, be it the same one, begins a leader epoch.</summary>
    internal PartitionImage With(PartitionChangeRecord c)
    {
        var isNewLeadership = c.Leader != SameLeader;
        return new(
            Index,
            c.Replicas is null ? Replicas : BrokerLists.Shared(c.Replicas),
            c.Isr is null ? InSync : BrokerLists.Shared(c.Isr),
            isNewLeadership ? c.Leader : Leader,
            isNewLeadership ? LeaderEpoch + 1 : LeaderEpoch,
            PartitionEpoch + 1)
        {
            Few = Rare.Of(
                c.AddingReplicas is null ? Adding : BrokerLists.Shared(c.AddingReplicas),
                c.RemovingReplicas is null ? Removing : BrokerLists.Shared(c.RemovingReplicas),
                c.EligibleLeaderReplicas is null ? Elr : BrokerLists.Shared(c.EligibleLeaderReplicas),
                c.LastKnownElr is null ? LastKnownElr : BrokerLists.Shared(c.LastKnownElr)),
        };
    }

    /// <summary>The event that brings it into being as it is.</summary>
    internal PartitionRecord ToEvent(Guid topicId) => new()
    {
        TopicId = topicId,
        PartitionId = Index,
        Replicas = [.. Replicas],
        Isr = [.. InSync],
        AddingReplicas = [.. Adding],
        RemovingReplicas = [.. Removing],
        Leader = Leader,
        LeaderEpoch = LeaderEpoch,
        PartitionEpoch = PartitionEpoch,
        EligibleLeaderReplicas = Elr.Count == 0 ? null : [.. Elr],
        LastKnownElr = LastKnownElr.Count == 0 ? null : [.. LastKnownElr],
    };

    private sealed record Rare(IReadOnlyList<int> Adding, IReadOnlyList<int> Removing, IReadOnlyList<int> Elr, IReadOnlyList<int> LastKnownElr)
    {
        public static Rare? Of(IReadOnlyList<int> adding, IReadOnlyList<int> removing, IReadOnlyList<int> elr, IReadOnlyList<int> lastKnown)
            => adding.Count + removing.Count + elr.Count + lastKnown.Count == 0 ? null : new(adding, removing, elr, lastKnown);
    }
}
