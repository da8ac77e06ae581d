using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    private long _flushedSegments;
    private long _lastFlushMs;
    private bool _flushing;
    private bool _hasFlushed;

    // Segments were removed since the last flush: until the directory is durable, a loss of power brings them back.
    private bool _namesChanged;

    /// <summary>Every record below this offset is durable: what a recovery after a crash need not look at.</summary>
    public long RecoveryPoint { get; private set; }

    /// <summary>Whether a closed segment is not durable yet: a good time to flush, off the owner's thread.</summary>
    public bool HasUnflushedSegment => _active.BaseOffset > _flushedSegments && _active.BaseOffset > RecoveryPoint;

    /// <summary>Whether <see cref="LogConfig.FlushMessages"/> or <see cref="LogConfig.FlushMs"/> ask for a flush now, or the log fell silent.</summary>
    public bool IsFlushDue(long nowMs)
    {
        var waiting = _end - RecoveryPoint;
        if (waiting <= 0 || _flushing) return false;
        return IsSilent || waiting >= _config.FlushMessages || nowMs - _lastFlushMs >= _config.FlushMs;
    }

    /// <summary>
    /// Starts to make durable what is committed: <see cref="LogFlush.Run"/> it on any thread, then hand it to <see cref="EndFlush"/> on the owner's. One at a time.
    /// </summary>
    public LogFlush BeginFlush()
    {
        _flushing = true;
        _lowestEndSinceFlush = long.MaxValue;
        var unflushed = new List<LogSegment>();
        foreach (var segment in _segments)
        {
            // One that ends at the recovery point was closed after it was flushed: its indexes grew by an entry.
            if (segment.Size > 0 && (segment == _active || NextBase(segment) >= RecoveryPoint)) unflushed.Add(segment);
        }

        Exception? error = null;
        try
        {
            StoreAll(unflushed);
        }
        catch (Exception failure) when (failure.IsDiskError())
        {
            error = failure;
        }

        var names = _namesChanged;
        _namesChanged = false;
        return new LogFlush(_disk, _directory, unflushed, _end, _active.BaseOffset) { Error = error, IsFirst = !_hasFlushed, HasNewNames = names };
    }

    /// <summary>Takes the outcome of a flush: the recovery point moves, or the error is reported and the next flush tries again.</summary>
    public ErrorCode EndFlush(LogFlush flush)
    {
        _flushing = false;
        if (flush.Error is { } error)
        {
            _namesChanged |= flush.HasNewNames;
            Report($"the log cannot be made durable: {error.Message}", error);
            return ErrorCode.KafkaStorageError;
        }

        _hasFlushed |= flush.HasFiles;
        // What was cut meanwhile and written anew was not flushed.
        RecoveryPoint = Math.Max(RecoveryPoint, Math.Min(flush.EndOffset, _lowestEndSinceFlush));
        _flushedSegments = Math.Max(_flushedSegments, Math.Min(flush.ActiveBase, _lowestEndSinceFlush));
        return ErrorCode.None;
    }

    /// <summary>Notes when the last flush was, for <see cref="LogConfig.FlushMs"/>.</summary>
    public void NoteFlush(long nowMs) => _lastFlushMs = nowMs;

    // What a start after a crash would otherwise have to read the log for.
    private void StoreAll(List<LogSegment> segments)
    {
        StoreIndexes(segments);
        if (_sizeSinceSnapshot >= (IsSilent ? 1 : Limits.UnflushedBytes)) WriteSnapshot();
    }

    private void StoreIndexes(List<LogSegment> segments)
    {
        foreach (var segment in segments)
        {
            segment.StoreTransactions(_hasTransactions);
            segment.Offsets.Store();
            segment.Times.Store();
        }
    }

    private long NextBase(LogSegment segment)
    {
        var next = Array.IndexOf(_segments, segment) + 1;
        return next < _segments.Length ? _segments[next].BaseOffset : _end;
    }
}

/// <summary>Files of one log on their way to the disk.</summary>
public sealed class LogFlush
{
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly List<LogSegment> _segments;

    internal LogFlush(IDisk disk, string directory, List<LogSegment> segments, long endOffset, long activeBase)
    {
        _disk = disk;
        _directory = directory;
        _segments = segments;
        EndOffset = endOffset;
        ActiveBase = activeBase;
    }

    /// <summary>What is durable once it ran without an error: every record below this offset.</summary>
    public long EndOffset { get; }

    /// <summary>What the disk said, or null.</summary>
    public Exception? Error { get; internal set; }

    internal long ActiveBase { get; }

    internal bool HasFiles => _segments.Count > 0;

    internal bool HasNewNames { get; init; }

    // The directory itself may be new.
    internal bool IsFirst { get; init; }

    /// <summary>Waits for the disk. On any thread; throws nothing.</summary>
    public void Run()
    {
        if (Error is not null) return;
        try
        {
            foreach (var segment in _segments) Flush(segment);
            if (_segments.Count > 0 || HasNewNames) _disk.SyncDirectory(_directory);
            if (_segments.Count > 0 && IsFirst) _disk.SyncDirectory(Path.GetDirectoryName(_directory)!);
        }
        catch (Exception error) when (error.IsDiskError())
        {
            Error = error;
        }
    }

    private static void Flush(LogSegment segment)
    {
        // A segment that was removed meanwhile needs no flush.
        if (!segment.Log.TryFlush()) return;
        segment.Offsets.Flush();
        segment.Times.Flush();
        segment.FlushTransactions();
    }
}
