namespace AkkaStream.Actors.Storage;

/// <summary>Follows producers through the log itself, where what a file said of them is lost or does not hold any more.</summary>
internal static class TransactionHistory
{
    /// <summary>
    /// The aborted transactions whose markers lie in one segment of a view: from the newest producers' snapshot before it, or from the log's beginning, the
    /// headers are read up to its end. Null where a segment was removed meanwhile. Errors as of <see cref="IDisk"/>.
    /// </summary>
    public static List<AbortedTransaction>? AbortedIn(IDisk disk, string directory, LogView view, int at)
    {
        var found = new List<AbortedTransaction>();
        return TryReplay(disk, directory, view, at, view.Segments[at].BaseOffset, new ProducerStates(), found) ? found : null;
    }

    /// <summary>
    /// Brings producers to what they were at the end of a view: from the newest snapshot there. False where a segment was removed meanwhile.
    /// </summary>
    public static bool TryReplayAll(IDisk disk, string directory, LogView view, ProducerStates producers)
        => TryReplay(disk, directory, view, view.Segments.Length - 1, view.EndOffset, producers, null);

    private static bool TryReplay(IDisk disk, string directory, LogView view, int at, long newest, ProducerStates producers, List<AbortedTransaction>? found)
    {
        var names = new HashSet<string>();
        foreach (var entry in disk.List(directory)) names.Add(entry.Name);
        var (entries, from) = ProducerRestore.Newest(disk, directory, names, view.Segments[0].BaseOffset, newest, static _ => { });
        producers.Reset(entries, from);
        SnapshotTransactions.Confirm(producers, from, view.Segments);
        for (var i = 0; i <= at; i++)
        {
            var isLast = i == view.Segments.Length - 1;
            if ((isLast ? view.EndOffset : view.Segments[i + 1].BaseOffset) <= from) continue;
            if (!TryScan(view.Segments[i], isLast ? view.EndPosition : view.Segments[i].Size, from, producers, i == at ? found : null)) return false;
        }

        return true;
    }

    private static bool TryScan(LogSegment segment, long end, long from, ProducerStates producers, List<AbortedTransaction>? found)
    {
        if (end == 0) return true;
        if (segment.Log.TryLease() is not { } file) return false;
        try
        {
            using var scanner = new BatchScanner(file, 0, end, checksums: false);
            while (scanner.MoveNext())
            {
                if (scanner.Header.BaseOffset < from) continue;
                if (producers.Apply(scanner.Header, scanner.ReadMarker(), out var ended) && ended.IsAborted) found?.Add(ended.Aborted);
                producers.Keep();
            }

            return true;
        }
        finally
        {
            segment.Log.Dispose();
        }
    }
}
