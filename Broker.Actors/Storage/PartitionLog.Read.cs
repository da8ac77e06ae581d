using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    /// <summary>
    /// Finds what a reader at <paramref name="offset"/> gets, without reading it. From any thread.
    /// </summary>
    /// <param name="offset">First offset wanted: from the log's start to the limit.</param>
    /// <param name="maxBytes">Bytes at most.</param>
    /// <param name="limit">How far the reader may see.</param>
    /// <param name="minOneBatch">Give the first batch whole even where it is larger than <paramref name="maxBytes"/>.</param>
    /// <returns>
    /// <see cref="ErrorCode.OffsetOutOfRange"/> outside of the log; <see cref="ErrorCode.CorruptMessage"/> where damage lies before the offset;
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
                Report($"offset {offset} cannot be read: {error.Message}");
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
            var end = at == view.Segments.Length - 1 ? view.EndPosition : segment.Size;
            if (end == 0) continue;
            var file = segment.Log.TryLease();
            if (file is null) return null;
            ReadResult? found = null;
            try
            {
                found = ReadSegment(view, new SegmentRange(segment, file, end), offset, maxBytes, limit, minOneBatch);
                if (found is not null) return found;
            }
            finally
            {
                if (found is not { Length: > 0 }) segment.Log.Dispose();
            }
        }

        return new ReadResult(ErrorCode.None, view);
    }

    private ReadResult? ReadSegment(LogView view, SegmentRange range, long offset, int maxBytes, ReadLimit kind, bool minOneBatch)
    {
        var limit = view.LimitOf(kind);
        var found = range.Locate(offset, out var first);
        if (found == LocateResult.Damaged) return new ReadResult(ErrorCode.CorruptMessage, view);
        if (found == LocateResult.PastEnd) return null;
        if (first.BaseOffset >= limit) return new ReadResult(ErrorCode.None, view);

        var end = range.End;
        if (limit < view.EndOffset && range.Locate(limit, out var stop) == LocateResult.Found) end = stop.Position;
        var available = Math.Min(end - first.Position, int.MaxValue);
        var length = (int)Math.Min(available, maxBytes);
        if (first.Size > length)
        {
            if (!minOneBatch || first.Size > available) return new ReadResult(ErrorCode.None, view);
            length = first.Size;
        }
        else if (length < available && range.Segment.Offsets.TryFloorValue(first.Position + length, out _, out var boundary) && boundary >= first.Position + first.Size)
        {
            // Indexed batches are whole up to there; a cut through a batch would be sent in vain.
            length = (int)(boundary - first.Position);
        }

        // Whether this log has transactions is not always told by its files; its batches do.
        if (kind == ReadLimit.Committed && first.IsTransactional) _hasTransactions = true;
        var upTo = kind == ReadLimit.Committed && _hasTransactions ? Math.Min(limit, range.OffsetBehind(first.Position + length - 1)) : 0;
        return new ReadResult(view, range.File, first.Position, length, range.Segment.Log, offset, upTo);
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
}
