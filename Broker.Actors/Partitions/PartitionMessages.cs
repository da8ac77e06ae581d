using System.Diagnostics.CodeAnalysis;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Partitions;

/// <summary>What came of an append.</summary>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
/// <param name="BaseOffset">The first record's offset, or -1.</param>
/// <param name="LogStartOffset">The first offset of the log, or -1.</param>
/// <param name="DuplicateTimestamp">For a batch that was there already its largest timestamp, otherwise -1.</param>
/// <param name="Message">A sentence with an error, or null.</param>
public readonly record struct AppendOutcome(ErrorCode Error, long BaseOffset, long LogStartOffset, long DuplicateTimestamp, string? Message);

/// <summary>
/// A batch for a partition: told to its actor, which calls <see cref="Completed"/> once the batch is as safe as was asked for, or will
/// not be. The bytes belong to the sender until then; base offset and leader epoch are written into them.
/// </summary>
public abstract class PartitionAppend
{
    /// <summary>The batch, checked already.</summary>
    public required Memory<byte> Batch { get; init; }

    /// <summary>Its header.</summary>
    public required RecordBatchHeader Header { get; init; }

    /// <summary>
    /// When it is acknowledged: -1 (default) once every in-sync replica has it, and only where there are <c>min.insync.replicas</c> of them; 1 or 0 once the leader wrote it.
    /// With <c>flush.mode=group</c> a copy counts when it is on disk.
    /// </summary>
    public short RequiredAcks { get; init; } = -1;

    /// <summary>Milliseconds that it waits for replicas; then it is refused with <see cref="ErrorCode.RequestTimedOut"/>, although it stands in the leader's log. 30 s by default.</summary>
    public int TimeoutMs { get; init; } = 30_000;

    /// <summary>The only leadership in which it is taken: in another it is refused with <see cref="ErrorCode.NotLeaderOrFollower"/>. -1 (default) for any.</summary>
    public int LeaderEpoch { get; init; } = -1;

    /// <summary>The producer's epoch rises with each transaction (Produce 12 and later); of no meaning without a transaction.</summary>
    public bool BumpsEpoch { get; init; }

    internal long BaseOffset { get; set; } = -1;

    internal long LastOffset { get; set; } = -1;

    internal long DuplicateTimestamp { get; set; } = -1;

    internal ErrorCode StageError { get; set; }

    internal long DeadlineMs { get; set; }

    /// <summary>A number that shows that the transaction's coordinator agreed.</summary>
    internal long Verification { get; set; }

    /// <summary>Called once, on the actor's turn.</summary>
    public abstract void Completed(in AppendOutcome outcome);

    /// <summary>
    /// The batch begins a transaction in this partition and waits until its coordinator said that it knows of it (KIP-890). Called on the actor's turn and
    /// must be quick: whoever made the append asks the coordinator and tells the partition's actor a <see cref="TransactionVerified"/> with
    /// <paramref name="verification"/>. Later batches of the producer wait behind this one, in order. Without an answer all are refused with
    /// <see cref="ErrorCode.RequestTimedOut"/> after <see cref="Limits.VerificationWaitMs"/>.
    /// </summary>
    /// <param name="verification">Names this question in the answer.</param>
    /// <returns>False where there is nobody to ask: the append is refused with <see cref="ErrorCode.InvalidTxnState"/>. That is the default.</returns>
    public virtual bool TryVerify(long verification) => false;

    /// <summary>Whoever made the append has asked the transaction's coordinator already: it is taken as if the answer had come. False by default.</summary>
    public virtual bool IsVerified => false;

    /// <summary>Gives the batch its place in the log.</summary>
    internal virtual StageResult Stage(PartitionLog log, int leaderEpoch, long nowMs) => log.Stage(Batch, Header, leaderEpoch, nowMs, Verification);
}

/// <summary>
/// The end of a transaction for a partition: told to its actor like any append. <see cref="PartitionAppend.Completed"/> gets, besides the errors of an append,
/// <see cref="ErrorCode.InvalidProducerEpoch"/> and <see cref="ErrorCode.TransactionCoordinatorFenced"/> for a marker of the past. A marker that is in the
/// log already succeeds, with base offset -1 where it was not written again.
/// </summary>
public abstract class MarkerAppend : PartitionAppend
{
    /// <summary>A marker.</summary>
    /// <param name="producerId">The producer whose transaction ends.</param>
    /// <param name="producerEpoch">Its epoch; with version 2 one more than its records had.</param>
    /// <param name="coordinatorEpoch">Epoch of the coordinator that decided.</param>
    /// <param name="isCommit">Committed, not aborted.</param>
    /// <param name="transactionVersion">The version of transactions, of WriteTxnMarkers 2 and later; 0 before.</param>
    /// <param name="nowMs">The marker's timestamp, milliseconds since 1970.</param>
    [SetsRequiredMembers]
    protected MarkerAppend(long producerId, short producerEpoch, int coordinatorEpoch, bool isCommit, int transactionVersion, long nowMs)
    {
        TransactionVersion = transactionVersion;
        Batch = TransactionMarker.Encode(producerId, producerEpoch, coordinatorEpoch, isCommit, nowMs);
        RecordBatchHeader.TryParse(Batch.Span, out var header);
        Header = header;
    }

    /// <summary>The version of transactions.</summary>
    public int TransactionVersion { get; }

    internal override StageResult Stage(PartitionLog log, int leaderEpoch, long nowMs) => log.StageMarker(Batch, Header, leaderEpoch, nowMs, TransactionVersion);
}

/// <summary>A transaction's coordinator answered the question that <see cref="PartitionAppend.TryVerify"/> asked.</summary>
/// <param name="ProducerId">The producer.</param>
/// <param name="Verification">The number of the question.</param>
/// <param name="Error">
/// <see cref="ErrorCode.None"/>: the partition is part of the producer's transaction. Otherwise what the waiting appends are refused with.
/// </param>
public sealed record TransactionVerified(long ProducerId, long Verification, ErrorCode Error);

/// <summary>Tells a partition to move its log start.</summary>
/// <param name="Offset">The new first offset; -1 for the high watermark.</param>
/// <param name="Done">Gets the error and the log start.</param>
public sealed record DeleteRecordsBefore(long Offset, Action<ErrorCode, long> Done);

/// <summary>Asks a partition which producers it knows.</summary>
/// <param name="Done">Gets them, or an error where the partition is gone; on the partition's turn.</param>
public sealed record LookAtProducers(Action<ErrorCode, IReadOnlyList<ProducerEntry>> Done);

/// <summary>Tells a partition its topic's configuration.</summary>
public sealed record Reconfigure(TopicConfig Config);

/// <summary>Tells a partition to do what time asks for: retention, flush by age, deletion of files.</summary>
public sealed record Housekeep
{
    /// <summary>The one there is.</summary>
    public static readonly Housekeep Instance = new();
}

/// <summary>Tells a partition to write what was told to it so far.</summary>
internal sealed record WritePending
{
    public static readonly WritePending Instance = new();
}

/// <summary>Tells a partition to close the log that it had before it moved.</summary>
internal sealed record LetGo(PartitionLog Log, PartitionHost Host);

/// <summary>Tells a partition that its log directory went offline.</summary>
internal sealed record DirectoryWentOffline
{
    public static readonly DirectoryWentOffline Instance = new();
}

/// <summary>Tells a partition to close its log and to stop; one that was removed only lets go of it.</summary>
/// <param name="Done">Called when the log is closed, with what went wrong.</param>
public sealed record CloseLog(Action<ErrorCode> Done);
