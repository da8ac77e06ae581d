namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// The cleaner's file in one log directory, in Kafka's form: for each compacted partition the offset below which it is clean. For one owner.
/// </summary>
internal sealed class CleanerCheckpoint
{
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly Dictionary<PartitionName, long> _offsets;

    private CleanerCheckpoint(IDisk disk, string path, Dictionary<PartitionName, long> offsets)
    {
        _disk = disk;
        _path = path;
        _offsets = offsets;
    }

    /// <summary>Reads the file of a log directory. A damaged one is set aside, and said: every log then counts as dirty from its start. May throw as <see cref="IDisk"/>.</summary>
    public static CleanerCheckpoint Open(IDisk disk, string directory, Action<string>? report)
    {
        var path = $"{directory}/{OffsetCheckpoint.Cleaner}";
        if (disk.TryReadAll(path) is not { } bytes) return new CleanerCheckpoint(disk, path, []);
        if (OffsetCheckpoint.TryDecode(bytes, out var offsets)) return new CleanerCheckpoint(disk, path, offsets);
        report?.Invoke($"{path} is damaged: it is set aside as {OffsetCheckpoint.Cleaner}.damaged, and compacted logs are cleaned from their start");
        disk.Rename(path, path + ".damaged");
        return new CleanerCheckpoint(disk, path, []);
    }

    /// <summary>The offset below which a partition is clean; -1 where it was never cleaned.</summary>
    public long Of(PartitionName partition) => _offsets.GetValueOrDefault(partition, -1);

    /// <summary>A partition is clean up to an offset: durable when this returns. May throw as <see cref="IDisk"/>; it counts in memory then.</summary>
    public void Set(PartitionName partition, long offset)
    {
        _offsets[partition] = offset;
        Store();
    }

    /// <summary>Forgets a partition. May throw as <see cref="IDisk"/>.</summary>
    public void Remove(PartitionName partition)
    {
        if (_offsets.Remove(partition)) Store();
    }

    private void Store() => _disk.ReplaceAll(_path, OffsetCheckpoint.Encode(_offsets), durable: true);
}
