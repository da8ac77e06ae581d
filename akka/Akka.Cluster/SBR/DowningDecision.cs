namespace Akka.Cluster.SBR;

/// <summary>What one side of a partition does.</summary>
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
    public static DowningVerdict Decide(DowningSettings settings, PartitionView view)
    {
        if (view.IsWhole) return DowningVerdict.None;
        if (settings.Strategy == DowningStrategy.DownAll) return DowningVerdict.DownAll;
        if (view.There.Count == 0) return DowningVerdict.DownUnreachable;
        var here = view.Here.FindAll(member => IsOf(member, settings));
        var there = view.There.FindAll(member => IsOf(member, settings) && !view.GoneAsSaid.Contains(member.UniqueAddress));
        there.AddRange(view.GivenUp.FindAll(member => IsOf(member, settings)));
        return settings.Strategy switch
        {
            DowningStrategy.KeepMajority => KeepMajority(view, here, there),
            DowningStrategy.StaticQuorum => StaticQuorum(settings, here.FindAll(Counts), there.FindAll(Counts)),
            _ => KeepOldest(settings, here.FindAll(Counts), there.FindAll(Counts)),
        };
    }

    private static bool IsOf(Member member, DowningSettings settings) => settings.Role.Length == 0 || member.HasRole(settings.Role);

    // Who is only joining may be known to one side alone, so it does not count. Who was given up is on no side of those who know it, and may be up for the others.
    private static bool Counts(Member member) => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Down;

    private static DowningVerdict KeepMajority(PartitionView view, List<Member> here, List<Member> there)
    {
        var (ours, theirs) = (here.FindAll(Counts), there.FindAll(Counts));

        // None that count on either side: those who only join have lost nothing.
        if (ours.Count == 0 && theirs.Count == 0) return DowningVerdict.DownUnreachable;
        if (!view.AllCrashed && !HasLed(view))
        {
            // Who led before is there, and lives for all that is known: he may have moved somebody on who is joining or leaving here: this side goes on only where it does however that is.
            ours = here.FindAll(member => member.Status == MemberStatus.Up);
            theirs = there;
        }

        if (ours.Count != theirs.Count) return ours.Count > theirs.Count ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;
        return ours.Count > 0 && ours.Min()!.CompareTo(theirs.Min()) < 0 ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;
    }

    private static bool HasLed(PartitionView view)
    {
        var (ours, theirs) = (view.Here.Find(Counts), view.There.Find(member => Counts(member) && !view.GoneAsSaid.Contains(member.UniqueAddress)));
        if (view.GivenUp.Min() is { } givenUp && (theirs is null || givenUp.CompareTo(theirs) < 0)) theirs = givenUp;
        return theirs is null || (ours is not null && ours.CompareTo(theirs) < 0);
    }

    private static DowningVerdict StaticQuorum(DowningSettings settings, List<Member> here, List<Member> there)
    {
        // With so many members two sides could both have a quorum.
        if (here.Count + there.Count > (settings.QuorumSize * 2) - 1) return DowningVerdict.DownAll;
        return here.Count >= settings.QuorumSize ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;
    }

    private static DowningVerdict KeepOldest(DowningSettings settings, List<Member> here, List<Member> there)
    {
        var all = new List<Member>(here);
        all.AddRange(there);
        if (all.Count == 0) return DowningVerdict.DownUnreachable;
        all.Sort(Member.AgeOrdering);
        var oldest = all[0];
        if (here.Contains(oldest)) return settings.DownIfAlone && here.Count == 1 && there.Count > 1 ? DowningVerdict.DownReachable : DowningVerdict.DownUnreachable;
        return settings.DownIfAlone && there.Count == 1 && here.Count > 1 ? DowningVerdict.DownUnreachable : DowningVerdict.DownReachable;
    }
}
