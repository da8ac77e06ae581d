using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    private List<UnfinishedSwap>? _unfinished;

    /// <summary>
    /// Starts a cleaning: what it works on, or null where nothing can be cleaned. It is worked off elsewhere; each group that it makes ready comes back to
    /// <see cref="SwapCleaned"/>. One at a time.
    /// </summary>
    /// <param name="firstDirty">Offset below which the log was cleaned before; one outside of the log means its start.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    internal CleaningJob? BeginCleaning(long firstDirty, long nowMs)
    {
        if (_closed) return null;
        var range = default(CleanableRange);
        if (Try("the log cannot be cleaned", () => range = CleanableRange.Of(View, _config, firstDirty, nowMs)) != ErrorCode.None) return null;
        if (range.Count == 0 || range.DirtyBytes == 0) return null;
        var producers = new Dictionary<long, ProducerTail>(_producers.Count);
        foreach (var producer in _producers.All) producers[producer.ProducerId] = new ProducerTail(producer.Epoch, producer.Count == 0 ? -1 : producer[producer.Count - 1].LastOffset);
        return new CleaningJob
        {
            Disk = _disk,
            Directory = _directory,
            Config = _config,
            Segments = _segments[..range.Count],
            // One that ends at the recovery point may have been closed behind what a failed write left, which a loss of power brings back.
            NotDurable = [.. _segments.Where(segment => segment.Size > 0 && NextBase(segment) >= RecoveryPoint)],
            Cuts = _cuts,
            FirstDirty = range.FirstDirty,
            FirstUncleanable = range.FirstUncleanable,
            Producers = producers,
            Aborted = ReadAborted,
            NowMs = nowMs,
        };
    }

    /// <summary>
    /// Puts a cleaned segment in the place of those that it stands for. A few renames: appends wait no longer than that, readers go on with what they hold.
    /// </summary>
    /// <returns>
    /// <see cref="ErrorCode.OffsetOutOfRange"/> where the log changed there meanwhile (nothing is done), <see cref="ErrorCode.KafkaStorageError"/> where the disk fails:
    /// the next start then completes or undoes what was begun.
    /// </returns>
    internal ErrorCode SwapCleaned(CleanedGroup group, long nowMs)
    {
        var sources = group.Sources;
        var at = _closed ? -1 : Array.IndexOf(_segments, sources[0]);
        // What superseded a record may have been cut off with the log's end.
        var isThere = at >= 0 && group.Cuts == _cuts && at + sources.Length < _segments.Length && _segments.AsSpan(at, sources.Length).SequenceEqual(sources);
        if (!isThere) return ErrorCode.OffsetOutOfRange;
        if (FinishSwaps(nowMs) != ErrorCode.None) return ErrorCode.KafkaStorageError;
        var baseOffset = group.Cleaned.BaseOffset;
        var hasAborted = _disk.LengthOf(LogFiles.Path(_directory, baseOffset, LogFiles.TransactionIndex + LogFiles.Cleaned)) >= 0;
        // Readers go on over the old files until they see the new segment: what is open is found whatever its name.
        var pinned = 0;
        var begun = Try("a cleaned segment cannot take its place", () =>
        {
            for (; pinned < sources.Length; pinned++)
            {
                if (!sources[pinned].TryPin()) throw new IOException("an old one was removed");
            }

            Rename(baseOffset, LogFiles.Cleaned, LogFiles.Swap);
        });
        if (begun != ErrorCode.None)
        {
            foreach (var source in sources.AsSpan(0, pinned)) source.Unpin();
            Try("what was cleaned cannot be removed", () => Remove(baseOffset, LogFiles.Swap));
            return begun;
        }

        // From here a start completes the swap, so it counts as done, whatever the disk says to the rest; what it refuses is tried again.
        var swap = new UnfinishedSwap(baseOffset, [.. sources.Select(source => source.BaseOffset)], hasAborted);
        var result = Try("a cleaned segment took its place, but the old files are there still", () => Finish(swap, nowMs));
        if (result != ErrorCode.None) (_unfinished ??= []).Add(swap);
        var cleaned = Closed(baseOffset, group.Cleaned.Size, sources[^1].OpenedMs);
        cleaned.RestoreMaxTimestamp(group.Cleaned.MaxTimestamp, group.Cleaned.OffsetOfMaxTimestamp);
        _segments = [.. _segments[..at], cleaned, .. _segments[(at + sources.Length)..]];
        Publish();
        foreach (var source in sources)
        {
            source.Retire();
            source.Unpin();
        }

        return result;
    }

    private ErrorCode FinishSwaps(long nowMs)
    {
        while (_unfinished is { Count: > 0 })
        {
            var swap = _unfinished[0];
            if (Try("the old files of a cleaned segment are there still", () => Finish(swap, nowMs)) != ErrorCode.None) return ErrorCode.KafkaStorageError;
            _unfinished.RemoveAt(0);
            var at = Array.FindIndex(_segments, segment => segment.BaseOffset == swap.BaseOffset);
            if (at < 0) continue;
            // Its files have other names now.
            var before = _segments[at];
            var renamed = Closed(before.BaseOffset, before.Size, before.OpenedMs);
            renamed.RestoreMaxTimestamp(before.MaxTimestamp, before.OffsetOfMaxTimestamp);
            _segments = [.. _segments[..at], renamed, .. _segments[(at + 1)..]];
            Publish();
            before.Retire();
        }

        return ErrorCode.None;
    }

    // May be done again from its start, wherever it stopped.
    private void Finish(UnfinishedSwap swap, long nowMs)
    {
        foreach (var source in swap.Sources)
        {
            if (source == swap.BaseOffset) continue;
            foreach (var suffix in LogFiles.OfSegment) SetAside(LogFiles.Path(_directory, source, suffix), nowMs);
            // Where no segment begins any more, a snapshot serves nothing.
            SetAside(LogFiles.Path(_directory, source, LogFiles.Snapshot), nowMs);
        }

        foreach (var suffix in LogFiles.OfSegment)
        {
            var path = LogFiles.Path(_directory, swap.BaseOffset, suffix);
            var hasNew = _disk.LengthOf(path + LogFiles.Swap) >= 0;
            if (hasNew || (suffix == LogFiles.TransactionIndex && !swap.HasAborted)) SetAside(path, nowMs);
            if (hasNew) _disk.Rename(path + LogFiles.Swap, path);
        }
    }

    // Indexes first: the name of the log decides which state a start finds.
    private void Rename(long baseOffset, string from, string to)
    {
        foreach (var suffix in LogFiles.OfSegment)
        {
            var path = LogFiles.Path(_directory, baseOffset, suffix + from);
            if (_disk.LengthOf(path) >= 0) _disk.Rename(path, LogFiles.Path(_directory, baseOffset, suffix + to));
        }
    }

    private void Remove(long baseOffset, string mark)
    {
        foreach (var suffix in LogFiles.OfSegment) _disk.Delete(LogFiles.Path(_directory, baseOffset, suffix + mark));
    }

    // A closed segment by its files, which a failing disk may have left under the name of the swap.
    private LogSegment Closed(long baseOffset, long size, long openedMs)
    {
        SegmentFile Named(string suffix)
        {
            var file = new SegmentFile(_directory, baseOffset, suffix);
            return _disk.LengthOf(file + LogFiles.Swap) >= 0 ? file with { Suffix = suffix + LogFiles.Swap } : file;
        }

        var offsets = SegmentIndex.Stored(_disk, Named(LogFiles.Index), SegmentIndex.OffsetEntrySize);
        var times = SegmentIndex.Stored(_disk, Named(LogFiles.TimeIndex), SegmentIndex.TimeEntrySize);
        return new LogSegment(_disk, _directory, baseOffset, Named(LogFiles.Log), DiskAccess.Write, offsets, times) { Size = size, OpenedMs = openedMs };
    }

    // By the same way as readers of committed records are told: a lost index is made anew, for without it aborted data would be kept as good.
    private List<AbortedSpan> ReadAborted()
    {
        var aborted = new List<AbortedTransaction>();
        if (AbortedTransactions(0, long.MaxValue, aborted) != ErrorCode.None) throw new IOException("the index of aborted transactions cannot be read");
        return aborted.ConvertAll(one => new AbortedSpan(one.ProducerId, one.FirstOffset, one.LastOffset, one.LastStableOffset));
    }

    /// <summary>A swap whose last renames the disk refused.</summary>
    /// <param name="BaseOffset">Of the cleaned segment.</param>
    /// <param name="Sources">Base offsets of those that it replaced.</param>
    /// <param name="HasAborted">It has an index of aborted transactions.</param>
    private sealed record UnfinishedSwap(long BaseOffset, long[] Sources, bool HasAborted);
}
