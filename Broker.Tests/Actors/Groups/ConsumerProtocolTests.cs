using System.Text.Json;
using AkkaStream.Actors.Groups;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>What consumers of the classic protocol say about themselves: Kafka's bytes are read as Kafka reads them, here and in the client, and made as Kafka makes them.</summary>
public sealed class ConsumerProtocolTests
{
    private static readonly List<JsonElement> Rows = VectorZip.Lines("groups.zip", "consumer_protocol.jsonl");

    [Fact]
    public void Subscriptions_are_Kafkas()
    {
        foreach (var row in Rows.Where(r => Is(r, "subscription")))
        {
            var version = row.GetProperty("version").GetInt16();
            var bytes = Bytes(row);
            var decoded = row.GetProperty("decoded");
            var read = ConsumerMetadata.Subscription(bytes)!;
            Assert.Equal(Words(decoded.GetProperty("topics")), read.Topics);
            Assert.Equal(decoded.GetProperty("userData").GetString(), read.UserData is { } data ? Convert.ToHexStringLower(data.Span) : null);
            Assert.Equal(Places(decoded.GetProperty("owned")), read.OwnedPartitions.SelectMany(t => t.Partitions.Select(p => (t.Topic, p))).Order());
            Assert.Equal(decoded.GetProperty("generation").ValueKind == JsonValueKind.Null ? -1 : decoded.GetProperty("generation").GetInt32(), read.GenerationId);
            Assert.Equal(decoded.GetProperty("rack").GetString(), ConsumerMetadata.RackOf(read));
            Assert.Equal(row.GetProperty("bytes").GetString(), Convert.ToHexStringLower(ConsumerMetadata.Write(read, version)));
            Assert.Equal(Convert.ToHexStringLower(ConsumerMetadata.Write(read, version)), Convert.ToHexStringLower(ConsumerMetadata.Write(ConsumerMessages.TryRead<ConsumerProtocolSubscription>(bytes)!, version)));
            Assert.Equal(row.GetProperty("bytes").GetString(), Convert.ToHexStringLower(ConsumerMetadata.Write(Subscription(row), version)));
        }
    }

    [Fact]
    public void Assignments_are_Kafkas()
    {
        foreach (var row in Rows.Where(r => Is(r, "assignment")))
        {
            var version = row.GetProperty("version").GetInt16();
            var read = ConsumerMetadata.Assignment(Bytes(row))!;
            Assert.Equal(Places(row.GetProperty("partitions")), read.AssignedPartitions.SelectMany(t => t.Partitions.Select(p => (t.Topic, p))).Order());
            Assert.Equal(row.GetProperty("userData").GetString(), read.UserData is { } data ? Convert.ToHexStringLower(data.Span) : null);
            Assert.Equal(row.GetProperty("bytes").GetString(), Convert.ToHexStringLower(ConsumerMetadata.Write(read, version)));
            var theirs = ConsumerMessages.TryRead<ConsumerProtocolAssignment>(Bytes(row))!;
            Assert.Equal(row.GetProperty("bytes").GetString(), Convert.ToHexStringLower(ConsumerMetadata.Write(theirs, version)));
            var made = new ConsumerProtocolAssignment { UserData = Hex(row.GetProperty("userData")) };
            foreach (var topic in row.GetProperty("partitions").EnumerateArray().GroupBy(p => p[0].GetString()!)) made.AssignedPartitions.Add(new() { Topic = topic.Key, Partitions = [.. topic.Select(p => p[1].GetInt32())] });
            Assert.Equal(row.GetProperty("bytes").GetString(), Convert.ToHexStringLower(ConsumerMetadata.Write(made, version)));
        }
    }

    [Fact]
    public void Odd_bytes_are_read_or_refused_as_Kafka_does()
    {
        foreach (var row in Rows.Where(r => Is(r, "decodeSubscription")))
        {
            var what = row.GetProperty("what").GetString();
            var here = ConsumerMetadata.Subscription(Bytes(row));
            var there = ConsumerMessages.TryRead<ConsumerProtocolSubscription>(Bytes(row));
            Assert.True(row.GetProperty("ok").GetBoolean() == here is not null && here is null == there is null, what);
            if (here is null) continue;
            Assert.Equal(Words(row.GetProperty("topics")), here.Topics);
            Assert.Equal(row.GetProperty("generation").GetInt32(), here.GenerationId);
            Assert.Equal(row.GetProperty("rack").GetString(), ConsumerMetadata.RackOf(here));
        }
    }

    // Topics in order, as Kafka writes them.
    private static ConsumerProtocolSubscription Subscription(JsonElement row)
    {
        var made = new ConsumerProtocolSubscription { Topics = [.. Words(row.GetProperty("topics")).Order(StringComparer.Ordinal)], UserData = Hex(row.GetProperty("userData")), GenerationId = row.GetProperty("generation").GetInt32(), RackId = row.GetProperty("rack").GetString() };
        foreach (var topic in Places(row.GetProperty("owned")).GroupBy(p => p.Topic).OrderBy(t => t.Key, StringComparer.Ordinal)) made.OwnedPartitions.Add(new() { Topic = topic.Key, Partitions = [.. topic.Select(p => p.Partition)] });
        return made;
    }

    private static bool Is(JsonElement row, string kind) => row.GetProperty("kind").GetString() == kind;

    private static byte[] Bytes(JsonElement row) => Convert.FromHexString(row.GetProperty("bytes").GetString()!);

    private static ReadOnlyMemory<byte>? Hex(JsonElement text) => text.GetString() is { } hex ? Convert.FromHexString(hex) : default(ReadOnlyMemory<byte>?);

    private static List<string> Words(JsonElement list) => [.. list.EnumerateArray().Select(w => w.GetString()!)];

    private static IOrderedEnumerable<(string Topic, int Partition)> Places(JsonElement list) => list.EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetInt32())).Order();
}
