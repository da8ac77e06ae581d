using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>The image in a snapshot, put together batch by batch. However large it is, no more than <see cref="Limits.ReplayEvents"/> and a batch's events wait in memory.</summary>
/// <param name="last">Offset of the last event in the snapshot.</param>
internal sealed class SnapshotImage(long last)
{
    private readonly List<IApiMessage> events = [];
    private MetadataImage image = MetadataImage.Empty;

    /// <summary>Takes the next batch.</summary>
    /// <exception cref="MalformedMessageException">It holds what this version does not know.</exception>
    /// <exception cref="CorruptRecordException">Its records are damaged.</exception>
    public void Add(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        events.AddRange(SnapshotBatches.EventsOf(header, records));
        if (events.Count >= Limits.ReplayEvents) Whole();
    }

    /// <summary>The image of all that was taken.</summary>
    public MetadataImage Whole()
    {
        image = image.With(events, last);
        events.Clear();
        return image;
    }
}
