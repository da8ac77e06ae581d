using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Records;

/// <summary>Makes messages of the formats 0 and 1 out of batches, for clients that know nothing newer (Fetch 0 to 3).</summary>
public static class RecordConverter
{
    /// <summary>
    /// Adds the records of <paramref name="batches"/> to <paramref name="destination"/> as messages: uncompressed ones one by one, compressed ones in
    /// a wrapper of the same codec. Markers are left out, as are headers and, in format 0, timestamps. A cut batch at the end is left out.
    /// </summary>
    /// <param name="batches">Batches, back to back. Messages of the old formats among them stay as they are where the reader knows their format.</param>
    /// <param name="magic">0 or 1.</param>
    /// <param name="fromOffset">Records before this offset are left out.</param>
    /// <param name="destination">Where the messages go.</param>
    /// <exception cref="CorruptRecordException">
    /// A batch cannot be read, or is compressed by zstd, which the old formats do not have (<see cref="RecordFault.UnsupportedCompression"/>).
    /// </exception>
    public static void ToLegacy(ReadOnlySpan<byte> batches, sbyte magic, long fromOffset, PooledBuffer destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)magic, 1, nameof(magic));
        using var unfolded = new PooledBuffer();
        using var inner = new PooledBuffer();
        var walker = new RecordBatchWalker(batches, takesOldFormats: true);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            if (header.IsControl || header.LastOffset < fromOffset) continue;
            if (header.IsOldFormat)
            {
                WriteMessages(header, walker.Batch, magic, inner, unfolded, destination);
                continue;
            }

            if (header.Compression == CompressionType.None)
            {
                WriteRecords(header, walker.Records, magic, fromOffset, relative: false, destination);
                continue;
            }

            if (header.Compression == CompressionType.Zstd) throw new CorruptRecordException(RecordFault.UnsupportedCompression, $"format {magic} has no zstd");
            unfolded.Truncate(0);
            inner.Truncate(0);
            RecordCodec.Decompress(header.Compression, walker.Records, unfolded, Limits.DecompressedBytes(walker.Records.Length));
            var last = WriteRecords(header, unfolded.WrittenSpan, magic, fromOffset, relative: magic > 0, inner);
            if (inner.Length > 0) WriteWrapper(header, magic, last, inner.WrittenSpan, unfolded, destination);
        }

        if (walker.End == BatchWalkEnd.Corrupt) throw new CorruptRecordException(RecordFault.Corrupt, "the log holds bytes that are no batch");
    }

    // From format 1 to format 0; the only other way is none.
    private static void WriteMessages(in RecordBatchHeader header, ReadOnlySpan<byte> entry, sbyte magic, PooledBuffer inner, PooledBuffer scratch, PooledBuffer destination)
    {
        if (header.Magic <= magic)
        {
            entry.CopyTo(destination.GetSpan(entry.Length));
            destination.Advance(entry.Length);
            return;
        }

        inner.Truncate(0);
        var isWrapped = header.Compression != CompressionType.None;
        using var reader = new LegacyReader(entry);
        while (reader.MoveNext())
        {
            LegacyMessage.Write(isWrapped ? inner : destination, magic, reader.Offset, reader.Timestamp, 0, reader.Key, !reader.IsKeyNull, reader.Value, !reader.IsValueNull);
        }

        if (isWrapped) WriteWrapper(header, magic, header.LastOffset, inner.WrittenSpan, scratch, destination);
    }

    // Gives the last offset written.
    private static long WriteRecords(in RecordBatchHeader header, ReadOnlySpan<byte> records, sbyte magic, long fromOffset, bool relative, PooledBuffer destination)
    {
        var attributes = Attributes(header, magic);
        var first = -1L;
        var last = -1L;
        var reader = new RecordReader(header, records);
        while (reader.MoveNext())
        {
            if (reader.Offset < fromOffset) continue;
            if (first < 0) first = reader.Offset;
            last = reader.Offset;
            var offset = relative ? reader.Offset - first : reader.Offset;
            LegacyMessage.Write(destination, magic, offset, reader.Timestamp, attributes, reader.Key, !reader.IsKeyNull, reader.Value, !reader.IsValueNull);
        }

        return last;
    }

    private static void WriteWrapper(in RecordBatchHeader header, sbyte magic, long lastOffset, ReadOnlySpan<byte> inner, PooledBuffer scratch, PooledBuffer destination)
    {
        scratch.Truncate(0);
        RecordCodec.Compress(header.Compression, inner, scratch, level: null, lz4BrokenHeaderChecksum: magic == 0);
        var attributes = Attributes(header, magic) | (int)header.Compression;
        LegacyMessage.Write(destination, magic, lastOffset, header.MaxTimestamp, attributes, default, hasKey: false, scratch.WrittenSpan, hasValue: true);
    }

    private static int Attributes(in RecordBatchHeader header, sbyte magic)
        => magic > 0 && header.TimestampType == TimestampType.LogAppendTime ? RecordBatchHeader.AppendTimeBit : 0;
}
