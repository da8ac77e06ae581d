using System.Text.Json.Nodes;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Dump;

/// <summary>Keys and values of internal topics as Kafka's tool shows them: JSON, or a sentence where the bytes are none that it knows.</summary>
internal static class DecodedRecord
{
    /// <summary>Adds a record's key and value to a line.</summary>
    internal static void Add(DumpDecoder decoder, long offset, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, DumpLine line)
    {
        if (decoder == DumpDecoder.ClusterMetadata) AddEvent(offset, value, line);
        else if (decoder == DumpDecoder.RemoteLogMetadata) AddRemoteLog(offset, value, line);
        else AddCoordinators(decoder, offset, key, value, line);
    }

    private static void AddEvent(long offset, ReadOnlyMemory<byte>? value, DumpLine line)
    {
        try
        {
            var (type, version, body) = EventFrame.Read(value, number => DecodedTypes.Event(number)?.Body);
            var data = body is ClientQuotaRecord quota ? DecodedJson.Of(quota) : DecodedJson.Of(body, version);
            line.AddJson("payload", DecodedJson.Text(new JsonObject { ["type"] = DecodedTypes.Event(type)!.Value.Name, ["version"] = version, ["data"] = data }));
        }
        catch (MalformedMessageException error)
        {
            line.Add("payload", $"Error at {offset}, skipping. {error.Message}");
        }
    }

    private static void AddRemoteLog(long offset, ReadOnlyMemory<byte>? value, DumpLine line)
    {
        string text;
        try
        {
            text = RemoteLogText.Of(value);
        }
        catch (MalformedMessageException error)
        {
            text = $"Error at offset {offset}, skipping. {error.Message}";
        }

        line.Add("payload", text);
    }

    private static void AddCoordinators(DumpDecoder decoder, long offset, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, DumpLine line)
    {
        try
        {
            var reader = new MessageReader(key ?? throw new MalformedMessageException("the record has no key"));
            var type = Version(ref reader, "key");
            if (DecodedTypes.Coordinators(decoder, type) is not var (keyBody, valueBody))
            {
                line.Add("key", $"Unknown record type {type} at offset {offset}, skipping.");
                return;
            }

            // A key's type stands for its version.
            Fill(keyBody, ref reader, 0, type, "key");
            var shownKey = new JsonObject { ["type"] = $"{type}", ["data"] = DecodedJson.Of(keyBody, 0) };
            var shownValue = value is { } bytes ? Value(type, valueBody, bytes) : null;
            line.AddJson("key", DecodedJson.Text(shownKey));
            if (shownValue is null) line.Add("payload", "<DELETE>");
            else line.AddJson("payload", DecodedJson.Text(shownValue));
        }
        catch (MalformedMessageException error)
        {
            line.Add("key", $"Error at offset {offset}, skipping. {error.Message}");
        }
    }

    private static JsonObject Value(short type, IApiMessage body, ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var version = Version(ref reader, "value");
        if (version < 0 || version > body.HighestVersion) throw new MalformedMessageException($"Found an unknown record version {version} for {type} type");
        Fill(body, ref reader, version, version, "value");
        var data = DecodedJson.Of(body, version);
        if (body is GroupMetadataValue group) ReplaceProtocols(group, data);
        return new JsonObject { ["version"] = $"{version}", ["data"] = data };
    }

    private static short Version(ref MessageReader reader, string where)
        => reader.Remaining >= sizeof(short) ? reader.Int16() : throw new MalformedMessageException($"Could not read version from {where}'s buffer.");

    private static void Fill(IApiMessage body, ref MessageReader reader, short version, short said, string where)
    {
        try
        {
            body.Read(ref reader, version);
        }
        catch (Exception error) when (error is MalformedMessageException or UnsupportedVersionException)
        {
            throw new MalformedMessageException($"Could not read record with version {said} from {where}'s buffer due to: {error.Message}.");
        }
    }

    // What a member of a classic group sent is bytes to the group, and read here where they are what consumers send.
    private static void ReplaceProtocols(GroupMetadataValue group, JsonNode data)
    {
        for (var i = 0; i < group.Members.Count; i++)
        {
            var shown = data["members"]![i]!;
            if (TryRead(new ConsumerProtocolSubscription(), group.Members[i].Subscription) is { } subscription) shown["subscription"] = subscription;
            if (TryRead(new ConsumerProtocolAssignment(), group.Members[i].Assignment) is { } assignment) shown["assignment"] = assignment;
        }
    }

    private static JsonNode? TryRead(IApiMessage body, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new MessageReader(bytes);
            var version = reader.Int16();
            if (version < 0) return null;
            // A later version begins like the last one that is known.
            version = Math.Min(version, body.HighestVersion);
            body.Read(ref reader, version);
            return DecodedJson.Of(body, version);
        }
        catch (MalformedMessageException)
        {
            return null;
        }
    }
}
