using System.Globalization;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>
/// Snapshots of the controller's log, as files beside it: <c>OFFSET-EPOCH.image</c>, where a file of Kafka's has the suffix <c>.checkpoint</c>, by which its log is told from ours. Each gets its name
/// when it is whole and durable. Reading is safe from any thread.
/// </summary>
/// <param name="disk">The disk.</param>
/// <param name="directory">The log's directory.</param>
internal sealed class SnapshotFiles(IDisk disk, string directory)
{
    public const string Suffix = ".image";

    // Whatever is there under such a name at a start is removed with the log's own drafts.
    private const string Saving = "saving.image.tmp";
    private const string Staging = "staging.image.tmp";

    /// <summary>Those that are there, by offset.</summary>
    public List<QuorumSnapshot> List()
    {
        var found = new List<QuorumSnapshot>();
        foreach (var entry in disk.List(directory))
        {
            if (!entry.IsDirectory && TryParse(entry.Name, out var end)) found.Add(new QuorumSnapshot(end, disk.LengthOf($"{directory}/{entry.Name}")));
        }

        found.Sort((a, b) => a.End.Offset.CompareTo(b.End.Offset));
        return found;
    }

    /// <summary>Whether every byte of it is as it was written.</summary>
    public bool IsWhole(QuorumSnapshot snapshot)
    {
        using var file = disk.Open(PathOf(snapshot.End), DiskAccess.Read);
        return IsWhole(file, snapshot);
    }

    /// <summary>Whole batches from a position on, the first one whatever its size; null where the snapshot is not there any more.</summary>
    /// <exception cref="IOException">The disk failed, or what stands there is damaged.</exception>
    public byte[]? Read(LogEnd end, long position, int maxBytes)
    {
        try
        {
            using var file = disk.Open(PathOf(end), DiskAccess.Read);
            var bytes = Piece(file, position, Math.Max(maxBytes, RecordBatchHeader.Size));
            if (RecordBatchHeader.TryParse(bytes, out var first) && first.SizeInBytes > bytes.Length && first.SizeInBytes <= Limits.QuorumBatchBytes) bytes = Piece(file, position, first.SizeInBytes);
            var whole = 0;
            var walker = new RecordBatchWalker(bytes);
            while (walker.MoveNext() && RecordBatchHeader.IsCrcValid(walker.Batch)) whole = walker.Position + walker.Header.SizeInBytes;
            if (whole == 0) throw new IOException($"{PathOf(end)} is damaged at byte {position}");
            return whole == bytes.Length ? bytes : bytes[..whole];
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes one, and returns when it is durable under its name.</summary>
    public QuorumSnapshot Write(LogEnd end, IEnumerable<ReadOnlyMemory<byte>> batches)
    {
        var draft = $"{directory}/{Saving}";
        var length = 0L;
        using (var file = disk.Open(draft, DiskAccess.Create))
        {
            if (file.Length > 0) file.SetLength(0);
            foreach (var batch in batches)
            {
                file.Write(batch.Span, length);
                length += batch.Length;
            }

            file.Flush();
        }

        Name(draft, end);
        return new QuorumSnapshot(end, length);
    }

    /// <summary>Puts a piece of one that comes from elsewhere where it belongs; at position 0 it begins anew.</summary>
    public void Stage(long position, ReadOnlySpan<byte> bytes)
    {
        using var file = disk.Open($"{directory}/{Staging}", DiskAccess.Create);
        if (file.Length > position) file.SetLength(position);
        file.Write(bytes, position);
    }

    /// <summary>Gives what came from elsewhere its name, durably. False: it is not whole.</summary>
    public bool TryName(QuorumSnapshot snapshot)
    {
        var draft = $"{directory}/{Staging}";
        using (var file = disk.Open(draft, DiskAccess.Write))
        {
            if (!IsWhole(file, snapshot)) return false;
            file.Flush();
        }

        Name(draft, snapshot.End);
        return true;
    }

    /// <summary>Removes all but these.</summary>
    public void RemoveOthers(IReadOnlyList<QuorumSnapshot> kept)
    {
        foreach (var other in List())
        {
            if (!kept.Any(k => k.End == other.End)) disk.Delete(PathOf(other.End));
        }
    }

    private static bool IsWhole(IDiskFile file, QuorumSnapshot snapshot)
    {
        if (file.Length != snapshot.Length) return false;
        using var scanner = new BatchScanner(file, 0, snapshot.Length, checksums: true);
        var (next, batches, isEnd) = (0L, 0, false);
        while (scanner.MoveNext())
        {
            var header = scanner.Header;
            if (header.BaseOffset != next || header.PartitionLeaderEpoch != snapshot.End.Epoch || (batches++ == 0 && !header.IsControl)) return false;
            next = header.NextOffset;
            isEnd = header.IsControl;
        }

        return scanner.End == ScanEnd.Complete && batches > 1 && isEnd;
    }

    private static byte[] Piece(IDiskFile file, long position, int maxBytes)
    {
        var bytes = new byte[Math.Clamp(file.Length - position, 0, maxBytes)];
        var got = file.Read(bytes, position);
        return got == bytes.Length ? bytes : bytes[..got];
    }

    private static bool TryParse(string name, out LogEnd end)
    {
        end = default;
        if (!name.EndsWith(Suffix, StringComparison.Ordinal) || name.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash)) return false;
        if (!long.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return false;
        if (!int.TryParse(name.AsSpan(dash + 1, name.Length - dash - 1 - Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)) return false;
        end = new LogEnd(epoch, offset);
        return true;
    }

    private void Name(string draft, LogEnd end)
    {
        disk.Rename(draft, PathOf(end));
        disk.SyncDirectory(directory);
    }

    private string PathOf(LogEnd end) => string.Create(CultureInfo.InvariantCulture, $"{directory}/{end.Offset:D20}-{end.Epoch:D10}{Suffix}");
}
