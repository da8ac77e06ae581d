using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    /// <summary>
    /// The first record at or after the log's start whose timestamp is at least <paramref name="timestamp"/> (milliseconds since 1970) and that lies below the limit.
    /// From any thread; reads the batch that holds it.
    /// </summary>
    public TimeLookup OffsetForTimestamp(long timestamp, ReadLimit limit)
        => Lookup(view => FirstAtOrAfter(view, timestamp, view.LimitOf(limit)));

    /// <summary>The first record with the largest timestamp of the log; none where it lies at or behind the limit. From any thread.</summary>
    public TimeLookup OffsetOfMaxTimestamp(ReadLimit limit = ReadLimit.End) => Lookup(view =>
    {
        var largest = RecordBatchHeader.NoTimestamp;
        foreach (var segment in view.Segments) largest = Math.Max(largest, TimeSearch.MaxTimestamp(segment));
        return largest < 0 ? TimeLookup.Nothing : FirstAtOrAfter(view, largest, view.LimitOf(limit));
    });

    private TimeLookup Lookup(Func<LogView, TimeLookup?> search)
    {
        while (true)
        {
            var view = View;
            try
            {
                if (search(view) is { } found) return found.Offset < 0 ? found : found with { LeaderEpoch = _epochs.EpochAt(found.Offset) };
            }
            catch (Exception error) when (error.IsDiskError())
            {
                Report($"a search by time failed: {error.Message}");
                return new TimeLookup(ErrorCode.KafkaStorageError, -1, -1, -1);
            }

            if (ReferenceEquals(view, View)) return new TimeLookup(ErrorCode.KafkaStorageError, -1, -1, -1);
        }
    }

    // Null where a segment was removed meanwhile.
    private static TimeLookup? FirstAtOrAfter(LogView view, long timestamp, long limit)
    {
        for (var i = 0; i < view.Segments.Length; i++)
        {
            var segment = view.Segments[i];
            var isLast = i == view.Segments.Length - 1;
            var end = isLast ? view.EndPosition : segment.Size;
            var next = isLast ? view.EndOffset : view.Segments[i + 1].BaseOffset;
            if (end == 0 || next <= view.StartOffset || TimeSearch.MaxTimestamp(segment) < timestamp) continue;
            if (segment.Log.TryLease() is not { } file) return null;
            try
            {
                var found = TimeSearch.First(new SegmentRange(segment, file, end), timestamp, view.StartOffset);
                if (found.Offset >= limit) return TimeLookup.Nothing;
                if (found.Offset >= 0) return found;
            }
            finally
            {
                segment.Log.Dispose();
            }
        }

        return TimeLookup.Nothing;
    }
}
