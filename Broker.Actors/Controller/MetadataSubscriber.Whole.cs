using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Controller;

/// <content>A whole image, for a broker that was away for so long that the events which it lacks are only in a snapshot.</content>
public sealed partial class MetadataSubscriber
{
    private void Take(MetadataWhole piece)
    {
        if (!isFetching || piece.To <= gathering.Offset) return;
        if (piece.Position == 0) whole = new Whole(piece.Epoch, piece.To);
        else if (whole is null || (whole.Epoch, whole.To, whole.Position) != (piece.Epoch, piece.To, piece.Position))
        {
            // Of another controller's, or one that came twice. Where nothing else comes, the timer asks again.
            if (whole?.Epoch != piece.Epoch) whole = null;
            return;
        }

        try
        {
            Add(whole, piece.Batches.Span);
        }
        catch (Exception error) when (error is MalformedMessageException or CorruptRecordException)
        {
            BeginAnew(error);
            return;
        }

        if (whole.Position < piece.Length)
        {
            Fetch();
            return;
        }

        gathering = whole.Image.Whole();
        gathered.Clear();
        (isWhole, whole) = (true, null);
        GoOn(piece.Head);
    }

    private static void Add(Whole whole, ReadOnlySpan<byte> batches)
    {
        var walker = new RecordBatchWalker(batches);
        while (walker.MoveNext())
        {
            if (!RecordBatchHeader.IsCrcValid(walker.Batch)) throw new MalformedMessageException($"a batch of the snapshot of event {whole.To} is damaged");
            whole.Image.Add(walker.Header, walker.Records);
        }

        if (walker.End != BatchWalkEnd.Complete) throw new MalformedMessageException($"the snapshot of event {whole.To} is damaged");
        whole.Position += batches.Length;
    }

    /// <summary>A snapshot of which a part has come.</summary>
    private sealed class Whole(int epoch, long to)
    {
        public int Epoch => epoch;

        public long To => to;

        public long Position { get; set; }

        public SnapshotImage Image { get; } = new(to);
    }
}
