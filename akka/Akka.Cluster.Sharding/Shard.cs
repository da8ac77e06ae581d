using Akka.Actor;
using Akka.Cluster.Sharding.Remembering;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>A shard of a region: it starts its entities when messages come for them, lets them passivate, and ends them when it moves.</summary>
internal sealed partial class Shard(string typeName, string id, Func<string, Props> entityProps, ClusterShardingSettings settings, IMessageExtractor extractor, object stopMessage) : UntypedActor, IWithTimers
{
    private readonly Dictionary<string, Entity> _entities = [];
    private readonly Dictionary<IActorRef, string> _ids = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _handOffTo;
    private int _waiting;
    private bool _handOffIsOverdue;

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    protected override void PreStart()
    {
        Remember();
        if (settings.PassivateIdleEntityAfter > TimeSpan.Zero && !settings.RememberEntities) Timers.StartPeriodicTimer(nameof(LookForIdle), LookForIdle.Instance, settings.PassivateIdleEntityAfter / 2);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Stop stop:
                BeginHandOff(stop.ReplyTo);
                break;
            case HandOffTimeout:
                _handOffIsOverdue = true;
                foreach (var actor in _ids.Keys) Context.Stop(actor);
                EndHandOff();
                break;
            case Terminated terminated:
                if (_store?.Ended(terminated.ActorRef) != true) Ended(terminated.ActorRef);
                break;
            case Passivate passivate:
                BeginPassivation(Sender, passivate.StopMessage);
                break;
            case LookForIdle:
                PassivateIdle();
                break;
            case GetState:
                Sender.Tell(new ShardState(id, [.. _ids.Values]), Self);
                break;
            case ShardRegion.StartEntity start:
                if (_handOffTo is null && start.EntityId.Length is > 0 and <= Limits.NameLength && !IsTooMany(start.EntityId)) Find(start.EntityId);
                break;
            case StoreMessage said:
                FromStore(said);
                break;
            case Restart restart:
                StartAgain(restart.EntityId);
                break;
            case RecoverSome:
                Recover(settings.TuningParameters.EntityRecoveryConstantRateStrategyNumberOfEntities);
                break;
            default:
                Deliver(message);
                break;
        }
    }

    private void Deliver(object message)
    {
        if (extractor.EntityId(message) is not { Length: > 0 and <= Limits.NameLength } entityId || extractor.EntityMessage(message) is not { } forEntity)
        {
            _log.Warning("a message of type {0} in shard {1} is for no entity, or for one with too long a name", message.GetType(), id);
            Unhandled(message);
            return;
        }

        if (_handOffTo is not null)
        {
            // The region holds messages back by now: this one came before, and its entity is ending.
            Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
            return;
        }

        if (IsTooMany(entityId))
        {
            Context.System.EventStream.Publish(new Dropped(forEntity, "too many entities are remembered", Sender, Self));
            return;
        }

        var entity = Find(entityId);
        entity.LastTouched = Now;
        Pass(entity, forEntity, Sender);
    }

    private void Pass(Entity entity, object message, IActorRef sender)
    {
        if (entity.Waiting is null)
        {
            entity.Ref!.Tell(message, sender);
        }
        else if (_waiting < settings.TuningParameters.BufferSize)
        {
            entity.Waiting.Enqueue((message, sender));
            _waiting++;
        }
        else
        {
            Context.System.EventStream.Publish(new Dropped(message, "too many messages wait for entities that passivate, or that are not on record yet", sender, Self));
        }
    }

    private Entity Find(string entityId)
    {
        if (_entities.TryGetValue(entityId, out var entity)) return entity;
        _entities[entityId] = entity = new Entity();
        if (Record(entityId)) Launch(entityId, entity);
        else entity.Waiting = new();
        return entity;
    }

    private void Launch(string entityId, Entity entity)
    {
        var actor = Context.ActorOf(entityProps(entityId), Uri.EscapeDataString(entityId));
        Context.Watch(actor);
        entity.Ref = actor;
        entity.LastTouched = Now;
        _ids[actor] = entityId;
        if (entity.Waiting is not { } waiting) return;
        entity.Waiting = null;
        _waiting -= waiting.Count;
        foreach (var (message, sender) in waiting) actor.Tell(message, sender);
    }

    private void Discard(Entity entity)
    {
        if (entity.Waiting is not { } waiting) return;
        _waiting -= waiting.Count;
        foreach (var (message, sender) in waiting) Context.System.DeadLetters.Tell(new DeadLetter(message, sender, Self), sender);
    }

    private void BeginPassivation(IActorRef actor, object stop)
    {
        if (!_ids.TryGetValue(actor, out var entityId) || _entities[entityId] is not { Waiting: null } entity) return;
        entity.Waiting = new();
        actor.Tell(stop, Self);
    }

    private void PassivateIdle()
    {
        var before = Now - settings.PassivateIdleEntityAfter;
        foreach (var entity in _entities.Values)
        {
            if (entity.LastTouched <= before) BeginPassivation(entity.Ref!, stopMessage);
        }
    }

    private void Ended(IActorRef actor)
    {
        if (!_ids.Remove(actor, out var entityId) || !_entities.Remove(entityId, out var entity)) return;
        if (entity.Waiting is { Count: 0 }) Forget(entityId);
        if (_handOffTo is not null)
        {
            Discard(entity);
            EndHandOff();
            return;
        }

        if (entity.Waiting is null) EndedBySelf(entityId);
        if (entity.Waiting is not { Count: > 0 } waiting) return;
        _waiting -= waiting.Count;
        var next = Find(entityId);
        foreach (var (message, sender) in waiting) Pass(next, message, sender);
    }

    private void BeginHandOff(IActorRef replyTo)
    {
        if (_handOffTo is not null) return;
        _handOffTo = replyTo;
        LeaveUnrecorded();
        foreach (var entity in _entities.Values)
        {
            if (entity.Waiting is null) entity.Ref!.Tell(stopMessage, Self);
        }

        Timers.StartSingleTimer(nameof(HandOffTimeout), HandOffTimeout.Instance, settings.TuningParameters.HandOffTimeout);
        EndHandOff();
    }

    private void EndHandOff()
    {
        // A write that is under way must not meet those of the shard's next incarnation.
        if (_entities.Count > 0 || (HasToRecord && !_handOffIsOverdue)) return;
        _handOffTo!.Tell(new Stopped(id), Self);
        Context.Stop(Self);
    }

    /// <summary>End all entities, and this shard.</summary>
    public sealed record Stop(IActorRef ReplyTo);

    /// <summary>All have ended.</summary>
    public sealed record Stopped(string Shard);

    /// <summary>Which entities are there?</summary>
    public sealed class GetState
    {
        public static readonly GetState Instance = new();
    }

    private sealed class LookForIdle
    {
        public static readonly LookForIdle Instance = new();
    }

    private sealed class HandOffTimeout
    {
        public static readonly HandOffTimeout Instance = new();
    }

    private sealed class Entity
    {
        /// <summary>Null while it is not on record yet.</summary>
        public IActorRef? Ref { get; set; }

        /// <summary>What came since it began to passivate, or before it could be started; null while it simply runs.</summary>
        public Queue<(object Message, IActorRef Sender)>? Waiting { get; set; }

        public TimeSpan LastTouched { get; set; }
    }
}
