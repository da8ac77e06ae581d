namespace AkkaStream.Actors.Storage;

/// <summary>Files that a crash left between two names: removed, or given their final name.</summary>
internal static class LogLeftovers
{
    /// <summary>Cleans a directory up; <paramref name="names"/> is what it holds, and afterwards what it holds still.</summary>
    public static void CleanUp(IDisk disk, string directory, HashSet<string> names, Action<string> report)
    {
        var unfinished = LowestCleaned(names);
        foreach (var name in names.ToArray())
        {
            if (name.EndsWith(LogFiles.Cleaned, StringComparison.Ordinal) || name.EndsWith(LogFiles.Deleted, StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal)) Remove(disk, directory, names, name);
        }

        foreach (var name in names.ToArray())
        {
            if (!LogFiles.TryParse(name, LogFiles.Log + LogFiles.Swap, out var offset)) continue;
            // A swap that stands at or behind an unfinished cleaning is part of it: the originals are still there.
            if (offset < unfinished) CompleteSwap(disk, directory, names, offset, report);
        }

        foreach (var name in names.ToArray())
        {
            if (name.EndsWith(LogFiles.Swap, StringComparison.Ordinal)) Remove(disk, directory, names, name);
        }
    }

    private static long LowestCleaned(HashSet<string> names)
    {
        var lowest = long.MaxValue;
        foreach (var name in names)
        {
            if (LogFiles.TryParse(name, LogFiles.Log + LogFiles.Cleaned, out var offset)) lowest = Math.Min(lowest, offset);
        }

        return lowest;
    }

    private static void CompleteSwap(IDisk disk, string directory, HashSet<string> names, long offset, Action<string> report)
    {
        var swap = LogFiles.Path(directory, offset, LogFiles.Log + LogFiles.Swap);
        var end = EndOf(disk, swap, offset);
        report($"the segment that a cleaning left as {Path.GetFileName(swap)} takes the place of offsets {offset} to {end - 1}");
        foreach (var name in names.ToArray())
        {
            foreach (var suffix in LogFiles.OfSegment)
            {
                if (LogFiles.TryParse(name, suffix, out var inside) && inside >= offset && inside < end) Remove(disk, directory, names, name);
            }
        }

        foreach (var suffix in LogFiles.OfSegment)
        {
            var from = LogFiles.Path(directory, offset, suffix + LogFiles.Swap);
            if (!names.Remove(Path.GetFileName(from))) continue;
            var to = LogFiles.Path(directory, offset, suffix);
            disk.Rename(from, to);
            names.Add(Path.GetFileName(to));
        }
    }

    private static long EndOf(IDisk disk, string path, long start)
    {
        using var file = disk.Open(path, DiskAccess.Read);
        using var scanner = new BatchScanner(file, 0, file.Length, checksums: false);
        var end = start + 1;
        while (scanner.MoveNext()) end = scanner.Header.NextOffset;
        return end;
    }

    private static void Remove(IDisk disk, string directory, HashSet<string> names, string name)
    {
        disk.Delete($"{directory}/{name}");
        names.Remove(name);
    }
}
