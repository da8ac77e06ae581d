using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding.Remembering;

/// <summary>Keeps a <see cref="NameStore"/> running for its owner: one that ended is started again after a while, one that does not answer is ended. What it says comes to the owner as <see cref="StoreMessage"/>s.</summary>
internal sealed class StoreKeeper(IActorContext context, ITimerScheduler timers, ILoggingAdapter log, string persistenceId, ClusterShardingSettings settings, TimeSpan backoff)
{
    // No entity's name: those are escaped, and plus is no sign that is left as it is.
    private const string Name = "+store";

    private IActorRef? _store;

    /// <summary>What there is to write, and what may be used.</summary>
    public NameMemory Memory { get; } = new();

    /// <summary>Starts it.</summary>
    public void Start()
    {
        var owner = context.Self;
        _store = context.Watch(context.ActorOf(Props.CreateBy(new ShardRegion.Producer(() => new NameStore(persistenceId, owner, settings))), Name));
    }

    /// <summary>Whether it was the store that ended; then it will come back.</summary>
    public bool Ended(IActorRef actor)
    {
        if (!actor.Equals(_store)) return false;
        log.Warning("the store {0} has ended, and is started again in {1}: until then nothing new is remembered", persistenceId, backoff);
        _store = null;
        Memory.Lost();
        timers.Cancel(nameof(TakesTooLong));
        timers.StartSingleTimer(nameof(StartAgain), StartAgain.Instance, backoff);
        return true;
    }

    /// <summary>Takes what was said by the store or the time. Gives the names that may be used now; null where nothing has changed.</summary>
    public IReadOnlyCollection<string>? Take(StoreMessage message)
    {
        switch (message)
        {
            case NameStore.Loaded loaded:
                return Memory.Loaded(loaded.Names);
            case NameStore.Written written:
                timers.Cancel(nameof(TakesTooLong));
                return Memory.Written(written.Number);
            case StartAgain:
                Start();
                return null;
            default:
                log.Warning("the store {0} does not answer", persistenceId);
                if (_store is not null) context.Stop(_store);
                return null;
        }
    }

    /// <summary>Writes what there is to write.</summary>
    public void Write()
    {
        if (_store is null || Memory.Next() is not { } write) return;
        _store.Tell(write, context.Self);
        timers.StartSingleTimer(nameof(TakesTooLong), TakesTooLong.Instance, settings.TuningParameters.UpdatingStateTimeout);
    }

    private sealed record StartAgain : StoreMessage
    {
        public static readonly StartAgain Instance = new();
    }

    private sealed record TakesTooLong : StoreMessage
    {
        public static readonly TakesTooLong Instance = new();
    }
}
