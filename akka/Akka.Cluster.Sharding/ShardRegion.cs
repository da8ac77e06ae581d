using Akka.Actor;
using Akka.Event;
using Akka.Remote;

namespace Akka.Cluster.Sharding;

/// <summary>
/// A node's way to all entities of a kind: messages go on to the shard's region, or to the shard itself where it is here. While a shard's place is not known, its messages wait.
/// </summary>
public sealed partial class ShardRegion : ActorBase, IWithTimers
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(20);

    private readonly string _typeName;
    private readonly Func<string, Props>? _entityProps;
    private readonly ClusterShardingSettings _settings;
    private readonly IMessageExtractor _extractor;
    private readonly object _stopMessage;
    private readonly Cluster _cluster;
    private readonly ILoggingAdapter _log;
    private readonly RegionBuffers _buffers;
    private readonly Backoff _backoff;
    private readonly Dictionary<string, IActorRef> _homes = [];
    private readonly Dictionary<string, IActorRef> _shards = [];
    private readonly HashSet<IActorRef> _watched = [];
    private readonly HashSet<string> _stopping = [];
    private readonly Dictionary<string, IActorRef> _hostedAgain = [];
    private readonly Dictionary<string, IActorRef> _heldFrom = [];
    private readonly LateSenders _late = new();
    private IActorRef? _coordinator;
    private Member? _oldest;
    private bool _leaving;

    internal ShardRegion(string typeName, Func<string, Props>? entityProps, ClusterShardingSettings settings, IMessageExtractor extractor, object stopMessage)
    {
        _typeName = typeName;
        _entityProps = entityProps;
        _settings = settings;
        _extractor = extractor;
        _stopMessage = stopMessage;
        _cluster = Cluster.Get(Context.System);
        _log = Context.GetLogger();
        _buffers = new RegionBuffers(settings.TuningParameters.BufferSize);
        _backoff = new Backoff(FirstRetry, settings.TuningParameters.RetryInterval);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsProxy => _entityProps is null;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _cluster.Subscribe(Self, typeof(ClusterEvent.IMemberEvent));
        if (IsProxy) return;
        var (self, cluster, ended) = (Self, _cluster, Self.WatchAsync());
        CoordinatedShutdown.Get(Context.System).AddTask(CoordinatedShutdown.PhaseClusterShardingShutdownRegion, $"region-shutdown-{_typeName}", async () =>
        {
            if (cluster.IsTerminated || cluster.SelfMember.Status is MemberStatus.Removed or MemberStatus.Down) return Done.Instance;
            self.Tell(GracefulShutdown.Instance, ActorRefs.NoSender);
            await ended.ConfigureAwait(false);
            return Done.Instance;
        });
    }

    /// <inheritdoc/>
    protected override void PostStop() => _cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved removed:
                ForgetRegionsAt(removed.Member.Address);
                LookForCoordinator();
                break;
            case ClusterEvent.CurrentClusterState or ClusterEvent.IMemberEvent:
                LookForCoordinator();
                break;
            case ClusterEvent.ClusterShuttingDown:
                // Not a member any more: another node may have these shards by now.
                Context.Stop(Self);
                break;
            case TellLast ask:
                OnTellLast(ask.Shard);
                break;
            case CoordinatorMessage said:
                FromCoordinator(said);
                break;
            case LastOfShard last:
                _late.Remove(last.Shard, Sender);
                if (!last.Coordinator.Equals(Self)) last.Coordinator.Tell(new BeginHandOffAck(last.Shard), Sender);
                break;
            case Terminated terminated:
                OnTerminated(terminated.ActorRef);
                break;
            case Shard.Stopped stopped:
                OnShardStopped(stopped.Shard);
                break;
            case Retry:
                OnRetry();
                break;
            case GracefulShutdown:
                _leaving = true;
                Leave();
                break;
            case IShardRegionQuery query:
                OnQuery(query);
                break;
            default:
                Deliver(message);
                break;
        }

        return true;
    }

    private void Deliver(object message)
    {
        string? shard;
        try
        {
            shard = message is StartEntity start ? _extractor.ShardId(start.EntityId, start) : _extractor.ShardId(message);
        }
        catch (Exception e)
        {
            _log.Error(e, "the message extractor of {0} failed for a message of type {1}", _typeName, message.GetType());
            return;
        }

        if (shard is not { Length: > 0 and <= Limits.NameLength })
        {
            _log.Warning("{0}: a message of type {1} is for no shard, or for one with too long a name", _typeName, message.GetType());
            Unhandled(message);
        }
        else if (_late.Is(shard, Sender))
        {
            Context.System.EventStream.Publish(new Dropped(message, $"shard {shard} has moved on, and this comes from before", Sender, Self));
        }
        else if (_shards.TryGetValue(shard, out var here) && !_stopping.Contains(shard) && !_buffers.Has(shard))
        {
            here.Tell(message, Sender);
        }
        else if (_homes.TryGetValue(shard, out var home) && !home.Equals(Self) && !_buffers.Has(shard))
        {
            home.Tell(message, Sender);
        }
        else
        {
            Wait(shard, message);
        }
    }

    private void Wait(string shard, object message)
    {
        var first = !_buffers.Has(shard);
        if (!_buffers.TryAdd(shard, message, Sender))
        {
            _log.Warning("{0}: {1} messages wait for shards to be placed already: one for shard {2} is dropped", _typeName, _buffers.Count, shard);
            Context.System.EventStream.Publish(new Dropped(message, "too many messages wait for shards to be placed (akka.cluster.sharding.buffer-size)", Sender, Self));
            return;
        }

        if (!first) return;
        _coordinator?.Tell(new GetShardHome(shard), Self);
        StartRetry();
    }

    private void FromCoordinator(CoordinatorMessage message)
    {
        switch (message)
        {
            case TellShards tell:
                // While this node is no member, a former one at its address may be: what that one had is not gone yet. As a member it registers by itself.
                if (_cluster.SelfMember.Status is not (MemberStatus.Removed or MemberStatus.Joining)) Register(tell.Coordinator);
                return;
            case RegisterAck ack:
                Registered(ack.Coordinator);
                return;
        }

        // One that was coordinator before has nothing to say any more: the present one counts on what it was told.
        if (!Sender.Equals(_coordinator)) return;
        switch (message)
        {
            case ShardHome home:
                OnHome(home.Shard, home.Region);
                break;
            case HostShard host:
                OnHost(host.Shard);
                break;
            case BeginHandOff begin:
                HoldBack(begin.Shard, Sender);
                break;
            case HandOff handOff:
                StopShard(handOff);
                break;
        }
    }

    // What was sent before is on its way to the shard on another lane: the word that nothing more will come takes the same way, and the shard is not stopped before it is there.
    private void HoldBack(string shard, IActorRef coordinator)
    {
        if (_homes.Remove(shard, out var home) && !home.Equals(Self)) _heldFrom[shard] = home;
        if (_heldFrom.TryGetValue(shard, out var last)) last.Tell(new LastOfShard(shard, coordinator), Self);
        else coordinator.Tell(new BeginHandOffAck(shard), Self);
    }

    // What this region has is told to a new coordinator in the same turn in which it begins to listen to it.
    private void Register(IActorRef coordinator)
    {
        _coordinator = coordinator;
        Context.Watch(coordinator);
        coordinator.Tell(new Register(Self, IsProxy, [.. _shards.Keys], _cluster.SelfUniqueAddress.Uid), Self);
    }

    private void Registered(IActorRef coordinator)
    {
        if (!coordinator.Equals(_coordinator))
        {
            Register(coordinator);
            return;
        }

        _backoff.Reset();
        foreach (var shard in _buffers.Shards) coordinator.Tell(new GetShardHome(shard), Self);
        if (_leaving) Leave();
    }

    private void OnHost(string shard)
    {
        if (_leaving || IsProxy) return;
        if (_stopping.Contains(shard))
        {
            // It is still ending here; it begins anew when it has.
            _hostedAgain[shard] = Sender;
            return;
        }

        _late.Returned(shard);
        if (!_shards.ContainsKey(shard))
        {
            var actor = Context.ActorOf(Props.CreateBy(new Producer(() => new Shard(_typeName, shard, _entityProps!, _settings, _extractor, _stopMessage))), ClusterSharding.Encode(shard));
            _shards[shard] = actor;
            Context.Watch(actor);
        }

        _homes[shard] = Self;
        Sender.Tell(new ShardStarted(shard), Self);
        Flush(shard);
    }

    private void OnHome(string shard, IActorRef region)
    {
        _heldFrom.Remove(shard);
        _homes[shard] = region;
        if (region.Equals(Self)) OnHost(shard);
        else if (_watched.Add(region)) Context.Watch(region);
        Flush(shard);
    }

    private void Flush(string shard)
    {
        var target = _shards.TryGetValue(shard, out var here) && !_stopping.Contains(shard) ? here : _homes.TryGetValue(shard, out var home) && !home.Equals(Self) ? home : null;
        if (target is null) return;
        foreach (var (message, sender) in _buffers.Take(shard)) target.Tell(message, sender);
    }

    private void ForgetRegionsAt(Address address)
    {
        _late.GoneAt(address);
        foreach (var (shard, home) in _homes.ToArray())
        {
            if (home.Path.Address.Equals(address)) _homes.Remove(shard);
        }

        foreach (var (shard, home) in _heldFrom.ToArray())
        {
            if (home.Path.Address.Equals(address)) _heldFrom.Remove(shard);
        }
    }

    private void StopShard(HandOff order)
    {
        var shard = order.Shard;
        _homes.Remove(shard);
        AskLate(order);
        if (!_shards.TryGetValue(shard, out var actor)) _coordinator?.Tell(new ShardStopped(shard), Self);
        else if (_stopping.Add(shard)) actor.Tell(new Shard.Stop(Self), Self);
    }

    private void OnShardStopped(string shard)
    {
        // Its actor has ended all entities; its own end, by Terminated, is what frees the name.
        _stopping.Add(shard);
    }

    private void AskLate(HandOff order)
    {
        foreach (var region in order.Late)
        {
            if (region.Equals(Self) || !_late.Add(order.Shard, region)) continue;
            if (_watched.Add(region)) Context.Watch(region);
            region.Tell(new TellLast(order.Shard), Self);
        }

        if (!_late.IsEmpty) StartRetry();
    }

    // The word that nothing more comes goes behind what was sent, on the same lane.
    private void OnTellLast(string shard)
    {
        if (_homes.TryGetValue(shard, out var home) && home.Equals(Sender)) _homes.Remove(shard);
        Sender.Tell(new LastOfShard(shard, Sender), Self);
    }

    private void OnTerminated(IActorRef actor)
    {
        if (actor.Equals(_coordinator))
        {
            _coordinator = null;
            LookForCoordinator();
            return;
        }

        if (_watched.Remove(actor))
        {
            _late.Gone(actor);
            foreach (var (shard, home) in _homes.ToArray())
            {
                if (home.Equals(actor)) _homes.Remove(shard);
            }

            foreach (var (shard, home) in _heldFrom.ToArray())
            {
                if (home.Equals(actor)) _heldFrom.Remove(shard);
            }

            return;
        }

        foreach (var (shard, ended) in _shards.ToArray())
        {
            if (ended.Equals(actor)) ShardEnded(shard);
        }
    }

    private void ShardEnded(string shard)
    {
        _shards.Remove(shard);
        _stopping.Remove(shard);
        _homes.Remove(shard);
        _coordinator?.Tell(new ShardStopped(shard), Self);
        if (_hostedAgain.Remove(shard, out var by) && by.Equals(_coordinator)) _coordinator?.Tell(new GetShardHome(shard), Self);
        if (_buffers.Has(shard)) _coordinator?.Tell(new GetShardHome(shard), Self);
        if (_leaving && _shards.Count == 0) Context.Stop(Self);
    }

    private void Leave()
    {
        if (_shards.Count == 0)
        {
            Context.Stop(Self);
            return;
        }

        _coordinator?.Tell(new GracefulShutdownRequest(Self), Self);
        StartRetry();
    }

    private void LookForCoordinator()
    {
        var oldest = _cluster.State.Members
            .Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving && (_settings.Role is null || member.HasRole(_settings.Role)))
            .Order(Member.AgeOrdering).FirstOrDefault();
        if (Equals(oldest, _oldest) && _coordinator is not null) return;
        if (!Equals(oldest, _oldest)) _backoff.Reset();
        _oldest = oldest;
        Seek();
    }

    // Registers with whoever is coordinator on the oldest node; the present one stays it until it ends.
    private void Seek()
    {
        if (_oldest is null) return;
        var path = new RootActorPath(_oldest.Address) / "system" / ClusterSharding.CoordinatorName(_typeName) / "singleton";
        if (_coordinator is null || !_coordinator.Path.Address.Equals(_oldest.Address.Equals(_cluster.SelfAddress) ? Self.Path.Address : _oldest.Address))
        {
            Context.ActorSelection(path).Tell(new WhoCoordinates(), Self);
            StartRetry();
        }
    }

    private void OnRetry()
    {
        Seek();
        if (_coordinator is not null)
        {
            foreach (var shard in _buffers.Shards) _coordinator.Tell(new GetShardHome(shard), Self);
            if (_leaving) Leave();
        }

        foreach (var (shard, region) in _late.All) region.Tell(new TellLast(shard), Self);
        if (_coordinator is null || _buffers.Count > 0 || _leaving || !_late.IsEmpty) StartRetry();
    }

    private void StartRetry()
    {
        if (!Timers.IsTimerActive(nameof(Retry))) Timers.StartSingleTimer(nameof(Retry), Retry.Instance, _coordinator is null ? _backoff.Next(_cluster.Dice()) : _settings.TuningParameters.RetryInterval);
    }

    /// <summary>Starts an entity where it does not run.</summary>
    public sealed class StartEntity(string entityId) : IClusterShardingSerializable, IEquatable<StartEntity>
    {
        /// <summary>The entity.</summary>
        public readonly string EntityId = entityId;

        /// <inheritdoc/>
        public bool Equals(StartEntity? other) => other is not null && EntityId == other.EntityId;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => Equals(obj as StartEntity);

        /// <inheritdoc/>
        public override int GetHashCode() => EntityId.GetHashCode(StringComparison.Ordinal);

        /// <inheritdoc/>
        public override string ToString() => $"StartEntity({EntityId})";
    }

    internal sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Retry
    {
        public static readonly Retry Instance = new();
    }
}
