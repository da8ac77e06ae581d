namespace AkkaStream.Actors.Storage;

/// <summary>What a closed log tells the next start.</summary>
public sealed partial class PartitionLog
{
    private bool _isCompleted;

    // What transactions need is in more files than are worth a seal; files that are to be removed yet have to be found again.
    private bool CanBeSealed => _isCompleted && !_hasTransactions && _leftovers is not { Count: > 0 } && _unfinished is not { Count: > 0 };

    /// <summary>
    /// What a start needs not look for as long as the files stay as they are; null of a log that was not closed without an error, or where the next start has something to do.
    /// For the owner, after <see cref="Close"/>; may throw as <see cref="IDisk"/>.
    /// </summary>
    internal ClosedLog? Describe()
    {
        if (!CanBeSealed) return null;
        var log = new ClosedLog
        {
            TopicId = TopicId,
            EndOffset = _end,
            // An empty log's are in no file.
            Epochs = _end == 0 ? [] : _epochs.Entries,
            Segments = Array.ConvertAll(_segments, segment => new ClosedSegment(segment.BaseOffset, segment.Size, segment.Offsets.Count, segment.Times.Count)),
            MaxTimestamp = _active.MaxTimestamp,
            OffsetOfMaxTimestamp = _active.OffsetOfMaxTimestamp,
            BytesSinceEntry = _active.BytesSinceEntry,
            HasProducers = _producers.Count > 0,
        };
        return log with { Seal = log.SealOf(_disk, _directory) };
    }
}
