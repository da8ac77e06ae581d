using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Gossiping;

/// <summary>The way into a cluster, or the begin of one.</summary>
internal sealed partial class ClusterCore
{
    // A welcome is known to all others after a few rounds.
    private static readonly TimeSpan WelcomeSpreads = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SeedInterval = TimeSpan.FromMilliseconds(250);

    // One that has just joined by another member is known here after a few rounds.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForeignFor = TimeSpan.FromSeconds(5);

    private readonly HashSet<Address> _withoutCluster = [];
    private ImmutableList<Address> _seeds = [];
    private Address? _joining;
    private TimeSpan _seedsSince;
    private TimeSpan _nextSeedRound;
    private TimeSpan _joinSince;
    private TimeSpan _welcomed;
    private TimeSpan _nextProbe;
    private TimeSpan _foreignLast;
    private TimeSpan? _foreignSince;
    private bool _rejoining;
    private bool _failed;
    private bool _begunAlone;

    /// <summary>Joins the cluster that one of the seeds is in; the first of them begins one where there is none.</summary>
    public void JoinSeeds(IReadOnlyList<Address> seeds, TimeSpan now)
    {
        _now = now;
        if (IsMember || _ended || seeds.Count == 0) return;
        _seeds = [.. seeds];
        _seedsSince = now;
        _nextSeedRound = now;
        _withoutCluster.Clear();
        TryToJoin();
    }

    /// <summary>Joins the cluster that a node is in; a node that joins itself begins one.</summary>
    public void JoinNode(Address address, TimeSpan now)
    {
        _now = now;
        if (IsMember || _ended) return;
        if (address.Equals(Self.Address)) Begin();
        else AskToJoin(address);
    }

    /// <summary>Nobody listens at an address.</summary>
    public void NobodyAt(Address address, TimeSpan now)
    {
        _now = now;
        if (!IsMember && !_ended) OnNoClusterAt(address);
    }

    private void TryToJoin()
    {
        if (_joining is { } address)
        {
            if (_now - _joinSince < (_settings.RetryUnsuccessfulJoinAfter ?? TimeSpan.MaxValue)) return;

            // It may be gone: another seed may know the cluster.
            _joining = null;
            if (_seeds.Count == 0)
            {
                AskToJoin(address);
                return;
            }
        }

        if (_seeds.Count == 0 || _now < _nextSeedRound) return;
        if (_settings.ShutdownAfterUnsuccessfulJoinSeedNodes is { } most && _now - _seedsSince >= most && !_failed)
        {
            _failed = true;
            _outlet.JoinFailed();
            return;
        }

        _nextSeedRound = _now + SeedInterval;
        var others = _seeds.RemoveAll(seed => seed.Equals(Self.Address));
        if (IsFirstSeed && (others.Count == 0 || _now - _seedsSince >= _settings.SeedNodeTimeout))
        {
            Begin();
            return;
        }

        foreach (var seed in others) _outlet.Send(seed, new InitJoin());
    }

    private bool IsFirstSeed => _seeds.Count > 0 && _seeds[0].Equals(Self.Address);

    private InitJoinAck Answer(Address to)
        => new(Self.Address, LeaderNow.Address, _gossip.At(to) is null ? MembersWithinReach : 0);

    private UniqueAddress LeaderNow => _gossip.Leader(Self)?.UniqueAddress ?? Self;

    private int MembersWithinReach
    {
        get
        {
            var count = 0;
            foreach (var member in _gossip.Members.Values)
            {
                if (member.Status == MemberStatus.Up && (member.UniqueAddress.Equals(Self) || _gossip.IsReachable(member.UniqueAddress))) count++;
            }

            return count;
        }
    }

    private void OnClusterFound(InitJoinAck ack)
    {
        if (IsMember) OnOtherCluster(ack);
        else if (_joining is null) AskToJoin(ack.Address);
    }

    // The seeds know who else is there; whoever joins from now on joins them.
    private bool IsWithoutSeeds => _seeds.Count > 0 && !_seeds.Exists(seed => _gossip.At(seed) is not null);

    /// <summary>
    /// A first seed that found no other one began a cluster, which may be one too many: the others may have been cut off, with a cluster of their own. It goes on asking until all of
    /// them are members. It may end before, and others have joined it meanwhile: so the leader of any cluster that lacks a seed asks it as well.
    /// </summary>
    private void LookForOtherCluster()
    {
        if (_now < _nextProbe) return;
        _nextProbe = _now + ProbeInterval;
        if (!_begunAlone && !LeaderNow.Equals(Self)) return;
        var others = _seeds.FindAll(seed => _gossip.At(seed) is null);
        _begunAlone &= others.Count > 0;
        foreach (var seed in others) _outlet.Send(seed, new InitJoin());
    }

    // Of two clusters the one goes on that more are in, of two as great ones that with the lower leader: both come to the same answer.
    private bool YieldsTo(InitJoinAck other)
    {
        var members = MembersWithinReach;
        if (other.Members == 0) return false;
        if (other.Members != members) return other.Members > members;
        return Member.AddressOrdering.Compare(other.Leader, LeaderNow.Address) < 0;
    }

    private void OnOtherCluster(InitJoinAck other)
    {
        var at = other.Address;
        if (_gossip.At(at) is not null || !(_begunAlone || IsWithoutSeeds || YieldsTo(other))) return;
        if (_foreignSince is null || _now - _foreignLast > 2 * ProbeInterval) _foreignSince = _now;
        _foreignLast = _now;
        if (_now - _foreignSince < ForeignFor) return;
        _outlet.Log($"{at} is in another cluster, which others join by it: this one ends");
        var ended = _gossip;
        foreach (var member in _gossip.Members.Values) ended = ended.With(member.Copy(MemberStatus.Down));
        Change(ended);
    }

    // All other seeds have been heard, or their machines say that they are not there: waiting would tell no more.
    private void OnNoClusterAt(Address at)
    {
        if (IsMember || !IsFirstSeed || _joining is not null || !_seeds.Contains(at)) return;
        _withoutCluster.Add(at);
        if (_seeds.TrueForAll(seed => seed.Equals(Self.Address) || _withoutCluster.Contains(seed))) Begin();
    }

    private void AskToJoin(Address address)
    {
        _joining = address;
        _joinSince = _now;
        _outlet.Send(address, new Join(Self, _settings.Roles, _settings.AppVersion));
    }

    private void Begin()
    {
        _outlet.Log($"{Self.Address} begins a cluster");
        _begunAlone = _seeds.Count > 1;
        _joining = null;
        _joiningSince = _now;
        Change(_gossip.With(new Member(Self, int.MaxValue, MemberStatus.Joining, _settings.Roles, _settings.AppVersion)));
    }

    private void OnWelcome(Welcome welcome)
    {
        if ((IsMember && !_rejoining) || !welcome.Gossip.Members.ContainsKey(Self)) return;
        _outlet.Log($"welcomed by {welcome.From.Address}");
        _welcomed = _now;
        _rejoining = false;
        _joining = null;
        _joiningSince = _now;
        var before = _gossip;
        _gossip = welcome.Gossip.SeenBy(Self);
        SendStatus(welcome.From.Address);
        Publish(before);
        TellSoon();
    }

    private void OnNotAMember(Address from, NotAMember not)
    {
        if (!not.Node.Equals(Self) || Me is not { } me || !_gossip.Members.Values.Any(member => member.Address.Equals(from))) return;
        if (not.WasRemoved)
        {
            _outlet.Log($"{from} says that this node was removed");
            End(me.Status != MemberStatus.Exiting);
        }
        else if (me.Status is MemberStatus.Joining or MemberStatus.WeaklyUp && _now - _welcomed > WelcomeSpreads)
        {
            _outlet.Log($"{from} has not heard of this node: it joins anew");
            _rejoining = true;
            _welcomed = _now;
            _outlet.Send(from, new Join(Self, _settings.Roles, _settings.AppVersion));
        }
    }
}
