namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>Which segments become one when a log is cleaned.</summary>
internal static class SegmentGroups
{
    /// <summary>
    /// Neighbours stand together as long as their bytes fit a segment, their index entries an index, and their offsets 31 bits.
    /// </summary>
    /// <param name="segments">Closed segments, oldest first.</param>
    /// <param name="end">Offset after the last of them.</param>
    /// <param name="config">Sizes.</param>
    public static List<LogSegment[]> Of(ReadOnlySpan<LogSegment> segments, long end, LogConfig config)
    {
        var groups = new List<LogSegment[]>();
        for (var first = 0; first < segments.Length;)
        {
            long bytes = 0, offsets = 0, times = 0;
            var next = first;
            for (; next < segments.Length; next++)
            {
                var segment = segments[next];
                bytes += segment.Size;
                offsets += (long)segment.Offsets.Count * SegmentIndex.OffsetEntrySize;
                times += (long)segment.Times.Count * SegmentIndex.TimeEntrySize;
                if (next == first) continue;
                var lastOffset = (next + 1 < segments.Length ? segments[next + 1].BaseOffset : end) - 1;
                var fits = bytes <= config.SegmentBytes && offsets <= config.SegmentIndexBytes && times <= config.SegmentIndexBytes;
                if (!fits || next - first >= Limits.CleanerGroupSegments || (segment.Size > 0 && lastOffset - segments[first].BaseOffset > int.MaxValue)) break;
            }

            groups.Add(segments[first..next].ToArray());
            first = next;
        }

        return groups;
    }
}
