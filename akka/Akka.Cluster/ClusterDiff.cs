using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Gossiping;

namespace Akka.Cluster;

/// <summary>What subscribers are told when one state of the cluster follows another, as one node sees it.</summary>
internal static class ClusterDiff
{
    public static List<ClusterEvent.IClusterDomainEvent> Events(Gossip before, Gossip after, UniqueAddress self)
    {
        var events = new List<ClusterEvent.IClusterDomainEvent>();
        Unreachable(before, after, self, events);
        foreach (var (node, member) in after.Members)
        {
            var was = before.Members.GetValueOrDefault(node);
            if (was?.Status != member.Status && Of(member) is { } change) events.Add(change);
        }

        foreach (var (node, member) in before.Members)
        {
            // What was only joining or up and is gone all the same was given up, by somebody whose word of that did not get here.
            if (after.Members.ContainsKey(node)) continue;
            var last = member.Status is MemberStatus.Exiting or MemberStatus.Leaving ? MemberStatus.Exiting : MemberStatus.Down;
            var gone = last == MemberStatus.Exiting || before.Reachability.IsCrashed(node, before.Observes);
            events.Add(new ClusterEvent.MemberRemoved(member.Copy(MemberStatus.Removed), last) { IsGone = gone });
        }

        Leaders(before, after, self, events);
        return events;
    }

    public static ClusterEvent.CurrentClusterState State(Gossip gossip, UniqueAddress self)
    {
        var roles = ImmutableDictionary.CreateBuilder<string, Address?>();
        foreach (var role in gossip.Members.Values.SelectMany(member => member.Roles).Distinct()) roles[role] = gossip.Leader(self, role)?.Address;
        return new ClusterEvent.CurrentClusterState(
            [.. gossip.Members.Values],
            [.. gossip.Members.Values.Where(member => IsUnreachable(gossip, member.UniqueAddress, self))],
            [.. gossip.Seen.Select(node => node.Address)],
            gossip.Leader(self)?.Address,
            roles.ToImmutable());
    }

    /// <summary>The events that would have led to a state.</summary>
    public static List<ClusterEvent.IClusterDomainEvent> Replay(Gossip gossip, UniqueAddress self) => Events(Gossip.Empty, gossip, self);

    private static bool IsUnreachable(Gossip gossip, UniqueAddress node, UniqueAddress self) => !node.Equals(self) && gossip.Members.ContainsKey(node) && !gossip.IsReachable(node);

    private static ClusterEvent.IClusterDomainEvent? Of(Member member) => member.Status switch
    {
        MemberStatus.Joining => new ClusterEvent.MemberJoined(member),
        MemberStatus.WeaklyUp => new ClusterEvent.MemberWeaklyUp(member),
        MemberStatus.Up => new ClusterEvent.MemberUp(member),
        MemberStatus.Leaving => new ClusterEvent.MemberLeft(member),
        MemberStatus.Exiting => new ClusterEvent.MemberExited(member),
        MemberStatus.Down => new ClusterEvent.MemberDowned(member),
        _ => null,
    };

    private static void Unreachable(Gossip before, Gossip after, UniqueAddress self, List<ClusterEvent.IClusterDomainEvent> events)
    {
        if (ReferenceEquals(before.Reachability, after.Reachability) && ReferenceEquals(before.Members, after.Members)) return;
        foreach (var (node, member) in after.Members)
        {
            var (was, now) = (IsUnreachable(before, node, self), IsUnreachable(after, node, self));
            if (!was && now) events.Add(new ClusterEvent.UnreachableMember(member));
            else if (was && !now) events.Add(new ClusterEvent.ReachableMember(member));
        }
    }

    private static void Leaders(Gossip before, Gossip after, UniqueAddress self, List<ClusterEvent.IClusterDomainEvent> events)
    {
        var leader = after.Leader(self)?.Address;
        if (!Equals(leader, before.Leader(self)?.Address)) events.Add(new ClusterEvent.LeaderChanged(leader));
        if (ReferenceEquals(before.Reachability, after.Reachability) && ReferenceEquals(before.Members, after.Members)) return;
        var roles = after.Members.Values.Concat(before.Members.Values).SelectMany(member => member.Roles).ToHashSet();
        foreach (var role in roles)
        {
            var now = after.Leader(self, role)?.Address;
            if (!Equals(now, before.Leader(self, role)?.Address)) events.Add(new ClusterEvent.RoleLeaderChanged(role, now));
        }
    }
}
