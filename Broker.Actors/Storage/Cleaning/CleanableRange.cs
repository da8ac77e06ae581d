using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>Which part of a log may be cleaned, and how much it would be worth. From any thread.</summary>
internal readonly record struct CleanableRange
{
    /// <summary>Offset below which the log was cleaned before.</summary>
    public required long FirstDirty { get; init; }

    /// <summary>Base offset of the first segment that may not be cleaned; not below <see cref="FirstDirty"/>'s segment.</summary>
    public required long FirstUncleanable { get; init; }

    /// <summary>How many segments lie below <see cref="FirstUncleanable"/>.</summary>
    public required int Count { get; init; }

    /// <summary>Bytes of the segments that were cleaned before.</summary>
    public required long CleanBytes { get; init; }

    /// <summary>Bytes of the segments from <see cref="FirstDirty"/> on that may be cleaned.</summary>
    public required long DirtyBytes { get; init; }

    /// <summary>A record has waited for longer than <c>max.compaction.lag.ms</c>.</summary>
    public required bool IsOverdue { get; init; }

    /// <summary>Share of dirty bytes, 0 to 1.</summary>
    public double DirtyRatio => DirtyBytes == 0 ? 0 : DirtyBytes / ((double)CleanBytes + DirtyBytes);

    /// <summary>Whether the log should be cleaned.</summary>
    public bool IsDue(LogConfig config) => DirtyBytes > 0 && (IsOverdue || DirtyRatio > config.MinCleanableDirtyRatio);

    /// <summary>Looks at a log. May throw as <see cref="IDisk"/>.</summary>
    /// <param name="view">The log.</param>
    /// <param name="config">Its settings.</param>
    /// <param name="checkpoint">Offset below which it was cleaned before; one outside of the log means its start.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    public static CleanableRange Of(LogView view, LogConfig config, long checkpoint, long nowMs)
    {
        var segments = view.Segments;
        var firstDirty = checkpoint < view.StartOffset || checkpoint > view.EndOffset ? view.StartOffset : checkpoint;
        // Neither the active segment, nor what an open transaction or a missing replica may still change, nor what is too young.
        var count = 0;
        while (count < segments.Length - 1 && segments[count + 1].BaseOffset <= view.LastStableOffset) count++;
        var dirty = 0;
        while (dirty < count && segments[dirty + 1].BaseOffset <= firstDirty) dirty++;
        if (config.MinCompactionLagMs > 0) count = FirstTooYoung(segments, dirty, count, nowMs - config.MinCompactionLagMs);

        long clean = 0, dirtyBytes = 0;
        for (var i = 0; i < count; i++)
        {
            if (i < dirty) clean += segments[i].Size;
            else dirtyBytes += segments[i].Size;
        }

        return new CleanableRange
        {
            FirstDirty = firstDirty,
            FirstUncleanable = segments[count].BaseOffset,
            Count = count,
            CleanBytes = clean,
            DirtyBytes = dirtyBytes,
            IsOverdue = dirtyBytes > 0 && config.MaxCompactionLagMs < long.MaxValue && Oldest(segments.AsSpan(dirty, count - dirty)) < nowMs - config.MaxCompactionLagMs,
        };
    }

    private static int FirstTooYoung(LogSegment[] segments, int from, int until, long youngest)
    {
        for (var i = from; i < until; i++)
        {
            if (TimeSearch.MaxTimestamp(segments[i]) > youngest) return i;
        }

        return until;
    }

    private static long Oldest(ReadOnlySpan<LogSegment> segments)
    {
        var oldest = long.MaxValue;
        foreach (var segment in segments)
        {
            var first = FirstTimestamp(segment);
            if (first > 0) oldest = Math.Min(oldest, first);
        }

        return oldest;
    }

    private static long FirstTimestamp(LogSegment segment)
    {
        if (segment.Size == 0 || segment.Log.TryLease() is not { } file) return RecordBatchHeader.NoTimestamp;
        try
        {
            Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
            return RecordBatchHeader.TryParseStored(head[..file.Read(head, 0)], out var header) ? header.MaxTimestamp : RecordBatchHeader.NoTimestamp;
        }
        finally
        {
            segment.Log.Dispose();
        }
    }
}
