using Akka.Cluster.SBR;

namespace Akka.Cluster.Gossiping;

/// <summary>Who is reachable, and what follows from it.</summary>
internal sealed partial class ClusterCore
{
    private const long NoUpNumber = int.MaxValue;

    /// <summary>Writes down what this node has found of others.</summary>
    private void Observe()
    {
        var reachability = _gossip.Reachability;
        foreach (var node in _gossip.Members.Keys)
        {
            if (node.Equals(Self)) continue;
            var finding = _heartbeats.Of(node, _now);
            if (_gossip.Reachability.Of(Self, node) == finding) continue;
            reachability = reachability.Set(Self, node, finding);
            _outlet.Log(finding is null ? $"{node.Address} can be reached again" : $"{node.Address} cannot be reached ({finding})");
        }

        if (!ReferenceEquals(reachability, _gossip.Reachability)) Change(_gossip with { Reachability = reachability });
    }

    /// <summary>Judges a partition, where it is time and this node speaks for its side.</summary>
    private void Judge()
    {
        if (_downing is null || _ended || Me is not { Status: MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Joining or MemberStatus.WeaklyUp }) return;
        var (verdict, view) = _downing.Judge(_gossip, Self, _now);
        if (verdict == DowningVerdict.None || view is null) return;

        // Who ends does not wait for anybody's word. Who goes on does it by one voice.
        if (verdict == DowningVerdict.DownUnreachable && view.Leader?.UniqueAddress.Equals(Self) != true && !view.CutOff.Contains(Self)) return;
        _outlet.Log($"split brain resolver: {verdict}, {view.Here.Count} here ({view.CutOff.Count} of them cut off from others), {view.There.Count} there");
        var changed = _gossip;
        foreach (var member in view.Here)
        {
            if (verdict != DowningVerdict.DownUnreachable || view.CutOff.Contains(member.UniqueAddress)) changed = changed.With(member.Copy(MemberStatus.Down));
        }

        foreach (var member in view.There)
        {
            if (verdict != DowningVerdict.DownReachable) changed = changed.With(member.Copy(MemberStatus.Down));
        }

        Change(changed);
    }

    private void LeaderActions()
    {
        if (_ended || _gossip.Leader(Self) is not { } leader || !leader.UniqueAddress.Equals(Self)) return;
        if (_gossip.IsConverged) ConvergedActions();
        else if (_settings.AllowWeaklyUpMembers) WeakActions();
    }

    private void ConvergedActions()
    {
        var changed = _gossip;
        foreach (var member in _gossip.Members.Values)
        {
            if (member.Status == MemberStatus.Leaving) changed = changed.With(member.Copy(MemberStatus.Exiting));
        }

        changed = BringUp(changed);
        foreach (var member in _gossip.Members.Values)
        {
            if (!CanBeRemoved(member)) continue;
            changed = changed.Without(member.UniqueAddress, (long)_now.TotalMilliseconds);
            _exitingConfirmed.Remove(member.UniqueAddress);
            _outlet.Log($"{member.Address} is removed, it was {member.Status}");
        }

        if (!ReferenceEquals(changed, _gossip)) Change(changed);
    }

    // One that exits may have much to hand over; it says when it has, or it is gone.
    private bool CanBeRemoved(Member member)
        => member.Status == MemberStatus.Down
           || (member.Status == MemberStatus.Exiting && (_exitingConfirmed.Contains(member.UniqueAddress) || !_gossip.IsReachable(member.UniqueAddress)));

    private Gossip BringUp(Gossip gossip)
    {
        if (!EnoughMembers()) return gossip;
        var number = 0;
        foreach (var member in gossip.Members.Values)
        {
            if (member.UpNumber < NoUpNumber) number = Math.Max(number, member.UpNumber);
        }

        foreach (var member in _gossip.Members.Values)
        {
            if (member.Status is not (MemberStatus.Joining or MemberStatus.WeaklyUp)) continue;
            gossip = gossip.With(member.CopyUp(++number));
            _outlet.Log($"{member.Address} is up");
        }

        return gossip;
    }

    private void WeakActions()
    {
        var enough = EnoughMembers();
        if (!enough || _now - _joiningSince < _settings.WeaklyUpAfter) return;
        var changed = _gossip;
        foreach (var member in _gossip.Members.Values)
        {
            if (member.Status != MemberStatus.Joining || !_gossip.Seen.Contains(member.UniqueAddress) || !_gossip.IsReachable(member.UniqueAddress)) continue;
            changed = changed.With(member.Copy(MemberStatus.WeaklyUp));
            _outlet.Log($"{member.Address} is weakly up");
        }

        if (!ReferenceEquals(changed, _gossip)) Change(changed);
    }

    private bool EnoughMembers()
    {
        var (all, joining) = (0, false);
        foreach (var member in _gossip.Members.Values)
        {
            if (member.Status is MemberStatus.Down or MemberStatus.Exiting) continue;
            all++;
            joining |= member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp;
        }

        if (!joining) _joiningSince = _now;
        if (all < _settings.MinNrOfMembers) return false;
        foreach (var (role, least) in _settings.MinNrOfMembersOfRole)
        {
            if (_gossip.Members.Values.Count(member => member.HasRole(role)) < least) return false;
        }

        return true;
    }
}
