using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>Reads one segment at a start: to find its end, to make its indexes anew, to look at its headers.</summary>
internal sealed class SegmentScan(IDisk disk, string directory, LogSegment old, LogOpening opening) : IDisposable
{
    private readonly IDiskFile _file = old.Log.TryLease() ?? throw new IOException($"{old.Log.Path} was removed");

    /// <summary>Is called for every good batch that <see cref="Resume"/> meets.</summary>
    public Action<BatchScanner>? OnBatch { get; set; }

    /// <summary>Where the next segment begins: a batch with such an offset is none of this one.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>Offset after the last good batch.</summary>
    public long EndOffset { get; private set; } = old.BaseOffset;

    /// <summary>How the scan ended.</summary>
    public ScanEnd End { get; private set; }

    /// <summary>
    /// Reads from the last index entry below <paramref name="trusted"/> that is true (or from the start) to the end of the file; gives the segment with
    /// indexes in memory and the size of its good batches.
    /// </summary>
    public LogSegment Resume(long trusted, bool checksums)
    {
        var maxKey = trusted == long.MaxValue ? int.MaxValue : Math.Min(trusted - old.BaseOffset - 1, int.MaxValue);
        if (maxKey >= 0 && LoadIndexes(maxKey) is { } resumed)
        {
            Scan(resumed, EndOffset - 1, checksums, old.Size);
            return resumed;
        }

        EndOffset = old.BaseOffset;
        return Rebuild(checksums);
    }

    /// <summary>
    /// As <see cref="Resume"/> for a log that was closed in order: of the indexes only the last entries are looked at, and they stay in their files until an append
    /// needs them. Where those do not fit, as <see cref="Resume"/>.
    /// </summary>
    public LogSegment ResumeClosed()
    {
        var end = old.Size;
        var isSound = old.Offsets.TrySoundLast(out var key, out var position) && position < end && IsTrue(key, position);
        if (!isSound || !old.Times.TrySoundLast(out var timestamp, out var value)) return Resume(long.MaxValue, checksums: false);
        old.Size = position;
        old.RestoreMaxTimestamp(timestamp, old.BaseOffset + value);
        Scan(old, EndOffset - 1, checksums: false, end);
        if (old.BaseOffset + value < EndOffset) return old;
        old.Size = end;
        return Resume(long.MaxValue, checksums: false);
    }

    /// <summary>Reads all of it and makes its indexes anew, in memory.</summary>
    public LogSegment Rebuild(bool checksums)
    {
        var fresh = LogSegment.Fresh(disk, directory, old.BaseOffset, opening.NowMs);
        Scan(fresh, old.BaseOffset - 1, checksums, old.Size);
        return fresh;
    }

    /// <summary>Looks at the headers of batches from one offset to another, without checksums, as far as they can be read.</summary>
    public void ForEachHeader(long from, long until, Action<BatchScanner> look)
    {
        var start = old.Offsets.TryFloorKey(from - old.BaseOffset, out var key, out var position) && IsTrue(key, position) ? position : 0;
        using var scanner = new BatchScanner(_file, start, old.Size, checksums: false);
        while (scanner.MoveNext() && scanner.Header.BaseOffset < until)
        {
            if (scanner.Header.LastOffset >= from) look(scanner);
        }
    }

    public void Dispose() => old.Log.Dispose();

    private LogSegment? LoadIndexes(long maxKey)
    {
        var offsets = SegmentIndex.Load(disk, old.Offsets.Name, SegmentIndex.OffsetEntrySize, maxKey, old.Size - 1);
        if (!offsets.TryLast(out var key, out var position) || !IsTrue(key, position)) return null;
        var times = SegmentIndex.Load(disk, old.Times.Name, SegmentIndex.TimeEntrySize, long.MaxValue, key);
        // Without a time for what is skipped, a search by time would miss it.
        if (!times.TryLast(out var timestamp, out var value)) return null;
        var segment = new LogSegment(disk, directory, old.BaseOffset, offsets, times) { Size = position, OpenedMs = opening.NowMs };
        segment.RestoreMaxTimestamp(timestamp, old.BaseOffset + value);
        return segment;
    }

    // Whether the batch at a position ends at the offset that the index says.
    private bool IsTrue(long key, int position)
    {
        Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
        if (position < 0 || !RecordBatchHeader.TryParseStored(head[.._file.Read(head, position)], out var header)) return false;
        if (header.Magic < 0 || !header.HasPossibleLength || header.LastOffset != old.BaseOffset + key) return false;
        EndOffset = header.BaseOffset;
        return true;
    }

    private void Scan(LogSegment segment, long after, bool checksums, long end)
    {
        using var scanner = new BatchScanner(_file, segment.Size, end, checksums) { ChecksOldFormats = true };
        scanner.StartAfter(after);
        while (scanner.MoveNext())
        {
            if (scanner.Header.NextOffset > Limit)
            {
                End = ScanEnd.Corrupt;
                return;
            }

            segment.Account(scanner.Header, scanner.Position, opening.Config.IndexIntervalBytes);
            EndOffset = scanner.Header.NextOffset;
            OnBatch?.Invoke(scanner);
        }

        End = scanner.End;
    }
}
