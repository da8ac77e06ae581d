using System.Buffers.Binary;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Records;

public sealed class RecordBatchWalkerTests
{
    private static readonly byte[] Batch = RecordVectors.Read("batches.jsonl").First().Hex();

    [Fact]
    public void A_cut_batch_ends_the_walk_at_its_start()
    {
        var two = Batch.Concat(Batch).ToArray();
        for (var cut = Batch.Length + 1; cut < two.Length; cut++)
        {
            var walker = new RecordBatchWalker(two.AsSpan(0, cut));
            Assert.True(walker.MoveNext());
            Assert.False(walker.MoveNext());
            Assert.Equal(BatchWalkEnd.Truncated, walker.End);
            Assert.Equal(Batch.Length, walker.Position);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(48)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void A_length_that_no_batch_has_ends_the_walk(int length)
    {
        var bytes = Batch.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), length);
        var walker = new RecordBatchWalker(bytes);
        Assert.False(walker.MoveNext());
        Assert.Equal(BatchWalkEnd.Corrupt, walker.End);
        Assert.Equal(0, walker.Position);
    }

    [Fact]
    public void Zeros_after_the_last_batch_are_no_batch()
    {
        var walker = new RecordBatchWalker(Batch.Concat(new byte[4096]).ToArray());
        Assert.True(walker.MoveNext());
        Assert.False(walker.MoveNext());
        Assert.Equal(BatchWalkEnd.Corrupt, walker.End);
        Assert.Equal(Batch.Length, walker.Position);
    }

    [Fact]
    public void Offset_and_epoch_are_set_outside_the_checksum_and_timestamps_inside()
    {
        var bytes = Batch.ToArray();
        RecordBatchHeader.SetBaseOffset(bytes, 42);
        RecordBatchHeader.SetPartitionLeaderEpoch(bytes, 7);
        Assert.True(RecordBatchHeader.IsCrcValid(bytes));
        Assert.True(RecordBatchHeader.SetTimestamps(bytes, TimestampType.LogAppendTime, 1234));
        Assert.True(RecordBatchHeader.IsCrcValid(bytes));
        Assert.False(RecordBatchHeader.SetTimestamps(bytes, TimestampType.LogAppendTime, 1234));
        RecordBatchHeader.TryParse(bytes, out var header);
        Assert.Equal((42L, 7, TimestampType.LogAppendTime, 1234L), (header.BaseOffset, header.PartitionLeaderEpoch, header.TimestampType, header.MaxTimestamp));
    }

    [Fact]
    public void Every_flipped_byte_of_the_records_is_read_or_refused()
    {
        RecordBatchHeader.TryParse(Batch, out var header);
        var records = Batch.AsSpan(RecordBatchHeader.Size).ToArray();
        for (var i = 0; i < records.Length; i++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                records[i] ^= (byte)(1 << bit);
                Walk(header, records);
                records[i] ^= (byte)(1 << bit);
            }
        }
    }

    private static void Walk(in RecordBatchHeader header, byte[] records)
    {
        try
        {
            var reader = new RecordReader(header, records);
            while (reader.MoveNext()) Assert.True(reader.Key.Length + reader.Value.Length <= records.Length);
        }
        catch (CorruptRecordException refused)
        {
            Assert.Equal(RecordFault.Invalid, refused.Fault);
        }
    }
}
