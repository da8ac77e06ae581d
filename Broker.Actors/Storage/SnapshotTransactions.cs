namespace AkkaStream.Actors.Storage;

/// <summary>
/// The transactions that a producers' snapshot says are open, held against the log. One of them may have ended behind the snapshot, and a cleaning may have taken its
/// records and then its marker: followed from the snapshot on, it would stay open for ever. No cleaning comes by an open one: its records are there.
/// </summary>
internal static class SnapshotTransactions
{
    /// <summary>
    /// Each open transaction begins at the first of its batches that is left below the snapshot, or is over where none is. What cannot be read is believed.
    /// </summary>
    /// <param name="producers">As the snapshot has them.</param>
    /// <param name="snapshot">The snapshot's offset.</param>
    /// <param name="segments">The log, oldest first.</param>
    public static void Confirm(ProducerStates producers, long snapshot, IReadOnlyList<LogSegment> segments)
    {
        var missing = new Dictionary<long, long>();
        foreach (var producer in producers.All)
        {
            if (producer.FirstOffsetOfTransaction >= 0 && !IsThere(producer, segments)) missing.Add(producer.ProducerId, producer.FirstOffsetOfTransaction);
        }

        if (missing.Count == 0 || FirstLeft(missing, snapshot, segments) is not { } left) return;
        foreach (var id in missing.Keys) producers.MoveTransaction(id, left.GetValueOrDefault(id, -1));
    }

    private static bool IsThere(in ProducerEntry producer, IReadOnlyList<LogSegment> segments)
    {
        var first = producer.FirstOffsetOfTransaction;
        var at = segments.Count - 1;
        while (at > 0 && segments[at].BaseOffset > first) at--;
        if (segments[at].BaseOffset > first || segments[at].Log.TryLease() is not { } file) return false;
        try
        {
            return new SegmentRange(segments[at], file, segments[at].Size).Locate(first, out var place) == LocateResult.Found && place.BaseOffset == first && place.IsTransactional;
        }
        finally
        {
            segments[at].Log.Dispose();
        }
    }

    // By producer; null where a batch or a segment on the way cannot be read.
    private static Dictionary<long, long>? FirstLeft(Dictionary<long, long> missing, long snapshot, IReadOnlyList<LogSegment> segments)
    {
        var left = new Dictionary<long, long>();
        var from = missing.Values.Min();
        for (var i = 0; i < segments.Count && segments[i].BaseOffset < snapshot; i++)
        {
            if (segments[i].Size == 0 || (i + 1 < segments.Count && segments[i + 1].BaseOffset <= from)) continue;
            if (!TryScan(segments[i], missing, snapshot, left)) return null;
        }

        return left;
    }

    private static bool TryScan(LogSegment segment, Dictionary<long, long> missing, long snapshot, Dictionary<long, long> left)
    {
        if (segment.Log.TryLease() is not { } file) return false;
        try
        {
            using var scanner = new BatchScanner(file, 0, segment.Size, checksums: false);
            while (scanner.MoveNext() && scanner.Header.BaseOffset < snapshot)
            {
                var header = scanner.Header;
                var isOne = header.IsTransactional && !header.IsControl && missing.TryGetValue(header.ProducerId, out var first) && header.BaseOffset >= first;
                if (isOne) left.TryAdd(header.ProducerId, header.BaseOffset);
            }

            return scanner.End is ScanEnd.None or ScanEnd.Complete;
        }
        finally
        {
            segment.Log.Dispose();
        }
    }
}
