using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>Transaction markers, as a log meets them.</summary>
internal static class Markers
{
    /// <summary>The coordinator's epoch in a control batch (or its first bytes); -1 where there is none.</summary>
    public static int CoordinatorEpoch(ReadOnlySpan<byte> batch)
    {
        if (!RecordBatchHeader.TryParse(batch, out var header) || header.SizeInBytes > batch.Length) return -1;
        try
        {
            var records = new RecordReader(header, batch[RecordBatchHeader.Size..header.SizeInBytes]);
            return records.MoveNext() && ControlRecord.TryReadCoordinatorEpoch(records.Value, out var epoch) ? epoch : -1;
        }
        catch (CorruptRecordException)
        {
            return -1; // the checksum was right: what stands there is no marker, and says nothing of a coordinator
        }
    }
}
