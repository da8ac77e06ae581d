using System.Collections.Concurrent;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// One directory of <c>log.dirs</c>: its checkpoint files, its identity, and the partition directories in it. For one owner, except that partitions may be opened in parallel.
/// </summary>
public sealed class LogDirectory
{
    private readonly IDisk _disk;
    private readonly Action<string>? _report;
    private Dictionary<PartitionName, long> _recoveryPoints = [];
    private Dictionary<PartitionName, long> _highWatermarks = [];
    private Dictionary<PartitionName, long> _startOffsets = [];
    private readonly ConcurrentQueue<string> _doomed = [];

    private LogDirectory(IDisk disk, string path, Action<string>? report)
    {
        _disk = disk;
        _report = report;
        Path = path;
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>What <c>meta.properties</c> says; null in a directory that was never used.</summary>
    public MetaProperties? Identity { get; private set; }

    /// <summary>The broker that used it last stopped in an orderly way. The marker is gone once the directory is open.</summary>
    public bool WasCleanlyShutDown { get; private set; }

    /// <summary>Partitions that have a directory here, with the directory's name.</summary>
    public IReadOnlyList<PartitionName> Partitions { get; private set; } = [];

    /// <summary>Opens the directory, which is made where it is not there. Damaged checkpoint files are set aside, and said.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read or written.</exception>
    public static LogDirectory Open(IDisk disk, string path, Action<string>? report)
    {
        var opened = new LogDirectory(disk, path, report);
        disk.CreateDirectory(path);
        opened.Load();
        return opened;
    }

    /// <summary>Writes whose directory this is: at the first start.</summary>
    public void Claim(MetaProperties identity)
    {
        _disk.ReplaceAll(File(MetaProperties.FileName), identity.Encode(), durable: true);
        Identity = identity;
    }

    /// <summary>
    /// Opens one partition's log with what the checkpoints say of it, or makes it. Several threads may open different partitions.
    /// Errors as of <see cref="PartitionLog.Open"/>.
    /// </summary>
    public PartitionLog OpenPartition(PartitionName partition, LogConfig config, Guid topicId, long nowMs) => PartitionLog.Open(new LogOpening
    {
        Disk = _disk,
        Directory = File(partition.ToString()),
        Config = config,
        TopicId = topicId,
        WasCleanlyShutDown = WasCleanlyShutDown,
        RecoveryPoint = _recoveryPoints.GetValueOrDefault(partition),
        HighWatermark = _highWatermarks.GetValueOrDefault(partition),
        StartOffset = _startOffsets.GetValueOrDefault(partition, -1),
        NowMs = nowMs,
        Report = _report,
    });

    /// <summary>The topic id in a partition's directory without opening its log; empty where there is none.</summary>
    public Guid TopicIdOf(PartitionName partition)
        => _disk.TryReadAll($"{File(partition.ToString())}/{LogFiles.Metadata}") is { } bytes && PartitionMetadataFile.TryDecode(bytes, out var id) ? id : Guid.Empty;

    /// <summary>
    /// Removes a partition: its directory is renamed at once, so that a topic of the same name can be made, and removed by <see cref="RemoveDoomed"/>.
    /// Nothing may write to the log any more. From any thread.
    /// </summary>
    public ErrorCode Remove(PartitionName partition, Guid unique)
    {
        var mark = $".{unique:n}{PartitionName.DeleteSuffix}";
        var name = partition.ToString();
        // The longest topic name leaves no room for the mark.
        var doomed = File(name[..Math.Min(name.Length, Limits.FileNameLength - mark.Length)] + mark);
        return Try($"{partition} cannot be removed", () =>
        {
            if (!_disk.DirectoryExists(File(partition.ToString()))) return;
            _disk.Rename(File(partition.ToString()), doomed);
            _doomed.Enqueue(doomed);
        });
    }

    /// <summary>Removes the directories of removed partitions. Reads of them that are on the way end well. From any thread.</summary>
    public ErrorCode RemoveDoomed() => Try("directories of removed partitions cannot be removed", () =>
    {
        // What cannot be removed now is found again by the next start.
        while (_doomed.TryDequeue(out var doomed)) _disk.DeleteDirectory(doomed);
    });

    /// <summary>Writes the checkpoint files from what the logs say. Readers of them may be other brokers' tools: the form is Kafka's.</summary>
    public ErrorCode WriteCheckpoints(IReadOnlyCollection<KeyValuePair<PartitionName, PartitionLog>> logs)
    {
        var recovery = new Dictionary<PartitionName, long>(logs.Count);
        var watermarks = new Dictionary<PartitionName, long>(logs.Count);
        var starts = new Dictionary<PartitionName, long>();
        foreach (var (partition, log) in logs)
        {
            recovery[partition] = log.RecoveryPoint;
            var view = log.View;
            watermarks[partition] = view.HighWatermark;
            if (view.StartOffset > view.Segments[0].BaseOffset) starts[partition] = view.StartOffset;
        }

        return Try("checkpoints cannot be written", () =>
        {
            Write(OffsetCheckpoint.RecoveryPoint, ref _recoveryPoints, recovery);
            Write(OffsetCheckpoint.HighWatermark, ref _highWatermarks, watermarks);
            Write(OffsetCheckpoint.StartOffset, ref _startOffsets, starts);
        });
    }

    /// <summary>Marks an orderly stop: after every log was closed without an error and <see cref="WriteCheckpoints"/> succeeded.</summary>
    public ErrorCode MarkCleanShutdown(long brokerEpoch) => Try("the clean shutdown cannot be marked",
        () => _disk.ReplaceAll(File(CleanShutdownMarker.FileName), CleanShutdownMarker.Encode(brokerEpoch), durable: true));

    /// <summary>Bytes of the volume; null where the disk does not say.</summary>
    public DiskSpace? Space
    {
        get
        {
            DiskSpace? space = null;
            Try("the volume's size is not known", () => space = _disk.SpaceOf(Path));
            return space;
        }
    }

    private void Load()
    {
        Identity = _disk.TryReadAll(File(MetaProperties.FileName)) is { } meta ? MetaProperties.Decode(meta) : null;
        WasCleanlyShutDown = _disk.LengthOf(File(CleanShutdownMarker.FileName)) >= 0;
        var recoveryIsKnown = TryRead(OffsetCheckpoint.RecoveryPoint, out _recoveryPoints);
        TryRead(OffsetCheckpoint.HighWatermark, out _highWatermarks);
        TryRead(OffsetCheckpoint.StartOffset, out _startOffsets);
        // Without recovery points an orderly stop proves nothing about which segments were meant.
        if (!recoveryIsKnown) WasCleanlyShutDown = false;
        _disk.Delete(File(CleanShutdownMarker.FileName));
        FindPartitions();
    }

    private void FindPartitions()
    {
        var found = new List<PartitionName>();
        foreach (var entry in _disk.List(Path))
        {
            if (!entry.IsDirectory) continue;
            if (entry.Name.EndsWith(PartitionName.DeleteSuffix, StringComparison.Ordinal)) _doomed.Enqueue(File(entry.Name));
            else if (PartitionName.TryParse(entry.Name, out var partition)) found.Add(partition);
        }

        Partitions = found;
    }

    // False where the file is damaged; a missing one says nothing, which is no damage.
    private bool TryRead(string name, out Dictionary<PartitionName, long> offsets)
    {
        offsets = [];
        if (_disk.TryReadAll(File(name)) is not { } bytes || OffsetCheckpoint.TryDecode(bytes, out offsets)) return true;
        _report?.Invoke($"{File(name)} is damaged: it is set aside as {name}.damaged, and what it said is found in the logs");
        _disk.Rename(File(name), File(name + ".damaged"));
        return false;
    }

    private void Write(string name, ref Dictionary<PartitionName, long> known, Dictionary<PartitionName, long> now)
    {
        if (known.Count == now.Count && IsSame(known, now) && _disk.LengthOf(File(name)) >= 0) return;
        _disk.ReplaceAll(File(name), OffsetCheckpoint.Encode(now), durable: true);
        known = now;
    }

    private static bool IsSame(Dictionary<PartitionName, long> known, Dictionary<PartitionName, long> now)
    {
        foreach (var (partition, offset) in now)
        {
            if (!known.TryGetValue(partition, out var before) || before != offset) return false;
        }

        return true;
    }

    private ErrorCode Try(string failure, Action work)
    {
        try
        {
            work();
            return ErrorCode.None;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            _report?.Invoke($"{Path}: {failure}: {error.Message}");
            return ErrorCode.KafkaStorageError;
        }
    }

    private string File(string name) => $"{Path}/{name}";
}
