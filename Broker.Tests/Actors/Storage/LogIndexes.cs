using AkkaStream.Actors.Storage;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Compares a log's indexes with its batches.</summary>
internal static class LogIndexes
{
    /// <summary>Every entry is true: an offset stands where its batch begins, a timestamp is the largest up to the batch that has it. Closed segments know their largest one.</summary>
    public static void Check(PartitionLog log)
    {
        var view = log.View;
        for (var i = 0; i < view.Segments.Length; i++)
        {
            var isActive = i == view.Segments.Length - 1;
            var size = isActive ? view.EndPosition : view.Segments[i].Size;
            if (size > 0) Check(view.Segments[i], size, isActive);
        }
    }

    private static void Check(LogSegment segment, long size, bool isActive)
    {
        var (ends, times, largest) = (new Dictionary<int, long>(), new Dictionary<long, long>(), -1L);
        var file = segment.Log.TryLease()!;
        using (var scanner = new BatchScanner(file, 0, size, checksums: true))
        {
            while (scanner.MoveNext())
            {
                ends.Add((int)scanner.Position, scanner.Header.LastOffset);
                if (scanner.Header.MaxTimestamp > largest) times.Add(scanner.Header.LastOffset, largest = scanner.Header.MaxTimestamp);
            }

            Assert.Equal(ScanEnd.Complete, scanner.End);
        }

        segment.Log.Dispose();
        for (var at = -1L; segment.Offsets.TryAfterValue(at, out var key, out var position); at = position) Assert.Equal(segment.BaseOffset + key, ends[position]);
        var last = -1L;
        for (var at = -1L; segment.Times.TryAfterValue(at, out var time, out var offset); at = offset) Assert.Equal(last = time, times[segment.BaseOffset + offset]);
        if (!isActive) Assert.Equal(largest, last);
    }
}
