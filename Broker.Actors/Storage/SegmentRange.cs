using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>How a search in a segment ended.</summary>
internal enum LocateResult
{
    /// <summary>The batch is there.</summary>
    Found,

    /// <summary>All batches of the segment end before the offset.</summary>
    PastEnd,

    /// <summary>What stands before the offset is no batch.</summary>
    Damaged,
}

/// <summary>Where a batch stands.</summary>
/// <param name="Position">Bytes from the segment's start.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="BaseOffset">Offset of its first record.</param>
/// <param name="LastOffset">Offset of its last record.</param>
/// <param name="IsTransactional">It belongs to a transaction.</param>
internal readonly record struct BatchPlace(long Position, int Size, long BaseOffset, long LastOffset, bool IsTransactional = false);

/// <summary>A segment with its open file, up to the end that a view names.</summary>
internal readonly record struct SegmentRange(LogSegment Segment, IDiskFile File, long End)
{
    /// <summary>
    /// Finds the first batch whose last offset is at or after <paramref name="offset"/>. Where damage lies on the way, <paramref name="place"/> is where.
    /// </summary>
    public LocateResult Locate(long offset, out BatchPlace place)
    {
        if (Segment.Offsets.TryFloorKey(offset - Segment.BaseOffset, out _, out var start) && start > 0 && start < End)
        {
            // An index is a hint: what it points at must be a batch that does not begin behind the offset.
            var result = Walk(start, offset, hinted: true, out place);
            if (result != LocateResult.Damaged) return result;
        }

        return Walk(0, offset, hinted: false, out place);
    }

    /// <summary>An offset behind every record of the batches that begin at or before <paramref name="position"/>, as near as the index knows one.</summary>
    public long OffsetBehind(long position)
    {
        // An index is a hint: an offset that is too low would hide what was aborted.
        if (!Segment.Offsets.TryAfterValue(position, out var key, out var at) || at >= End) return long.MaxValue;
        Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
        if (!RecordBatchHeader.TryParseStored(head[..File.Read(head, at)], out var header) || header.LastOffset != Segment.BaseOffset + key) return long.MaxValue;
        return header.BaseOffset;
    }

    /// <summary>The batch that holds an offset, where the index alone leads to it: behind damage.</summary>
    public bool TryIndexed(long offset, out BatchPlace place)
    {
        place = default;
        if (!Segment.Offsets.TryCeilingKey(offset - Segment.BaseOffset, out var key, out var position) || position >= End) return false;
        Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
        if (!RecordBatchHeader.TryParseStored(head[..File.Read(head, position)], out var header) || !Fits(header, position)) return false;
        place = new BatchPlace(position, header.SizeInBytes, header.BaseOffset, header.LastOffset, header.IsTransactional);
        return header.BaseOffset <= offset && header.LastOffset == Segment.BaseOffset + key;
    }

    private LocateResult Walk(long start, long offset, bool hinted, out BatchPlace place)
    {
        Span<byte> window = stackalloc byte[Limits.ProbeBytes];
        var windowStart = start;
        var windowLength = 0;
        var last = hinted ? -1 : Segment.BaseOffset - 1;
        place = default;
        for (var at = start; at < End;)
        {
            if (at + RecordBatchHeader.Size > windowStart + windowLength)
            {
                windowLength = File.Read(window[..(int)Math.Min(window.Length, End - at)], at);
                windowStart = at;
            }

            var skip = (int)(at - windowStart);
            if (!RecordBatchHeader.TryParseStored(window[skip..windowLength], out var header) || !Fits(header, at) || header.BaseOffset <= last)
            {
                place = new BatchPlace(at, 0, last + 1, last + 1);
                return LocateResult.Damaged;
            }

            if (hinted && at == start && header.BaseOffset > offset) return LocateResult.Damaged;
            if (header.LastOffset >= offset)
            {
                place = new BatchPlace(at, header.SizeInBytes, header.BaseOffset, header.LastOffset, header.IsTransactional);
                return LocateResult.Found;
            }

            last = header.LastOffset;
            at += header.SizeInBytes;
        }

        return LocateResult.PastEnd;
    }

    private bool Fits(in RecordBatchHeader header, long at)
        => header.Magic >= 0 && header.HasPossibleLength
            && header.BatchLength <= End - at - RecordBatchHeader.LogOverhead && header.BaseOffset >= Segment.BaseOffset && header.LastOffsetDelta >= 0;
}
