namespace AkkaStream.Actors.Storage;

/// <summary>What readers see of a partition at one moment: everything in it belongs together and never changes.</summary>
public sealed class LogView
{
    internal LogView(LogSegment[] segments, long endPosition, LogOffsets offsets)
    {
        Segments = segments;
        EndPosition = endPosition;
        Offsets = offsets;
    }

    /// <summary>The offsets.</summary>
    public LogOffsets Offsets { get; }

    /// <summary>Offset of the first record that may be read.</summary>
    public long StartOffset => Offsets.Start;

    /// <summary>Offset after the last record.</summary>
    public long EndOffset => Offsets.End;

    /// <summary>Offset after the last record that every in-sync replica has: where consumers stop.</summary>
    public long HighWatermark => Offsets.HighWatermark;

    /// <summary>Where readers of committed records stop: the first open transaction, at most the high watermark.</summary>
    public long LastStableOffset => Offsets.LastStable;

    /// <summary>The segments, oldest first; never empty.</summary>
    internal LogSegment[] Segments { get; }

    /// <summary>Bytes of the last segment that belong to this view.</summary>
    internal long EndPosition { get; }

    /// <summary>Offset up to which a reader of this kind may read.</summary>
    public long LimitOf(ReadLimit limit) => limit switch
    {
        ReadLimit.Committed => LastStableOffset,
        ReadLimit.HighWatermark => HighWatermark,
        _ => EndOffset,
    };
}

/// <summary>Offsets of a log, together.</summary>
/// <param name="Start">First that may be read.</param>
/// <param name="End">After the last record.</param>
/// <param name="HighWatermark">After the last record on every in-sync replica.</param>
/// <param name="LastStable">Where the first open transaction begins, at most the high watermark.</param>
public readonly record struct LogOffsets(long Start, long End, long HighWatermark, long LastStable);

/// <summary>Up to where a read goes.</summary>
public enum ReadLimit
{
    /// <summary>The last stable offset: isolation <c>read_committed</c>.</summary>
    Committed,

    /// <summary>The high watermark: isolation <c>read_uncommitted</c>.</summary>
    HighWatermark,

    /// <summary>The end of the log: a follower.</summary>
    End,
}
