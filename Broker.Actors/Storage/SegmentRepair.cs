using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>Bytes of a segment that are no good batch.</summary>
/// <param name="File">The segment's file.</param>
/// <param name="Position">Where they begin.</param>
/// <param name="Bytes">How many they are.</param>
/// <param name="FirstOffset">The first offset that may be missing.</param>
/// <param name="NextOffset">The offset of the next good batch; -1 where none follows in the file.</param>
public sealed record LogDamage(string File, long Position, long Bytes, long FirstOffset, long NextOffset);

/// <summary>
/// Finds damage in the segments of a partition's directory, and cuts it out: the good batches stay as they are, the offsets between them are gone, the
/// bytes that were cut are kept in a file beside. For a directory that no broker has open. Errors as of <see cref="IDisk"/>.
/// </summary>
public sealed class SegmentRepair(IDisk disk, string directory)
{
    private const int Window = 1 << 20;

    /// <summary>Whether the broker that had the log directory stopped in an orderly way and none was started since.</summary>
    public bool IsReleased => disk.LengthOf($"{Path.GetDirectoryName(directory)}/{CleanShutdownMarker.FileName}") >= 0;

    /// <summary>Files with a segment's name that are none, as <see cref="Check"/> found them: a start of the broker sets them aside.</summary>
    public IReadOnlyList<string> Strays { get; private set; } = [];

    /// <summary>Reads every segment whole; tells the damaged places, oldest first.</summary>
    public List<LogDamage> Check()
    {
        var damages = new List<LogDamage>();
        var bases = WithoutStrays(Bases());
        for (var i = 0; i < bases.Count; i++)
        {
            var limit = i + 1 < bases.Count ? bases[i + 1] : long.MaxValue;
            using var file = disk.Open(PathOf(bases[i]), DiskAccess.Read);
            Find(file, bases[i], limit, damages);
        }

        return damages;
    }

    /// <summary>Cuts damaged places out. A crash leaves the segment as it was or repaired.</summary>
    /// <param name="damages">What <see cref="Check"/> found.</param>
    public void Cut(IReadOnlyList<LogDamage> damages)
    {
        foreach (var segment in damages.GroupBy(damage => damage.File)) Cut(segment.Key, [.. segment]);
        disk.SyncDirectory(directory);
    }

    private List<long> Bases()
    {
        var bases = new List<long>();
        foreach (var entry in disk.List(directory))
        {
            if (LogFiles.TryParse(entry.Name, LogFiles.Log, out var offset)) bases.Add(offset);
        }

        bases.Sort();
        return bases;
    }

    // What another segment goes on behind does not bound it.
    private List<long> WithoutStrays(List<long> bases)
    {
        var (kept, strays) = (new List<long>(), new List<string>());
        foreach (var offset in bases)
        {
            if (kept.Count > 0 && IsStray(offset, kept[^1])) strays.Add(PathOf(offset));
            else kept.Add(offset);
        }

        Strays = strays;
        return kept;
    }

    private bool IsStray(long offset, long before)
    {
        using var file = disk.Open(PathOf(offset), DiskAccess.Read);
        if (LogLoader.BeginsAsNamed(file, offset)) return false;
        using var previous = disk.Open(PathOf(before), DiskAccess.Read);
        using var scanner = new BatchScanner(previous, 0, previous.Length, checksums: false);
        while (scanner.MoveNext())
        {
            if (scanner.Header.LastOffset >= offset) return true;
        }

        return false;
    }

    private string PathOf(long baseOffset) => LogFiles.Path(directory, baseOffset, LogFiles.Log);

    private void Find(IDiskFile file, long baseOffset, long limit, List<LogDamage> damages)
    {
        var length = file.Length;
        var offset = baseOffset;
        for (var at = 0L; at < length;)
        {
            using var scanner = new BatchScanner(file, at, length, checksums: true);
            scanner.StartAfter(offset - 1);
            while (scanner.MoveNext() && scanner.Header.Magic <= RecordBatchHeader.CurrentMagic && scanner.Header.NextOffset <= limit)
            {
                offset = scanner.Header.NextOffset;
                at = scanner.Position + scanner.Size;
            }

            if (at >= length || (limit == long.MaxValue && IsZero(file, at, length))) return;
            var next = Next(file, at + 1, length, offset, limit, out var nextOffset);
            damages.Add(new LogDamage(PathOf(baseOffset), at, next - at, offset, nextOffset));
            at = next;
        }
    }

    // The next place where a whole good batch stands: every byte may be its first.
    private static long Next(IDiskFile file, long from, long length, long offset, long limit, out long nextOffset)
    {
        var buffer = new byte[Window + RecordBatchHeader.Size];
        for (var start = from; start < length; start += Window)
        {
            var got = file.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - start)), start);
            for (var i = 0; i < Math.Min(got, Window); i++)
            {
                if (!RecordBatchHeader.TryParseStored(buffer.AsSpan(i, got - i), out var header)) break;
                var possible = header.Magic is >= 0 and <= RecordBatchHeader.CurrentMagic && header.HasPossibleLength && header.BaseOffset >= offset
                    && header.LastOffsetDelta >= 0 && header.NextOffset <= limit && header.SizeInBytes <= length - start - i;
                if (!possible || !IsGood(file, start + i, header.SizeInBytes)) continue;
                nextOffset = header.BaseOffset;
                return start + i;
            }
        }

        nextOffset = -1;
        return length;
    }

    private static bool IsGood(IDiskFile file, long position, int size)
    {
        using var scanner = new BatchScanner(file, position, position + size, checksums: true);
        return scanner.MoveNext();
    }

    private static bool IsZero(IDiskFile file, long at, long length)
    {
        var buffer = new byte[Math.Min(Window, length - at)];
        while (at < length)
        {
            var got = file.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
            if (got == 0 || buffer.AsSpan(0, got).ContainsAnyExcept((byte)0)) return false;
            at += got;
        }

        return true;
    }

    private void Cut(string path, LogDamage[] damages)
    {
        var draft = path + ".tmp";
        disk.Delete(draft);
        using (var file = disk.Open(path, DiskAccess.Read))
        using (var good = disk.Open(draft, DiskAccess.Create))
        {
            var written = 0L;
            var at = 0L;
            foreach (var damage in damages)
            {
                written = Copy(file, at, damage.Position, good, written);
                using var aside = disk.Open($"{path}.{damage.Position}.cut", DiskAccess.Create);
                Copy(file, damage.Position, damage.Position + damage.Bytes, aside, 0);
                aside.Flush();
                at = damage.Position + damage.Bytes;
            }

            Copy(file, at, file.Length, good, written);
            good.Flush();
        }

        // Positions have moved: a start makes the indexes anew. They go first, so that a crash leaves no index beside bytes that it does not belong to.
        disk.Delete(Path.ChangeExtension(path, LogFiles.Index));
        disk.Delete(Path.ChangeExtension(path, LogFiles.TimeIndex));
        disk.SyncDirectory(directory);
        disk.Rename(draft, path);
    }

    private static long Copy(IDiskFile from, long start, long end, IDiskFile to, long at)
    {
        var buffer = new byte[Math.Clamp(end - start, 1, Window)];
        while (start < end)
        {
            var got = from.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - start)), start);
            if (got == 0) break;
            to.Write(buffer.AsSpan(0, got), at);
            start += got;
            at += got;
        }

        return at;
    }
}
