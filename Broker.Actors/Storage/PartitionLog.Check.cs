using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

/// <summary>Where a walk over a log's closed segments stands.</summary>
/// <param name="Segment">Base offset of the segment.</param>
/// <param name="Position">Bytes from its start.</param>
/// <param name="Offset">The offset expected there.</param>
public readonly record struct ScrubPlace(long Segment, long Position, long Offset);

/// <summary>What one step of a scrub did.</summary>
/// <param name="Next">Where to go on; null at the end.</param>
/// <param name="Bytes">Bytes that were read.</param>
/// <param name="Damages">Damaged places that were met, known ones included.</param>
public readonly record struct ScrubStep(ScrubPlace? Next, long Bytes, int Damages);

public sealed partial class PartitionLog
{
    /// <summary>
    /// Compares some of the closed segments' bytes with their checksums and tells what is damaged, as a reader would meet it. From any thread.
    /// </summary>
    /// <param name="from">Where the last step ended; null for the start.</param>
    /// <param name="bytes">About how many to read; a batch is read whole.</param>
    public ScrubStep Scrub(ScrubPlace? from, int bytes)
    {
        var view = View;
        for (var at = from is { } place ? IndexOf(view.Segments, place.Segment) : 0; at < view.Segments.Length - 1; at++)
        {
            var segment = view.Segments[at];
            // A segment that went meanwhile, by retention or compaction, is left out.
            var start = from is { } now && now.Segment == segment.BaseOffset ? now : new ScrubPlace(segment.BaseOffset, 0, segment.BaseOffset);
            if (start.Position >= segment.Size || segment.Log.TryLease() is not { } file) continue;
            try
            {
                return ScrubSegment(new SegmentRange(segment, file, segment.Size), start, bytes, view.Segments[at + 1].BaseOffset);
            }
            catch (Exception error) when (error.IsDiskError())
            {
                Report($"the segment at offset {segment.BaseOffset} cannot be read: {error.Message}");
                return new ScrubStep(new ScrubPlace(segment.BaseOffset, segment.Size, 0), 0, 1);
            }
            finally
            {
                segment.Log.Dispose();
            }
        }

        return new ScrubStep(null, 0, 0);
    }

    private ScrubStep ScrubSegment(SegmentRange range, ScrubPlace start, int bytes, long limit)
    {
        var end = Math.Min(range.End, start.Position + bytes);
        var found = SegmentCheck.Run(range, start.Position, end, start.Offset, limit);
        // A batch that is longer than a step is read whole; one that claims to be longer than the segment is damage.
        if (found is { Damage: null } && found.GoodEnd == start.Position) found = SegmentCheck.Run(range, start.Position, range.End, start.Offset, limit);
        var next = new ScrubPlace(range.Segment.BaseOffset, found.GoodEnd, found.NextOffset);
        var damage = found.Damage ?? (found.GoodEnd == start.Position ? new BatchPlace(start.Position, 0, start.Offset, start.Offset) : null);
        if (damage is not { } bad) return new ScrubStep(next, found.GoodEnd - start.Position, 0);
        ReportDamage(range, bad);
        var behind = SegmentCheck.Behind(range, bad, limit);
        next = behind is { } good ? new ScrubPlace(range.Segment.BaseOffset, good.Position, good.BaseOffset) : next with { Position = range.End };
        return new ScrubStep(next, next.Position - start.Position, 1);
    }

    // Reads what this process has not seen yet before it goes to a reader: only whole good batches do. Gives the end of those, or null where not even the first is good.
    private long? CheckBeforeServing(SegmentRange range, in BatchPlace first, long end, long offset, long limit)
    {
        if (first.BaseOffset > offset && !IsGapReal(range, first.Position, offset, limit)) return null;
        var seen = range.Segment.Checked;
        if (seen.Cover(first.Position, end)) return end;
        // What stands before it is not looked at, so that its own offset is as doubtful as one behind a gap.
        var found = SegmentCheck.Run(range, first.Position, end, range.Segment.BaseOffset, limit);
        seen.Add(first.Position, found.GoodEnd);
        if (found.Damage is { } damage) ReportDamage(range, damage);
        return found.GoodEnd > first.Position ? found.GoodEnd : null;
    }

    // What was asked for is not there, only something behind it. Compaction leaves such gaps; a batch whose header is damaged looks like one.
    private bool IsGapReal(SegmentRange range, long position, long offset, long limit)
    {
        var seen = range.Segment.Checked;
        var start = range.Segment.Offsets.TryFloorKey(offset - range.Segment.BaseOffset, out _, out var indexed) ? indexed : 0;
        if (start >= position || seen.Cover(start, position)) return true;
        var found = SegmentCheck.Run(range, start, position, range.Segment.BaseOffset, limit);
        seen.Add(start, found.GoodEnd);
        if (found.GoodEnd == position) return true;
        ReportDamage(range, found.Damage ?? new BatchPlace(found.GoodEnd, 0, found.NextOffset, found.NextOffset));
        return false;
    }

    private void ReportDamage(SegmentRange range, in BatchPlace damage)
    {
        if (!range.Segment.Checked.IsNews(damage.Position)) return;
        var upTo = damage.LastOffset > damage.BaseOffset ? $"{damage.BaseOffset} to {damage.LastOffset}" : $"from {damage.BaseOffset} on";
        Report($"{range.Segment.Log.Path} is damaged at byte {damage.Position}: the batch of offsets {upTo} is not as its checksum says. Readers get {ErrorCode.CorruptMessage.Name()} there, "
            + "until its records are deleted (DeleteRecords) or cut out (stop the broker, then 'log repair').");
    }
}
