using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>A shard of a region: it starts its entities when messages come for them, lets them passivate, and ends them when it moves.</summary>
internal sealed class Shard(string id, Func<string, Props> entityProps, ClusterShardingSettings settings, IMessageExtractor extractor, object stopMessage) : UntypedActor, IWithTimers
{
    private readonly Dictionary<string, Entity> _entities = [];
    private readonly Dictionary<IActorRef, string> _ids = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef? _handOffTo;
    private int _waiting;

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    protected override void PreStart()
    {
        if (settings.PassivateIdleEntityAfter > TimeSpan.Zero) Timers.StartPeriodicTimer(nameof(LookForIdle), LookForIdle.Instance, settings.PassivateIdleEntityAfter / 2);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Stop stop:
                BeginHandOff(stop.ReplyTo);
                break;
            case HandOffTimeout:
                foreach (var actor in _ids.Keys) Context.Stop(actor);
                break;
            case Terminated terminated:
                Ended(terminated.ActorRef);
                break;
            case Passivate passivate:
                BeginPassivation(Sender, passivate.StopMessage);
                break;
            case LookForIdle:
                PassivateIdle();
                break;
            case GetState:
                Sender.Tell(new ShardState(id, [.. _entities.Keys]), Self);
                break;
            case ShardRegion.StartEntity start:
                if (_handOffTo is null) Find(start.EntityId);
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

        var entity = Find(entityId);
        entity.LastTouched = Now;
        if (entity.Waiting is null) entity.Ref.Tell(forEntity, Sender);
        else if (_waiting < settings.TuningParameters.BufferSize) Wait(entity, forEntity);
        else Context.System.EventStream.Publish(new Dropped(forEntity, "too many messages wait for entities that passivate", Sender, Self));
    }

    private void Wait(Entity entity, object message)
    {
        entity.Waiting!.Enqueue((message, Sender));
        _waiting++;
    }

    private Entity Find(string entityId)
    {
        if (_entities.TryGetValue(entityId, out var entity)) return entity;
        var actor = Context.ActorOf(entityProps(entityId), Uri.EscapeDataString(entityId));
        Context.Watch(actor);
        _entities[entityId] = entity = new Entity(actor) { LastTouched = Now };
        _ids[actor] = entityId;
        return entity;
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
            if (entity.LastTouched <= before) BeginPassivation(entity.Ref, stopMessage);
        }
    }

    private void Ended(IActorRef actor)
    {
        if (!_ids.Remove(actor, out var entityId) || !_entities.Remove(entityId, out var entity)) return;
        if (_handOffTo is not null)
        {
            EndHandOff();
            return;
        }

        if (entity.Waiting is not { Count: > 0 } waiting) return;
        _waiting -= waiting.Count;
        var next = Find(entityId);
        foreach (var (message, sender) in waiting) next.Ref.Tell(message, sender);
    }

    private void BeginHandOff(IActorRef replyTo)
    {
        if (_handOffTo is not null) return;
        _handOffTo = replyTo;
        foreach (var entity in _entities.Values)
        {
            if (entity.Waiting is null) entity.Ref.Tell(stopMessage, Self);
        }

        Timers.StartSingleTimer(nameof(HandOffTimeout), HandOffTimeout.Instance, settings.TuningParameters.HandOffTimeout);
        EndHandOff();
    }

    private void EndHandOff()
    {
        if (_entities.Count > 0) return;
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

    private sealed class Entity(IActorRef actor)
    {
        public IActorRef Ref => actor;

        /// <summary>What came since it began to passivate; null while it does not.</summary>
        public Queue<(object Message, IActorRef Sender)>? Waiting { get; set; }

        public TimeSpan LastTouched { get; set; }
    }
}
