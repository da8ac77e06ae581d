namespace Akka.Persistence;

/// <summary>A message to or from a snapshot store.</summary>
public interface ISnapshotMessage : IPersistenceMessage;

/// <summary>A message to a snapshot store.</summary>
public interface ISnapshotRequest : ISnapshotMessage;

/// <summary>A snapshot store's answer.</summary>
public interface ISnapshotResponse : ISnapshotMessage;

/// <summary>Which snapshot.</summary>
public sealed class SnapshotMetadata
{
    /// <summary>Of an unknown time.</summary>
    public SnapshotMetadata(string persistenceId, long sequenceNr)
        : this(persistenceId, sequenceNr, DateTime.MinValue)
    {
    }

    /// <summary>With its time, UTC.</summary>
    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    {
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
        Timestamp = timestamp;
    }

    /// <summary>Whose it is.</summary>
    public string PersistenceId { get; }

    /// <summary>The number of the last event in it.</summary>
    public long SequenceNr { get; }

    /// <summary>When it was taken, UTC.</summary>
    public DateTime Timestamp { get; }

    /// <inheritdoc/>
    public override bool Equals(object? obj)
        => obj is SnapshotMetadata other && PersistenceId == other.PersistenceId && SequenceNr == other.SequenceNr && Timestamp == other.Timestamp;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, Timestamp);

    /// <inheritdoc/>
    public override string ToString() => $"SnapshotMetadata<pid: {PersistenceId}, seqNr: {SequenceNr}, timestamp: {Timestamp:O}>";
}

/// <summary>Which snapshots may be taken.</summary>
public sealed class SnapshotSelectionCriteria
{
    /// <summary>Up to a number and a time, from a number and a time on.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr, DateTime maxTimeStamp, long minSequenceNr = 0, DateTime? minTimestamp = null)
    {
        MaxSequenceNr = maxSequenceNr;
        MaxTimeStamp = maxTimeStamp;
        MinSequenceNr = minSequenceNr;
        MinTimestamp = minTimestamp ?? DateTime.MinValue;
    }

    /// <summary>Up to a number.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr)
        : this(maxSequenceNr, DateTime.MaxValue)
    {
    }

    /// <summary>Every one.</summary>
    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue);

    /// <summary>None.</summary>
    public static SnapshotSelectionCriteria None { get; } = new(0, DateTime.MinValue);

    /// <summary>The greatest number.</summary>
    public long MaxSequenceNr { get; }

    /// <summary>The latest time.</summary>
    public DateTime MaxTimeStamp { get; }

    /// <summary>The least number.</summary>
    public long MinSequenceNr { get; }

    /// <summary>The earliest time.</summary>
    public DateTime? MinTimestamp { get; }

    internal bool Takes(SnapshotMetadata metadata)
        => metadata.SequenceNr <= MaxSequenceNr && metadata.Timestamp <= MaxTimeStamp && metadata.SequenceNr >= MinSequenceNr && metadata.Timestamp >= MinTimestamp;

    internal SnapshotSelectionCriteria UpTo(long sequenceNr) => sequenceNr < MaxSequenceNr ? new(sequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp) : this;
}

/// <summary>A snapshot with what it is.</summary>
public sealed class SelectedSnapshot(SnapshotMetadata metadata, object snapshot) : IEquatable<SelectedSnapshot>
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>The snapshot.</summary>
    public object Snapshot { get; } = snapshot;

    /// <inheritdoc/>
    public bool Equals(SelectedSnapshot? other) => other is not null && Equals(Metadata, other.Metadata) && Equals(Snapshot, other.Snapshot);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SelectedSnapshot);

    /// <inheritdoc/>
    public override int GetHashCode() => Metadata.GetHashCode();
}

/// <summary>To a recovering actor, before the events behind it: its state.</summary>
public sealed class SnapshotOffer(SnapshotMetadata metadata, object snapshot) : IPersistenceMessage
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>The snapshot.</summary>
    public object Snapshot { get; } = snapshot;
}

/// <summary>Load the latest snapshot.</summary>
public sealed class LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) : ISnapshotRequest
{
    /// <summary>Whose.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>Which ones.</summary>
    public SnapshotSelectionCriteria Criteria { get; } = criteria;

    /// <summary>Up to this number.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;
}

/// <summary>The snapshot, or none.</summary>
public sealed class LoadSnapshotResult(SelectedSnapshot? snapshot, long toSequenceNr) : ISnapshotResponse
{
    /// <summary>The snapshot; null where there is none.</summary>
    public SelectedSnapshot? Snapshot { get; } = snapshot;

    /// <summary>Up to this number.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;
}

/// <summary>A snapshot could not be loaded.</summary>
public sealed class LoadSnapshotFailed(Exception cause) : ISnapshotResponse
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>Keep a snapshot.</summary>
public sealed class SaveSnapshot(SnapshotMetadata metadata, object snapshot) : ISnapshotRequest
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>The snapshot.</summary>
    public object Snapshot { get; } = snapshot;
}

/// <summary>A snapshot is kept.</summary>
public sealed class SaveSnapshotSuccess(SnapshotMetadata metadata) : ISnapshotResponse
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;
}

/// <summary>A snapshot could not be kept.</summary>
public sealed class SaveSnapshotFailure(SnapshotMetadata metadata, Exception cause) : ISnapshotResponse
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>Delete a snapshot.</summary>
public sealed class DeleteSnapshot(SnapshotMetadata metadata) : ISnapshotRequest
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;
}

/// <summary>A snapshot is deleted.</summary>
public sealed class DeleteSnapshotSuccess(SnapshotMetadata metadata) : ISnapshotResponse
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;
}

/// <summary>A snapshot could not be deleted.</summary>
public sealed class DeleteSnapshotFailure(SnapshotMetadata metadata, Exception cause) : ISnapshotResponse
{
    /// <summary>Which one.</summary>
    public SnapshotMetadata Metadata { get; } = metadata;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>Delete snapshots.</summary>
public sealed class DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria) : ISnapshotRequest
{
    /// <summary>Whose.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>Which ones.</summary>
    public SnapshotSelectionCriteria Criteria { get; } = criteria;
}

/// <summary>Snapshots are deleted.</summary>
public sealed class DeleteSnapshotsSuccess(SnapshotSelectionCriteria criteria) : ISnapshotResponse
{
    /// <summary>Which ones.</summary>
    public SnapshotSelectionCriteria Criteria { get; } = criteria;
}

/// <summary>Snapshots could not be deleted.</summary>
public sealed class DeleteSnapshotsFailure(SnapshotSelectionCriteria criteria, Exception cause) : ISnapshotResponse
{
    /// <summary>Which ones.</summary>
    public SnapshotSelectionCriteria Criteria { get; } = criteria;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}
