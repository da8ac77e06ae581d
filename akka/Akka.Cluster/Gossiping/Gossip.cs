using System.Collections.Immutable;

namespace Akka.Cluster.Gossiping;

/// <summary>
/// The cluster as one node knows it: members, who has seen this version, who cannot reach whom, and who was removed. Two versions that did not
/// know of each other are merged: of each member the status that is further on its way counts. Immutable.
/// </summary>
internal sealed record Gossip(
    ImmutableSortedDictionary<UniqueAddress, Member> Members,
    ImmutableHashSet<UniqueAddress> Seen,
    Reachability Reachability,
    VectorClock Version,
    ImmutableSortedDictionary<UniqueAddress, long> Tombstones)
{
    // A member of another status is equal to the one before: replacing it has to be noticed all the same.
    public static readonly Gossip Empty = new(
        ImmutableSortedDictionary.Create<UniqueAddress, Member>(null, ReferenceEqualityComparer.Instance),
        [],
        Reachability.Empty,
        VectorClock.Zero,
        ImmutableSortedDictionary<UniqueAddress, long>.Empty);

    /// <summary>The incarnation that has an address now; null where there is none.</summary>
    public Member? At(Actor.Address address)
    {
        foreach (var member in Members.Values)
        {
            if (member.Address.Equals(address)) return member;
        }

        return null;
    }

    /// <summary>Changed by a node: nobody else has seen that yet.</summary>
    public Gossip ChangedBy(UniqueAddress node) => this with { Version = Version.Increment(node), Seen = [node] };

    public Gossip SeenBy(UniqueAddress node) => Seen.Contains(node) ? this : this with { Seen = Seen.Add(node) };

    public Gossip With(Member member) => this with { Members = Members.SetItem(member.UniqueAddress, member) };

    /// <summary>Without a member, for good.</summary>
    public Gossip Without(UniqueAddress member, long now)
    {
        var tombstones = Tombstones.SetItem(member, now);
        if (tombstones.Count > Limits.Tombstones) tombstones = tombstones.Remove(tombstones.MinBy(entry => entry.Value).Key);
        var members = Members.Remove(member);
        return this with
        {
            Members = members,
            Seen = Seen.Remove(member),
            Reachability = Reachability.Only(members.ContainsKey),
            Version = Version.Prune(member),
            Tombstones = tombstones,
        };
    }

    /// <summary>What both know together.</summary>
    public Gossip Merge(Gossip other)
    {
        var tombstones = Tombstones.SetItems(other.Tombstones);
        var members = Members.ToBuilder();
        foreach (var (node, member) in other.Members)
        {
            if (!members.TryGetValue(node, out var own) || Further(member, own)) members[node] = member;
        }

        foreach (var removed in tombstones.Keys) members.Remove(removed);
        var all = members.ToImmutable();
        var version = Version.Merge(other.Version);
        foreach (var removed in tombstones.Keys) version = version.Prune(removed);
        return new Gossip(all, [], Reachability.Merge(other.Reachability, all.ContainsKey), version, tombstones);
    }

    /// <summary>How this version stands to another, those apart that were removed in either.</summary>
    public ClockOrder CompareTo(Gossip other)
    {
        var (mine, theirs) = (Version, other.Version);
        foreach (var removed in other.Tombstones.Keys) mine = mine.Prune(removed);
        foreach (var removed in Tombstones.Keys) theirs = theirs.Prune(removed);
        return mine.CompareTo(theirs);
    }

    /// <summary>Whether a node's findings about others count: not those of one that is given up.</summary>
    public bool Observes(UniqueAddress node) => Members.TryGetValue(node, out var member) && member.Status != MemberStatus.Down;

    public bool IsReachable(UniqueAddress node) => Reachability.IsReachable(node, Observes);

    /// <summary>
    /// Whether all who matter have seen this version: everybody that is up or leaving, none of them unreachable.
    /// </summary>
    public bool IsConverged
    {
        get
        {
            foreach (var member in Members.Values)
            {
                if (member.Status is MemberStatus.Down or MemberStatus.Exiting) continue;
                if (!IsReachable(member.UniqueAddress)) return false;
                if (member.Status is MemberStatus.Up or MemberStatus.Leaving && !Seen.Contains(member.UniqueAddress)) return false;
            }

            return true;
        }
    }

    /// <summary>
    /// Who leads, of all or of those with a role: the reachable one with the lowest address among those that are up or leaving; where there are none, of all that are
    /// not given up. A node always reaches itself.
    /// </summary>
    public Member? Leader(UniqueAddress self, string? role = null)
    {
        Member? other = null;
        foreach (var member in Members.Values)
        {
            if (role is not null && !member.HasRole(role)) continue;
            if (member.Status is MemberStatus.Down || (!member.UniqueAddress.Equals(self) && !IsReachable(member.UniqueAddress))) continue;
            if (member.Status is MemberStatus.Up or MemberStatus.Leaving) return member;
            other ??= member;
        }

        return other;
    }

    // Two of the same status are told apart by their age: it is given once.
    private static bool Further(Member a, Member b)
    {
        var (x, y) = (Member.Progress(a.Status), Member.Progress(b.Status));
        return x == y ? a.UpNumber < b.UpNumber : x > y;
    }
}
