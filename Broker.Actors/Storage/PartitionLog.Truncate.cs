using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    private BrokenCut? _broken;
    private int _cuts;
    private long _lowestEndSinceFlush = long.MaxValue;

    /// <summary>
    /// Cuts the log so that it ends at or before <paramref name="offset"/>: a follower whose log went another way than its leader's. A batch that holds the
    /// offset goes whole, and so does what is staged. What is cut is gone for good when this returns; recovery point and high watermark come back with the
    /// end, so that the caller has to write the checkpoints before the next append. Readers that hold an older view may find less than it promised. For the owner.
    /// </summary>
    /// <param name="offset">The log's new end, at most; nothing happens where it is the end or beyond. Below the first segment all goes, and the log begins there.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    /// <returns>
    /// <see cref="ErrorCode.KafkaStorageError"/>: the log ends somewhere between the offset and where it ended. It takes no appends until the cut is done,
    /// which each of them tries again.
    /// </returns>
    public ErrorCode TruncateTo(long offset, long nowMs)
    {
        if (_broken is null && offset >= _stagedEnd) return ErrorCode.None;
        DropStaged();
        if (_broken is null && offset >= _end) return ErrorCode.None;
        var isAll = _broken is { IsAll: true } || offset < _segments[0].BaseOffset;
        _broken = new BrokenCut(Math.Min(offset, _broken?.Offset ?? offset), isAll);
        return FinishCut(nowMs);
    }

    /// <summary>
    /// Empties the log; it goes on at <paramref name="newStart"/>: a follower whose leader has nothing that would continue it. The caller has to write the
    /// checkpoints before the next append. For the owner.
    /// </summary>
    /// <param name="newStart">First offset of the empty log.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    /// <returns><see cref="ErrorCode.KafkaStorageError"/>: a part of the log may be gone; otherwise as with <see cref="TruncateTo"/>.</returns>
    public ErrorCode TruncateFully(long newStart, long nowMs)
    {
        DropStaged();
        _broken = new BrokenCut(newStart, IsAll: true);
        return FinishCut(nowMs);
    }

    // May be done again from its start, wherever the disk stopped it. Until it is through, file and memory may not agree about where the log ends.
    private ErrorCode FinishCut(long nowMs)
    {
        if (_broken is not { } cut) return ErrorCode.None;
        _cuts++;
        return Try(cut.IsAll ? "the log cannot be emptied" : "the log cannot be cut", () =>
        {
            // What waits under another name would come back at the next start.
            if (FinishSwaps(nowMs) != ErrorCode.None) throw new IOException("old files of a cleaned segment are there still");
            ReleaseWriting();
            if (cut.IsAll)
            {
                CutAll(cut.Offset, nowMs);
            }
            else
            {
                DropSegments(IndexOf(_segments, cut.Offset) + 1, nowMs);
                CutActive(cut.Offset);
                DropEmptyBehindGap(nowMs);
            }

            Settle(cut.IsAll);
            // Where an empty log begins is durable now.
            if (cut.IsAll) RecoveryPoint = _flushedSegments = cut.Offset;
            _broken = null;
        });
    }

    private void CutAll(long newStart, long nowMs)
    {
        DropSegments(0, nowMs);
        Begin(Fresh(newStart, nowMs), newStart);
        _start = _highWatermark = newStart;
        // The file's name is all that says where an empty log begins.
        Writing();
    }

    private void DropStaged()
    {
        if (_stagedEnd == _end) return;
        ForgetStaged();
        _producers.Undo(_end);
        _epochs.CutTail(_end + 1);
        _stagedEnd = _end;
    }

    // From the newest one back: a crash in between leaves a log that only ends earlier. The first stays as an empty one where all go.
    private void DropSegments(int first, long nowMs)
    {
        for (var i = _segments.Length - 1; i >= first; i--)
        {
            var gone = _segments[i];
            SetAside(gone, nowMs);
            if (i > 0) _segments = _segments[..i];
            Begin(i > 0 ? null : Fresh(gone.BaseOffset, nowMs), gone.BaseOffset);
        }

        _disk.SyncDirectory(_directory);
    }

    // The active segment is this one, or the last that is left; the log ends at an offset.
    private void Begin(LogSegment? fresh, long end)
    {
        if (fresh is not null) _segments = [fresh];
        _active = _segments[^1];
        _start = Math.Min(_start, end);
        _end = _stagedEnd = end;
        _highWatermark = Math.Min(_highWatermark, end);
        RecoveryPoint = Math.Min(RecoveryPoint, end);
        _flushedSegments = Math.Min(_flushedSegments, end);
        _lowestEndSinceFlush = Math.Min(_lowestEndSinceFlush, end);
        _isTouched = true;
        Publish();
    }

    private LogSegment Fresh(long baseOffset, long nowMs)
    {
        var segment = LogSegment.Fresh(_disk, _directory, baseOffset, nowMs);
        segment.SawEveryMarker = true;
        return segment;
    }

    private void CutActive(long offset)
    {
        var old = _active;
        // An empty one that was closed (a cleaning left nothing of it) has to take appends again, and one whose cut broke off behind the shortening of its file
        // has to tell where the log ends.
        if (old.Size == 0 && old.Offsets.InMemory && _end == old.BaseOffset) return;
        if (_hasTransactions) LookAtTransactions(View, _segments.Length - 1);
        if (old.Log.TryLease() is not { } file) throw new IOException("the segment was removed");
        try
        {
            // A cut that broke off may have shortened the file before.
            var range = new SegmentRange(old, file, Math.Min(old.Size, file.Length));
            var found = range.Locate(offset, out var place);
            if (found == LocateResult.Damaged) throw new IOException($"no batch is found at offset {offset}");
            // What a failed write left behind the last batch goes too.
            var size = found == LocateResult.Found ? place.Position : range.End;
            // The file may come out of a crash shorter, or as long as it was.
            if (found == LocateResult.Found) RecoveryPoint = Math.Min(RecoveryPoint, place.BaseOffset);
            // Entries below the cut are found in the files again.
            if (old.Offsets.InMemory) StoreIndexes([old]);
            file.SetLength(size);
            file.Flush();
            _hasTornEnd = false;
            old.Size = size;
            Reopen(old);
        }
        finally
        {
            old.Log.Dispose();
        }
    }

    // An empty segment behind offsets that a cleaning took would look after a crash as if the tail of the one before it had been lost: the log ends there at once.
    private void DropEmptyBehindGap(long nowMs)
    {
        while (_segments.Length > 1 && _active.Size == 0 && IsGap(_segments[^2], _active.BaseOffset))
        {
            var end = _active.BaseOffset;
            DropSegments(_segments.Length - 1, nowMs);
            CutActive(end);
        }
    }

    // Whether the batches of a segment end before an offset, and not before the log's start.
    private bool IsGap(LogSegment segment, long offset)
    {
        if (segment.Size == 0) return segment.BaseOffset >= _start;
        if (segment.Log.TryLease() is not { } file) throw new IOException("the segment was removed");
        try
        {
            var range = new SegmentRange(segment, file, segment.Size);
            return range.Locate(offset - 1, out _) == LocateResult.PastEnd && range.Locate(_start - 1, out _) == LocateResult.Found;
        }
        finally
        {
            segment.Log.Dispose();
        }
    }

    private void Reopen(LogSegment old)
    {
        using var scan = new SegmentScan(_disk, _directory, old, new LogOpening { Disk = _disk, Directory = _directory, Config = _config, NowMs = old.OpenedMs });
        var cut = scan.Resume(long.MaxValue, checksums: false);
        // What lies behind the cut in the files must not be believed by the next start.
        if (_hasTransactions) old.Transactions.CutTail(scan.EndOffset);
        old.FlushTransactions();
        cut.Offsets.Store();
        cut.Times.Store();
        cut.Offsets.Flush();
        cut.Times.Flush();
        _segments = [.. _segments[..^1], cut];
        Begin(null, scan.EndOffset);
        old.Retire();
    }

    // What is remembered of producers and epochs follows the log.
    private void Settle(bool isAll)
    {
        // What an emptied log knew belongs to records that are not the ones before its new start.
        if (isAll) _epochs.Clear();
        else _epochs.CutTail(_end);
        if (_epochs.IsChanged) StoreEpochs();
        ProducerRestore.RemoveBeyond(_disk, _directory, isAll ? -1 : _end);
        if (!TransactionHistory.TryReplayAll(_disk, _directory, MakeView(), _producers)) throw new IOException("a segment was removed");
        _producers.EndOffset = _end;
        _disk.SyncDirectory(_directory);
        Publish();
    }

    /// <summary>A cut that is being made, or that the disk broke off.</summary>
    /// <param name="Offset">Where the log ends then, at most.</param>
    /// <param name="IsAll">Nothing stays: the log begins there.</param>
    private sealed record BrokenCut(long Offset, bool IsAll);
}
