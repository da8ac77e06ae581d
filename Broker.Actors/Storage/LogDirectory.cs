using System.Collections.Concurrent;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

/// <summary>A copy of a partition that is being moved here.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Name">The name of its directory.</param>
public sealed record FutureReplica(PartitionName Partition, string Name);

/// <summary>
/// One directory of <c>log.dirs</c>: its checkpoint files, its identity, and the partition directories in it. For one owner, except that partitions may be opened in parallel.
/// A disk error other than a lack of room takes it offline for good: nothing in it is touched any more until the next start, and the other directories go on.
/// </summary>
public sealed class LogDirectory
{
    private readonly DirectoryDisk _disk;
    private readonly IDisk _probe;
    private readonly Action<string>? _report;
    private readonly Action<LogDirectory>? _wentOffline;
    private string? _offline;
    private bool _isCordoned;
    private int _lacksRoom;
    private int _successes;
    private HashSet<PartitionName> _partitions = [];
    private readonly OffsetTable _recoveryPoints = new(OffsetCheckpoint.RecoveryPoint);
    private readonly OffsetTable _highWatermarks = new(OffsetCheckpoint.HighWatermark);
    private readonly OffsetTable _startOffsets = new(OffsetCheckpoint.StartOffset);
    private ClosedLogTable _closed = ClosedLogTable.Empty;
    private readonly Lock _tables = new();
    private readonly Lock _writing = new();
    private readonly ConcurrentQueue<string> _doomed = [];

    private LogDirectory(IDisk disk, string path, Action<string>? report, Action<LogDirectory>? wentOffline)
    {
        _probe = disk;
        _disk = new DirectoryDisk(disk, Judge, Worked);
        // What fails because the directory is offline need not be told for each of thousands of partitions.
        if (report is not null) _report = sentence => { if (!IsOffline) report(sentence); };
        _wentOffline = wentOffline;
        Path = path;
    }

    /// <summary>Whether the disk failed: nothing in the directory can be read or written until the next start. From any thread.</summary>
    public bool IsOffline => Volatile.Read(ref _offline) is not null;

    /// <summary>What the disk said when it failed; null while all is well.</summary>
    public string? Failure => Volatile.Read(ref _offline);

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>The disk as this directory uses it: what fails there is judged, and may take the directory offline.</summary>
    internal IDisk Disk => _disk;

    /// <summary>Whether writes failed for lack of room (or of quota, or of descriptors) and did not work again since. From any thread.</summary>
    public bool LacksRoom => Volatile.Read(ref _lacksRoom) != 0;

    /// <summary>Whether no new partition is to be placed here: <c>cordoned.log.dirs</c>. From any thread.</summary>
    public bool IsCordoned
    {
        get => Volatile.Read(ref _isCordoned);
        internal set => Volatile.Write(ref _isCordoned, value);
    }

    /// <summary>Whether so many bytes, at most a twentieth of the volume, are free; true where the disk does not say. From any thread.</summary>
    public bool HasRoom(long bytes) => Space is not { } space || space.Free >= Math.Min(bytes, space.Total / 20);

    /// <summary>What <c>meta.properties</c> says; null in a directory that was never used.</summary>
    public MetaProperties? Identity { get; private set; }

    /// <summary><c>meta.properties</c> is there and does not say whose directory this is.</summary>
    public bool IsIdentityDamaged { get; private set; }

    /// <summary>The broker that used it last stopped in an orderly way. The marker is gone once the directory is open.</summary>
    public bool WasCleanlyShutDown { get; private set; }

    /// <summary>The broker's registration at that stop; -1 where there was none, or it was before registrations.</summary>
    public long CleanShutdownEpoch { get; private set; } = -1;

    /// <summary>Partitions that had a directory here at the start and were not removed since.</summary>
    public IReadOnlySet<PartitionName> Partitions => _partitions;

    /// <summary>
    /// Looks at a directory, which is made where it is not there, and reads whose it is; nothing in it is changed before <see cref="Load"/>. Where the disk fails,
    /// what comes back is offline.
    /// </summary>
    /// <param name="disk">The disk.</param>
    /// <param name="path">The directory.</param>
    /// <param name="report">Is told, in a sentence, what was found damaged and what was done about it.</param>
    /// <param name="wentOffline">Is told, once and from any thread, when the directory goes offline. Must be quick.</param>
    public static LogDirectory Look(IDisk disk, string path, Action<string>? report, Action<LogDirectory>? wentOffline = null)
    {
        var found = new LogDirectory(disk, path, report, wentOffline);
        found.TryAtStart(() =>
        {
            if (!found._disk.DirectoryExists(path)) found.Create();
            if (found._disk.TryReadAll(found.File(MetaProperties.FileName)) is not { } meta) return;
            found.Identity = MetaProperties.Decode(meta);
            found.IsIdentityDamaged = found.Identity is null;
        });
        return found;
    }

    /// <summary>As <see cref="Look"/>, and loads it.</summary>
    public static LogDirectory Open(IDisk disk, string path, Action<string>? report)
    {
        var opened = Look(disk, path, report);
        opened.Load();
        return opened;
    }

    /// <summary>
    /// Takes the directory into use: reads its checkpoints (damaged ones are set aside, and said), finds its partitions, and removes the marker of an orderly stop.
    /// Where the disk fails, the directory is offline afterwards.
    /// </summary>
    public void Load() => TryAtStart(() =>
    {
        WasCleanlyShutDown = _disk.LengthOf(File(CleanShutdownMarker.FileName)) >= 0;
        var recoveryIsKnown = TryRead(_recoveryPoints);
        TryRead(_highWatermarks);
        TryRead(_startOffsets);
        // Without recovery points an orderly stop proves nothing about which segments were meant.
        if (!recoveryIsKnown) WasCleanlyShutDown = false;
        if (WasCleanlyShutDown) CleanShutdownEpoch = CleanShutdownMarker.Parse(_disk.ReadAll(File(CleanShutdownMarker.FileName)));
        if (WasCleanlyShutDown) _closed = ReadClosed();
        _disk.Delete(File(CleanShutdownMarker.FileName));
        FindPartitions();
    });

    /// <summary>An empty log in memory, in the place of one that cannot be opened: whoever looks at it before asking whether it is offline finds nothing.</summary>
    public PartitionLog StandIn(PartitionName partition)
    {
        var nowhere = new Memory.MemoryDisk();
        nowhere.CreateDirectory(Path);
        return PartitionLog.Open(new LogOpening { Disk = nowhere, Directory = File(partition.ToString()) });
    }

    /// <summary>Writes whose directory this is: at the first start. Where that fails, the directory is offline.</summary>
    public void Claim(MetaProperties identity) => TryAtStart(() =>
    {
        _disk.ReplaceAll(File(MetaProperties.FileName), identity.Encode(), durable: true);
        Identity = identity;
    });

    /// <summary>Takes back what <see cref="Claim"/> wrote: the directory is as one that was never used.</summary>
    public void Disclaim() => Try("its first use cannot be taken back", () => _disk.Delete(File(MetaProperties.FileName)));

    /// <summary>Partitions of which the recovery points at the start knew records, and of which no directory was here: where the records ended.</summary>
    public IReadOnlyDictionary<PartitionName, long> Gone { get; private set; } = new Dictionary<PartitionName, long>();

    /// <summary>
    /// Opens one partition's log with what the checkpoints say of it, or makes it. Several threads may open different partitions. Of a replica the high watermark is what was
    /// checkpointed, not the log's end. A directory of another topic that had the name before is set aside, or removed where <paramref name="wasDeleted"/> says of its id that the topic was deleted.
    /// Errors as of <see cref="PartitionLog.Open"/>.
    /// </summary>
    public PartitionLog OpenPartition(PartitionName partition, LogConfig config, Guid topicId, long nowMs, bool isReplica = false, Func<Guid, bool>? wasDeleted = null)
        => OpenPartition(partition, config, topicId, nowMs, (WasCleanlyShutDown, isReplica, -1), wasDeleted);

    private PartitionLog OpenPartition(PartitionName partition, LogConfig config, Guid topicId, long nowMs, (bool WasClosed, bool IsReplica, long HighWatermark) how, Func<Guid, bool>? wasDeleted = null)
    {
        var log = OpenAsItIs(partition, config, topicId, nowMs, how);
        if (topicId == Guid.Empty || log.TopicId == Guid.Empty || log.TopicId == topicId) return log;
        log.Abandon();
        if (wasDeleted?.Invoke(log.TopicId) == true) RemoveFormer(partition, log.TopicId);
        else SetAside(partition, log.TopicId, topicId);
        return OpenAsItIs(partition, config, topicId, nowMs, how);
    }

    private PartitionLog OpenAsItIs(PartitionName partition, LogConfig config, Guid topicId, long nowMs, (bool WasClosed, bool IsReplica, long HighWatermark) how)
    {
        long recoveryPoint, highWatermark, startOffset;
        lock (_tables)
        {
            (recoveryPoint, highWatermark, startOffset) = (_recoveryPoints.Of(partition), _highWatermarks.Of(partition), _startOffsets.Of(partition, -1));
        }

        return PartitionLog.Open(new LogOpening
        {
            Disk = _disk,
            Directory = File(partition.ToString()),
            Config = config,
            TopicId = topicId,
            WasCleanlyShutDown = how.WasClosed,
            Closed = how.WasClosed ? _closed.Take(partition) : null,
            IsReplica = how.IsReplica,
            RecoveryPoint = recoveryPoint,
            HighWatermark = how.HighWatermark >= 0 ? how.HighWatermark : highWatermark,
            StartOffset = startOffset,
            NowMs = nowMs,
            Report = _report,
        });
    }

    /// <summary>The topic id in a partition's directory (<c>topic-0</c>, or that of a copy) without opening its log; empty where there is none.</summary>
    public Guid TopicIdOf(string name)
    {
        var id = Guid.Empty;
        Try($"{name}/{LogFiles.Metadata} cannot be read", () =>
        {
            if (_disk.TryReadAll($"{File(name)}/{LogFiles.Metadata}") is { } bytes) PartitionMetadataFile.TryDecode(bytes, out id);
        });
        return id;
    }

    /// <summary>A directory that came from elsewhere belongs to this topic from now on: without this its next start would set it aside. One that names no topic stays as it is.</summary>
    public ErrorCode Adopt(PartitionName partition, Guid topicId)
    {
        var before = TopicIdOf(partition.ToString());
        if (before == Guid.Empty || before == topicId) return ErrorCode.None;
        _report?.Invoke($"{File(partition.ToString())} was of the topic {KafkaUuid.ToText(before)} and is of {KafkaUuid.ToText(topicId)} now");
        return Try($"{partition} cannot be given its topic", () => _disk.ReplaceAll($"{File(partition.ToString())}/{LogFiles.Metadata}", PartitionMetadataFile.Encode(topicId), durable: true));
    }

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
            _partitions.Remove(partition);
            Forget(partition);
        });
    }

    /// <summary>Removes the directories of removed partitions. Reads of them that are on the way end well. From any thread.</summary>
    public ErrorCode RemoveDoomed() => Try("directories of removed partitions cannot be removed", () =>
    {
        // What cannot be removed now is found again by the next start.
        while (_doomed.TryDequeue(out var doomed)) _disk.DeleteDirectory(doomed);
    });

    /// <summary>
    /// Takes what these logs say of themselves into the checkpoint files; what others said before stays. A file in which nothing changed is not written.
    /// Readers of them may be other brokers' tools: the form is Kafka's. From any thread.
    /// </summary>
    public ErrorCode WriteCheckpoints(IEnumerable<KeyValuePair<PartitionName, PartitionLog>> logs)
    {
        lock (_tables)
        {
            foreach (var (partition, log) in logs) Note(partition, log);
        }

        lock (_writing)
        {
            var result = Write(_recoveryPoints);
            if (result == ErrorCode.None) result = Write(_highWatermarks);
            if (result == ErrorCode.None) result = Write(_startOffsets);
            return result;
        }
    }

    /// <summary>
    /// Writes what these logs are, closed, so that the next start need not look: in an orderly stop, before <see cref="MarkCleanShutdown"/>. Where it cannot be written, the next
    /// start takes longer.
    /// </summary>
    public void WriteClosed(IEnumerable<KeyValuePair<PartitionName, PartitionLog>> logs) => Try("what the closed logs are cannot be written", () =>
    {
        var closed = new List<KeyValuePair<PartitionName, ClosedLog>>();
        foreach (var (partition, log) in logs)
        {
            if (log.Describe() is { } described) closed.Add(new(partition, described));
        }

        var bytes = ClosedLogTable.Encode(closed);
        // One that would not be read is not written: the next start looks at the files. What is wrong with this file alone is no end of the directory.
        if (bytes.Length <= Limits.SmallFileBytes) _probe.ReplaceAll(File(ClosedLogTable.FileName), bytes, durable: false);
    });

    private ClosedLogTable ReadClosed()
    {
        try
        {
            return _probe.TryReadAll(File(ClosedLogTable.FileName)) is { } bytes ? ClosedLogTable.Decode(bytes) : ClosedLogTable.Empty;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            _report?.Invoke($"{File(ClosedLogTable.FileName)} cannot be read, and every log is looked at: {error.Message}");
            return ClosedLogTable.Empty;
        }
    }

    /// <summary>Marks an orderly stop: after every log was closed without an error and <see cref="WriteCheckpoints"/> succeeded.</summary>
    public ErrorCode MarkCleanShutdown(long brokerEpoch) => Try("the clean shutdown cannot be marked",
        () => _disk.ReplaceAll(File(CleanShutdownMarker.FileName), CleanShutdownMarker.Encode(brokerEpoch), durable: true));

    /// <summary>Copies of partitions that a move was cut short over, at the start.</summary>
    public IReadOnlyList<FutureReplica> Futures { get; private set; } = [];

    /// <summary>A name for the copy of a partition that is being moved here, as Kafka forms it.</summary>
    public static string FutureName(PartitionName partition, Guid unique) => $"{partition}.{unique:n}{PartitionName.FutureSuffix}";

    /// <summary>Opens the copy of a partition, or makes it. Errors as of <see cref="PartitionLog.Open"/>.</summary>
    /// <param name="name">Of <see cref="FutureName"/>.</param>
    /// <param name="config">The partition's.</param>
    /// <param name="topicId">The topic's id.</param>
    /// <param name="startOffset">Where an empty copy begins.</param>
    /// <param name="nowMs">Now.</param>
    public PartitionLog OpenFuture(string name, LogConfig config, Guid topicId, long startOffset, long nowMs) => PartitionLog.Open(new LogOpening
    {
        Disk = _disk,
        Directory = File(name),
        Config = config,
        TopicId = topicId,
        StartOffset = _disk.DirectoryExists(File(name)) ? -1 : startOffset,
        NowMs = nowMs,
        Report = _report,
    });

    /// <summary>Removes the copy of a partition: at once in name, and with <see cref="RemoveDoomed"/> in fact, so that no half of it is ever taken for a copy.</summary>
    public ErrorCode RemoveFuture(string name) => Try($"{name} cannot be removed", () =>
    {
        if (!_disk.DirectoryExists(File(name))) return;
        var doomed = File(name[..^PartitionName.FutureSuffix.Length] + PartitionName.DeleteSuffix);
        _disk.Rename(File(name), doomed);
        _doomed.Enqueue(doomed);
    });

    /// <summary>A copy that was closed and has everything takes the partition's name; durable when this returns without an error.</summary>
    public ErrorCode Promote(string name, PartitionName partition, PartitionLog closed)
    {
        // The checkpoints come first: where the log starts must not be forgotten.
        var result = WriteCheckpoints([new(partition, closed)]);
        if (result != ErrorCode.None) return result;
        return Try($"{name} cannot be given its name", () =>
        {
            // Whose it is decides at the next start which directory goes on, should the old one come back.
            var metadata = $"{File(name)}/{LogFiles.Metadata}";
            if (_disk.LengthOf(metadata) >= 0) Flush(metadata);
            _disk.Rename(File(name), File(partition.ToString()));
            _disk.SyncDirectory(Path);
        });
    }

    /// <summary>
    /// Opens a partition that was just moved here, closed in order. Where it has other replicas, <paramref name="highWatermark"/> is its high watermark; -1 where it has none.
    /// Errors as of <see cref="PartitionLog.Open"/>.
    /// </summary>
    public PartitionLog OpenMoved(PartitionName partition, LogConfig config, long nowMs, long highWatermark = -1)
        => OpenPartition(partition, config, Guid.Empty, nowMs, (true, highWatermark >= 0, highWatermark));

    /// <summary>Bytes of the volume; null where the disk does not say.</summary>
    public DiskSpace? Space
    {
        get
        {
            DiskSpace? space = null;
            if (!IsOffline) Try("the volume's size is not known", () => space = _disk.SpaceOf(Path));
            return space;
        }
    }

    // What is durable in the directory is of no use where its own name is not; a parent that may not be opened is none of ours.
    private void Create()
    {
        _disk.CreateDirectory(Path);
        try
        {
            if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } parent) _probe.SyncDirectory(parent);
        }
        catch (Exception error) when (error.IsDiskError())
        {
            _report?.Invoke($"{Path} was made, but its name cannot be made durable: {error.Message}");
        }
    }

    // At a start a lack of room is the end as well: a directory that cannot be judged cannot be used.
    private void TryAtStart(Action work)
    {
        if (IsOffline) return;
        try
        {
            work();
        }
        catch (Exception error) when (error.IsDiskError())
        {
            GoOffline(error);
        }
    }

    private void FindPartitions()
    {
        var found = new HashSet<PartitionName>();
        var futures = new List<FutureReplica>();
        foreach (var entry in _disk.List(Path))
        {
            if (!entry.IsDirectory) continue;
            if (entry.Name.EndsWith(PartitionName.DeleteSuffix, StringComparison.Ordinal)) _doomed.Enqueue(File(entry.Name));
            else if (PartitionName.TryParseFuture(entry.Name, out var future)) futures.Add(new FutureReplica(future, entry.Name));
            else if (PartitionName.TryParse(entry.Name, out var partition)) found.Add(partition);
            else if (entry.Name.EndsWith(PartitionName.StraySuffix, StringComparison.Ordinal)) _report?.Invoke($"{File(entry.Name)} is set aside and not served");
        }

        _partitions = found;
        Futures = futures;
        Gone = _recoveryPoints.Keep(found);
        _highWatermarks.Keep(found);
        _startOffsets.Keep(found);
    }

    /// <summary>
    /// Sets a partition's directory aside that nobody knows of, as Kafka does it: it gets another name, is not served, and stays as it is. Nothing may write to the log any more. One sentence is reported.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="topicId">The topic's id that stands in it; empty where none does.</param>
    public ErrorCode SetAside(PartitionName partition, Guid topicId) => Try($"{partition} cannot be set aside", () =>
    {
        if (!_disk.DirectoryExists(File(partition.ToString()))) return;
        var aside = GiveStrayName(partition, topicId);
        _partitions.Remove(partition);
        _report?.Invoke($"{File(partition.ToString())}{(topicId == Guid.Empty ? "" : $" of the topic {KafkaUuid.ToText(topicId)}")} is no partition that the cluster's metadata knows: it is set aside as {aside}, whole, and not served. Remove it when nobody needs it.");
    });

    // Of a topic that had this name before, as Kafka does it: its records are not those of the topic that has the name now, and stay as they are.
    private void SetAside(PartitionName partition, Guid found, Guid topicId)
    {
        var aside = GiveStrayName(partition, found);
        _report?.Invoke($"{File(partition.ToString())} is of the topic {KafkaUuid.ToText(found)}, not of {KafkaUuid.ToText(topicId)} that has the name now: it is set aside as {aside}, whole, and the partition begins empty. "
            + $"To have it served instead, stop the broker, give it its name again, and remove {LogFiles.Metadata} in it.");
    }

    // Its topic was deleted while this broker was away: as it would have been then, had it been there.
    private void RemoveFormer(PartitionName partition, Guid found)
    {
        var doomed = File(Rename(partition, found, PartitionName.DeleteSuffix));
        _doomed.Enqueue(doomed);
        _report?.Invoke($"{File(partition.ToString())} is of the topic {KafkaUuid.ToText(found)}, which was deleted meanwhile: it is removed, and the partition of the topic that has the name now begins empty.");
    }

    private string GiveStrayName(PartitionName partition, Guid found) => Rename(partition, found, PartitionName.StraySuffix);

    private string Rename(PartitionName partition, Guid found, string suffix)
    {
        var name = partition.ToString();
        var aside = "";
        for (var i = 0; aside.Length == 0 || _disk.DirectoryExists(File(aside)); i++)
        {
            var mark = $".{found:n}{(i == 0 ? "" : i)}{suffix}";
            aside = name[..Math.Min(name.Length, Limits.FileNameLength - mark.Length)] + mark;
        }

        _disk.Rename(File(name), File(aside));
        _disk.SyncDirectory(Path);
        Forget(partition);
        return aside;
    }

    private void Note(PartitionName partition, PartitionLog log)
    {
        var view = log.View;
        _recoveryPoints.Set(partition, log.RecoveryPoint);
        _highWatermarks.Set(partition, view.HighWatermark);
        if (view.StartOffset > view.Segments[0].BaseOffset) _startOffsets.Set(partition, view.StartOffset);
        else _startOffsets.Remove(partition);
    }

    private void Forget(PartitionName partition)
    {
        lock (_tables)
        {
            _recoveryPoints.Remove(partition);
            _highWatermarks.Remove(partition);
            _startOffsets.Remove(partition);
        }
    }

    // False where the file is damaged; a missing one says nothing, which is no damage.
    private bool TryRead(OffsetTable table)
    {
        if (_disk.TryReadAll(File(table.Name)) is not { } bytes) return true;
        if (OffsetCheckpoint.TryDecode(bytes, out var offsets))
        {
            table.Load(offsets);
            return true;
        }

        _report?.Invoke($"{File(table.Name)} is damaged: it is set aside as {table.Name}.damaged, and what it said is found in the logs");
        _disk.Rename(File(table.Name), File(table.Name + ".damaged"));
        return false;
    }

    private ErrorCode Write(OffsetTable table)
    {
        byte[]? bytes;
        lock (_tables) bytes = table.TakeChanged();
        if (bytes is null) return ErrorCode.None;
        var result = Try("checkpoints cannot be written", () => _disk.ReplaceAll(File(table.Name), bytes, durable: true));
        if (result == ErrorCode.None) return result;
        lock (_tables) table.MarkChanged();
        return result;
    }

    private void Flush(string path)
    {
        using var file = _disk.Open(path, DiskAccess.Write);
        file.Flush();
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
            // A lack of room is told once for the whole directory.
            if (!error.IsLackOfRoom()) _report?.Invoke($"{Path}: {failure}: {error.Message}");
            return ErrorCode.KafkaStorageError;
        }
    }

    // Whether what the disk said is the end of the directory. Always false: the exception goes on its way.
    private bool Judge(Exception error)
    {
        if (error.IsLackOfRoom()) BeginOutage(error);
        // A file that is gone is its owner's business, and so is a directory inside of this one that a deletion took away under a late reader.
        var isEnd = error.IsDiskError() && !error.IsLackOfRoom() && error is not (FileNotFoundException or PathTooLongException)
            && (error is not DirectoryNotFoundException || !IsThere());
        if (isEnd) GoOffline(error);
        return false;
    }

    private void BeginOutage(Exception error)
    {
        Volatile.Write(ref _successes, 0);
        if (Interlocked.Exchange(ref _lacksRoom, 1) != 0) return;
        _disk.IsShort = true;
        _report?.Invoke($"log directory {Path} has no room: {error.Message}. Producers get KAFKA_STORAGE_ERROR for what does not fit, and no partition is made there; reading goes on, and so does writing as soon as there is room.");
    }

    // A small append fits where a large one did not, which is no recovery: there has to be room for more, or many writes in a row must have worked.
    private void Worked()
    {
        if (Interlocked.Increment(ref _successes) < Limits.WritesAfterOutage && !HasRoom(Limits.RoomAfterOutage)) return;
        if (Interlocked.Exchange(ref _lacksRoom, 0) == 0) return;
        _disk.IsShort = false;
        _report?.Invoke($"log directory {Path} has room again");
    }

    private bool IsThere()
    {
        try
        {
            return _probe.DirectoryExists(Path);
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return false;
        }
    }

    private void GoOffline(Exception error)
    {
        if (Interlocked.CompareExchange(ref _offline, error.Message, null) is not null) return;
        _disk.TakeOffline($"{Path} is offline: {error.Message}");
        _wentOffline?.Invoke(this);
    }

    private string File(string name) => $"{Path}/{name}";
}
