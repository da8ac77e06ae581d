using System.Text.Json;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Records;

/// <summary>Every batch of the vectors, read.</summary>
public sealed class RecordBatchVectorTests
{
    [Fact]
    public void Headers_and_checksums()
    {
        foreach (var vector in RecordVectors.Read("batches.jsonl"))
        {
            var bytes = vector.Hex();
            var expected = vector.GetProperty("header");
            Assert.True(RecordBatchHeader.TryParse(bytes, out var header));
            Assert.True(header.IsWellFormed);
            AssertHeader(expected, header, vector.Case());
            Assert.True(RecordBatchHeader.IsCrcValid(bytes), vector.Case());

            var walker = new RecordBatchWalker(bytes);
            Assert.True(walker.MoveNext());
            Assert.Equal(bytes.Length, walker.Batch.Length);
            Assert.False(walker.MoveNext());
            Assert.Equal(BatchWalkEnd.Complete, walker.End);
        }
    }

    [Fact]
    public void Records_of_uncompressed_batches()
    {
        var read = 0;
        foreach (var vector in RecordVectors.Read("batches.jsonl"))
        {
            var bytes = vector.Hex();
            RecordBatchHeader.TryParse(bytes, out var header);
            if (header.Compression != CompressionType.None || !vector.TryGetProperty("records", out var expected)) continue;
            AssertRecords(expected, header, bytes.AsSpan(RecordBatchHeader.Size), vector.Case());
            read++;
        }

        Assert.True(read > 20, $"only {read} uncompressed batches");
    }

    internal static void AssertRecords(JsonElement expected, in RecordBatchHeader header, ReadOnlySpan<byte> records, string name)
    {
        var reader = new RecordReader(header, records);
        foreach (var record in expected.EnumerateArray())
        {
            Assert.True(reader.MoveNext(), name);
            Assert.Equal(record.GetProperty("offset").GetInt64(), reader.Offset);
            Assert.Equal(record.GetProperty("timestamp").GetInt64(), reader.Timestamp);
            Assert.Equal(record.GetProperty("key").Bytes(), reader.IsKeyNull ? null : reader.Key.ToArray());
            Assert.Equal(record.GetProperty("value").Bytes(), reader.IsValueNull ? null : reader.Value.ToArray());
            AssertHeaders(record.GetProperty("headers"), reader.Headers);
            if (record.Text("control") is { } control) AssertControl(record, control, reader);
        }

        Assert.False(reader.MoveNext(), name);
    }

    private static void AssertHeaders(JsonElement expected, RecordHeaderReader headers)
    {
        foreach (var header in expected.EnumerateArray())
        {
            Assert.True(headers.MoveNext());
            Assert.Equal(header.GetProperty("key").GetString(), System.Text.Encoding.UTF8.GetString(headers.Key));
            Assert.Equal(header.GetProperty("value").Bytes(), headers.IsValueNull ? null : headers.Value.ToArray());
        }

        Assert.False(headers.MoveNext());
    }

    private static void AssertControl(JsonElement record, string control, in RecordReader reader)
    {
        Assert.True(ControlRecord.TryReadType(reader.Key, out var type));
        if (type is not (ControlRecordType.Abort or ControlRecordType.Commit)) return;
        Assert.Equal(control, type == ControlRecordType.Commit ? "commit" : "abort");
        Assert.True(ControlRecord.TryReadCoordinatorEpoch(reader.Value, out var epoch));
        Assert.Equal(record.GetProperty("coordinatorEpoch").GetInt32(), epoch);
    }

    private static void AssertHeader(JsonElement expected, RecordBatchHeader header, string name)
    {
        long Number(string field) => expected.GetProperty(field).GetInt64();
        bool Flag(string field) => expected.GetProperty(field).GetBoolean();
        Assert.Equal(Number("baseOffset"), header.BaseOffset);
        Assert.Equal(Number("batchLength"), header.BatchLength);
        Assert.Equal(Number("partitionLeaderEpoch"), header.PartitionLeaderEpoch);
        Assert.Equal(Number("magic"), header.Magic);
        Assert.Equal(Number("crc"), header.Crc);
        Assert.Equal(Number("attributes"), header.Attributes);
        Assert.Equal(Number("lastOffsetDelta"), header.LastOffsetDelta);
        Assert.Equal(Number("baseTimestamp"), header.BaseTimestamp);
        Assert.Equal(Number("maxTimestamp"), header.MaxTimestamp);
        Assert.Equal(Number("producerId"), header.ProducerId);
        Assert.Equal(Number("producerEpoch"), header.ProducerEpoch);
        Assert.Equal(Number("baseSequence"), header.BaseSequence);
        Assert.Equal(Number("recordCount"), header.RecordCount);
        Assert.Equal(Number("lastOffset"), header.LastOffset);
        Assert.Equal(Number("sizeInBytes"), header.SizeInBytes);
        Assert.True(Number("lastSequence") == header.LastSequence, name);
        Assert.Equal(expected.GetProperty("timestampType").GetString(), header.TimestampType == TimestampType.LogAppendTime ? "append" : "create");
        Assert.Equal(Flag("transactional"), header.IsTransactional);
        Assert.Equal(Flag("control"), header.IsControl);
        Assert.Equal(Flag("deleteHorizon"), header.HasDeleteHorizon);
    }
}
