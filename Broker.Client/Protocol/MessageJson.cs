using System.Text.Json;

namespace AkkaStream.Client.Protocol;

/// <summary>The JSON forms of the wire's types, for the generated code.</summary>
public static class MessageJson
{
    /// <summary>Writes bytes as base64, or null.</summary>
    public static void Bytes(Utf8JsonWriter json, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes) json.WriteBase64StringValue(bytes.Span);
        else json.WriteNullValue();
    }

    /// <summary>Writes records as base64, or null.</summary>
    public static void Records(Utf8JsonWriter json, RecordsPayload value)
    {
        if (value.IsNull) json.WriteNullValue();
        else json.WriteBase64StringValue(value.ToArray());
    }

    /// <summary>Reads a string or null.</summary>
    public static string? String(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetString();

    /// <summary>Reads bytes or null.</summary>
    public static ReadOnlyMemory<byte>? Bytes(JsonElement json)
    {
        // A null array would convert to empty memory, which is not null.
        if (json.ValueKind == JsonValueKind.Null) return null;
        return json.GetBytesFromBase64();
    }

    /// <summary>Reads records or null.</summary>
    public static RecordsPayload Records(JsonElement json) => json.ValueKind == JsonValueKind.Null ? default : json.GetBytesFromBase64();

    /// <summary>Reads a uuid.</summary>
    public static Guid Uuid(JsonElement json) => KafkaUuid.Parse(json.GetString() ?? "");

    /// <summary>The message as compact JSON text, for logs and errors.</summary>
    public static string ToText(IApiMessage message, short version)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) message.WriteJson(json, version);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
