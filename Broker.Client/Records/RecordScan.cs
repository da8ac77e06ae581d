namespace AkkaStream.Client.Records;

/// <summary>
/// What a quick walk over the uncompressed records of a batch finds out about all of them together: the part of a produce that costs for each
/// record, so it keeps nothing of any.
/// </summary>
internal readonly struct RecordScan
{
    private RecordScan(long minTimestamp, long maxTimestamp, bool lacksKeys)
    {
        MinTimestamp = minTimestamp;
        MaxTimestamp = maxTimestamp;
        LacksKeys = lacksKeys;
    }

    /// <summary>The least timestamp.</summary>
    public long MinTimestamp { get; }

    /// <summary>The largest timestamp.</summary>
    public long MaxTimestamp { get; }

    /// <summary>Some record has no key.</summary>
    public bool LacksKeys { get; }

    /// <summary>
    /// Walks over exactly <paramref name="records"/>. False where the bytes are not the announced records, or the walk cannot tell.
    /// </summary>
    public static bool TryScan(ReadOnlySpan<byte> records, in RecordBatchHeader header, out RecordScan scan)
    {
        scan = default;
        var at = 0;
        long least = long.MaxValue, most = long.MinValue;
        var keys = 0;
        for (var left = header.RecordCount; left > 0; left--)
        {
            if (!Varint.TryReadInt(records, ref at, out var length) || length <= 0 || length > records.Length - at) return false;
            var end = at + length;
            at++; // the record's attributes
            if (!Varint.TryReadLong(records, ref at, out var timestampDelta)) return false;
            if (!Varint.TryReadInt(records, ref at, out _)) return false;
            least = Math.Min(least, timestampDelta);
            most = Math.Max(most, timestampDelta);

            if (!Varint.TryReadInt(records, ref at, out var key)) return false;
            keys |= key; // negative as soon as one is
            if (key > 0 && (at += key) < 0) return false;
            if (!Varint.TryReadInt(records, ref at, out var value)) return false;
            if (value > 0 && (at += value) < 0) return false;
            if (!Varint.TryReadInt(records, ref at, out var headers) || at > end) return false;
            if (headers != 0 && !TryHeaders(records[..end], ref at, headers)) return false;
            if (at != end) return false;
        }

        if (at != records.Length || header.RecordCount <= 0) return false;
        scan = header.TimestampType == TimestampType.LogAppendTime
            ? new RecordScan(header.MaxTimestamp, header.MaxTimestamp, keys < 0)
            : Create(header.BaseTimestamp, least, most, keys < 0);
        return true;
    }

    private static bool TryHeaders(ReadOnlySpan<byte> body, ref int at, int count)
        => count > 0 && count <= body.Length - at && RecordHeaderReader.TrySkip(body, ref at, count);

    // Sums that overflow are left to the slower walk's answer, record by record: it sees two times that are out of any range.
    private static RecordScan Create(long baseTimestamp, long least, long most, bool lacksKeys)
    {
        long min = unchecked(baseTimestamp + least), max = unchecked(baseTimestamp + most);
        return min <= max ? new RecordScan(min, max, lacksKeys) : new RecordScan(long.MinValue, long.MaxValue, lacksKeys);
    }
}
