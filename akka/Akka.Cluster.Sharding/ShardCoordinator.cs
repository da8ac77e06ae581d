using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding.Remembering;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>The actor around <see cref="ShardCoordinatorCore"/>: a cluster singleton for each kind of entity.</summary>
internal sealed partial class ShardCoordinator : UntypedActor, IWithTimers, ICoordinatorOutlet
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(200);

    private readonly string _typeName;
    private readonly ClusterShardingSettings _settings;
    private readonly IShardAllocationStrategy _strategy;
    private readonly Cluster _cluster;
    private readonly ILoggingAdapter _log;
    private readonly ShardCoordinatorCore _core;
    private readonly HashSet<UniqueAddress> _unheard = [];
    private bool _rebalancing;

    public ShardCoordinator(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy)
    {
        _typeName = typeName;
        _settings = settings;
        _strategy = strategy;
        _cluster = Cluster.Get(Context.System);
        _log = Context.GetLogger();
        _core = new ShardCoordinatorCore(this, settings.TuningParameters.HandOffTimeout, settings.TuningParameters.ShardStartTimeout);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Margin => _settings.CoordinatorSingletonSettings.RemovalMargin;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    protected override void PreStart()
    {
        if (_strategy is IStartableAllocationStrategy startable) startable.Start();
        if (_strategy is IActorSystemDependentAllocationStrategy dependent) dependent.Start(Context.System);
        foreach (var member in _cluster.State.Members)
        {
            if (member.Status is not (MemberStatus.Joining) && (_settings.Role is null || member.HasRole(_settings.Role))) _unheard.Add(member.UniqueAddress);
        }

        // One that was removed for its silence has time to end what it has, whoever coordinates.
        foreach (var (node, left) in _cluster.LostWithin(Margin))
        {
            _unheard.Add(node);
            Timers.StartSingleTimer(node, new NodeGone(node), left);
        }

        _cluster.Subscribe(Self, typeof(ClusterEvent.MemberRemoved));
        Remember();
        AskRegions();
        Timers.StartPeriodicTimer(nameof(RebalanceNow), RebalanceNow.Instance, _settings.TuningParameters.RebalanceInterval);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetShardHome ask:
                _core.Ask(Sender, ask.Shard, Now);
                break;
            case ShardStarted started:
                _core.Started(Sender, started.Shard);
                break;
            case BeginHandOffAck ack:
                _core.HeldBack(Sender, ack.Shard);
                break;
            case ShardStopped stopped:
                _core.Stopped(Sender, stopped.Shard, Now);
                break;
            case GracefulShutdownRequest leave:
                _core.Leave(leave.Region, Now);
                break;
            case WhoCoordinates:
                Sender.Tell(new TellShards(Self), Self);
                break;
            case Register register:
                OnRegister(register);
                break;
            case Terminated terminated:
                OnTerminated(terminated);
                break;
            case RegionGone gone:
                _core.Gone(gone.Region, Now);
                break;
            case Placed placed:
                if (placed.Failure is not null) _log.Error(placed.Failure, "the allocation strategy failed for shard {0} of {1}", placed.Shard, _typeName);
                _core.Allocate(placed.Shard, placed.Region, Now);
                break;
            case StoreMessage said:
                FromStore(said);
                break;
            default:
                OnOther(message);
                break;
        }

        // While nothing is under way, nothing wakes up.
        if (_core.HasOpenEnds && !Timers.IsTimerActive(nameof(TickNow))) Timers.StartPeriodicTimer(nameof(TickNow), TickNow.Instance, TickInterval);
    }

    void ICoordinatorOutlet.Tell(IActorRef to, CoordinatorMessage message) => to.Tell(message, Self);

    void ICoordinatorOutlet.AskWhere(string shard, IActorRef? requester, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        try
        {
            // One that answers at once is asked for the next shard with this one in its place.
            var answer = _strategy.AllocateShard(requester ?? Self, shard, allocations);
            if (answer.IsCompletedSuccessfully) _core.Allocate(shard, answer.Result, Now);
            else answer.PipeTo(Self, Self, region => new Placed(shard, region, null), e => new Placed(shard, null, e));
        }
        catch (Exception e)
        {
            Self.Tell(new Placed(shard, null, e));
        }
    }

    void ICoordinatorOutlet.Log(string text) => _log.Info("{0}: {1}", _typeName, text);

    private void OnOther(object message)
    {
        switch (message)
        {
            case TickNow:
                _core.Tick(Now);
                if (!_core.HasOpenEnds) Timers.Cancel(nameof(TickNow));
                break;
            case RebalanceNow:
                Rebalance();
                break;
            case Rebalanced rebalanced:
                _rebalancing = false;
                if (rebalanced.Failure is not null) _log.Error(rebalanced.Failure, "the allocation strategy failed to rebalance {0}", _typeName);
                else _core.Move(rebalanced.Shards, Now);
                break;
            case ActorIdentity { MessageId: int uid } identity when !_core.IsRecovered:
                OnIdentity(uid, identity.Subject);
                break;
            case AskRegionsNow:
                AskRegions();
                break;
            case AskRegion ask:
                ask.Region.Tell(new TellShards(Self), Self);
                break;
            case GetCurrentRegions:
                Sender.Tell(new CurrentRegions(_core.Regions.Select(AddressOf).ToImmutableHashSet()), Self);
                break;
            case ClusterEvent.MemberRemoved removed:
                if (removed.IsGone || Margin <= TimeSpan.Zero) Heard(removed.Member.UniqueAddress);
                else Timers.StartSingleTimer(removed.Member.UniqueAddress, new NodeGone(removed.Member.UniqueAddress), Margin);
                break;
            case NodeGone gone:
                Heard(gone.Node);
                break;
            case ActorIdentity or ClusterEvent.CurrentClusterState or ClusterEvent.ClusterShuttingDown:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnRegister(Register register)
    {
        var region = register.Region;
        var node = new UniqueAddress(AddressOf(region), register.NodeUid);
        if (!register.IsProxy && !_cluster.State.Members.Any(member => member.UniqueAddress.Equals(node)))
        {
            // A process that was started again answers for the one before it, which is a member still: what it got now would be taken for gone with that one.
            Timers.StartSingleTimer(new AskRegion(region), new AskRegion(region), AskAgain);
            return;
        }

        if (_core.Register(register, Self, Now)) Context.Watch(region);
        if (register.IsProxy) return;
        RecordClaimed(register.Shards);
        Heard(node);
    }

    // Nobody knows whether the process of a node that was removed for its silence is gone; it has time to end what it has.
    private void OnTerminated(Terminated terminated)
    {
        var region = terminated.ActorRef;
        if (_store?.Ended(region) == true) return;
        if (!terminated.AddressTerminated || Margin <= TimeSpan.Zero || _cluster.IsKnownGone(region.Path.Address))
        {
            _core.Gone(region, Now);
            return;
        }

        _core.Lost(region);
        Timers.StartSingleTimer(region, new RegionGone(region), Margin);
    }

    private void Rebalance()
    {
        if (_rebalancing || !_core.IsRecovered) return;
        _rebalancing = true;
        try
        {
            _strategy.Rebalance(_core.Allocations, _core.Moving).PipeTo(Self, Self, shards => new Rebalanced(shards, null), e => new Rebalanced(ImmutableHashSet<string>.Empty, e));
        }
        catch (Exception e)
        {
            Self.Tell(new Rebalanced(ImmutableHashSet<string>.Empty, e));
        }
    }

    // A node where nobody answers to the region's name has no region, and so no shards.
    private void AskRegions()
    {
        foreach (var node in _unheard)
        {
            Context.ActorSelection(new RootActorPath(node.Address) / "system" / ClusterSharding.RegionName(_typeName)).Tell(new Identify(node.Uid), Self);
        }

        if (_unheard.Count > 0) Timers.StartSingleTimer(nameof(AskRegionsNow), AskRegionsNow.Instance, AskAgain);
        else AllHeard();
    }

    private void OnIdentity(int uid, IActorRef? region)
    {
        if (region is not null)
        {
            region.Tell(new TellShards(Self), Self);
            return;
        }

        foreach (var node in _unheard)
        {
            // Nobody's word but that of the node itself: a question that could not be sent is answered on this one.
            if (node.Uid != uid || !node.Address.Equals(AddressOf(Sender))) continue;
            Heard(node);
            return;
        }
    }

    private Address AddressOf(IActorRef actor) => actor.Path.Address.HasLocalScope ? _cluster.SelfAddress : actor.Path.Address;

    private void Heard(UniqueAddress node)
    {
        if (_unheard.Remove(node) && _unheard.Count == 0) AllHeard();
    }

    private sealed record Placed(string Shard, IActorRef? Region, Exception? Failure);

    private sealed record Rebalanced(IImmutableSet<string> Shards, Exception? Failure);

    private sealed record NodeGone(UniqueAddress Node);

    private sealed record RegionGone(IActorRef Region);

    private sealed record AskRegion(IActorRef Region);

    private sealed class TickNow
    {
        public static readonly TickNow Instance = new();
    }

    private sealed class RebalanceNow
    {
        public static readonly RebalanceNow Instance = new();
    }

    private sealed class AskRegionsNow
    {
        public static readonly AskRegionsNow Instance = new();
    }
}
