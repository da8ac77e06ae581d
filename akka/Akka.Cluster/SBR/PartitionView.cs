using Akka.Cluster.Gossiping;

namespace Akka.Cluster.SBR;

/// <summary>
/// What one node sees of a partition: who is on its side, who is on the other, and between whom of its own side a link is broken. Members that are given up or exit are on no side, but
/// those that were given up may not know it, and count on the other.
/// Whoever has seen the present version of the gossip, with all that is said of unreachable ones in it, is in touch with this node, if by others, whatever one of them says of him.
/// </summary>
internal sealed class PartitionView
{
    private PartitionView(Gossip gossip, UniqueAddress self, bool strict)
    {
        var (unreachable, crashed) = (0, 0);
        var members = new List<Member>();
        foreach (var member in gossip.Members.Values)
        {
            if (member.Status == MemberStatus.Down && !gossip.Reachability.IsCrashed(member.UniqueAddress, gossip.Observes)) GivenUp.Add(member);
            if (member.Status is MemberStatus.Down or MemberStatus.Exiting) continue;
            members.Add(member);
            if (gossip.IsReachable(member.UniqueAddress)) continue;
            unreachable++;
            if (gossip.Reachability.IsCrashed(member.UniqueAddress, gossip.Observes)) crashed++;
        }

        AllCrashed = unreachable > 0 && crashed == unreachable;
        if (unreachable == 0) strict = false;
        foreach (var member in members)
        {
            var node = member.UniqueAddress;
            var missed = !gossip.IsReachable(node);

            // A machine that tells of a process's end is believed, whatever that process had seen before.
            var there = !node.Equals(self) && (AllCrashed ? missed : !gossip.Seen.Contains(node) && (strict || missed));
            (there ? There : Here).Add(member);
            if (there && member.Status == MemberStatus.Leaving && gossip.Reachability.IsCrashed(node, gossip.Observes)) GoneAsSaid.Add(node);
        }

        if (!AllCrashed) FindCutOff(gossip);
        Leader = Here.Find(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && !CutOff.Contains(member.UniqueAddress)) ?? Here.Find(member => !CutOff.Contains(member.UniqueAddress));
    }

    /// <summary>Who is in touch with this node, in the order of addresses.</summary>
    public List<Member> Here { get; } = [];

    /// <summary>Who is not.</summary>
    public List<Member> There { get; } = [];

    /// <summary>Who was given up, is not removed yet, and lives for all that is known: where a partition came before all had heard of it, the other side counts them as its own.</summary>
    public List<Member> GivenUp { get; } = [];

    /// <summary>Those of <see cref="Here"/> that have to go so that all of the others reach each other.</summary>
    public HashSet<UniqueAddress> CutOff { get; } = [];

    /// <summary>Those of <see cref="There"/> that were leaving and whose processes have ended: they have done what they said, if before it was known to all.</summary>
    public HashSet<UniqueAddress> GoneAsSaid { get; } = [];

    /// <summary>Whether the machines of all that are unreachable say that their processes have ended.</summary>
    public bool AllCrashed { get; }

    /// <summary>Who acts for this side.</summary>
    public Member? Leader { get; }

    /// <summary>Whether there is no partition.</summary>
    public bool IsWhole => There.Count == 0 && CutOff.Count == 0;

    /// <summary>
    /// The view of a node. The lenient one takes those that have not seen the present version for this side's unless somebody misses them: they may be slow. The strict one does not.
    /// </summary>
    public static PartitionView Of(Gossip gossip, UniqueAddress self, bool strict) => new(gossip, self, strict);

    /// <summary>Equal for equal views.</summary>
    public int Fingerprint()
    {
        var hash = new HashCode();
        foreach (var member in Here)
        {
            hash.Add(member.UniqueAddress);
            hash.Add(CutOff.Contains(member.UniqueAddress));
        }

        hash.Add(AllCrashed);
        foreach (var member in There) hash.Add(member.UniqueAddress);
        return hash.ToHashCode();
    }

    // The one with the most broken links goes, of several the one with the highest address, until no link is broken: all of this side come to the same.
    private void FindCutOff(Gossip gossip)
    {
        var broken = new List<(UniqueAddress A, UniqueAddress B)>();
        foreach (var (observer, row) in gossip.Reachability.Rows)
        {
            if (row.Subjects.IsEmpty || !gossip.Observes(observer) || !IsHere(observer)) continue;
            foreach (var subject in row.Subjects.Keys)
            {
                if (IsHere(subject)) broken.Add((observer, subject));
            }
        }

        while (broken.Count > 0)
        {
            UniqueAddress? worst = null;
            var most = 0;
            foreach (var member in Here)
            {
                var node = member.UniqueAddress;
                var links = broken.FindAll(link => link.A.Equals(node) || link.B.Equals(node)).Count;
                if (links >= most && links > 0) (worst, most) = (node, links);
            }

            CutOff.Add(worst!);
            broken.RemoveAll(link => link.A.Equals(worst) || link.B.Equals(worst));
        }
    }

    private bool IsHere(UniqueAddress node) => Here.Exists(member => member.UniqueAddress.Equals(node));
}
