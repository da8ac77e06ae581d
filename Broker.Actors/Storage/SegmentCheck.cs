using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>What a look at the checksums of a range of a segment found.</summary>
/// <param name="GoodEnd">Position behind the last good batch.</param>
/// <param name="NextOffset">Offset behind it.</param>
/// <param name="Damage">What stands there instead of a batch, or null where the range is good (a batch that it cuts off is left out).</param>
internal readonly record struct CheckResult(long GoodEnd, long NextOffset, BatchPlace? Damage);

/// <summary>Compares batches of a segment with their checksums, and their offsets with their neighbours and the index.</summary>
internal static class SegmentCheck
{
    /// <summary>Looks at every whole batch of a range.</summary>
    /// <param name="range">The segment.</param>
    /// <param name="start">Where a batch begins.</param>
    /// <param name="end">Where to stop; a batch that goes on behind it is not looked at.</param>
    /// <param name="offset">The offset expected there: batches before it are damage, a later one is a gap, which compaction leaves.</param>
    /// <param name="limit">All offsets are below this: the next segment's.</param>
    public static CheckResult Run(SegmentRange range, long start, long end, long offset, long limit)
    {
        using var scanner = new BatchScanner(range.File, start, end, checksums: true);
        scanner.StartAfter(offset - 1);
        var good = start;
        while (scanner.MoveNext())
        {
            var header = scanner.Header;
            var strange = header.Magic > RecordBatchHeader.CurrentMagic || header.NextOffset > limit || (header.BaseOffset > offset && IsMisplaced(range, scanner.Position, header));
            if (strange) return Damaged(scanner, good, offset);
            offset = header.NextOffset;
            good = scanner.Position + scanner.Size;
        }

        return scanner.End == ScanEnd.Corrupt ? Damaged(scanner, good, offset) : new CheckResult(good, offset, null);
    }

    /// <summary>
    /// The next batch behind damage that checks, found by the damaged one's own length or by the index; null where neither leads to one.
    /// </summary>
    public static BatchPlace? Behind(SegmentRange range, BatchPlace damage, long limit)
    {
        if (damage.Size > 0 && IsGood(range, damage.Position + damage.Size, damage.BaseOffset, limit) is { } next) return next;
        var index = range.Segment.Offsets;
        for (var at = damage.Position; index.TryAfterValue(at, out _, out var position); at = position)
        {
            if (position < range.End && IsGood(range, position, damage.BaseOffset, limit) is { } indexed) return indexed;
        }

        return null;
    }

    private static BatchPlace? IsGood(SegmentRange range, long position, long after, long limit)
    {
        Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
        if (position >= range.End || !RecordBatchHeader.TryParseStored(head[..range.File.Read(head, position)], out var header) || !header.HasPossibleLength) return null;
        var end = Math.Min(position + header.SizeInBytes, range.End);
        var found = Run(range, position, end, Math.Max(after, header.BaseOffset), limit);
        return found.Damage is null && found.GoodEnd > position ? new BatchPlace(position, header.SizeInBytes, header.BaseOffset, header.LastOffset) : null;
    }

    // The checksum does not cover a batch's offset. Behind a gap, which compaction leaves, the index has a second copy of it, and the batch that follows is a bound.
    private static bool IsMisplaced(SegmentRange range, long position, in RecordBatchHeader header)
    {
        if (range.Segment.Offsets.TryFloorValue(position, out var key, out var value) && value == position && key != header.LastOffset - range.Segment.BaseOffset) return true;
        var next = position + header.SizeInBytes;
        if (next >= range.End) return false;
        Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
        return RecordBatchHeader.TryParseStored(head[..range.File.Read(head, next)], out var following) && following.HasPossibleLength && following.BaseOffset <= header.LastOffset;
    }

    private static CheckResult Damaged(BatchScanner scanner, long good, long offset)
    {
        var header = scanner.Header;
        var fits = header.HasPossibleLength && header.Magic >= 0;
        return new CheckResult(good, offset, new BatchPlace(good, fits ? header.SizeInBytes : 0, offset, fits && header.LastOffset >= offset ? header.LastOffset : offset));
    }
}
