using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// Files that have a segment's name and are none of the log: a copy, an empty one that somebody made. Believed, they would make good records look damaged, or a hole. Costs a look at the head of each
/// segment but the first.
/// </summary>
internal sealed partial class LogLoader
{
    private void SetStraysAside()
    {
        var before = Segments.Count;
        for (var i = 1; i < Segments.Count;)
        {
            if (WhyStray(i) is not { } why)
            {
                i++;
                continue;
            }

            var name = Path.GetFileName(Segments[i].Log.Path);
            Report($"{name} {why}: it is no segment of this log, and is set aside as {name}.cut");
            SetAside(i);
        }

        if (Segments.Count < before) _disk.SyncDirectory(_directory);
    }

    private string? WhyStray(int at)
    {
        var (segment, offset) = (Segments[at], Segments[at].BaseOffset);
        // An orderly stop writes down where the log ends.
        if (opening.WasCleanlyShutDown && opening.RecoveryPoint > 0 && offset > opening.RecoveryPoint) return $"lies behind the log's end at offset {opening.RecoveryPoint}";
        return BeginsAsNamed(segment) || !HasRecordsFrom(Segments[at - 1], offset) ? null : $"lies inside of {Path.GetFileName(Segments[at - 1].Log.Path)}, which has records at offset {offset} and behind";
    }

    // Whether its first batch may be in a segment of its name.
    internal static bool BeginsAsNamed(IDiskFile file, long baseOffset)
    {
        Span<byte> head = stackalloc byte[RecordBatchHeader.Size];
        return RecordBatchHeader.TryParseStored(head[..file.Read(head, 0)], out var header) && header.HasPossibleLength && header.Magic >= 0 && header.BaseOffset >= baseOffset;
    }

    private static bool BeginsAsNamed(LogSegment segment)
    {
        if (segment.Size == 0 || segment.Log.TryLease() is not { } file) return false;
        try
        {
            return BeginsAsNamed(file, segment.BaseOffset);
        }
        finally
        {
            segment.Log.Dispose();
        }
    }

    private bool HasRecordsFrom(LogSegment segment, long offset)
    {
        var any = false;
        using var scan = new SegmentScan(_disk, _directory, segment, opening);
        scan.ForEachHeader(offset, long.MaxValue, _ => any = true);
        return any;
    }
}
