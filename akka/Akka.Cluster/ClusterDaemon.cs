using Akka.Actor;
using Akka.Cluster.Gossiping;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>The actor around the core, at <c>/system/cluster</c>: its messages, its time, and those who want to hear of the cluster.</summary>
internal sealed class ClusterDaemon : UntypedActor, IWithTimers, IClusterOutlet
{
    private static readonly TimeSpan SoonDelay = TimeSpan.FromMilliseconds(10);

    private readonly Cluster _cluster;
    private readonly ClusterCore _core;
    private readonly ILoggingAdapter _log;
    private readonly IActorRefProvider _provider;
    private readonly Dictionary<IActorRef, HashSet<Type>> _subscribers = [];
    private readonly Dictionary<Address, IActorRef> _peers = [];
    private TimeSpan _pace;

    public ClusterDaemon(Cluster cluster)
    {
        _cluster = cluster;
        _provider = cluster.System.Provider;
        _log = Logging.GetLogger(cluster.System, "cluster");
        _core = new ClusterCore(cluster.SelfUniqueAddress, cluster.Settings, this, cluster.Dice);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _cluster.System.Scheduler.MonotonicClock;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(PeerGone));
        Context.System.EventStream.Subscribe(Self, typeof(NobodyListens));
        Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        StartTimer();
        if (_cluster.Settings.SeedNodes.Count > 0) _core.JoinSeeds(_cluster.Settings.SeedNodes, Now);
    }

    protected override void PostStop()
    {
        foreach (var subscriber in _subscribers.Keys) subscriber.Tell(ClusterEvent.ClusterShuttingDown.Instance, Self);
        _cluster.Stopped();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterMessage said:
                _core.Receive(Sender.Path.Address, said, Now);
                StartTimerIfNeeded();
                break;
            case Tick:
                _core.Tick(Now);
                StartTimer();
                break;
            case SoonTick:
                _core.Soon(Now);
                break;
            case PeerGone gone:
                _core.ProcessGone(gone.Address, gone.Uid, Now);
                StartTimer();
                break;
            case NobodyListens nobody:
                _core.NobodyAt(nobody.Address, Now);
                break;
            case ThisActorSystemQuarantinedEvent quarantined when _core.Gossip.At(quarantined.RemoteAddress) is not null:
                // It was given up there, while it slept or was cut off, and what it runs may run elsewhere by now.
                _log.Warning("{0} has quarantined this node, which therefore is no member any more", quarantined.RemoteAddress);
                ((IClusterOutlet)this).Ended(true);
                break;
            case ThisActorSystemQuarantinedEvent quarantined when !_core.IsMember && _cluster.Settings.SeedNodes.Contains(quarantined.RemoteAddress):
                // A node that was given up before it was a member, while it was cut off: as this incarnation it will never be let in.
                _log.Warning("{0} has quarantined this node, which therefore cannot join", quarantined.RemoteAddress);
                ((IClusterOutlet)this).Ended(true);
                break;
            case ThisActorSystemQuarantinedEvent:
                break;
            case Terminated terminated:
                _subscribers.Remove(terminated.ActorRef);
                break;
            default:
                OnCommand(message);
                break;
        }
    }

    void IClusterOutlet.Send(Address to, ClusterMessage message)
    {
        if (!_peers.TryGetValue(to, out var peer))
        {
            if (_peers.Count > Limits.Members) _peers.Clear();
            peer = _peers[to] = to.Equals(_cluster.SelfAddress) ? Self : _provider.ResolveActorRef(new RootActorPath(to) / "system" / "cluster");
        }

        peer.Tell(message, Self);
    }

    void IClusterOutlet.Changed(Gossip before, Gossip after)
    {
        var events = ClusterDiff.Events(before, after, _core.Self);
        _cluster.Became(after);
        if (!ReferenceEquals(before.Members, after.Members))
        {
            Context.System.EventStream.Publish(new RemoteWatcher.ClusterMembers([.. after.Members.Keys.Where(node => !node.Equals(_core.Self)).Select(node => node.Address)]));
        }

        foreach (var @event in events)
        {
            if (@event is ClusterEvent.MemberRemoved removed && !removed.Member.UniqueAddress.Equals(_core.Self))
            {
                _cluster.MemberRemoved(removed.Member.UniqueAddress, removed.IsGone);

                // Nothing may come from one that was given up: it may be alive and not know it.
                Context.System.EventStream.Publish(new RemoteWatcher.MemberGone(removed.Member.Address, removed.Member.UniqueAddress.Uid, removed.PreviousStatus == MemberStatus.Down));
            }

            Publish(@event);
        }
    }

    void IClusterOutlet.CallSoon() => Timers.StartSingleTimer(nameof(SoonTick), SoonTick.Instance, SoonDelay);

    void IClusterOutlet.Ended(bool down)
    {
        if (down) _log.Warning("this node was given up by the cluster, and ends");
        _cluster.Ended(down);
        Context.Stop(Self);
    }

    void IClusterOutlet.JoinFailed()
    {
        _log.Error("no cluster was found in {0}", _cluster.Settings.ShutdownAfterUnsuccessfulJoinSeedNodes!.Value);
        CoordinatedShutdown.Get(Context.System).Run(CoordinatedShutdown.ClusterJoinUnsuccessfulReason.Instance);
    }

    void IClusterOutlet.Log(string text) => _log.Info("{0}", text);

    private void OnCommand(object message)
    {
        switch (message)
        {
            case JoinTo join:
                _core.JoinNode(join.Address, Now);
                break;
            case JoinSeedsTo join:
                _core.JoinSeeds(join.Addresses, Now);
                break;
            case LeaveNow leave:
                _core.Leave(leave.Address, Now);
                StartTimerIfNeeded();
                break;
            case DownNow down:
                _core.Down(down.Address, Now);
                StartTimerIfNeeded();
                break;
            case ConfirmExitNow:
                _core.ConfirmExit(Now);
                Sender.Tell(Done.Instance, Self);
                break;
            case Subscribe subscribe:
                OnSubscribe(subscribe);
                break;
            case Unsubscribe unsubscribe:
                OnUnsubscribe(unsubscribe);
                break;
            case SendState send:
                send.Receiver.Tell(ClusterDiff.State(_core.Gossip, _core.Self), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnSubscribe(Subscribe subscribe)
    {
        if (subscribe.Mode == ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot)
        {
            subscribe.Subscriber.Tell(ClusterDiff.State(_core.Gossip, _core.Self), Self);
        }
        else
        {
            foreach (var @event in ClusterDiff.Replay(_core.Gossip, _core.Self))
            {
                if (subscribe.Types.Any(type => type.IsInstanceOfType(@event))) subscribe.Subscriber.Tell(@event, Self);
            }
        }

        if (!_subscribers.TryGetValue(subscribe.Subscriber, out var types)) _subscribers[subscribe.Subscriber] = types = [];
        types.UnionWith(subscribe.Types);
        Context.Watch(subscribe.Subscriber);
    }

    private void OnUnsubscribe(Unsubscribe unsubscribe)
    {
        if (!_subscribers.TryGetValue(unsubscribe.Subscriber, out var types)) return;
        if (unsubscribe.Type is null) types.Clear();
        else types.Remove(unsubscribe.Type);
        if (types.Count > 0) return;
        _subscribers.Remove(unsubscribe.Subscriber);
        Context.Unwatch(unsubscribe.Subscriber);
    }

    private void Publish(ClusterEvent.IClusterDomainEvent @event)
    {
        foreach (var (subscriber, types) in _subscribers)
        {
            foreach (var type in types)
            {
                if (!type.IsInstanceOfType(@event)) continue;
                subscriber.Tell(@event, Self);
                break;
            }
        }

        Context.System.EventStream.Publish(@event);
    }

    // By what may be due next; messages change that only where the pace changes.
    private void StartTimerIfNeeded()
    {
        if (_core.Pace != _pace) StartTimer();
    }

    private void StartTimer()
    {
        _pace = _core.Pace;
        Timers.StartSingleTimer(nameof(Tick), Tick.Instance, _core.Pause(Now));
    }

    internal sealed record JoinTo(Address Address);

    internal sealed record JoinSeedsTo(IReadOnlyList<Address> Addresses);

    internal sealed record LeaveNow(Address Address);

    internal sealed record DownNow(Address Address);

    internal sealed record ConfirmExitNow;

    internal sealed record Subscribe(IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, Type[] Types);

    internal sealed record Unsubscribe(IActorRef Subscriber, Type? Type);

    internal sealed record SendState(IActorRef Receiver);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class SoonTick
    {
        public static readonly SoonTick Instance = new();
    }
}
