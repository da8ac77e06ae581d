using Akka.Cluster.Gossiping;

namespace Akka.Cluster.SBR;

/// <summary>What a side does.</summary>
internal enum DowningVerdict
{
    /// <summary>Nothing: all can be reached.</summary>
    None,

    /// <summary>It goes on without the others.</summary>
    DownUnreachable,

    /// <summary>It ends.</summary>
    DownReachable,

    /// <summary>Everybody ends.</summary>
    DownAll,
}

/// <summary>
/// The split brain resolver: every side of a partition comes to a verdict by itself, and at most one of them goes on. A pure function of who is a member and who can be
/// reached.
/// </summary>
internal static class DowningDecision
{
    public static DowningVerdict Decide(DowningSettings settings, Gossip gossip)
    {
        var reachable = new List<Member>();
        var unreachable = new List<Member>();
        foreach (var member in gossip.Members.Values)
        {
            if (member.Status is MemberStatus.Down or MemberStatus.Exiting) continue;
            (gossip.IsReachable(member.UniqueAddress) ? reachable : unreachable).Add(member);
        }

        if (unreachable.Count == 0) return DowningVerdict.None;
        return settings.Strategy switch
        {
            DowningStrategy.KeepMajority => KeepMajority(Counted(reachable, settings.Role), Counted(unreachable, settings.Role)),
            DowningStrategy.StaticQuorum => StaticQuorum(settings, Counted(reachable, settings.Role), Counted(unreachable, settings.Role)),
            DowningStrategy.KeepOldest => KeepOldest(settings, Counted(reachable, settings.Role), Counted(unreachable, settings.Role)),
            _ => DowningVerdict.DownAll,
        };
    }

    // Who is only joining may be known to one side alone, so it does not count.
    private static List<Member> Counted(List<Member> members, string role)
        => members.FindAll(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && (role.Length == 0 || member.HasRole(role)));

    private static DowningVerdict KeepMajority(List<Member> reachable, List<Member> unreachable)
    {
        if (reachable.Count != unreachable.Count) return reachable.Count > unreachable.Count ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;

        // None that count on either side: those who only join have lost nothing.
        if (reachable.Count == 0) return DowningVerdict.DownUnreachable;
        return reachable.Min()!.CompareTo(unreachable.Min()) < 0 ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;
    }

    private static DowningVerdict StaticQuorum(DowningSettings settings, List<Member> reachable, List<Member> unreachable)
    {
        // With so many members two sides could both have a quorum.
        if (reachable.Count + unreachable.Count > (settings.QuorumSize * 2) - 1) return DowningVerdict.DownAll;
        return reachable.Count >= settings.QuorumSize ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;
    }

    private static DowningVerdict KeepOldest(DowningSettings settings, List<Member> reachable, List<Member> unreachable)
    {
        var all = new List<Member>(reachable);
        all.AddRange(unreachable);
        if (all.Count == 0) return DowningVerdict.DownUnreachable;
        all.Sort(Member.AgeOrdering);
        var oldest = all[0];
        if (reachable.Contains(oldest)) return settings.DownIfAlone && reachable.Count == 1 && unreachable.Count > 1 ? DowningVerdict.DownReachable : DowningVerdict.DownUnreachable;
        return settings.DownIfAlone && unreachable.Count == 1 && reachable.Count > 1 ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;
    }
}

/// <summary>Waits until nothing has changed for long enough before a verdict: views of a partition differ while it is discovered.</summary>
internal sealed class DowningPatience(DowningSettings settings)
{
    private TimeSpan _since;
    private int _fingerprint;

    /// <summary>The verdict, once it is time; <see cref="DowningVerdict.None"/> until then.</summary>
    public DowningVerdict Judge(Gossip gossip, TimeSpan now)
    {
        var fingerprint = new HashCode();
        var (unreachable, crashed) = (0, 0);
        foreach (var member in gossip.Members.Values)
        {
            if (member.Status is MemberStatus.Down or MemberStatus.Exiting) continue;
            var reached = gossip.IsReachable(member.UniqueAddress);
            fingerprint.Add(member.UniqueAddress);
            fingerprint.Add(reached);
            if (reached) continue;
            unreachable++;
            if (gossip.Reachability.IsCrashed(member.UniqueAddress, gossip.Observes)) crashed++;
        }

        var seen = fingerprint.ToHashCode();
        if (seen != _fingerprint) (_fingerprint, _since) = (seen, now);
        if (unreachable == 0) return DowningVerdict.None;
        var wait = crashed == unreachable ? settings.CrashStableAfter : settings.StableAfter;
        return now - _since < wait ? DowningVerdict.None : DowningDecision.Decide(settings, gossip);
    }
}
