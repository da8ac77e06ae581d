using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// The log of one partition. One owner appends, flushes, deletes and closes, from one thread at a time; anyone reads through <see cref="View"/>, without a lock.
/// Errors of the disk come as <see cref="ErrorCode.KafkaStorageError"/>; the log then stays as it was, goes on being read, and takes appends again when the disk does.
/// </summary>
public sealed partial class PartitionLog
{
    private readonly IDisk _disk;
    private readonly Action<string>? _report;
    private readonly LeaderEpochs _epochs;
    private readonly ProducerStates _producers;
    private LogSegment[] _segments;
    private LogSegment _active;
    private readonly string _directory;
    private LogConfig _config;
    private LogView _view;
    private long _end;
    private long _start;
    private long _highWatermark;
    private bool _closed;
    private bool _isTouched;
    private long _sizeSinceSnapshot;
    private long _passingSnapshot = -1;

    private PartitionLog(LogOpening opening, LogLoader loaded)
    {
        _disk = opening.Disk;
        _report = opening.Report;
        _directory = opening.Directory;
        _config = opening.Config;
        _epochs = loaded.Epochs;
        _producers = loaded.Producers;
        _segments = [.. loaded.Segments];
        _active = _segments[^1];
        _start = loaded.StartOffset;
        _end = _stagedEnd = loaded.EndOffset;
        RecoveryPoint = loaded.RecoveryPoint;
        _flushedSegments = loaded.RecoveryPoint;
        _lastFlushMs = opening.NowMs;
        _isTouched = !loaded.IsComplete;
        _highWatermark = Math.Clamp(opening.HighWatermark, _start, _end);
        HighWatermarkFollowsEnd = !opening.IsReplica;
        TopicId = loaded.TopicId;
        _hasTransactions = loaded.HasTransactions;
        _lastExpiryMs = opening.NowMs;
        _producers.Expire(opening.NowMs, _config.ProducerIdExpirationMs);
        _view = MakeView();
    }

    /// <summary>Opens a directory: cuts a torn tail, rebuilds what is missing, and scans past the recovery point after a crash.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be read or written.</exception>
    public static PartitionLog Open(LogOpening opening)
    {
        var loader = new LogLoader(opening);
        loader.Load();
        return new PartitionLog(opening, loader);
    }

    /// <summary>What readers see now. A reader takes it once and keeps to it.</summary>
    public LogView View => Volatile.Read(ref _view);

    /// <summary>The directory.</summary>
    public string Directory => _directory;

    /// <summary>Id of the topic, of <c>partition.metadata</c>; empty where the file is missing or damaged.</summary>
    public Guid TopicId { get; }

    /// <summary>Epochs of the leaders, oldest first. Safe from any thread.</summary>
    public IReadOnlyList<EpochStart> LeaderEpochs => _epochs.Entries;

    /// <summary>Idempotent producers that are remembered. For the owner.</summary>
    public IReadOnlyCollection<ProducerEntry> Producers => _producers.All;

    /// <summary>Settings; new ones take effect at the next append or housekeeping. For the owner.</summary>
    public LogConfig Config
    {
        get => _config;
        set => _config = value;
    }

    /// <summary>
    /// Whether the high watermark is the end of the log, moving with each commit: the only replica. Otherwise <see cref="SetHighWatermark"/> moves it. True at first, unless the log was opened as a replica.
    /// </summary>
    public bool HighWatermarkFollowsEnd { get; set; } = true;

    /// <summary>Bytes of all segments. Safe from any thread.</summary>
    public long SizeInBytes
    {
        get
        {
            var view = View;
            var size = view.EndPosition;
            for (var i = 0; i < view.Segments.Length - 1; i++) size += view.Segments[i].Size;
            return size;
        }
    }

    /// <summary>A leader with this epoch appends from now on: its epoch begins at the end of the log.</summary>
    public ErrorCode BecomeLeader(int leaderEpoch)
    {
        if (leaderEpoch <= _epochs.Latest || !_epochs.Assign(leaderEpoch, _end)) return ErrorCode.None;
        // The file of an empty log says nothing that its metadata does not: thousands of new partitions are cheap.
        return _end == 0 ? ErrorCode.None : Try("leader epochs cannot be written", StoreEpochs);
    }

    /// <summary>Where the epoch ended, as OffsetForLeaderEpoch answers: (-1, -1) where it is not known. Safe from any thread.</summary>
    public EpochStart EndOfEpoch(int leaderEpoch) => _epochs.EndOf(leaderEpoch, View.EndOffset);

    /// <summary>Every in-sync replica has the log up to here; never back, never past the end.</summary>
    public void SetHighWatermark(long offset)
    {
        var moved = Math.Clamp(offset, _start, _end);
        if (moved <= _highWatermark) return;
        _highWatermark = moved;
        Publish();
    }

    /// <summary>
    /// Takes over what another log of the same partition knows beyond its batches: producers whose last batches are deleted, and epochs without records.
    /// Both logs end at the same offset.
    /// </summary>
    public void Inherit(PartitionLog source)
    {
        _producers.Reset([.. source._producers.All], _end);
        _epochs.TryDecode(source._epochs.Encode());
        StoreEpochs();
        _isTouched = true;
        Publish();
    }

    /// <summary>
    /// Makes everything durable, completes the indexes and writes the producers' snapshot; nothing may be done with the log afterwards.
    /// On an error the next start must scan.
    /// </summary>
    public ErrorCode Close()
    {
        if (_closed) return ErrorCode.None;
        var result = Try("the log cannot be closed", CompleteFiles);
        _closed = true;
        _isCompleted = result == ErrorCode.None;
        foreach (var segment in _segments) segment.Retire();
        return result;
    }

    /// <summary>Ends a log that was deleted: nothing is written, since a new log may have its name already.</summary>
    public void Abandon()
    {
        if (_closed) return;
        _closed = true;
        ForgetStaged();
        ReleaseWriting();
        foreach (var segment in _segments) segment.Retire();
    }

    private void CompleteFiles()
    {
        CommitStaged();
        if (FinishCut(_lastFlushMs) != ErrorCode.None) throw new IOException("the log is not cut yet");
        if (FinishSwaps(_lastFlushMs) != ErrorCode.None) throw new IOException("old files of a cleaned segment cannot be removed");
        // Ten thousand partitions that nobody wrote to since an orderly start are closed without a write.
        if (_end > 0 && _isTouched) CompleteSegments();
        if (_epochs.IsChanged && _end > 0) StoreEpochs();
    }

    private void CompleteSegments()
    {
        _active.Wake(_end);
        _active.AddTime();
        if (_active.Size > 0) StoreIndexes([_active]);
        WriteSnapshot();
        var flush = BeginFlush();
        flush.Run();
        if (flush.Error is { } error) throw error;
        EndFlush(flush);
    }

    private void StoreEpochs()
    {
        _disk.ReplaceAll($"{_directory}/{LogFiles.Epochs}", _epochs.Encode(), durable: false);
        _epochs.MarkStored();
    }

    private void WriteSnapshot()
    {
        _disk.ReplaceAll(LogFiles.Path(_directory, _end, LogFiles.Snapshot), ProducerSnapshot.Encode(_producers.All), durable: false);
        _sizeSinceSnapshot = 0;
        // One that stands at no segment's beginning served until now.
        if (_passingSnapshot >= 0 && _passingSnapshot != _end && !Array.Exists(_segments, segment => segment.BaseOffset == _passingSnapshot)) _disk.Delete(LogFiles.Path(_directory, _passingSnapshot, LogFiles.Snapshot));
        _passingSnapshot = _end;
    }

    private LogView MakeView()
    {
        if (HighWatermarkFollowsEnd) _highWatermark = _end;
        _producers.Replicated(_highWatermark);
        var unstable = _producers.FirstUnstableOffset;
        var stable = unstable < 0 ? _highWatermark : Math.Min(unstable, _highWatermark);
        return new LogView(_segments, _active.Size, new LogOffsets(_start, _end, _highWatermark, Math.Max(stable, _start)));
    }

    private void Publish() => Volatile.Write(ref _view, MakeView());

    // Runs what touches the disk; an error becomes a value and one line in the report.
    private ErrorCode Try(string failure, Action work)
    {
        try
        {
            work();
            return ErrorCode.None;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            Report($"{failure}: {error.Message}", error);
            return ErrorCode.KafkaStorageError;
        }
    }

    // A directory tells once for all of its logs that it has no room.
    private void Report(string sentence, Exception error)
    {
        if (_disk is not DirectoryDisk || !error.IsLackOfRoom()) Report(sentence);
    }

    private void Report(string sentence) => _report?.Invoke($"{_directory}: {sentence}");
}
