namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Whether the singleton is to run on this node: it is on the oldest one, as soon as no older one can run it any more. An older one cannot when it is removed and, where
/// nobody knows whether its process still lives, a margin has passed in which it must have come to the same view; or when it exits and has said that it is done.
/// A plain state machine.
/// </summary>
internal sealed class SingletonCore(UniqueAddress self, string role, TimeSpan removalMargin)
{
    private readonly HashSet<UniqueAddress> _handedOver = [];
    private readonly Dictionary<UniqueAddress, TimeSpan> _removed = [];
    private List<Member> _byAge = [];

    /// <summary>Whether this node has given the singleton up for good: it exits, or is no member any more.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>The members as they are now.</summary>
    public void Members(IEnumerable<Member> members)
    {
        _byAge = [.. members.Where(member => member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp) && (role.Length == 0 || member.HasRole(role)))];
        _byAge.Sort(Member.AgeOrdering);
        if (_byAge.Find(member => member.UniqueAddress.Equals(self)) is { Status: MemberStatus.Exiting or MemberStatus.Down }) HasLeft = true;
        _handedOver.RemoveWhere(node => !_byAge.Exists(member => member.UniqueAddress.Equals(node)));
    }

    /// <summary>A member was removed. One whose process is known to be gone, or that has left in order, needs no margin.</summary>
    public void Removed(Member member, bool isGone, TimeSpan now)
    {
        if (member.UniqueAddress.Equals(self)) HasLeft = true;
        else if (!isGone && (role.Length == 0 || member.HasRole(role)) && removalMargin > TimeSpan.Zero) _removed[member.UniqueAddress] = now + removalMargin;
    }

    /// <summary>A member was removed before this one began, and may run until a time.</summary>
    public void Lost(UniqueAddress node, TimeSpan until) => _removed[node] = until;

    /// <summary>An older node said that it is done.</summary>
    public void HandedOver(UniqueAddress by) => _handedOver.Add(by);

    /// <summary>This node has nothing to run any more, whoever comes.</summary>
    public void Leave() => HasLeft = true;

    /// <summary>Whether the singleton is to run here.</summary>
    public bool ShouldRun(TimeSpan now)
    {
        if (HasLeft) return false;
        foreach (var member in _byAge)
        {
            if (member.UniqueAddress.Equals(self)) return MarginOver(now);
            if (!_handedOver.Contains(member.UniqueAddress)) return false;
        }

        return false;
    }

    /// <summary>The older nodes that have to be asked to hand over: all that stand between this node and the singleton exit.</summary>
    public List<Member> ToAsk()
    {
        var asked = new List<Member>();
        if (HasLeft) return asked;
        foreach (var member in _byAge)
        {
            if (member.UniqueAddress.Equals(self)) return asked;
            if (_handedOver.Contains(member.UniqueAddress)) continue;
            if (member.Status is not (MemberStatus.Exiting or MemberStatus.Down)) return [];
            if (member.Status == MemberStatus.Exiting) asked.Add(member);
        }

        return [];
    }

    /// <summary>Whether time alone may change the answer.</summary>
    public bool IsWaiting(TimeSpan now) => ToAsk().Count > 0 || !MarginOver(now);

    /// <summary>Who has the singleton, or gets it next; null where nobody can.</summary>
    public Member? Oldest => _byAge.Find(member => member.Status is MemberStatus.Up or MemberStatus.Leaving);

    private bool MarginOver(TimeSpan now)
    {
        foreach (var (node, until) in _removed)
        {
            if (until <= now) _removed.Remove(node);
        }

        return _removed.Count == 0;
    }
}
