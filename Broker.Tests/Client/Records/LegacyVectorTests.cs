using System.Text.Json;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Records;

/// <summary>Messages of the formats 0 and 1 that Kafka wrote.</summary>
public sealed class LegacyVectorTests
{
    [Fact]
    public void Every_message_set_is_read_or_refused_as_Kafka_does()
    {
        var wrong = new List<string>();
        foreach (var vector in RecordVectors.Read("legacy.jsonl"))
        {
            var error = Read(vector);
            if (error is null != vector.Text("error") is null) wrong.Add($"{vector.Case()}: {error ?? "read"}, Kafka: {vector.Text("error") ?? "read"}");
        }

        Assert.Equal([], wrong);
    }

    private static string? Read(JsonElement vector)
    {
        using var reader = new LegacyReader(vector.Hex());
        try
        {
            if (!vector.TryGetProperty("records", out var records))
            {
                while (reader.MoveNext()) Assert.True(reader.Offset >= 0);
                return null;
            }

            foreach (var record in records.EnumerateArray())
            {
                Assert.True(reader.MoveNext(), vector.Case());
                Assert.Equal(record.GetProperty("offset").GetInt64(), reader.Offset);
                Assert.Equal(record.GetProperty("timestamp").GetInt64(), reader.Timestamp);
                Assert.Equal(record.GetProperty("key").Bytes(), reader.IsKeyNull ? null : reader.Key.ToArray());
                Assert.Equal(record.GetProperty("value").Bytes(), reader.IsValueNull ? null : reader.Value.ToArray());
            }

            Assert.False(reader.MoveNext(), vector.Case());
            return null;
        }
        catch (CorruptRecordException refused)
        {
            return refused.Message;
        }
    }
}
