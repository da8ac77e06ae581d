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
        else AddCoordinators(decoder, offset, key, value, line);
    }

    private static void AddEvent(long offset, ReadOnlyMemory<byte>? value, DumpLine line)
    {
        try
        {
            var reader = new MessageReader(value ?? throw new MalformedMessageException("the record has no value"));
            var frame = reader.UnsignedVarint();
            if (frame != 1) throw new MalformedMessageException($"Could not deserialize metadata record due to unknown frame version {frame}(only frame version 1 is supported)");
            var type = reader.UnsignedVarint();
            var version = reader.UnsignedVarint();
            var (name, body) = DecodedTypes.Event(type) ?? throw new MalformedMessageException($"there is no event of type {type}");
            body.Read(ref reader, (short)version);
            var data = body is ClientQuotaRecord quota ? DecodedJson.Of(quota) : DecodedJson.Of(body, (short)version);
            line.AddJson("payload", DecodedJson.Text(new JsonObject { ["type"] = name, ["version"] = version, ["data"] = data }));
        }
        catch (Exception error) when (error is MalformedMessageException or UnsupportedVersionException)
        {
            line.Add("payload", $"Error at {offset}, skipping. {error.Message}");
        }
    }

    private static void AddCoordinators(DumpDecoder decoder, long offset, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, DumpLine line)
    {
        try
        {
            var reader = new MessageReader(key ?? throw new MalformedMessageException("the record has no key"));
            var type = reader.Int16();
            if (DecodedTypes.Coordinators(decoder, type) is not var (keyBody, valueBody))
            {
                line.Add("key", $"Unknown record type {type} at offset {offset}, skipping.");
                return;
            }

            keyBody.Read(ref reader, 0);
            var shownKey = new JsonObject { ["type"] = $"{type}", ["data"] = DecodedJson.Of(keyBody, 0) };
            var shownValue = value is { } bytes ? Value(valueBody, bytes) : null;
            line.AddJson("key", DecodedJson.Text(shownKey));
            if (shownValue is null) line.Add("payload", "<DELETE>");
            else line.AddJson("payload", DecodedJson.Text(shownValue));
        }
        catch (Exception error) when (error is MalformedMessageException or UnsupportedVersionException)
        {
            line.Add("key", $"Error at offset {offset}, skipping. {error.Message}");
        }
    }

    private static JsonObject Value(IApiMessage body, ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var version = reader.Int16();
        body.Read(ref reader, version);
        var data = DecodedJson.Of(body, version);
        if (body is GroupMetadataValue group) ReplaceProtocols(group, data);
        return new JsonObject { ["version"] = $"{version}", ["data"] = data };
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
