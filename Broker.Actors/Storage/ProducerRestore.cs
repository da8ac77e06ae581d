namespace AkkaStream.Actors.Storage;

/// <summary>Producers' snapshots at a start: which one is used, which ones go.</summary>
internal static class ProducerRestore
{
    /// <summary>
    /// The newest readable snapshot at or before an offset; none is an empty one at 0. One from before <paramref name="first"/>, where the first segment begins, is of no use:
    /// a transaction that was open then may have ended in a segment that is gone, and would stay open for ever.
    /// </summary>
    public static (IReadOnlyList<ProducerEntry> Entries, long Offset) Newest(IDisk disk, string directory, HashSet<string> names, long first, long limit, Action<string> report)
    {
        foreach (var offset in Offsets(names))
        {
            if (offset > limit) continue;
            if (offset < first) break;
            var bytes = disk.ReadAll(LogFiles.Path(directory, offset, LogFiles.Snapshot));
            if (ProducerSnapshot.Decode(bytes) is { } entries) return (entries, offset);
            report($"the producers' snapshot at offset {offset} is damaged: the one before it and the log behind that are used");
            disk.Delete(LogFiles.Path(directory, offset, LogFiles.Snapshot));
            names.Remove(Path.GetFileName(LogFiles.Path(directory, offset, LogFiles.Snapshot)));
        }

        return ([], 0);
    }

    /// <summary>Whether the snapshot at an offset is there and, by its length alone, knows no producer. For a log that was closed in order.</summary>
    public static bool IsEmptyAt(IDisk disk, string directory, HashSet<string> names, long offset)
    {
        var path = LogFiles.Path(directory, offset, LogFiles.Snapshot);
        return names.Contains(Path.GetFileName(path)) && disk.LengthOf(path) == ProducerSnapshot.HeaderSize && Offsets(names)[0] == offset;
    }

    /// <summary>Removes snapshots beyond the log's end and those where no segment starts, the newest excepted.</summary>
    public static void RemoveStale(IDisk disk, string directory, HashSet<string> names, List<LogSegment> segments, long end, Action<string> report)
    {
        var newest = true;
        var anyBeyond = false;
        foreach (var offset in Offsets(names))
        {
            var isBeyond = offset > end;
            var keep = !isBeyond && (newest || segments.Exists(segment => segment.BaseOffset == offset));
            if (!isBeyond) newest = false;
            if (keep) continue;
            disk.Delete(LogFiles.Path(directory, offset, LogFiles.Snapshot));
            anyBeyond |= isBeyond;
            if (isBeyond) report($"the producers' snapshot at offset {offset} lies beyond the end of the log and is removed");
        }

        // A power loss must not bring it back once other records stand there.
        if (anyBeyond) disk.SyncDirectory(directory);
    }

    /// <summary>Removes the snapshots of what was cut off: what is appended there next is something else.</summary>
    public static void RemoveBeyond(IDisk disk, string directory, long end)
    {
        foreach (var entry in disk.List(directory))
        {
            if (LogFiles.TryParse(entry.Name, LogFiles.Snapshot, out var offset) && offset > end) disk.Delete(LogFiles.Path(directory, offset, LogFiles.Snapshot));
        }
    }

    /// <summary>Removes every snapshot: the log starts over.</summary>
    public static void RemoveAll(IDisk disk, string directory, HashSet<string> names) => RemoveBeyond(disk, directory, names, -1);

    /// <summary>Removes the snapshots beyond an offset: they know what is not in the log.</summary>
    public static void RemoveBeyond(IDisk disk, string directory, HashSet<string> names, long end)
    {
        foreach (var offset in Offsets(names))
        {
            if (offset <= end) break;
            disk.Delete(LogFiles.Path(directory, offset, LogFiles.Snapshot));
            names.Remove(Path.GetFileName(LogFiles.Path(directory, offset, LogFiles.Snapshot)));
        }

        disk.SyncDirectory(directory);
    }

    private static List<long> Offsets(HashSet<string> names)
    {
        var offsets = new List<long>();
        foreach (var name in names)
        {
            if (LogFiles.TryParse(name, LogFiles.Snapshot, out var offset)) offsets.Add(offset);
        }

        offsets.Sort((a, b) => b.CompareTo(a));
        return offsets;
    }
}
