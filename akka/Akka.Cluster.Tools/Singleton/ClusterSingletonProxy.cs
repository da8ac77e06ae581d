using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>
/// Sends what it gets to a singleton, wherever that is. While it is not found, messages wait, up to a number; of more, the oldest are dropped. Messages on their way to a singleton that ends are lost.
/// </summary>
public sealed class ClusterSingletonProxy : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);

    private readonly string[] _managerPath;
    private readonly ClusterSingletonProxySettings _settings;
    private readonly Cluster _cluster;
    private readonly ILoggingAdapter _log;
    private readonly Queue<(object Message, IActorRef Sender)> _waiting = new();
    private readonly Backoff _backoff;
    private Member? _oldest;
    private IActorRef? _singleton;
    private int _question;

    /// <summary>A proxy; use <see cref="Props"/>.</summary>
    public ClusterSingletonProxy(string singletonManagerPath, ClusterSingletonProxySettings settings)
    {
        _managerPath = singletonManagerPath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        _settings = settings;
        _cluster = Cluster.Get(Context.System);
        _log = Context.GetLogger();
        _backoff = new Backoff(FirstRetry, settings.SingletonIdentificationInterval);
        SingletonReference.AddTo(Context.System);
        ReceiveAny(Handle);
    }

    /// <inheritdoc/>
    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    /// <summary>The defaults.</summary>
    public static Config DefaultConfig() => SingletonReference.Default;

    /// <summary>A proxy to the singleton of the managers at a path such as <c>/user/manager</c>.</summary>
    public static Props Props(string singletonManagerPath, ClusterSingletonProxySettings settings)
        => Akka.Actor.Props.CreateBy(new GuardianProducer(() => new ClusterSingletonProxy(singletonManagerPath, settings))).WithDeploy(Deploy.Local);

    /// <inheritdoc/>
    protected override void PreStart() => _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    private void Handle(object message)
    {
        switch (message)
        {
            case ClusterEvent.CurrentClusterState or ClusterEvent.IMemberEvent:
                LookForOldest();
                break;
            case ClusterEvent.ClusterShuttingDown:
                break;
            case ActorIdentity { MessageId: int question } identity when question == _question:
                if (identity.Subject is { } found) Found(found);
                break;
            case ActorIdentity:
                break;
            case Seek:
                Identify();
                break;
            case Terminated terminated:
                if (!terminated.ActorRef.Equals(_singleton)) break;
                _singleton = null;
                Begin();
                break;
            default:
                Forward(message);
                break;
        }
    }

    private void LookForOldest()
    {
        var members = _cluster.State.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && (_settings.Role is null || member.HasRole(_settings.Role)));
        var oldest = members.Order(Member.AgeOrdering).FirstOrDefault();
        if (Equals(oldest, _oldest)) return;
        _oldest = oldest;
        if (_singleton is not null) Context.Unwatch(_singleton);
        _singleton = null;
        Begin();
    }

    private void Begin()
    {
        _backoff.Reset();
        Identify();
    }

    private void Identify()
    {
        if (_singleton is not null || _oldest is null) return;
        var path = new RootActorPath(_oldest.Address) / _managerPath / _settings.SingletonName;
        Context.ActorSelection(path).Tell(new Identify(++_question), Self);
        ((IWithTimers)this).Timers.StartSingleTimer(nameof(Seek), Seek.Instance, _backoff.Next(_cluster.Dice()));
    }

    private void Found(IActorRef singleton)
    {
        _singleton = singleton;
        ((IWithTimers)this).Timers.Cancel(nameof(Seek));
        Context.Watch(singleton);
        while (_waiting.TryDequeue(out var waited)) singleton.Tell(waited.Message, waited.Sender);
    }

    private void Forward(object message)
    {
        if (_singleton is not null)
        {
            _singleton.Tell(message, Sender);
            return;
        }

        if (_waiting.Count >= _settings.BufferSize)
        {
            var (dropped, sender) = _settings.BufferSize > 0 ? _waiting.Dequeue() : (message, Sender);
            _log.Warning("the singleton is not found, and {0} messages wait already: one is dropped", _settings.BufferSize);
            Context.System.EventStream.Publish(new Dropped(dropped, "the singleton is not found", sender, Self));
            if (_settings.BufferSize == 0) return;
        }

        _waiting.Enqueue((message, Sender));
    }

    private sealed class Seek
    {
        public static readonly Seek Instance = new();
    }
}
