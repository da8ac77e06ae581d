using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    private Queue<(long DueMs, string Path)>? _leftovers;
    private long _lastExpiryMs;

    /// <summary>
    /// What has to be done from time to time: retention, producers that fell silent, files whose delay is over, memory that nobody needs. No more than a few seconds
    /// apart it costs little. When it has something to do next, <see cref="NextHousekeeping"/> says.
    /// </summary>
    public ErrorCode Housekeep(long nowMs)
    {
        if (_closed) return ErrorCode.None;
        FinishSwaps(nowMs);
        Rest();
        if (nowMs - _lastExpiryMs >= _config.ProducerIdExpirationCheckMs)
        {
            _lastExpiryMs = nowMs;
            _producers.Expire(nowMs, _config.ProducerIdExpirationMs);
        }

        var result = Try("old segments cannot be removed", () =>
        {
            if (_config.DeletesByRetention) ApplyRetention(nowMs);
            RemoveBelow(_start, nowMs);
            DeleteLeftovers(nowMs);
        });
        return result;
    }

    /// <summary>
    /// Moves the start of the log: nothing below <paramref name="offset"/> is read any more, segments that lie below it go.
    /// -1 means the high watermark. <see cref="ErrorCode.OffsetOutOfRange"/> beyond that.
    /// </summary>
    public ErrorCode DeleteRecords(long offset, long nowMs)
    {
        if (offset == -1) offset = _highWatermark;
        if (offset < 0 || offset > _highWatermark) return ErrorCode.OffsetOutOfRange;
        if (offset <= _start) return ErrorCode.None;
        MoveStart(offset);
        return Try("segments cannot be removed", () => RemoveBelow(offset, nowMs));
    }

    /// <summary>
    /// Moves the start of a log whose past was kept elsewhere. The segment that takes appends is closed, so that it can go the next time, however little is written; with a
    /// <see cref="LogConfig.FileDeleteDelayMs"/> of 0 files go at once. Errors as of <see cref="DeleteRecords"/>.
    /// </summary>
    public ErrorCode CutHead(long offset, long nowMs)
    {
        if (_active.Size > 0 && Try("a segment cannot be closed", () => Roll(nowMs)) != ErrorCode.None) return ErrorCode.KafkaStorageError;
        var result = DeleteRecords(offset, nowMs);
        return result == ErrorCode.None ? Housekeep(nowMs) : result;
    }

    private void MoveStart(long offset)
    {
        if (offset <= _start) return;
        _start = offset;
        _epochs.CutHead(offset);
        if (_epochs.IsChanged) Try("leader epochs cannot be written", StoreEpochs);
        Publish();
    }

    private void ApplyRetention(long nowMs)
    {
        var surplus = _config.RetentionBytes < 0 ? 0 : SizeInBytes - _config.RetentionBytes;
        var start = _start;
        for (var i = 0; i < _segments.Length; i++)
        {
            var segment = _segments[i];
            var next = NextBase(segment);
            // A closed segment may be empty: a cleaning left nothing of it.
            if ((segment.Size == 0 && segment == _active) || next > _highWatermark) break;
            // An empty one is as large as no surplus.
            var tooLarge = _config.RetentionBytes >= 0 && surplus >= segment.Size;
            if (!tooLarge && !IsTooOld(segment, nowMs)) break;
            surplus -= segment.Size;
            start = next;
        }

        MoveStart(start);
    }

    private bool IsTooOld(LogSegment segment, long nowMs)
    {
        if (_config.RetentionMs < 0) return false;
        if (segment.MaxTimestamp < 0 && segment.Times.TryLast(out var timestamp, out var value)) segment.RestoreMaxTimestamp(timestamp, segment.BaseOffset + value);
        var newest = segment.MaxTimestamp >= 0 ? segment.MaxTimestamp : segment.OpenedMs;
        return nowMs - newest > _config.RetentionMs;
    }

    // Segments that end at or below an offset go; where that is all of them, an empty one takes over at the end.
    private void RemoveBelow(long offset, long nowMs)
    {
        var gone = 0;
        while (gone < _segments.Length && LiesBelow(_segments[gone], offset)) gone++;
        if (gone == 0) return;
        if (gone == _segments.Length && Roll(nowMs) != ErrorCode.None) return;
        var removed = _segments[..gone];
        _segments = _segments[gone..];
        _namesChanged = true;
        Publish();
        foreach (var segment in removed) SetAside(segment, nowMs);
    }

    private bool LiesBelow(LogSegment segment, long offset) => (segment.Size > 0 || segment != _active) && NextBase(segment) <= offset;

    // The index files go first: a segment exists as long as its log does.
    private void SetAside(LogSegment segment, long nowMs)
    {
        segment.Retire();
        foreach (var suffix in LogFiles.OfSegment) SetAside(LogFiles.Path(_directory, segment.BaseOffset, suffix), nowMs);
        if (segment.BaseOffset < _start) SetAside(LogFiles.Path(_directory, segment.BaseOffset, LogFiles.Snapshot), nowMs);
    }

    private void SetAside(string path, long nowMs)
    {
        if (_disk.LengthOf(path) < 0) return;
        var aside = path + LogFiles.Deleted;
        _disk.Rename(path, aside);
        (_leftovers ??= new()).Enqueue((nowMs + _config.FileDeleteDelayMs, aside));
    }

    private void DeleteLeftovers(long nowMs)
    {
        while (_leftovers is not null && _leftovers.TryPeek(out var oldest) && oldest.DueMs <= nowMs)
        {
            _disk.Delete(oldest.Path);
            _leftovers.Dequeue();
        }
    }
}
