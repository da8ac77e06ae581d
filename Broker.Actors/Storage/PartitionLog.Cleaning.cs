using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    /// <summary>
    /// Starts a cleaning: what it works on, or null where nothing can be cleaned. It is worked off elsewhere; each group that it makes ready comes back to
    /// <see cref="SwapCleaned"/>. One at a time.
    /// </summary>
    /// <param name="firstDirty">Offset below which the log was cleaned before; one outside of the log means its start.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    internal CleaningJob? BeginCleaning(long firstDirty, long nowMs)
    {
        if (_closed) return null;
        var range = CleanableRange.Of(View, _config, firstDirty, nowMs);
        if (range.Count == 0 || range.DirtyBytes == 0) return null;
        var producers = new Dictionary<long, ProducerTail>(_producers.Count);
        foreach (var producer in _producers.All) producers[producer.ProducerId] = new ProducerTail(producer.Epoch, producer.Count == 0 ? -1 : producer[producer.Count - 1].LastOffset);
        var all = _segments;
        return new CleaningJob
        {
            Disk = _disk,
            Directory = _directory,
            Config = _config,
            Segments = all[..range.Count],
            FirstDirty = range.FirstDirty,
            FirstUncleanable = range.FirstUncleanable,
            Producers = producers,
            Aborted = () => ReadAborted(all),
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
        var isThere = at >= 0 && at + sources.Length < _segments.Length && _segments.AsSpan(at, sources.Length).SequenceEqual(sources);
        if (!isThere) return ErrorCode.OffsetOutOfRange;
        if (Try("a cleaned segment cannot take its place", () => Rename(group.Cleaned.BaseOffset, LogFiles.Cleaned, LogFiles.Swap)) is var begun && begun != ErrorCode.None)
        {
            Try("what was cleaned cannot be removed", () => Remove(group.Cleaned.BaseOffset, LogFiles.Swap));
            return begun;
        }

        // From here a start completes the swap, so it counts as done, whatever the disk says to the rest.
        foreach (var source in sources) source.Retire();
        var result = Try("a cleaned segment took its place, the files of the old ones stay until the next start", () =>
        {
            foreach (var source in sources) SetAsideCleaned(source, group.Cleaned.BaseOffset, nowMs);
            Rename(group.Cleaned.BaseOffset, LogFiles.Swap, "");
        });
        _segments = [.. _segments[..at], Cleaned(group), .. _segments[(at + sources.Length)..]];
        Publish();
        return result;
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

    private void SetAsideCleaned(LogSegment source, long cleanedBase, long nowMs)
    {
        SetAside(source, nowMs);
        // A snapshot where no segment begins any more serves nothing; that of the oldest offset that was set aside already is gone.
        if (source.BaseOffset != cleanedBase) SetAside(LogFiles.Path(_directory, source.BaseOffset, LogFiles.Snapshot), nowMs);
    }

    private LogSegment Cleaned(CleanedGroup group)
    {
        var cleaned = group.Cleaned;
        var mark = _disk.LengthOf(LogFiles.Path(_directory, cleaned.BaseOffset, LogFiles.Log)) >= 0 ? "" : LogFiles.Swap;
        var log = new LeasedFile(_disk, LogFiles.Path(_directory, cleaned.BaseOffset, LogFiles.Log + mark), DiskAccess.Write);
        var segment = new LogSegment(_directory, cleaned.BaseOffset, log,
            SegmentIndex.Stored(_disk, LogFiles.Path(_directory, cleaned.BaseOffset, LogFiles.Index + mark), SegmentIndex.OffsetEntrySize),
            SegmentIndex.Stored(_disk, LogFiles.Path(_directory, cleaned.BaseOffset, LogFiles.TimeIndex + mark), SegmentIndex.TimeEntrySize))
        { Size = cleaned.Size, OpenedMs = group.Sources[^1].OpenedMs };
        segment.RestoreMaxTimestamp(cleaned.MaxTimestamp, cleaned.OffsetOfMaxTimestamp);
        return segment;
    }

    private List<AbortedSpan> ReadAborted(LogSegment[] segments)
    {
        var spans = new List<AbortedSpan>();
        foreach (var segment in segments)
        {
            if (_disk.TryReadAll(LogFiles.Path(_directory, segment.BaseOffset, LogFiles.TransactionIndex)) is { } bytes) spans.AddRange(AbortedSpan.Decode(bytes));
        }

        return spans;
    }
}
