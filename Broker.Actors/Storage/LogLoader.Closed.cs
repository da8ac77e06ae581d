namespace AkkaStream.Actors.Storage;

/// <summary>A log that was closed in order and that nobody touched since.</summary>
internal sealed partial class LogLoader
{
    // True where everything is known without opening a file, except the producers where there are any.
    private bool TakeClosed()
    {
        if (!opening.WasCleanlyShutDown || opening.Closed is not { } closed || closed.Seal == 0) return false;
        var start = Math.Max(opening.StartOffset, closed.Segments[0].BaseOffset);
        if (start > closed.EndOffset || closed.SealOf(_disk, _directory) != closed.Seal) return false;
        if (closed.HasProducers && !TakeProducers(closed.EndOffset)) return false;
        foreach (var (epoch, offset) in closed.Epochs) Epochs.Assign(epoch, offset);
        Epochs.MarkStored();
        Epochs.CutHead(start);
        if (Epochs.IsChanged) _disk.ReplaceAll($"{_directory}/{LogFiles.Epochs}", Epochs.Encode(), durable: false);
        Epochs.MarkStored();
        foreach (var segment in closed.Segments) Segments.Add(Known(segment));
        Segments[^1].RestoreMaxTimestamp(closed.MaxTimestamp, closed.OffsetOfMaxTimestamp);
        Segments[^1].RestoreInterval(closed.BytesSinceEntry);
        Producers.EndOffset = closed.EndOffset;
        _snapshotAt = closed.EndOffset;
        (TopicId, StartOffset, EndOffset, RecoveryPoint) = (closed.TopicId, start, closed.EndOffset, closed.EndOffset);
        return true;
    }

    private bool TakeProducers(long end)
    {
        if (ProducerSnapshot.Decode(_disk.ReadAll(LogFiles.Path(_directory, end, LogFiles.Snapshot))) is not { } entries) return false;
        Producers.Reset(entries, end);
        return true;
    }

    private LogSegment Known(ClosedSegment closed)
    {
        // Nothing is in it, and its files may not be there.
        if (closed.Size == 0) return Empty(closed.BaseOffset);
        var offsets = SegmentIndex.Known(_disk, new SegmentFile(_directory, closed.BaseOffset, LogFiles.Index), SegmentIndex.OffsetEntrySize, closed.OffsetEntries);
        var times = SegmentIndex.Known(_disk, new SegmentFile(_directory, closed.BaseOffset, LogFiles.TimeIndex), SegmentIndex.TimeEntrySize, closed.TimeEntries);
        return new LogSegment(_disk, _directory, closed.BaseOffset, new SegmentFile(_directory, closed.BaseOffset, LogFiles.Log), DiskAccess.Write, offsets, times) { Size = closed.Size, OpenedMs = opening.NowMs };
    }
}
