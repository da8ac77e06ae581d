using System.Buffers;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Coordinators;

/// <summary>Reads a partition into a coordinator's state, a piece at a time.</summary>
/// <param name="log">The partition's log.</param>
/// <param name="into">Takes the records.</param>
/// <param name="pieceBytes">Bytes read in one step.</param>
internal sealed class CoordinatorLoader(PartitionLog log, ICoordinator into, int pieceBytes)
{
    private long next = log.View.StartOffset;

    /// <summary>After the last record that was read.</summary>
    public long End => next;

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    /// <summary>Reads a piece; true when the end is reached.</summary>
    /// <exception cref="InvalidDataException">The log cannot be read, or is damaged.</exception>
    public bool Step()
    {
        if (next >= log.View.EndOffset) return true;
        using var read = log.Read(next, pieceBytes, ReadLimit.End, minOneBatch: true);
        if (read.Error == ErrorCode.OffsetOutOfRange && log.View.StartOffset > next)
        {
            next = log.View.StartOffset;
            return false;
        }

        if (read.Error != ErrorCode.None) throw new InvalidDataException($"offset {next} cannot be read: {read.Error.Name()}");
        if (read.Length == 0)
        {
            // Compaction may have taken everything from here to the end.
            next = read.View.EndOffset;
            return true;
        }

        // The same memory again and again: a fresh array for each piece is touched for the first time, and has the collector go through all that was read so far.
        var buffer = ArrayPool<byte>.Shared.Rent(read.Length);
        try
        {
            Take(buffer.AsMemory(0, read.ReadInto(buffer)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return next >= log.View.EndOffset;
    }

    private void Take(ReadOnlyMemory<byte> bytes)
    {
        var before = next;
        var walker = new RecordBatchWalker(bytes.Span);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            if (!RecordBatchHeader.IsCrcValid(walker.Batch)) throw new InvalidDataException($"the batch at offset {header.BaseOffset} does not match its checksum");
            if (header.LastOffset >= next) TakeBatch(header, bytes.Slice(walker.Position + RecordBatchHeader.Size, walker.Records.Length));
            next = Math.Max(next, header.NextOffset);
        }

        if (next == before) throw new InvalidDataException($"there is no whole batch at offset {before}");
    }

    private void TakeBatch(in RecordBatchHeader header, ReadOnlyMemory<byte> stored)
    {
        if (header.IsControl)
        {
            TakeMarker(header, stored);
            return;
        }

        if (header.Compression == CompressionType.None)
        {
            TakeRecords(header, stored);
            return;
        }

        using var unpacked = new PooledBuffer(stored.Length * 4);
        RecordCodec.Decompress(header.Compression, stored.Span, unpacked, Client.Limits.DecompressedBytes(stored.Length));
        TakeRecords(header, unpacked.WrittenMemory);
    }

    private void TakeRecords(in RecordBatchHeader header, ReadOnlyMemory<byte> plain)
    {
        var reader = new RecordReader(header, plain.Span);
        var producer = header.IsTransactional ? header.ProducerId : -1;
        while (reader.MoveNext())
        {
            if (reader.Offset < next || reader.IsKeyNull) continue;
            ReadOnlyMemory<byte>? value = reader.IsValueNull ? default(ReadOnlyMemory<byte>?) : plain.Slice(reader.ValueStart, reader.ValueLength);
            into.Replay(new CoordinatorRecord(reader.Offset, reader.Timestamp, producer, plain.Slice(reader.KeyStart, reader.KeyLength), value));
            Records++;
        }
    }

    private void TakeMarker(in RecordBatchHeader header, ReadOnlyMemory<byte> plain)
    {
        var reader = new RecordReader(header, plain.Span);
        if (!reader.MoveNext() || !ControlRecord.TryReadType(reader.Key, out var type)) return;
        if (type is ControlRecordType.Commit or ControlRecordType.Abort) into.ReplayMarker(header.ProducerId, type == ControlRecordType.Commit);
    }
}
