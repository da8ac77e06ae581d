using Akka.Actor;

namespace Akka.Persistence;

/// <summary>How an actor recovers.</summary>
public sealed class Recovery
{
    /// <summary>From the latest snapshot, with all events behind it.</summary>
    public Recovery()
        : this(SnapshotSelectionCriteria.Latest)
    {
    }

    /// <summary>From a snapshot that may be taken, with all events behind it.</summary>
    public Recovery(SnapshotSelectionCriteria fromSnapshot)
        : this(fromSnapshot, long.MaxValue)
    {
    }

    /// <summary>From a snapshot that may be taken, with the events behind it up to a number.</summary>
    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr)
        : this(fromSnapshot, toSequenceNr, long.MaxValue)
    {
    }

    /// <summary>From a snapshot that may be taken, with so many events behind it up to a number.</summary>
    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr, long replayMax)
    {
        FromSnapshot = fromSnapshot;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>From the latest snapshot, with all events behind it.</summary>
    public static Recovery Default { get; } = new();

    /// <summary>Nothing is recovered but the number of the last event.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0);

    /// <summary>Which snapshots may be taken.</summary>
    public SnapshotSelectionCriteria FromSnapshot { get; }

    /// <summary>The last event's number.</summary>
    public long ToSequenceNr { get; }

    /// <summary>How many events at most.</summary>
    public long ReplayMax { get; }
}

/// <summary>To an actor when all of its events were replayed, before its first command.</summary>
public sealed class RecoveryCompleted
{
    /// <summary>The only one.</summary>
    public static readonly RecoveryCompleted Instance = new();

    private RecoveryCompleted()
    {
    }
}

/// <summary>No event or snapshot came for too long during a recovery.</summary>
public class RecoveryTimedOutException : AkkaException
{
    /// <summary>Without a message.</summary>
    public RecoveryTimedOutException()
        : base("recovery timed out")
    {
    }

    /// <summary>With a message and a cause.</summary>
    public RecoveryTimedOutException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>What a persistent actor is called, and where its events and snapshots are.</summary>
public interface IPersistentIdentity
{
    /// <summary>Its name for ever.</summary>
    string PersistenceId { get; }

    /// <summary>The journal's place in the configuration; empty for the default one.</summary>
    string JournalPluginId { get; }

    /// <summary>The snapshot store's place in the configuration; empty for the default one.</summary>
    string SnapshotPluginId { get; }
}

/// <summary>An actor that recovers.</summary>
public interface IPersistenceRecovery
{
    /// <summary>How.</summary>
    Recovery Recovery { get; }
}

/// <summary>An actor whose commands wait while events are written.</summary>
public interface IPersistenceStash : IWithUnboundedStash
{
    /// <summary>What happens to a command for which there is no more room.</summary>
    IStashOverflowStrategy InternalStashOverflowStrategy { get; }
}

/// <summary>An actor that takes snapshots.</summary>
public interface ISnapshotter
{
    /// <summary>Whose snapshots they are.</summary>
    string SnapshotterId { get; }

    /// <summary>The number that a snapshot taken now has.</summary>
    long SnapshotSequenceNr { get; }

    /// <summary>Has a snapshot loaded; the answer is a message.</summary>
    void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr);

    /// <summary>Has a snapshot kept; the answer is a message.</summary>
    void SaveSnapshot(object snapshot);

    /// <summary>Has a snapshot deleted; the answer is a message.</summary>
    void DeleteSnapshot(long sequenceNr);

    /// <summary>Has snapshots deleted; the answer is a message.</summary>
    void DeleteSnapshots(SnapshotSelectionCriteria criteria);
}

/// <summary>What happens to a command for which there is no more room.</summary>
public interface IStashOverflowStrategy;

/// <summary>It is a dead letter.</summary>
public class DiscardToDeadLetterStrategy : IStashOverflowStrategy
{
    private DiscardToDeadLetterStrategy()
    {
    }

    /// <summary>The only one.</summary>
    public static DiscardToDeadLetterStrategy Instance { get; } = new();
}

/// <summary>The actor fails.</summary>
public class ThrowOverflowExceptionStrategy : IStashOverflowStrategy
{
    private ThrowOverflowExceptionStrategy()
    {
    }

    /// <summary>The only one.</summary>
    public static ThrowOverflowExceptionStrategy Instance { get; } = new();
}

/// <summary>Its sender gets an answer.</summary>
public sealed class ReplyToStrategy(object response) : IStashOverflowStrategy
{
    /// <summary>The answer.</summary>
    public object Response { get; } = response;
}
