using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Remote;

/// <summary>
/// Watches remote actors in the name of local ones: one watch over the wire for all who watch an actor, and the end of all of them when its node is gone.
/// </summary>
internal sealed class RemoteWatcher : UntypedActor, IWithTimers
{
    private readonly Remoting _remoting;
    private readonly WatchedNodes _nodes;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _reapInterval;
    private bool _ticking;

    public RemoteWatcher(Remoting remoting)
    {
        _remoting = remoting;
        var config = remoting.Settings.WatchFailureDetector;
        _interval = config.GetTimeSpan("heartbeat-interval", allowInfinite: false);
        _reapInterval = config.GetTimeSpan("unreachable-nodes-reaper-interval", allowInfinite: false);
        var scheduler = remoting.Scheduler;
        _nodes = new WatchedNodes(
            () => PhiAccrualFailureDetector.Of(config, () => (long)scheduler.MonotonicClock.TotalMilliseconds),
            config.GetTimeSpan("expected-response-after", allowInfinite: false));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(PeerGone));
        Context.System.EventStream.Subscribe(Self, typeof(ClusterMembers));
        Context.System.EventStream.Subscribe(Self, typeof(MemberGone));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchRemote watch:
                if (_nodes.Watch(watch.Watchee, watch.Watcher)) Tell(watch.Watchee, new Watch(watch.Watchee, (IInternalActorRef)Self));
                Tick();
                break;
            case UnwatchRemote unwatch:
                if (_nodes.Unwatch(unwatch.Watchee, unwatch.Watcher)) Tell(unwatch.Watchee, new Unwatch(unwatch.Watchee, (IInternalActorRef)Self));
                break;
            case Died died:
                foreach (var pair in _nodes.Died(died.Actor)) pair.Watcher.SendSystemMessage(new DeathWatchNotification(pair.Watchee, died.Existed, false));
                break;
            case WatchedBy by:
                Note(by);
                break;
            case Heartbeat:
                Sender.Tell(new HeartbeatRsp(_remoting.Uid), Self);
                break;
            case HeartbeatRsp answer:
                if (_nodes.Answered(Sender.Path.Address, answer.AddressUid)) WatchAgain(Sender.Path.Address);
                break;
            default:
                OnEvent(message);
                break;
        }
    }

    private void OnEvent(object message)
    {
        switch (message)
        {
            case PeerGone gone:
                // A member is gone when the cluster says so; what it had watched here is void in any case.
                // Watches that were on their way to the former incarnation are lost: the next one knows none of its actors, and says so.
                Unwatched(gone.Address);
                if (_nodes.IsMember(gone.Address)) WatchAgain(gone.Address);
                else NodeEnded(gone);
                break;
            case MemberGone gone:
                if (gone.IsGivenUp) _remoting.Quarantine(gone.Address, gone.Uid);
                OnMemberGone(gone);
                break;
            case ClusterMembers members:
                _nodes.SetMembers(members.Addresses);
                Tick();
                break;
            case HeartbeatTick:
                Ask();
                break;
            case ReapTick:
                Reap();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static void Tell(IInternalActorRef watchee, SystemMessage message) => watchee.SendSystemMessage(message);

    private void Tick()
    {
        if (_ticking || !_nodes.HasStrangers) return;
        _ticking = true;
        Timers.StartPeriodicTimer(nameof(HeartbeatTick), HeartbeatTick.Instance, TimeSpan.Zero, _interval);
        Timers.StartPeriodicTimer(nameof(ReapTick), ReapTick.Instance, _reapInterval);
    }

    private void Ask()
    {
        if (!_nodes.HasStrangers)
        {
            // Nobody is watched, or members only, which the cluster asks: nothing to wake up for.
            Timers.CancelAll();
            _ticking = false;
            return;
        }

        foreach (var address in _nodes.ToAsk(_remoting.Scheduler.MonotonicClock))
        {
            var watcher = new RootActorPath(address) / "system" / "remote-watcher";
            _remoting.System.Provider.ResolveActorRef(watcher).Tell(Heartbeat.Instance, Self);
        }
    }

    private void Reap()
    {
        foreach (var address in _nodes.Silent())
        {
            _remoting.Log.Warning("no heartbeat from {0} for too long: its actors count as terminated", address);
            _remoting.AssociationFor(address)?.GiveUp();
            NodeGone(address);
        }
    }

    private void NodeGone(Address address)
    {
        foreach (var pair in _nodes.NodeGone(address)) pair.Watcher.SendSystemMessage(new DeathWatchNotification(pair.Watchee, true, true));
    }

    // Another incarnation may live there by now: what it has is not gone, and of what the former one had it says itself that it does not know it.
    private void OnMemberGone(MemberGone gone)
    {
        if (_remoting.AssociationFor(gone.Address)?.Uid is { } now && now != 0 && now != gone.Uid) WatchAgain(gone.Address);
        else NodeGone(gone.Address);
    }

    private void NodeEnded(PeerGone gone)
    {
        NodeGone(gone.Address);
        if (_remoting.AssociationFor(gone.Address) is { } association && association.Uid == gone.Uid) association.GiveUp();
    }

    private void WatchAgain(Address address)
    {
        foreach (var watchee in _nodes.Watchees(address)) Tell(watchee, new Watch(watchee, (IInternalActorRef)Self));
    }

    private void Note(WatchedBy by)
    {
        if (by.Message is Watch watch) _nodes.WatchedBy(by.Peer, new WatchPair(watch.Watchee, watch.Watcher), true);
        else if (by.Message is Unwatch unwatch) _nodes.WatchedBy(by.Peer, new WatchPair(unwatch.Watchee, unwatch.Watcher), false);
    }

    private void Unwatched(Address peer)
    {
        foreach (var pair in _nodes.TakeWatchedBy(peer)) pair.Watchee.SendSystemMessage(new Unwatch(pair.Watchee, pair.Watcher));
    }

    /// <summary>A local actor watches a remote one.</summary>
    public sealed record WatchRemote(IInternalActorRef Watchee, IInternalActorRef Watcher);

    /// <summary>It no longer does.</summary>
    public sealed record UnwatchRemote(IInternalActorRef Watchee, IInternalActorRef Watcher);

    /// <summary>A peer said that one of its actors ended.</summary>
    public sealed record Died(IActorRef Actor, bool Existed);

    /// <summary>A peer watches a local actor, or no longer does.</summary>
    public sealed record WatchedBy(Address Peer, SystemMessage Message);

    /// <summary>The nodes that the cluster judges.</summary>
    public sealed record ClusterMembers(HashSet<Address> Addresses);

    /// <summary>The cluster removed a member's incarnation; nothing may come from one that was given up.</summary>
    public sealed record MemberGone(Address Address, int Uid, bool IsGivenUp);

    /// <summary>Are you alive?</summary>
    public sealed class Heartbeat : IControlMessage, IDeadLetterSuppression
    {
        public static readonly Heartbeat Instance = new();
    }

    /// <summary>Yes, this incarnation.</summary>
    public sealed record HeartbeatRsp(int AddressUid) : IControlMessage, IDeadLetterSuppression;

    private sealed class HeartbeatTick
    {
        public static readonly HeartbeatTick Instance = new();
    }

    private sealed class ReapTick
    {
        public static readonly ReapTick Instance = new();
    }
}
