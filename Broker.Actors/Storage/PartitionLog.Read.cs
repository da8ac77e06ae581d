using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    /// <summary>
    /// Finds what a reader at <paramref name="offset"/> gets. It is not read, except where this process has neither appended nor read it since the file was
    /// opened: then it is compared with its checksums first, and only good batches are given. From any thread.
    /// </summary>
    /// <param name="offset">First offset wanted: from the log's start to the limit.</param>
    /// <param name="maxBytes">Bytes at most.</param>
    /// <param name="limit">How far the reader may see.</param>
    /// <param name="minOneBatch">Give the first batch whole even where it is larger than <paramref name="maxBytes"/>.</param>
    /// <returns>
    /// <see cref="ErrorCode.OffsetOutOfRange"/> outside of the log; <see cref="ErrorCode.CorruptMessage"/> where what stands there is damaged, or damage before it hides where it is;
    /// <see cref="ErrorCode.KafkaStorageError"/>.
    /// </returns>
    public ReadResult Read(long offset, int maxBytes, ReadLimit limit, bool minOneBatch)
    {
        while (true)
        {
            var view = View;
            if (offset < view.StartOffset || offset > view.EndOffset) return new ReadResult(ErrorCode.OffsetOutOfRange, view);
            if (offset >= view.LimitOf(limit)) return new ReadResult(ErrorCode.None, view);
            try
            {
                if (TryRead(view, offset, maxBytes, limit, minOneBatch) is { } found) return found;
            }
            catch (Exception error) when (error.IsDiskError())
            {
                Report($"offset {offset} cannot be read: {error.Message}", error);
                return new ReadResult(ErrorCode.KafkaStorageError, view);
            }

            // A segment went between taking the view and taking its file. A newer view does without it; the same one never will.
            if (ReferenceEquals(view, View)) return new ReadResult(ErrorCode.KafkaStorageError, view);
        }
    }

    /// <summary>Bytes that a reader at an offset could get, up to the given number: what a fetch with a minimum waits for. From any thread.</summary>
    public long Available(long offset, int upTo, ReadLimit limit)
    {
        using var found = Read(offset, upTo, limit, minOneBatch: true);
        return found.Error == ErrorCode.None ? found.Length : 0;
    }

    private ReadResult? TryRead(LogView view, long offset, int maxBytes, ReadLimit limit, bool minOneBatch)
    {
        for (var at = IndexOf(view.Segments, offset); at < view.Segments.Length; at++)
        {
            var segment = view.Segments[at];
            var isLast = at == view.Segments.Length - 1;
            var end = isLast ? view.EndPosition : segment.Size;
            if (end == 0) continue;
            var file = segment.Log.TryLease();
            if (file is null) return null;
            ReadResult? found = null;
            try
            {
                found = ReadSegment(view, new SegmentRange(segment, file, end), new ReadWish(offset, maxBytes, limit, view.LimitOf(limit), isLast ? view.EndOffset : view.Segments[at + 1].BaseOffset, minOneBatch));
                if (found is not null) return found;
            }
            finally
            {
                if (found is not { Length: > 0 }) segment.Log.Dispose();
            }
        }

        return new ReadResult(ErrorCode.None, view);
    }

    private ReadResult? ReadSegment(LogView view, SegmentRange range, in ReadWish wish)
    {
        var found = range.Locate(wish.Offset, out var first);
        if (found == LocateResult.PastEnd && IsGapReal(range, range.End, wish.Offset, wish.NextSegment)) return null;
        if (found == LocateResult.Damaged) ReportDamage(range, first);
        if (found == LocateResult.Found && Serve(view, range, first, wish) is { } served) return served;
        // What leads to the batch is damaged, or the batch itself. Where the index leads there too, it is the former.
        if (range.TryIndexed(wish.Offset, out var indexed) && indexed.Position != first.Position && Serve(view, range, indexed, wish) is { } behind) return behind;
        return new ReadResult(ErrorCode.CorruptMessage, view);
    }

    // Null where not even the first batch is good.
    private ReadResult? Serve(LogView view, SegmentRange range, in BatchPlace first, in ReadWish wish)
    {
        if (first.BaseOffset >= wish.Limit && first.BaseOffset < wish.NextSegment) return new ReadResult(ErrorCode.None, view);

        var end = range.End;
        if (wish.Limit < view.EndOffset && range.Locate(wish.Limit, out var stop) == LocateResult.Found) end = stop.Position;
        var available = Math.Min(end - first.Position, int.MaxValue);
        var length = (int)Math.Min(available, wish.MaxBytes);
        if (first.Size > length)
        {
            if (!wish.MinOneBatch || first.Size > available) return new ReadResult(ErrorCode.None, view);
            length = first.Size;
        }
        else if (length < available && range.Segment.Offsets.TryFloorValue(first.Position + length, out _, out var boundary) && boundary >= first.Position + first.Size)
        {
            // Indexed batches are whole up to there; a cut through a batch would be sent in vain.
            length = (int)(boundary - first.Position);
        }

        if (CheckBeforeServing(range, first, first.Position + length, wish.Offset, wish.NextSegment) is not { } good) return null;
        // Whether this log has transactions is not always told by its files; its batches do.
        if (wish.Kind == ReadLimit.Committed && first.IsTransactional) _hasTransactions = true;
        var upTo = wish.Kind == ReadLimit.Committed && _hasTransactions ? Math.Min(wish.Limit, range.OffsetBehind(good - 1)) : 0;
        return new ReadResult(view, range.File, first.Position, (int)(good - first.Position), range.Segment.Log, wish.Offset, upTo);
    }

    /// <summary>The last segment that begins at or before an offset (the first one for an offset before all).</summary>
    private static int IndexOf(LogSegment[] segments, long offset)
    {
        int low = 0, high = segments.Length - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (segments[middle].BaseOffset <= offset) low = middle;
            else high = middle - 1;
        }

        return low;
    }

    // What a read asks for. NextSegment: all offsets of the segment are below it.
    private readonly record struct ReadWish(long Offset, int MaxBytes, ReadLimit Kind, long Limit, long NextSegment, bool MinOneBatch);
}
