namespace AkkaStream.Actors.Storage;

/// <summary>Finds in the log itself what a lost index of aborted transactions held.</summary>
internal static class TransactionHistory
{
    /// <summary>
    /// The aborted transactions whose markers lie in one segment of a view: from the newest producers' snapshot before it, or from the log's beginning, the
    /// headers are read up to its end. Null where a segment was removed meanwhile. Errors as of <see cref="IDisk"/>.
    /// </summary>
    public static List<AbortedTransaction>? AbortedIn(IDisk disk, string directory, LogView view, int at)
    {
        var target = view.Segments[at];
        var names = new HashSet<string>();
        foreach (var entry in disk.List(directory)) names.Add(entry.Name);
        var (entries, from) = ProducerRestore.Newest(disk, directory, names, target.BaseOffset, static _ => { });
        var producers = new ProducerStates();
        producers.Reset(entries, from);
        var found = new List<AbortedTransaction>();
        for (var i = 0; i <= at; i++)
        {
            var isLast = i == view.Segments.Length - 1;
            if ((isLast ? view.EndOffset : view.Segments[i + 1].BaseOffset) <= from) continue;
            if (!TryScan(view.Segments[i], isLast ? view.EndPosition : view.Segments[i].Size, from, producers, i == at ? found : null)) return null;
        }

        return found;
    }

    private static bool TryScan(LogSegment segment, long end, long from, ProducerStates producers, List<AbortedTransaction>? found)
    {
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
