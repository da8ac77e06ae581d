using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Host.Dump;
using ProducerSnapshot = AkkaStream.Actors.Storage.ProducerSnapshot;

namespace AkkaStream.Tests.Host.Dump;

/// <summary>Makes files anew from what Kafka's tool printed of them; the checksums that it printed tell whether they are the same, byte for byte.</summary>
internal static partial class DumpToolFiles
{
    /// <summary>A log of the whole batches that a text shows with their data.</summary>
    public static byte[] Log(string text, DumpDecoder decoder)
    {
        var log = new List<byte>();
        foreach (var batch in text.Split("\nbaseOffset: ")[1..])
        {
            var lines = batch.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var header = Fields(lines[0]);
            var records = lines[1..].Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToList();
            if (records.Count < int.Parse(header["count"])) break; // cut by the recorder
            using var builder = new RecordBatchBuilder();
            foreach (var record in records) Append(builder, record, decoder);
            log.AddRange(builder.Build(new RecordBatchFields
            {
                BaseOffset = long.Parse(lines[0].Split(' ')[0]),
                PartitionLeaderEpoch = int.Parse(header["partitionLeaderEpoch"]),
                ProducerId = long.Parse(header["producerId"]),
                ProducerEpoch = short.Parse(header["producerEpoch"]),
                BaseSequence = int.Parse(header["baseSequence"]),
                IsTransactional = bool.Parse(header["isTransactional"]),
                IsControl = bool.Parse(header["isControl"]),
            }).Span);
        }

        return [.. log];
    }

    /// <summary>An offset index.</summary>
    public static byte[] Index(string text) => Entries(text, "offset: (\\d+) position: (\\d+)", first => { var entry = new byte[4]; BinaryPrimitives.WriteInt32BigEndian(entry, (int)first); return entry; });

    /// <summary>A time index.</summary>
    public static byte[] TimeIndex(string text) => Entries(text, "timestamp: (\\d+) offset: (\\d+)", first => { var entry = new byte[8]; BinaryPrimitives.WriteInt64BigEndian(entry, first); return entry; });

    /// <summary>A producers' snapshot.</summary>
    public static byte[] Snapshot(string text)
    {
        var producers = new List<ProducerEntry>();
        foreach (var line in text.Split('\n').Where(line => line.StartsWith("producerId", StringComparison.Ordinal)))
        {
            var fields = Fields(line.Replace("OptionalLong[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal));
            var entry = new ProducerEntry(long.Parse(fields["producerId"]))
            {
                Epoch = short.Parse(fields["producerEpoch"]),
                CoordinatorEpoch = int.Parse(fields["coordinatorEpoch"]),
                FirstOffsetOfTransaction = long.Parse(fields["currentTxnFirstOffset"]),
                LastTimestamp = long.Parse(fields["lastTimestamp"]),
            };
            entry.Add(new ProducerBatch(int.Parse(fields["lastSequence"]), long.Parse(fields["lastOffset"]), int.Parse(fields["offsetDelta"]), long.Parse(fields["timestamp"])));
            producers.Add(entry);
        }

        // In the order of the text, which is not that of our own snapshots.
        var bytes = ProducerSnapshot.Encode(producers);
        var entries = producers.SelectMany(producer => ProducerSnapshot.Encode([producer])[10..]).ToArray();
        entries.CopyTo(bytes, 10);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), Crc32C.Compute(bytes.AsSpan(6)));
        return bytes;
    }

    private static Dictionary<string, string> Fields(string line)
    {
        var fields = new Dictionary<string, string>();
        foreach (Match match in Field().Matches(line)) fields.TryAdd(match.Groups[1].Value, match.Groups[2].Value);
        return fields;
    }

    private static byte[] Entries(string text, string pattern, Func<long, byte[]> first)
    {
        var bytes = new List<byte>();
        foreach (Match match in Regex.Matches(text, pattern))
        {
            bytes.AddRange(first(long.Parse(match.Groups[1].Value)));
            var second = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(second, int.Parse(match.Groups[2].Value));
            bytes.AddRange(second);
        }

        return [.. bytes];
    }

    private static void Append(RecordBatchBuilder builder, string line, DumpDecoder decoder)
    {
        var fields = Fields(line);
        var time = long.Parse(fields["CreateTime"]);
        var (key, payload) = (TextOf(line, " key: ", " payload: "), TextOf(line, " payload: ", null));
        if (line.IndexOf(" LeaderChange: ", StringComparison.Ordinal) is > 0 and var at)
        {
            var change = new LeaderChangeMessage();
            builder.Append(time, new byte[] { 0, 0, 0, 2 }, Body(change, JsonNode.Parse(line[(at + 15)..])!, 0));
        }
        else if (decoder == DumpDecoder.None)
        {
            var name = line.Contains("headerKeys: [h1]", StringComparison.Ordinal) ? new RecordHeader("h1", Encoding.UTF8.GetBytes($"x{key![1..]}")) : default;
            builder.Append(time, Encoding.UTF8.GetBytes(key!), Encoding.UTF8.GetBytes(payload!), name.Key is null ? null : [name]);
        }
        else if (decoder == DumpDecoder.ClusterMetadata)
        {
            builder.Append(time, null, Event(JsonNode.Parse(payload!)!));
        }
        else
        {
            var shown = JsonNode.Parse(key!)!;
            var type = short.Parse(shown["type"]!.GetValue<string>());
            var (keyBody, valueBody) = DecodedTypes.Coordinators(decoder, type)!.Value;
            builder.Append(time, Versioned(type, Body(keyBody, shown["data"]!, 0)), payload == "<DELETE>" ? default(ReadOnlyMemory<byte>?) : Value(valueBody, JsonNode.Parse(payload!)!));
        }
    }

    private static string? TextOf(string line, string from, string? to)
    {
        var start = line.IndexOf(from, StringComparison.Ordinal);
        if (start < 0) return null;
        var end = to is null ? -1 : line.IndexOf(to, start, StringComparison.Ordinal);
        return line[(start + from.Length)..(end < 0 ? line.Length : end)];
    }

    private static byte[] Event(JsonNode shown)
    {
        var name = shown["type"]!.GetValue<string>();
        var type = Enumerable.Range(0, 40).First(i => DecodedTypes.Event(i)?.Name == name);
        var version = shown["version"]!.GetValue<short>();
        using var writer = new MessageWriter(128);
        writer.UnsignedVarint(1);
        writer.UnsignedVarint(type);
        writer.UnsignedVarint(version);
        return [.. writer.ToArray(), .. Body(DecodedTypes.Event(type)!.Value.Body, shown["data"]!, version)];
    }

    private static byte[] Value(IApiMessage body, JsonNode shown)
    {
        var version = short.Parse(shown["version"]!.GetValue<string>());
        var data = shown["data"]!;
        if (body is GroupMetadataValue)
        {
            foreach (var member in data["members"]!.AsArray())
            {
                member!["subscription"] = Convert.ToBase64String(Versioned(3, Body(new ConsumerProtocolSubscription(), member["subscription"]!, 3)));
                member["assignment"] = Convert.ToBase64String(Versioned(3, Body(new ConsumerProtocolAssignment(), member["assignment"]!, 3)));
            }
        }

        return Versioned(version, Body(body, data, version));
    }

    private static byte[] Versioned(short version, byte[] body) => [(byte)(version >> 8), (byte)version, .. body];

    private static byte[] Body(IApiMessage message, JsonNode shown, short version)
    {
        message.ReadJson(JsonDocument.Parse(shown.ToJsonString()).RootElement, version);
        using var writer = new MessageWriter(128);
        message.Write(writer, version);
        return writer.ToArray();
    }

    [GeneratedRegex(@"(\w+): (-?[\w.\-]+)")]
    private static partial Regex Field();
}
