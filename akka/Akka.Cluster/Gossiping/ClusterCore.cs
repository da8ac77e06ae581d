using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.SBR;

namespace Akka.Cluster.Gossiping;

/// <summary>What the core has done to it from outside, and what it asks for.</summary>
internal interface IClusterOutlet
{
    /// <summary>Sends to the core at an address.</summary>
    void Send(Address to, ClusterMessage message);

    /// <summary>The state changed; called with the former one, in order.</summary>
    void Changed(Gossip before, Gossip after);

    /// <summary>Calls <see cref="ClusterCore.Soon"/> in a few milliseconds.</summary>
    void CallSoon();

    /// <summary>This node was given up, or has left: it takes no part any more.</summary>
    void Ended(bool down);

    /// <summary>No cluster was found in the time that is given for that.</summary>
    void JoinFailed();

    /// <summary>Something worth a line in the log.</summary>
    void Log(string text);
}

/// <summary>
/// One node's part in the cluster: joining, gossip, who is reachable, and what the leader does. A plain state machine: messages, time and dice come in, what is to be
/// sent goes out. For one thread at a time.
/// </summary>
internal sealed partial class ClusterCore
{
    // While somebody is missing or a cluster is sought it is looked more often than while all is well, and a cluster of one changes by what it is told alone.
    private static readonly TimeSpan Alert = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(2);

    private readonly ClusterSettings _settings;
    private readonly IClusterOutlet _outlet;
    private readonly Func<double> _dice;
    private readonly DowningPatience? _downing;
    private readonly Heartbeats _heartbeats;
    private readonly HashSet<UniqueAddress> _exitingConfirmed = [];
    private Gossip _gossip = Gossip.Empty;
    private TimeSpan _now;
    private TimeSpan _nextGossip;
    private TimeSpan _nextLeaderActions;
    private TimeSpan _joiningSince;
    private bool _soon;
    private bool _ended;

    public ClusterCore(UniqueAddress self, ClusterSettings settings, IClusterOutlet outlet, Func<double> dice)
    {
        Self = self;
        _settings = settings;
        _outlet = outlet;
        _dice = dice;
        _downing = settings.Downing is { } how ? new DowningPatience(how) : null;
        _heartbeats = new Heartbeats(self, settings);
    }

    public UniqueAddress Self { get; }

    /// <summary>What this node knows.</summary>
    public Gossip Gossip => _gossip;

    /// <summary>This node as a member; null before it is one and after.</summary>
    public Member? Me => _gossip.Members.GetValueOrDefault(Self);

    public bool IsMember => _gossip.Members.ContainsKey(Self);

    /// <summary>A message came from the core at <paramref name="from"/>.</summary>
    public void Receive(Address from, ClusterMessage message, TimeSpan now)
    {
        _now = now;
        if (_ended) return;
        switch (message)
        {
            case Heartbeat heartbeat:
                if (IsMember) _outlet.Send(heartbeat.From, new HeartbeatRsp(Self, heartbeat.Number));
                break;
            case HeartbeatRsp answer:
                if (_gossip.Members.ContainsKey(answer.From)) _heartbeats.Answered(answer.From, now);
                break;
            case GossipStatus status:
                OnStatus(status);
                break;
            case GossipEnvelope envelope:
                OnGossip(envelope);
                break;
            case InitJoin:
                _outlet.Send(from, IsMember ? Answer(from) : new InitJoinNack(Self.Address));
                break;
            default:
                OnMembership(from, message);
                break;
        }
    }

    /// <summary>Whether this node is in a cluster in which all can be reached.</summary>
    public bool IsCalm => IsMember && _gossip.Reachability.IsClean;

    /// <summary>At least how often <see cref="Tick"/> is called; where this changes, <see cref="Pause"/> has to be asked anew.</summary>
    public TimeSpan Pace => !IsCalm ? Alert : _gossip.Members.Count > 1 || Me!.Status != MemberStatus.Up ? Calm : Alone;

    /// <summary>How long there is nothing to do for <see cref="Tick"/> unless the pace changes: an idle cluster wakes up for its heartbeats and for nothing else.</summary>
    public TimeSpan Pause(TimeSpan now)
    {
        var pause = Pace;
        if (pause != Calm) return pause;
        if (_settings.HeartbeatAcceptablePause >= 2 * _settings.HeartbeatInterval && _heartbeats.AllAnswer(now))
        {
            var next = _heartbeats.Next < _nextGossip ? _heartbeats.Next : _nextGossip;
            if (_nextLeaderActions < next) next = _nextLeaderActions;
            pause = next - now;
        }

        return pause < Alert ? Alert : pause;
    }

    /// <summary>Time goes on: called a few times a second, see <see cref="Pause"/>.</summary>
    public void Tick(TimeSpan now)
    {
        _now = now;
        if (_ended) return;
        if (!IsMember)
        {
            TryToJoin();
            return;
        }

        LookForOtherCluster();
        _heartbeats.Send(_gossip, now, (to, message) => _outlet.Send(to, message));
        Observe();
        if (now >= _nextLeaderActions)
        {
            _nextLeaderActions = now + _settings.LeaderActionsInterval;
            LeaderActions();
        }

        Judge();
        if (now < _nextGossip || _ended) return;
        _nextGossip = now + _settings.GossipInterval;
        if (Partners() is { Count: > 0 } partners) GossipTo(partners[Pick(partners.Count)]);
    }

    /// <summary>The few milliseconds after a change are over: tells others of it.</summary>
    public void Soon(TimeSpan now)
    {
        _now = now;
        _soon = false;
        if (_ended || !IsMember) return;
        LeaderActions();
        if (_ended) return;
        var unseen = Partners().FindAll(member => !_gossip.Seen.Contains(member.UniqueAddress));
        for (var i = 0; i < Limits.Fanout && unseen.Count > 0; i++)
        {
            var at = Pick(unseen.Count);
            _outlet.Send(unseen[at].Address, new GossipEnvelope(Self, unseen[at].UniqueAddress, _gossip));
            unseen.RemoveAt(at);
        }

        // The leader waits for the word that all have seen this.
        if (_gossip.Leader(Self) is { } leader && !leader.UniqueAddress.Equals(Self)) SendStatus(leader.Address);
    }

    /// <summary>A member is to leave.</summary>
    public void Leave(Address address, TimeSpan now)
    {
        _now = now;
        if (_gossip.At(address) is not { Status: MemberStatus.Joining or MemberStatus.WeaklyUp or MemberStatus.Up } member) return;
        _outlet.Log($"{address} leaves");
        Change(_gossip.With(member.Copy(MemberStatus.Leaving)));
    }

    /// <summary>A member is given up.</summary>
    public void Down(Address address, TimeSpan now)
    {
        _now = now;
        if (_gossip.At(address) is not { } member || member.Status == MemberStatus.Down) return;
        _outlet.Log($"{address} is given up");
        Change(_gossip.With(member.Copy(MemberStatus.Down)));
    }

    /// <summary>This node, which is exiting, has done all that it had to.</summary>
    public void ConfirmExit(TimeSpan now)
    {
        _now = now;
        if (!IsMember) return;

        // The leader has to know; who leads next may be another one.
        var told = 0;
        foreach (var member in _gossip.Members.Values)
        {
            if (member.UniqueAddress.Equals(Self) || member.Status is not (MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting)) continue;

            // That this node exits may be known to nobody else yet: once it is silent, it would look like a crash of a member.
            _outlet.Send(member.Address, new GossipEnvelope(Self, member.UniqueAddress, _gossip));
            _outlet.Send(member.Address, new ExitingConfirmed(Self));
            if (++told >= Limits.Fanout) break;
        }

        _exitingConfirmed.Add(Self);
        LeaderActions();
        _ended = true;
    }

    /// <summary>The transport says that a peer's process is gone.</summary>
    public void ProcessGone(Address address, int uid, TimeSpan now)
    {
        _now = now;
        if (_ended || !IsMember) return;
        var node = new UniqueAddress(address, uid);
        if (!_gossip.Members.ContainsKey(node) || node.Equals(Self)) return;
        _heartbeats.Crashed(node);
        Observe();
    }

    private void OnMembership(Address from, ClusterMessage message)
    {
        switch (message)
        {
            case Join join:
                OnJoin(join);
                break;
            case Welcome welcome:
                OnWelcome(welcome);
                break;
            case InitJoinAck ack:
                OnClusterFound(ack);
                break;
            case InitJoinNack nack:
                OnNoClusterAt(nack.Address);
                break;
            case Gossiping.Leave leave:
                Leave(leave.Address, _now);
                break;
            case Gossiping.Down down:
                Down(down.Address, _now);
                break;
            case NotAMember not:
                OnNotAMember(from, not);
                break;
            case ExitingConfirmed confirmed:
                _exitingConfirmed.Add(confirmed.Node);
                LeaderActions();
                break;
            default:
                _outlet.Log($"{from} sent {message.GetType().Name}, which has no meaning here");
                break;
        }
    }

    private void OnJoin(Join join)
    {
        if (Me is not { Status: not (MemberStatus.Down or MemberStatus.Exiting) }) return;
        if (join.Node.Address.System != Self.Address.System || join.Node.Address.Protocol != Self.Address.Protocol || join.Roles.Count > Limits.Roles)
        {
            _outlet.Log($"{join.Node.Address} cannot join {Self.Address}: another protocol or system name, or too many roles");
            return;
        }

        if (_gossip.At(join.Node.Address) is { } there)
        {
            if (there.UniqueAddress.Equals(join.Node)) _outlet.Send(join.Node.Address, new Welcome(Self, _gossip));
            else Down(there.Address, _now);

            // A new incarnation asks again until the former one is removed.
            return;
        }

        if (_gossip.Tombstones.ContainsKey(join.Node) || _gossip.Members.Count >= Limits.Members) return;
        _outlet.Log($"{join.Node.Address} joins");
        Change(_gossip.With(new Member(join.Node, int.MaxValue, MemberStatus.Joining, join.Roles, join.AppVersion)));
        _outlet.Send(join.Node.Address, new Welcome(Self, _gossip));
    }

    private void OnStatus(GossipStatus status)
    {
        if (!IsMember || !IsFromMember(status.From)) return;
        var mine = _gossip.Version;
        switch (mine.CompareTo(status.Version))
        {
            case ClockOrder.Same:
                var before = _gossip;
                _gossip = _gossip with { Seen = _gossip.Seen.Union(status.Seen.Where(_gossip.Members.ContainsKey)) };
                if (_gossip.Seen.Count > status.Seen.Count) SendStatus(status.From.Address);
                if (_gossip.Seen.Count == before.Seen.Count) break;
                Publish(before);
                TellSoon();
                break;
            case ClockOrder.Before:
                SendStatus(status.From.Address);
                break;
            default:
                _outlet.Send(status.From.Address, new GossipEnvelope(Self, status.From, _gossip));
                break;
        }
    }

    private void OnGossip(GossipEnvelope envelope)
    {
        // Meant for a former incarnation of this node, or from somebody who has not joined, or was removed.
        if (!IsMember || !envelope.To.Equals(Self) || !IsFromMember(envelope.From)) return;
        if (!envelope.Gossip.Members.ContainsKey(Self) && !envelope.Gossip.Tombstones.ContainsKey(Self)) return;
        var before = _gossip;
        var order = _gossip.CompareTo(envelope.Gossip);
        _gossip = (order switch
        {
            ClockOrder.Same => envelope.Gossip with { Seen = _gossip.Seen.Union(envelope.Gossip.Seen), Tombstones = _gossip.Tombstones.SetItems(envelope.Gossip.Tombstones) },
            ClockOrder.Before => envelope.Gossip.Merge(_gossip) with { Seen = envelope.Gossip.Seen },
            ClockOrder.After => _gossip,
            _ => _gossip.Merge(envelope.Gossip),
        }).SeenBy(Self);
        if (order == ClockOrder.After) _outlet.Send(envelope.From.Address, new GossipEnvelope(Self, envelope.From, _gossip));
        else if (!envelope.Gossip.Seen.Contains(Self)) SendStatus(envelope.From.Address);
        Publish(before);
        if (order is ClockOrder.Before or ClockOrder.Concurrent) TellSoon();
    }

    // Who gossips and is no member has slept through its removal, or was welcomed by one whose word of it got nowhere: it has to know.
    private bool IsFromMember(UniqueAddress node)
    {
        if (_gossip.Members.ContainsKey(node)) return true;
        _outlet.Send(node.Address, new NotAMember(node, _gossip.Tombstones.ContainsKey(node)));
        return false;
    }

    private void SendStatus(Address to) => _outlet.Send(to, new GossipStatus(Self, _gossip.Version, _gossip.Seen));

    private void GossipTo(Member member)
    {
        if (_gossip.Seen.Contains(member.UniqueAddress)) SendStatus(member.Address);
        else _outlet.Send(member.Address, new GossipEnvelope(Self, member.UniqueAddress, _gossip));
    }

    // Those who have not seen this version come first.
    private List<Member> Partners()
    {
        var unseen = new List<Member>();
        var all = new List<Member>();
        foreach (var member in _gossip.Members.Values)
        {
            if (member.UniqueAddress.Equals(Self) || _gossip.Reachability.Of(Self, member.UniqueAddress) is not null) continue;
            all.Add(member);
            if (!_gossip.Seen.Contains(member.UniqueAddress)) unseen.Add(member);
        }

        return unseen.Count > 0 && _dice() < 0.8 ? unseen : all;
    }

    private void Change(Gossip changed)
    {
        var before = _gossip;
        _gossip = changed.ChangedBy(Self);
        Publish(before);
        TellSoon();
    }

    private void Publish(Gossip before)
    {
        if (ReferenceEquals(before, _gossip)) return;
        var after = _gossip;
        _outlet.Changed(before, after);
        if (_ended) return;
        if (before.Members.ContainsKey(Self) && !after.Members.ContainsKey(Self)) End(false);
        else if (after.Members.TryGetValue(Self, out var me) && me.Status == MemberStatus.Down) End(true);
        else LeaderActions();
    }

    private void End(bool down)
    {
        // Others have to hear of it from those who stay, or here and now from the one that goes.
        foreach (var member in Partners()) _outlet.Send(member.Address, new GossipEnvelope(Self, member.UniqueAddress, _gossip));
        _ended = true;
        _outlet.Ended(down);
    }

    private void TellSoon()
    {
        if (_soon) return;
        _soon = true;
        _outlet.CallSoon();
    }

    private int Pick(int count) => Math.Min(count - 1, (int)(_dice() * count));
}
