using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>Search by timestamp inside one segment.</summary>
internal static class TimeSearch
{
    /// <summary>Largest timestamp of a segment; of a closed one from its time index, which its close completed.</summary>
    public static long MaxTimestamp(LogSegment segment)
    {
        if (segment.MaxTimestamp >= 0) return segment.MaxTimestamp;
        return segment.Times.TryLast(out var timestamp, out _) ? timestamp : RecordBatchHeader.NoTimestamp;
    }

    /// <summary>The first record from <paramref name="from"/> on whose timestamp is at least <paramref name="timestamp"/>.</summary>
    public static TimeLookup First(SegmentRange range, long timestamp, long from)
    {
        using var scanner = new BatchScanner(range.File, StartOf(range, timestamp), range.End, checksums: false);
        while (scanner.MoveNext())
        {
            if (scanner.Header.MaxTimestamp < timestamp || scanner.Header.LastOffset < from) continue;
            var found = InBatch(range, scanner, timestamp, from);
            if (found.Offset >= 0) return found;
        }

        return TimeLookup.Nothing;
    }

    // Everything up to an entry of the time index is at most as late as it says.
    private static long StartOf(SegmentRange range, long timestamp)
    {
        if (!range.Segment.Times.TryFloorKey(timestamp - 1, out _, out var relative)) return 0;
        return range.Locate(range.Segment.BaseOffset + relative, out var place) == LocateResult.Found ? place.Position : 0;
    }

    private static TimeLookup InBatch(SegmentRange range, BatchScanner scanner, long timestamp, long from)
    {
        var header = scanner.Header;
        if (scanner.Size > Limits.TimeLookupBatchBytes) return new TimeLookup(ErrorCode.None, Math.Max(header.BaseOffset, from), header.MaxTimestamp, -1);
        var batch = new byte[scanner.Size];
        if (range.File.Read(batch, scanner.Position) < batch.Length) return TimeLookup.Nothing;
        try
        {
            if (header.IsOldFormat) return InMessages(batch, timestamp, from);
            using var unfolded = new RecordUnfolding(header, batch);
            return InRecords(header, unfolded.Records, timestamp, from);
        }
        catch (CorruptRecordException)
        {
            // The answer need not be exact where the batch cannot be unfolded: its consumer will meet the damage.
            return new TimeLookup(ErrorCode.None, Math.Max(header.BaseOffset, from), header.MaxTimestamp, -1);
        }
    }

    private static TimeLookup InMessages(ReadOnlySpan<byte> entry, long timestamp, long from)
    {
        using var messages = new LegacyReader(entry);
        while (messages.MoveNext())
        {
            if (messages.Timestamp >= timestamp && messages.Offset >= from) return new TimeLookup(ErrorCode.None, messages.Offset, messages.Timestamp, -1);
        }

        return TimeLookup.Nothing;
    }

    private static TimeLookup InRecords(in RecordBatchHeader header, ReadOnlySpan<byte> bytes, long timestamp, long from)
    {
        var records = new RecordReader(header, bytes);
        while (records.MoveNext())
        {
            if (records.Timestamp >= timestamp && records.Offset >= from) return new TimeLookup(ErrorCode.None, records.Offset, records.Timestamp, -1);
        }

        return TimeLookup.Nothing;
    }
}
