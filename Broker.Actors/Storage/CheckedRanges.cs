namespace AkkaStream.Actors.Storage;

/// <summary>
/// Which bytes of a segment's file this process knows to be good: what it appended, and what it read once and found as the checksums say. Any thread asks
/// and adds; asking takes no lock. The lock is the object itself: ten thousand idle partitions have one each.
/// </summary>
internal sealed class CheckedRanges
{
    private (long Start, long End)[] _ranges = [];
    private long[] _told = [];
    private long _appendedFrom = long.MaxValue;

    /// <summary>All from here on was, or will be, appended by this process. For the owner, before it appends.</summary>
    public void AppendsFrom(long position)
    {
        if (position < _appendedFrom) Volatile.Write(ref _appendedFrom, position);
    }

    /// <summary>Whether every byte of a range is known to be good.</summary>
    public bool Cover(long start, long end)
    {
        end = Math.Min(end, Volatile.Read(ref _appendedFrom));
        if (start >= end) return true;
        foreach (var range in Volatile.Read(ref _ranges))
        {
            if (range.Start <= start && end <= range.End) return true;
        }

        return false;
    }

    /// <summary>Adds a range. Where there are too many, the smallest is forgotten: it is read once more.</summary>
    public void Add(long start, long end)
    {
        if (start >= end) return;
        lock (this)
        {
            var kept = new List<(long Start, long End)>(_ranges.Length + 1);
            foreach (var range in _ranges)
            {
                if (range.End < start || end < range.Start) kept.Add(range);
                else (start, end) = (Math.Min(start, range.Start), Math.Max(end, range.End));
            }

            kept.Add((start, end));
            if (kept.Count > Limits.CheckedRangesOfSegment) kept.Remove(kept.MinBy(range => range.End - range.Start));
            Volatile.Write(ref _ranges, [.. kept]);
        }
    }

    /// <summary>Nothing is known any more: the file was let go, and its bytes may come from the disk again. For the owner.</summary>
    public void Forget()
    {
        Volatile.Write(ref _ranges, []);
        Volatile.Write(ref _appendedFrom, long.MaxValue);
    }

    /// <summary>Whether damage at a position is told for the first time.</summary>
    public bool IsNews(long position)
    {
        lock (this)
        {
            if (_told.Length >= Limits.DamagesToldOfSegment || Array.IndexOf(_told, position) >= 0) return false;
            _told = [.. _told, position];
            return true;
        }
    }
}
