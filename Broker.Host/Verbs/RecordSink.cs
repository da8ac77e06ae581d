using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaStream.Client.Consumer;

namespace AkkaStream.Host.Verbs;

/// <summary>What of a record is written.</summary>
internal sealed record RecordFormat(bool Keys, bool Headers, bool Timestamps, bool Offsets, string Separator, bool Json);

/// <summary>Writes records as lines. Keys and values go out as the bytes they are, without a detour over text.</summary>
internal sealed class RecordSink
{
    private const int FlushAt = 1 << 16;
    private readonly ArrayBufferWriter<byte> buffer = new(FlushAt * 2);
    private readonly RecordFormat format;
    private readonly byte[] separator;
    private readonly bool isStandard;
    private readonly TextWriter output;

    internal RecordSink(TextWriter output, RecordFormat format)
    {
        this.output = output;
        this.format = format;
        separator = Encoding.UTF8.GetBytes(format.Separator);
        isStandard = output == Console.Out;
    }

    /// <summary>Writes a record.</summary>
    /// <returns>Bytes of its key and value.</returns>
    internal int Write(in ConsumedRecord record)
    {
        if (format.Json) WriteJson(record);
        else WriteLine(record);
        buffer.Write("\n"u8);
        if (buffer.WrittenCount >= FlushAt) Flush();
        return (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
    }

    /// <summary>Hands on what was written.</summary>
    /// <exception cref="OutputClosedException">Nobody reads the output any more.</exception>
    internal void Flush()
    {
        if (isStandard) StandardOutput.Write(buffer.WrittenSpan);
        else output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        buffer.ResetWrittenCount();
    }

    private void WriteLine(in ConsumedRecord record)
    {
        if (format.Timestamps) Part(record.Timestamp.ToString(CultureInfo.InvariantCulture));
        if (format.Offsets) Part($"{record.Partition.Partition}:{record.Offset}");
        if (format.Headers) Part(string.Join(',', record.Headers().Select(h => $"{h.Key}:{(h.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "null")}")));
        if (format.Keys)
        {
            buffer.Write(record.Key is { } key ? key.Span : "null"u8);
            buffer.Write(separator);
        }

        buffer.Write(record.Value is { } payload ? payload.Span : "null"u8);
    }

    private void Part(string text)
    {
        buffer.Write(Encoding.UTF8.GetBytes(text));
        buffer.Write(separator);
    }

    private void WriteJson(in ConsumedRecord record)
    {
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("topic", record.Partition.Topic);
        json.WriteNumber("partition", record.Partition.Partition);
        json.WriteNumber("offset", record.Offset);
        json.WriteNumber("timestamp", record.Timestamp);
        json.WriteStartArray("headers");
        foreach (var header in record.Headers())
        {
            json.WriteStartArray();
            json.WriteStringValue(header.Key);
            Value(json, header.Value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WritePropertyName("key");
        Value(json, record.Key);
        json.WritePropertyName("value");
        Value(json, record.Value);
        json.WriteEndObject();
    }

    // Text where the bytes are text, otherwise {"base64": ...}: what comes out can be told apart and put together again.
    private static void Value(Utf8JsonWriter json, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { } some) json.WriteNullValue();
        else if (System.Text.Unicode.Utf8.IsValid(some.Span)) json.WriteStringValue(some.Span);
        else
        {
            json.WriteStartObject();
            json.WriteBase64String("base64", some.Span);
            json.WriteEndObject();
        }
    }
}
