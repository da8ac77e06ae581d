using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// The decisions of one partition: what is written together, what is acknowledged when. Plain: the log is handed in, time comes with the
/// calls, and what must happen outside is in the results.
/// </summary>
internal sealed partial class PartitionState
{
    private readonly PartitionHandle handle;
    // Made with the first append, and let go of when the partition falls silent: of ten thousand partitions most are idle.
    private List<PartitionAppend>? pending;
    private Queue<PartitionAppend>? unsynced;
    private readonly UnverifiedAppends unverified = new();
    private bool flushing;
    private bool seesMore;
    private long unflushed;

    public PartitionState(PartitionHandle handle)
    {
        this.handle = handle;
        Configured();
    }

    /// <summary>Appends that wait to be written.</summary>
    public int Pending => pending?.Count ?? 0;

    /// <summary>Whether a flush is on its way.</summary>
    public bool IsFlushing => flushing;

    /// <summary>No flush begins while this is set: appends that wait for one go on waiting.</summary>
    public bool HoldsFlushes { get; set; }

    /// <summary>The last write or flush failed.</summary>
    public bool CannotWrite { get; private set; }

    private int Unsynced => unsynced?.Count ?? 0;

    private bool IsGroup => handle.Config.FlushMode == FlushMode.Group;

    /// <summary>The topic's configuration changed, or the role. While appends wait for the disk or for other replicas, readers see only what is safe.</summary>
    public void Configured() => handle.Log.HighWatermarkFollowsEnd = handle.IsLeader && !IsGroup && Unsynced == 0 && (tracker is null || (tracker.IsSole && HasMinInSync));

    /// <summary>Takes an append; true where it is the first one since the last write, so that a write is due.</summary>
    public bool Add(PartitionAppend append)
    {
        (pending ??= []).Add(append);
        return pending.Count == 1;
    }

    /// <summary>When to look after the partition next, milliseconds since 1970; <see cref="long.MaxValue"/> where it waits for nothing.</summary>
    public long NextHousekeeping(long nowMs, long intervalMs) => Math.Min(handle.Log.NextHousekeeping(nowMs, intervalMs), unverified.OldestMs(Limits.VerificationWaitMs));

    /// <summary>As <see cref="NextHousekeeping"/>, for what a write alone may have changed: it costs each of them next to nothing.</summary>
    public long NextAfterWrite(long nowMs, long intervalMs)
    {
        var next = Math.Min(nowMs + intervalMs, handle.Log.FlushDueMs);
        return unverified.IsEmpty ? next : Math.Min(next, nowMs + Limits.VerificationWaitMs);
    }

    /// <summary>Lets go of memory that only appends need: none came for a while.</summary>
    public void Rest()
    {
        if (Pending == 0) pending = null;
        if (Unsynced == 0) unsynced = null;
        RestReplicated();
    }

    /// <summary>Writes all that waits in one go. Gives the bytes that readers can see now, and a flush that is to be run off this turn, or null.</summary>
    public (int Bytes, LogFlush? Flush) Write(long nowMs)
    {
        var log = handle.Log;
        var writing = pending ??= [];
        var before = log.View.EndOffset;
        writing.RemoveAll(append => !TryStage(log, append, nowMs));
        var committed = log.Commit();
        CannotWrite = committed.Error != ErrorCode.None;
        var bytes = 0;
        foreach (var append in writing)
        {
            unflushed += append.Batch.Length;
            if (append.StageError == ErrorCode.None && committed.Error != ErrorCode.None && append.LastOffset >= committed.EndOffset) append.StageError = committed.Error;
            if (append.StageError == ErrorCode.None && tracker is not null && append.RequiredAcks == -1)
            {
                Await(append, nowMs);
                continue;
            }

            if (append.StageError == ErrorCode.None && IsGroup)
            {
                (unsynced ??= []).Enqueue(append);
                continue;
            }

            if (append.StageError == ErrorCode.None) bytes += append.Batch.Length;
            seesMore |= append.StageError == ErrorCode.None && append.Header.IsControl;
            Complete(append, committed.Cause);
        }

        writing.Clear();
        if (tracker is null) return (bytes, FlushDue(nowMs));
        Written(before, nowMs);
        return (0, FlushDue(nowMs));
    }

    /// <summary>A flush ended. Gives the bytes that readers can see now, and the next flush where more waits.</summary>
    public (int Bytes, LogFlush? Flush) Flushed(LogFlush flush, long nowMs)
    {
        flushing = false;
        handle.Log.NoteFlush(nowMs);
        var error = handle.Log.EndFlush(flush);
        CannotWrite = error != ErrorCode.None;
        var seen = handle.Log.View.HighWatermark;
        if (error == ErrorCode.None && IsGroup && tracker is null && handle.IsLeader) handle.Log.SetHighWatermark(flush.EndOffset);
        var bytes = 0;
        while (unsynced is not null && unsynced.TryPeek(out var append) && (error != ErrorCode.None || append.LastOffset < flush.EndOffset))
        {
            unsynced.Dequeue();
            append.StageError = error;
            if (error == ErrorCode.None) bytes += append.Batch.Length;
            seesMore |= error == ErrorCode.None && append.Header.IsControl;
            Complete(append, flush.Error?.Message ?? error.Name());
        }

        // What an earlier flush could not bring to the disk is nobody's any more, and can be seen all the same.
        seesMore |= bytes == 0 && handle.Log.View.HighWatermark > seen;
        Configured();
        if (!IsReplicated) return (bytes, FlushDue(nowMs));
        if (tracker is not null && error == ErrorCode.None) Advance();
        else if (tracker is not null) FailUnflushed(error);
        // A disk that fails is tried again with the next write.
        return (0, error == ErrorCode.None ? FlushDue(nowMs) : null);
    }

    /// <summary>A flush where time or a closed segment asks for one.</summary>
    public LogFlush? FlushDue(long nowMs)
    {
        var due = Unsynced > 0 || (IsGroup && handle.Log.RecoveryPoint < handle.Log.View.EndOffset) || unflushed >= Limits.UnflushedBytes || handle.Log.HasUnflushedSegment || handle.Log.IsFlushDue(nowMs);
        if (flushing || !due || HoldsFlushes) return null;
        flushing = true;
        unflushed = 0;
        return handle.Log.BeginFlush();
    }

    /// <summary>Refuses all that waits: the partition goes.</summary>
    /// <param name="error">What they are answered.</param>
    /// <param name="cause">A sentence with it, or null.</param>
    public void Refuse(ErrorCode error, string? cause = null)
    {
        foreach (var append in (pending ?? []).Concat(unsynced ?? []).Concat(waiting ?? []).Concat(unverified.TakeAll()))
        {
            append.StageError = error;
            Complete(append, cause);
        }

        pending?.Clear();
        unsynced?.Clear();
        waiting?.Clear();
    }

    /// <summary>A coordinator answered: what waited for it is written or refused. True where a write is due that was not due before.</summary>
    public bool Verified(TransactionVerified verified)
    {
        var before = Pending;
        var waited = unverified.Take(verified.ProducerId, verified.Verification);
        foreach (var append in waited)
        {
            if (verified.Error == ErrorCode.None)
            {
                // One of another epoch is of another transaction.
                if (append.Header.ProducerEpoch == waited[0].Header.ProducerEpoch) append.Verification = verified.Verification;
                (pending ??= []).Add(append);
                continue;
            }

            append.StageError = verified.Error;
            Complete(append, null);
        }

        return before == 0 && Pending > 0;
    }

    /// <summary>Refuses what has waited too long for its coordinator.</summary>
    public void GiveUpWaiting(long nowMs)
    {
        foreach (var append in unverified.TakeOlderThan(nowMs - Limits.VerificationWaitMs))
        {
            append.StageError = ErrorCode.RequestTimedOut;
            Complete(append, null);
        }
    }

    /// <summary>Whether readers see more since the last call, however few bytes that are: a transaction ended, or the high watermark moved.</summary>
    public bool TakeSeesMore()
    {
        var ended = seesMore;
        seesMore = false;
        return ended;
    }

    // False where the append waits for its transaction's coordinator.
    private bool TryStage(PartitionLog log, PartitionAppend append, long nowMs)
    {
        if (!handle.IsLeader || (append.LeaderEpoch >= 0 && append.LeaderEpoch != handle.LeaderEpoch))
        {
            append.StageError = ErrorCode.NotLeaderOrFollower;
            return true;
        }

        if (tracker is not null && append.RequiredAcks == -1 && !HasMinInSync)
        {
            append.StageError = ErrorCode.NotEnoughReplicas;
            return true;
        }

        if (append.IsVerified)
        {
            if (log.MustVerify(append.Header)) append.Verification = log.BeginVerification(append.Header, append.BumpsEpoch, nowMs);
        }
        else if (unverified.TryAddBehind(append))
        {
            return false;
        }
        else if (append.Verification == 0 && log.MustVerify(append.Header))
        {
            var verification = log.BeginVerification(append.Header, append.BumpsEpoch, nowMs);
            // The answer may come before this returns, to this actor's mailbox: it is handled on a later turn.
            unverified.Add(append, verification, nowMs);
            if (append.TryVerify(verification)) return false;
            unverified.Take(append.Header.ProducerId, verification);
            append.StageError = ErrorCode.InvalidTxnState;
            return true;
        }

        var staged = append.Stage(log, handle.LeaderEpoch, nowMs);
        append.StageError = staged.Error;
        append.BaseOffset = staged.BaseOffset;
        append.LastOffset = staged.LastOffset;
        append.DuplicateTimestamp = staged.Timestamp;
        return true;
    }

    private void Complete(PartitionAppend append, string? cause)
    {
        var good = append.StageError == ErrorCode.None;
        append.Completed(new AppendOutcome(append.StageError, good ? append.BaseOffset : -1, handle.Log.View.StartOffset, append.DuplicateTimestamp, append.StageError == ErrorCode.KafkaStorageError ? cause : null));
    }
}
