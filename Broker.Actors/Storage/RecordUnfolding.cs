using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>The records of a batch, decompressed where they are compressed.</summary>
internal static class RecordUnfolding
{
    /// <summary>Bytes for a <see cref="RecordReader"/>. <see cref="CorruptRecordException"/> where the codec refuses them.</summary>
    public static ReadOnlySpan<byte> Records(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        if (header.Compression == CompressionType.None) return batch[RecordBatchHeader.Size..];
        throw new CorruptRecordException(RecordFault.UnsupportedCompression, $"batches with {header.Compression} are searched by batch");
    }
}
