using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace Akka.Cluster.Sharding.Remembering;

/// <summary>What a store and its keeper say to their owner.</summary>
internal abstract record StoreMessage : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>An event of a store: these names came, these went.</summary>
internal sealed record NamesChanged(IReadOnlyList<string> Started, IReadOnlyList<string> Stopped) : IClusterShardingSerializable;

/// <summary>A snapshot of a store.</summary>
internal sealed record NamesKept(IReadOnlyList<string> Names) : IClusterShardingSerializable;

/// <summary>Keeps a set of names through the journal: a shard's entities, or a kind's shards. It ends where the journal fails; what is on record then, its next incarnation says.</summary>
internal sealed class NameStore : UntypedPersistentActor
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly IActorRef _owner;
    private readonly int _snapshotAfter;
    private readonly int _keep;
    private long _snapshotAt;

    public NameStore(string persistenceId, IActorRef owner, ClusterShardingSettings settings)
    {
        PersistenceId = persistenceId;
        JournalPluginId = settings.JournalPluginId;
        SnapshotPluginId = settings.SnapshotPluginId;
        _owner = owner;
        _snapshotAfter = Math.Max(1, settings.TuningParameters.SnapshotAfter);
        _keep = settings.TuningParameters.KeepNrOfBatches;
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <summary>The store of a shard's entities.</summary>
    public static string OfShard(string typeName, string shard) => $"/sharding/{typeName}Shard/{shard}";

    /// <summary>The store of a kind's shards.</summary>
    public static string OfCoordinator(string typeName) => $"/sharding/{typeName}Coordinator";

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Write write:
                Persist(new NamesChanged(write.Started, write.Stopped), changed =>
                {
                    Apply(changed);
                    _owner.Tell(new Written(write.Number), Self);
                    SnapshotWhereDue();
                });
                break;
            case SaveSnapshotSuccess saved:
                Trim(saved.Metadata.SequenceNr);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnRecover(object persistentEvent)
    {
        switch (persistentEvent)
        {
            case SnapshotOffer { Snapshot: NamesKept kept } offer:
                _names.UnionWith(kept.Names);
                _snapshotAt = offer.Metadata.SequenceNr;
                break;
            case NamesChanged changed:
                Apply(changed);
                break;
            case RecoveryCompleted:
                _owner.Tell(new Loaded([.. _names]), Self);
                break;
            default:
                Unhandled(persistentEvent);
                break;
        }
    }

    // Nobody who waits for this would ever hear of it: as after a failed write, the next incarnation tells what there is.
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        base.OnPersistRejected(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    private void Apply(NamesChanged changed)
    {
        _names.UnionWith(changed.Started);
        _names.ExceptWith(changed.Stopped);
    }

    private void SnapshotWhereDue()
    {
        if (LastSequenceNr - _snapshotAt < _snapshotAfter) return;
        _snapshotAt = LastSequenceNr;
        SaveSnapshot(new NamesKept([.. _names]));
    }

    // A few snapshots stay, with the events behind the oldest of them: one that is damaged is not the end.
    private void Trim(long snapshotAt)
    {
        var needless = snapshotAt - ((long)_keep * _snapshotAfter);
        if (needless <= 0) return;
        DeleteMessages(needless);
        DeleteSnapshots(new SnapshotSelectionCriteria(needless - 1));
    }

    /// <summary>What the store has; said once by each incarnation.</summary>
    public sealed record Loaded(IReadOnlyCollection<string> Names) : StoreMessage;

    /// <summary>Record this.</summary>
    public sealed record Write(long Number, IReadOnlyList<string> Started, IReadOnlyList<string> Stopped) : StoreMessage;

    /// <summary>It is on record.</summary>
    public sealed record Written(long Number) : StoreMessage;
}
