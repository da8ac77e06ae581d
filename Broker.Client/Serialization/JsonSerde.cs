using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AkkaStream.Client.Serialization;

/// <summary>JSON, one value a field.</summary>
internal sealed class JsonSerde<T>(JsonTypeInfo<T> type) : ISerde<T>
{
    // A writer holds no state between two values, and one that is made for each would be all that a send allocates.
    [ThreadStatic]
    private static Utf8JsonWriter? idle;

    public void Serialize(T value, IBufferWriter<byte> writer, in SerializationContext context)
    {
        var json = idle ?? new Utf8JsonWriter(writer);
        idle = null;
        json.Reset(writer);
        JsonSerializer.Serialize(json, value, type);
        json.Flush();
        // It must not hold the buffer until its next use.
        json.Reset(Stream.Null);
        idle = json;
    }

    public T Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context)
    {
        var reader = new Utf8JsonReader(bytes);
        var value = JsonSerializer.Deserialize(ref reader, type)!;
        return reader.Read() ? throw new FormatException($"more JSON than one {typeof(T).Name}") : value;
    }
}
