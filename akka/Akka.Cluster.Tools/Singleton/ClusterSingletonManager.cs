using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Runs an actor on the oldest node of a cluster (or of a role), and only there. One manager of the same name runs on each of those nodes; when the oldest leaves, the next one takes over
/// as soon as the former has stopped. Where the oldest is gone, it has to be removed from the cluster first.
/// </summary>
public sealed class ClusterSingletonManager : ReceiveActor, IWithTimers
{
    private readonly Props _props;
    private readonly object _terminationMessage;
    private readonly ClusterSingletonManagerSettings _settings;
    private readonly Cluster _cluster;
    private readonly SingletonCore _core;
    private readonly ILoggingAdapter _log;
    private readonly Promise<Done> _handedOver;
    private readonly HashSet<IActorRef> _waitForHandOver = [];
    private readonly HashSet<UniqueAddress> _told = [];
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private IActorRef? _singleton;
    private bool _stopping;
    private bool _known;

    /// <summary>A manager; use <see cref="Props(Akka.Actor.Props, object, ClusterSingletonManagerSettings)"/>.</summary>
    public ClusterSingletonManager(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
    {
        _props = singletonProps;
        _terminationMessage = terminationMessage;
        _settings = settings;
        _handedOver = new Promise<Done>(((ActorSystemImpl)Context.System).Later);
        _cluster = Cluster.Get(Context.System);
        _core = new SingletonCore(_cluster.SelfUniqueAddress, settings.Role ?? "", settings.RemovalMargin);
        _log = Context.GetLogger();
        SingletonReference.AddTo(Context.System);
        ReceiveAny(Handle);
        if (settings.Role is { } role && !_cluster.SelfRoles.Contains(role)) throw new ArgumentException($"This cluster member [{_cluster.SelfAddress}] doesn't have the role [{role}]");
    }

    /// <inheritdoc/>
    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private ITimerScheduler Timers => ((IWithTimers)this).Timers;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <summary>The defaults.</summary>
    public static Config DefaultConfig() => SingletonReference.Default;

    /// <summary>A manager whose singleton is ended by <see cref="PoisonPill"/>.</summary>
    public static Props Props(Props singletonProps, ClusterSingletonManagerSettings settings) => Props(singletonProps, PoisonPill.Instance, settings);

    /// <summary>A manager whose singleton is ended by <paramref name="terminationMessage"/>, on which it has to stop.</summary>
    public static Props Props(Props singletonProps, object terminationMessage, ClusterSingletonManagerSettings settings)
        => Akka.Actor.Props.CreateBy(new GuardianProducer(() => new ClusterSingletonManager(singletonProps, terminationMessage, settings))).WithDeploy(Deploy.Local);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        var (self, handedOver, cluster) = (Self, _handedOver, _cluster);

        // The others wait for this node to be done: it does not leave before.
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterExiting, $"wait-singleton-exiting-{self.Path.Name}", () =>
        {
            if (cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Removed) return Task.FromResult(Done.Instance);
            self.Tell(LeaveNow.Instance, ActorRefs.NoSender);
            return handedOver.Task;
        });
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        _handedOver.TrySetResult(Done.Instance);
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState state:
                Begin(state);
                break;
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                _core.Removed(removed.Member, removed.IsGone, Now);
                _core.Members(Members());
                break;
            case ClusterEvent.IMemberEvent changed:
                _members[changed.Member.UniqueAddress] = changed.Member;
                _core.Members(Members());
                break;
            case ClusterEvent.ClusterShuttingDown or LeaveNow:
                _core.Leave();
                break;
            case HandOverToMe handOver:
                // Whoever asks knows that this node exits, even where it does not know it yet.
                _core.Leave();
                _waitForHandOver.Add(Sender);
                _log.Info("{0} takes over", handOver.From.Address);
                break;
            case HandOverDone done:
                _core.HandedOver(done.From);
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_singleton):
                Ended();
                break;
            case Retry:
                break;
            default:
                Unhandled(message);
                return;
        }

        if (_known) Act();
    }

    private void Begin(ClusterEvent.CurrentClusterState state)
    {
        _known = true;
        foreach (var member in state.Members) _members[member.UniqueAddress] = member;
        foreach (var (node, left) in _cluster.LostWithin(_settings.RemovalMargin)) _core.Lost(node, Now + left);
        _core.Members(Members());
    }

    // The cluster's state is ahead of its events: it knows older ones that have not been heard of here, and misses those whose removal has not been, with what follows from it.
    private IEnumerable<Member> Members()
    {
        var all = new Dictionary<UniqueAddress, Member>(_members);
        foreach (var member in _cluster.State.Members) all[member.UniqueAddress] = member;
        return all.Values;
    }

    private void Act()
    {
        if (_core.HasLeft) StopSingleton();
        else if (_singleton is null && _core.ShouldRun(Now)) StartSingleton();
        foreach (var member in _core.ToAsk()) Manager(member).Tell(new HandOverToMe(_cluster.SelfUniqueAddress), Self);
        if (_singleton is null && _core.IsWaiting(Now)) Timers.StartSingleTimer(nameof(Retry), Retry.Instance, _settings.HandOverRetryInterval);
    }

    private void StartSingleton()
    {
        _log.Info("singleton [{0}] starts on {1}", Self.Path, _cluster.SelfAddress);
        _singleton = Context.ActorOf(_props, _settings.SingletonName);
        Context.Watch(_singleton);
    }

    private void StopSingleton()
    {
        if (_singleton is null)
        {
            TellDone();
            return;
        }

        if (_stopping) return;
        _stopping = true;
        _singleton.Tell(_terminationMessage, Self);
    }

    private void Ended()
    {
        _singleton = null;
        if (_core.HasLeft) return;

        // It stopped by itself: so it is to be, until another node's turn comes or this manager is started anew.
        _log.Info("singleton [{0}] stopped by itself", Self.Path);
        _core.Leave();
    }

    private void TellDone()
    {
        var done = new HandOverDone(_cluster.SelfUniqueAddress);
        foreach (var asker in _waitForHandOver) asker.Tell(done, Self);
        _waitForHandOver.Clear();
        if (_core.Oldest is { } next && !next.UniqueAddress.Equals(_cluster.SelfUniqueAddress) && _told.Add(next.UniqueAddress)) Manager(next).Tell(done, Self);
        _handedOver.TrySetResult(Done.Instance);
    }

    private ActorSelection Manager(Member member) => Context.ActorSelection(new RootActorPath(member.Address) / Self.Path.Elements);

    private sealed class Retry
    {
        public static readonly Retry Instance = new();
    }

    private sealed class LeaveNow
    {
        public static readonly LeaveNow Instance = new();
    }
}
