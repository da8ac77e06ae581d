using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    // Made with the first append, and let go of when the log falls silent.
    private StagedBatches? _staged;
    private IDiskFile? _writing;
    private LogSegment? _writingSegment;
    private long _stagedEnd;
    private long _stagedSize;
    private string? _failure;
    private bool _failing;
    private bool _hasTornEnd;

    private int StagedCount => _staged?.Headers.Count ?? 0;

    /// <summary>The offset that the next staged batch gets.</summary>
    public long StagedEndOffset => _stagedEnd;

    /// <summary>
    /// Gives a checked batch its place: sequence numbers are judged, base offset and leader epoch are written into the caller's buffer, which must stay
    /// untouched until <see cref="Commit"/>. Nothing is promised before that. A segment that is full is closed here.
    /// </summary>
    /// <param name="batch">One whole batch of format 2, already checked.</param>
    /// <param name="header">Its header as it came.</param>
    /// <param name="leaderEpoch">The leader's epoch.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    /// <param name="verification">
    /// For a batch that begins a transaction, the number of <see cref="BeginVerification"/>; without it the batch is refused while
    /// <see cref="LogConfig.VerifiesTransactions"/>.
    /// </param>
    public StageResult Stage(Memory<byte> batch, in RecordBatchHeader header, int leaderEpoch, long nowMs, long verification = 0)
    {
        if (_failure is not null || FinishCut(nowMs) != ErrorCode.None) return StageResult.Refused(ErrorCode.KafkaStorageError);
        if (header.IsControl) return StageMarker(batch, header, leaderEpoch, nowMs, transactionVersion: 0);
        var judged = _producers.Check(header, _config.VerifiesTransactions ? verification : -1, out var repeated);
        if (judged != ErrorCode.None) return StageResult.Refused(judged);
        if (repeated is { } duplicate) return new StageResult(ErrorCode.None, duplicate.FirstOffset, duplicate.LastOffset, true, duplicate.Timestamp);
        return Place(batch, header, leaderEpoch, nowMs);
    }

    /// <summary>
    /// Gives the end of a transaction its place: a control batch, as <see cref="TransactionMarker.Encode"/> makes it. The transaction is over, for readers
    /// of committed records too, once the marker lies below the high watermark.
    /// </summary>
    /// <param name="batch">The control batch; written into as by <see cref="Stage"/>.</param>
    /// <param name="header">Its header.</param>
    /// <param name="leaderEpoch">The leader's epoch.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    /// <param name="transactionVersion">
    /// The coordinator's: from 2 on each transaction has an epoch of its own, and the marker's must be above that of the records.
    /// </param>
    /// <returns>
    /// <see cref="ErrorCode.InvalidProducerEpoch"/> and <see cref="ErrorCode.TransactionCoordinatorFenced"/> refuse a marker of the past. From version 2 on a
    /// marker that is there already is a duplicate: nothing is written, and the last offset is one that lies at or behind it. Before, nothing tells a
    /// repeated marker from a new one, and it is written again, which harms nobody.
    /// </returns>
    public StageResult StageMarker(Memory<byte> batch, in RecordBatchHeader header, int leaderEpoch, long nowMs, int transactionVersion)
    {
        if (_failure is not null || FinishCut(nowMs) != ErrorCode.None) return StageResult.Refused(ErrorCode.KafkaStorageError);
        var marker = Markers.Read(header, batch.Span);
        if (!marker.EndsTransaction || !header.HasProducerId) return StageResult.Refused(ErrorCode.InvalidRecord);
        var judged = _producers.CheckMarker(header, marker, transactionVersion, out var isRepeated);
        if (judged != ErrorCode.None) return StageResult.Refused(judged);
        return isRepeated ? new StageResult(ErrorCode.None, -1, _stagedEnd - 1, true, -1) : Place(batch, header, leaderEpoch, nowMs);
    }

    private StageResult Place(Memory<byte> batch, in RecordBatchHeader header, int leaderEpoch, long nowMs)
    {
        if (batch.Length > _config.SegmentBytes) return StageResult.Refused(ErrorCode.RecordListTooLarge);
        if (MustRoll(batch.Length, header, nowMs) && Roll(nowMs) != ErrorCode.None) return StageResult.Refused(ErrorCode.KafkaStorageError);

        var baseOffset = _stagedEnd;
        var bytes = batch.Span;
        RecordBatchHeader.SetBaseOffset(bytes, baseOffset);
        RecordBatchHeader.SetPartitionLeaderEpoch(bytes, leaderEpoch);
        RecordBatchHeader.TryParse(bytes, out var placed);
        TakeIn(batch, placed);
        return new StageResult(ErrorCode.None, baseOffset, placed.LastOffset, false, -1);
    }

    /// <summary>
    /// Takes a batch as the leader wrote it, offsets included: a follower's append. <see cref="ErrorCode.OffsetOutOfRange"/> where it does not continue the log.
    /// </summary>
    public StageResult StageReplica(ReadOnlyMemory<byte> batch, in RecordBatchHeader header, long nowMs)
    {
        if (_failure is not null || FinishCut(nowMs) != ErrorCode.None) return StageResult.Refused(ErrorCode.KafkaStorageError);
        if (header.BaseOffset < _stagedEnd) return StageResult.Refused(ErrorCode.OffsetOutOfRange);
        if (MustRoll(batch.Length, header, nowMs) && Roll(nowMs) != ErrorCode.None) return StageResult.Refused(ErrorCode.KafkaStorageError);
        TakeIn(batch, header);
        return new StageResult(ErrorCode.None, header.BaseOffset, header.LastOffset, false, -1);
    }

    /// <summary>
    /// Writes all that is staged with one write and shows it to readers. With an error the file is as before and nothing staged counts beyond
    /// <see cref="CommitResult.EndOffset"/>; the next append tries the disk again.
    /// </summary>
    public CommitResult Commit()
    {
        try
        {
            CommitStaged();
        }
        catch (Exception error) when (error.IsDiskError())
        {
            Fail(error);
        }

        // Whether the file stays open until the next append is the file table's to say.
        ReleaseWriting();
        var cause = _failure;
        _failure = null;
        if (cause is null) _failing = false;
        return new CommitResult(cause is null ? ErrorCode.None : ErrorCode.KafkaStorageError, _end, cause);
    }

    private void TakeIn(ReadOnlyMemory<byte> batch, in RecordBatchHeader header)
    {
        if (header.PartitionLeaderEpoch > _epochs.Latest) _epochs.Assign(header.PartitionLeaderEpoch, header.BaseOffset);
        var marker = Markers.Read(header, batch.Span);
        var staged = _staged ??= new StagedBatches();
        if (_producers.Apply(header, marker, out var ended) && ended.IsAborted) staged.Aborts.Add(ended.Aborted);
        staged.Bytes.Add(batch);
        staged.Headers.Add(header);
        _stagedSize += batch.Length;
        _stagedEnd = header.NextOffset;
    }

    private void CommitStaged()
    {
        // Also before the segment is closed: what a failed write left must not lie between two segments.
        if (_hasTornEnd) Writing().SetLength(_active.Size);
        _hasTornEnd = false;
        if (_staged is not { Headers.Count: > 0 } staged) return;
        IsSilent = false;
        _active.Wake(_end);
        if (_epochs.IsChanged) StoreEpochs();
        if (staged.Aborts.Count > 0) LookAtTransactions(View, _segments.Length - 1);
        var file = Writing();
        var position = _active.Size;
        _active.Checked.AppendsFrom(position);
        _hasTornEnd = true;
        _isTouched = true;
        file.Write(staged.Bytes, position);
        _hasTornEnd = false;
        for (var i = 0; i < staged.Headers.Count; i++)
        {
            var header = staged.Headers[i];
            _active.Account(header, position, _config.IndexIntervalBytes);
            position += header.SizeInBytes;
        }

        _sizeSinceSnapshot += _stagedSize;
        _end = _stagedEnd;
        _producers.Keep();
        KeepAborts(staged.Aborts);
        ForgetStaged();
        Publish();
    }

    // The markers are in the log, which counts: an index that cannot be written now is written with the next entry, or before the log is made durable.
    private void KeepAborts(List<AbortedTransaction> aborts)
    {
        if (_producers.SawTransactions) _hasTransactions = true;
        if (aborts.Count == 0) return;
        foreach (var aborted in aborts) _active.Transactions.Add(aborted);
        Try("aborted transactions cannot be written to their index", () => _active.Transactions.Store(evenEmpty: false));
    }

    private void ForgetStaged()
    {
        _staged?.Clear();
        _stagedSize = 0;
    }

    // The staged batches are lost; what a torn write left is cut off now or before the next append: whole batches in it must not come back.
    private void Fail(Exception error)
    {
        _failure = error.Message;
        ForgetStaged();
        _producers.Undo(_end);
        _epochs.CutTail(_end + 1);
        _stagedEnd = _end;
        if (!_failing) Report($"appending failed, records up to offset {_end} stay readable: {error.Message}", error);
        _failing = true;
        CutTornEnd();
    }

    private void CutTornEnd()
    {
        if (!_hasTornEnd || _writing is not { } file) return;
        try
        {
            file.SetLength(_active.Size);
            _hasTornEnd = false;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            Report($"a torn end of the segment stays for now, and is cut off before the next append: {error.Message}", error);
        }
    }

    // The active segment's file stays leased until what is staged is written.
    private IDiskFile Writing()
    {
        if (_writing is { } open && _writingSegment == _active) return open;
        ReleaseWriting();
        _writing = _active.Log.TryLease() ?? throw new IOException("the segment was removed");
        _writingSegment = _active;
        return _writing;
    }

    private void ReleaseWriting()
    {
        if (_writing is null) return;
        _writing = null;
        _writingSegment?.Log.Dispose();
        _writingSegment = null;
    }

    private bool MustRoll(int size, in RecordBatchHeader header, long nowMs)
    {
        var segment = _active;
        var filled = segment.Size + _stagedSize;
        if (filled == 0) return _stagedEnd + header.LastOffsetDelta - segment.BaseOffset > int.MaxValue;
        if (filled + size > _config.SegmentBytes) return true;
        if (_stagedEnd + header.LastOffsetDelta - segment.BaseOffset > int.MaxValue) return true;
        // Batches staged before this one may each add an entry.
        if (segment.Offsets.Count + StagedCount >= _config.MaxOffsetEntries) return AreIndexesFull();
        if (segment.Times.Count + StagedCount >= _config.MaxTimeEntries - 1) return AreIndexesFull();
        return AgeAt(segment, header.MaxTimestamp, nowMs) > _config.RollMs;
    }

    // Near the limit it must be known and not guessed: what is staged is written first, which adds its entries.
    private bool AreIndexesFull()
    {
        try
        {
            CommitStaged();
        }
        catch (Exception error) when (error.IsDiskError())
        {
            Fail(error);
            return true;
        }

        return _active.Offsets.Count >= _config.MaxOffsetEntries || _active.Times.Count >= _config.MaxTimeEntries - 1;
    }

    private long AgeAt(LogSegment segment, long timestamp, long nowMs)
    {
        var first = segment.FirstTimestamp ?? (StagedCount > 0 && segment.Size == 0 ? _staged!.Headers[0].MaxTimestamp : ReadFirstTimestamp(segment));
        return first >= 0 && timestamp >= 0 ? timestamp - first : nowMs - segment.OpenedMs;
    }

    private long ReadFirstTimestamp(LogSegment segment)
    {
        Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
        try
        {
            var got = Writing().Read(head, 0);
            segment.FirstTimestamp = RecordBatchHeader.TryParseStored(head[..got], out var header) ? header.MaxTimestamp : RecordBatchHeader.NoTimestamp;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return RecordBatchHeader.NoTimestamp; // the append that follows meets the same disk and tells
        }

        return segment.FirstTimestamp.Value;
    }

    // Closes the active segment behind what is staged and opens the next one at the offset that comes next.
    private ErrorCode Roll(long nowMs)
    {
        if (_failure is not null || FinishCut(nowMs) != ErrorCode.None) return ErrorCode.KafkaStorageError;
        try
        {
            CommitStaged();
            _isTouched = true;
            WriteSnapshot();
            ReleaseWriting();
            _active.StoreTransactions(_hasTransactions);
            _active.Wake(_end);
            _active.Seal();
        }
        catch (Exception error) when (error.IsDiskError())
        {
            Fail(error);
            return ErrorCode.KafkaStorageError;
        }

        var next = LogSegment.Fresh(_disk, _directory, _end, nowMs);
        next.SawEveryMarker = true;
        _segments = [.. _segments, next];
        _active = next;
        Publish();
        return ErrorCode.None;
    }

    /// <summary>Batches that have their places and are not written yet.</summary>
    private sealed class StagedBatches
    {
        public List<ReadOnlyMemory<byte>> Bytes { get; } = [];

        public List<RecordBatchHeader> Headers { get; } = [];

        public List<AbortedTransaction> Aborts { get; } = [];

        public void Clear()
        {
            Bytes.Clear();
            Headers.Clear();
            Aborts.Clear();
        }
    }
}
