using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>What a batch says of a transaction's end.</summary>
/// <param name="EndsTransaction">It is a marker that is still there; compaction may have left an empty batch of it, which says nothing.</param>
/// <param name="IsAbort">The transaction is aborted.</param>
/// <param name="CoordinatorEpoch">The coordinator's epoch, -1 where none is told.</param>
internal readonly record struct Marker(bool EndsTransaction, bool IsAbort, int CoordinatorEpoch)
{
    /// <summary>A batch of data.</summary>
    public static Marker None => new(false, false, -1);
}

/// <summary>Transaction markers, as a log meets them.</summary>
internal static class Markers
{
    /// <summary>Reads a batch, or its first bytes.</summary>
    public static Marker Read(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        if (!header.IsControl || header.RecordCount == 0) return Marker.None;
        if (header.SizeInBytes > batch.Length) return new Marker(true, false, -1);
        try
        {
            var records = new RecordReader(header, batch[RecordBatchHeader.Size..header.SizeInBytes]);
            if (!records.MoveNext()) return new Marker(true, false, -1);
            var isAbort = ControlRecord.TryReadType(records.Key, out var type) && type == ControlRecordType.Abort;
            return new Marker(true, isAbort, ControlRecord.TryReadCoordinatorEpoch(records.Value, out var epoch) ? epoch : -1);
        }
        catch (CorruptRecordException)
        {
            return new Marker(true, false, -1); // the checksum was right: what stands there is no marker, and says nothing of a coordinator
        }
    }
}
