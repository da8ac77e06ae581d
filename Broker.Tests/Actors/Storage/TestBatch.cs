using System.Buffers.Binary;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Makes batches of format 2 as a producer sends them.</summary>
internal static class TestBatch
{
    /// <summary>A batch of records whose values are the given ones; base offset 0.</summary>
    public static byte[] Of(long timestamp, long producerId, short epoch, int sequence, params byte[][] values)
    {
        var body = new List<byte>();
        for (var i = 0; i < values.Length; i++)
        {
            var record = new List<byte> { 0 };
            Long(record, i);
            Long(record, i);
            Long(record, -1);
            Long(record, values[i].Length);
            record.AddRange(values[i]);
            Long(record, 0);
            Long(body, record.Count);
            body.AddRange(record);
        }

        var batch = new byte[RecordBatchHeader.Size + body.Count];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - RecordBatchHeader.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), -1);
        batch[16] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), values.Length - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), timestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), timestamp + values.Length - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), values.Length);
        body.CopyTo(batch, RecordBatchHeader.Size);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), RecordBatchHeader.ComputeCrc(batch));
        return batch;
    }

    /// <summary>A batch without a producer id: records of a given size.</summary>
    public static byte[] Plain(int records, int valueSize, long timestamp = 1_000_000)
        => Of(timestamp, -1, -1, -1, Enumerable.Range(0, records).Select(i => Value(i, valueSize)).ToArray());

    /// <summary>A batch of an idempotent producer.</summary>
    public static byte[] Idempotent(long producerId, short epoch, int sequence, int records, int valueSize = 20, long timestamp = 1_000_000)
        => Of(timestamp, producerId, epoch, sequence, Enumerable.Range(0, records).Select(i => Value(i, valueSize)).ToArray());

    /// <summary>A batch of a transaction.</summary>
    public static byte[] Transactional(long producerId, short epoch, int sequence, int records = 1, int valueSize = 20, long timestamp = 1_000_000)
    {
        var batch = Idempotent(producerId, epoch, sequence, records, valueSize, timestamp);
        batch[22] |= 0x10;
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), RecordBatchHeader.ComputeCrc(batch));
        return batch;
    }

    /// <summary>Parses a header.</summary>
    public static RecordBatchHeader Header(ReadOnlySpan<byte> batch)
    {
        Assert.True(RecordBatchHeader.TryParse(batch, out var header));
        return header;
    }

    private static byte[] Value(int seed, int size)
    {
        var value = new byte[size];
        value.AsSpan().Fill((byte)('a' + (seed % 26)));
        return value;
    }

    private static void Long(List<byte> to, long value)
    {
        Span<byte> bytes = stackalloc byte[Varint.MaxLongSize];
        var size = Varint.WriteLong(bytes, value);
        foreach (var part in bytes[..size]) to.Add(part);
    }
}
