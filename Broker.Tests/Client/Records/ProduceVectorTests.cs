using System.Text.Json;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Records;

/// <summary>Kafka's answers to bad batches, and what its log then held.</summary>
public sealed class ProduceVectorTests
{
    private const short ProduceVersion = 9;

    // Answered from the producer's state, the transaction, the topic or the request, not from the records.
    private static readonly HashSet<string> NotOfTheRecords =
    [
        "OUT_OF_ORDER_SEQUENCE_NUMBER", "INVALID_PRODUCER_EPOCH", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "NOT_ENOUGH_REPLICAS",
        "UNKNOWN_TOPIC_OR_PARTITION", "INVALID_REQUIRED_ACKS",
    ];

    [Fact]
    public void Every_bad_batch_gets_Kafkas_answer()
    {
        var wrong = new List<string>();
        var judged = 0;
        foreach (var vector in RecordVectors.Read("bad_batches.jsonl"))
        {
            var answer = vector.GetProperty("answer");
            if (answer.Text("error") is not { } error || NotOfTheRecords.Contains(error)) continue;
            judged++;
            var given = Answer(vector, answer);
            var expected = Expected(answer);
            if (given != expected) wrong.Add($"{vector.Case()}: {given}, Kafka: {expected}");
        }

        Assert.Equal([], wrong);
        Assert.True(judged > 180, $"only {judged}");
    }

    private static string Expected(JsonElement answer)
    {
        var indexes = answer.TryGetProperty("recordErrorIndexes", out var list) && list.ValueKind == JsonValueKind.Array
            ? string.Join(',', list.EnumerateArray().Select(i => i.GetInt32()))
            : "";
        var code = (ErrorCode)answer.GetProperty("errorCode").GetInt16();
        var start = code == ErrorCode.None || answer.GetProperty("logStartOffset").GetInt64() >= 0;
        return $"{code} start={start} [{indexes}] message={answer.GetProperty("hasMessage").GetBoolean()}";
    }

    private static string Answer(JsonElement vector, JsonElement answer)
    {
        var bytes = vector.Hex();
        var envelope = RecordEnvelope.Open(bytes, ProduceVersion);
        if (envelope.Error != ErrorCode.None) return $"{envelope.Error} start=False [] message={envelope.Message is not null}";

        var rules = Rules(vector.GetProperty("topicConfigs"));
        var appendTime = answer.GetProperty("logAppendTime").GetInt64();
        // The clock of the recording: its topics with append time say it, the other batches carry it within a few seconds.
        var now = appendTime >= 0 ? appendTime : 1795248200000;
        var verdict = RecordValidator.Validate(bytes.AsMemory(0, envelope.Length), rules, now);
        using var lease = verdict.Lease;
        if (verdict.IsAccepted) AssertStored(vector, verdict);
        var indexes = string.Join(',', (verdict.RecordErrors ?? []).Select(e => e.Index));
        return $"{verdict.Error} start={verdict.IsAccepted || verdict.ReportsLogStart} [{indexes}] message={verdict.Message is not null}";
    }

    private static void AssertStored(JsonElement vector, RecordsVerdict verdict)
    {
        if (!vector.TryGetProperty("stored", out var stored) || stored.Bytes() is not { Length: > 0 } expected) return;
        RecordBatchHeader.TryParse(expected, out var header);
        RecordBatchHeader.TryParse(verdict.Batch.Span, out var given);
        Assert.True(RecordBatchHeader.IsCrcValid(verdict.Batch.Span), vector.Case());
        Assert.Equal(given.Crc, verdict.Header.Crc);
        if (header.SizeInBytes == given.SizeInBytes && header.Crc == given.Crc)
        {
            var patched = verdict.Batch.ToArray();
            RecordBatchHeader.SetBaseOffset(patched, header.BaseOffset);
            RecordBatchHeader.SetPartitionLeaderEpoch(patched, header.PartitionLeaderEpoch);
            Assert.Equal(expected, patched);
            return;
        }

        // Compressed anew: another compressor, the same records.
        Assert.True(vector.GetProperty("topicConfigs").TryGetProperty("compression.type", out _), $"{vector.Case()} is stored otherwise");
        Assert.Equal((header.Attributes, header.MaxTimestamp, header.BaseTimestamp, header.RecordCount), (given.Attributes, given.MaxTimestamp, given.BaseTimestamp, given.RecordCount));
        Assert.Equal(Unfolded(header, expected), Unfolded(given, verdict.Batch.Span));
    }

    private static byte[] Unfolded(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        using var buffer = new PooledBuffer();
        RecordCodec.Decompress(header.Compression, batch[RecordBatchHeader.Size..], buffer, 1 << 20);
        return buffer.WrittenSpan.ToArray();
    }

    private static RecordRules Rules(JsonElement configs) => new()
    {
        MaxMessageBytes = configs.Text("max.message.bytes") is { } most ? int.Parse(most) : 1048588,
        Compression = configs.Text("compression.type") is { } codec ? Enum.Parse<CompressionType>(codec, ignoreCase: true) : null,
        TimestampType = configs.Text("message.timestamp.type") == "LogAppendTime" ? TimestampType.LogAppendTime : TimestampType.CreateTime,
        Compacted = configs.Text("cleanup.policy") == "compact",
    };
}
