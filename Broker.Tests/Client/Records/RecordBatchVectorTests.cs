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
    public void Records_of_every_codec_and_of_what_Kafka_refuses()
    {
        var known = new Dictionary<string, JsonElement>();
        var wrong = new List<string>();
        foreach (var vector in RecordVectors.Read("batches.jsonl"))
        {
            if (vector.TryGetProperty("records", out var records)) known[vector.Case()] = records;
            else if (vector.Text("recordsSameAs") is { } same) records = known[same];
            var error = Read(vector, records);
            if (error is null != vector.Text("error") is null) wrong.Add($"{vector.Case()}: {error ?? "read"}, Kafka: {vector.Text("error") ?? "read"}");
        }

        Assert.Equal([], wrong);
    }

    [Fact]
    public void Uncompressed_batches_are_written_again_byte_by_byte()
    {
        var written = 0;
        foreach (var vector in RecordVectors.Read("batches.jsonl"))
        {
            var bytes = vector.Hex();
            RecordBatchHeader.TryParse(bytes, out var header);
            if (header.Compression != CompressionType.None || header.HasDeleteHorizon || header.RecordCount == 0) continue;
            using var builder = new RecordBatchBuilder();
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(Rewrite(builder, header, bytes.AsSpan(RecordBatchHeader.Size)).Span));
            written++;
        }

        Assert.True(written > 20, $"only {written} uncompressed batches");
    }

    [Fact]
    public void Compressed_batches_are_written_again_with_the_same_records()
    {
        foreach (var vector in RecordVectors.Read("batches.jsonl"))
        {
            var bytes = vector.Hex();
            RecordBatchHeader.TryParse(bytes, out var header);
            if (header.Compression == CompressionType.None || header.HasDeleteHorizon || !vector.TryGetProperty("records", out var records)) continue;
            using var unfolded = new PooledBuffer();
            RecordCodec.Decompress(header.Compression, bytes.AsSpan(RecordBatchHeader.Size), unfolded, 1 << 20);
            using var builder = new RecordBatchBuilder(header.Compression);
            var again = Rewrite(builder, header, unfolded.WrittenSpan).Span;
            Assert.True(RecordBatchHeader.TryParse(again, out var headerAgain));
            Assert.True(RecordBatchHeader.IsCrcValid(again));
            using var unfoldedAgain = new PooledBuffer();
            RecordCodec.Decompress(header.Compression, again[RecordBatchHeader.Size..], unfoldedAgain, 1 << 20);
            AssertRecords(records, headerAgain, unfoldedAgain.WrittenSpan, vector.Case());
        }
    }

    private static Memory<byte> Rewrite(RecordBatchBuilder builder, in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        // The records' own times, which append time hides.
        var reader = new RecordReader(header with { Attributes = 0 }, records);
        while (reader.MoveNext()) builder.Append(reader, (int)(reader.Offset - header.BaseOffset));
        return builder.Build(new RecordBatchFields
        {
            BaseOffset = header.BaseOffset,
            PartitionLeaderEpoch = header.PartitionLeaderEpoch,
            ProducerId = header.ProducerId,
            ProducerEpoch = header.ProducerEpoch,
            BaseSequence = header.BaseSequence,
            IsTransactional = header.IsTransactional,
            IsControl = header.IsControl,
            AppendTime = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : null,
            LastOffsetDelta = header.LastOffsetDelta,
        });
    }

    private static string? Read(JsonElement vector, JsonElement records)
    {
        var bytes = vector.Hex();
        RecordBatchHeader.TryParse(bytes, out var header);
        try
        {
            using var unfolded = new PooledBuffer();
            RecordCodec.Decompress(header.Compression, bytes.AsSpan(RecordBatchHeader.Size), unfolded, 1 << 20);
            if (records.ValueKind == JsonValueKind.Array) AssertRecords(records, header, unfolded.WrittenSpan, vector.Case());
            else Walk(header, unfolded.WrittenSpan);
            return null;
        }
        catch (CorruptRecordException refused)
        {
            return $"{refused.Fault}: {refused.Message}";
        }
    }

    private static void Walk(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        var reader = new RecordReader(header, records);
        while (reader.MoveNext()) Assert.True(reader.Consumed > 0);
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
