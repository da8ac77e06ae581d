using System.Text.Json.Serialization.Metadata;

namespace AkkaStream.Client.Serialization;

/// <summary>
/// The serialisers that come with the client. What Kafka's own clients have too is written as they write it: numbers with the high byte first, strings as
/// UTF-8, a Guid as its 36 characters.
/// </summary>
public static class Serdes
{
    /// <summary>Strings as UTF-8; what is no UTF-8 is read as U+FFFD, as other clients do.</summary>
    public static ISerde<string> Utf8 { get; } = new Utf8Serde();

    /// <summary>Bytes as they are, read into an array of their own.</summary>
    public static ISerde<byte[]> Bytes { get; } = new BytesSerde();

    /// <summary>
    /// Bytes as they are, not copied when they are read: they lie in the consumer's own memory and are valid until it is asked for the next record or batch.
    /// </summary>
    public static ISerde<ReadOnlyMemory<byte>> Memory { get; } = new MemorySerde();

    /// <summary>One byte, 0 or 1.</summary>
    public static ISerde<bool> Boolean { get; } = new BooleanSerde();

    /// <summary>Two bytes.</summary>
    public static ISerde<short> Int16 { get; } = new Int16Serde();

    /// <summary>Four bytes.</summary>
    public static ISerde<int> Int32 { get; } = new Int32Serde();

    /// <summary>Eight bytes.</summary>
    public static ISerde<long> Int64 { get; } = new Int64Serde();

    /// <summary>Four bytes, IEEE 754.</summary>
    public static ISerde<float> Single { get; } = new SingleSerde();

    /// <summary>Eight bytes, IEEE 754.</summary>
    public static ISerde<double> Double { get; } = new DoubleSerde();

    /// <summary>A Guid as its 36 characters with hyphens, small letters.</summary>
    public static ISerde<Guid> Guid { get; } = new GuidSerde();

    /// <summary>No key, or no value: nothing is written, and whatever is there is not looked at.</summary>
    public static ISerde<Nothing> Nothing { get; } = new NothingSerde();

    /// <summary>JSON by System.Text.Json, without reflection: the type's description comes from a source-generated <c>JsonSerializerContext</c>.</summary>
    /// <param name="type">Such as <c>OrdersJson.Default.Order</c>.</param>
    public static ISerde<T> Json<T>(JsonTypeInfo<T> type) => new JsonSerde<T>(type);

    /// <summary>A value type that may be absent: a null key, or a tombstone.</summary>
    /// <param name="inner">Writes and reads what is there.</param>
    public static ISerde<T?> Nullable<T>(ISerde<T> inner) where T : struct => new NullableSerde<T>(inner);

    /// <summary>The serialiser of a type that has one here: string, byte[], ReadOnlyMemory&lt;byte&gt;, bool, short, int, long, float, double, Guid, Nothing.</summary>
    /// <exception cref="ArgumentException">The type has none: one has to be given, for example by <see cref="Json{T}"/>.</exception>
    public static ISerde<T> For<T>() => (ISerde<T>)For(typeof(T));

    private static object For(Type type)
    {
        if (type == typeof(string)) return Utf8;
        if (type == typeof(byte[])) return Bytes;
        if (type == typeof(ReadOnlyMemory<byte>)) return Memory;
        if (type == typeof(bool)) return Boolean;
        if (type == typeof(short)) return Int16;
        if (type == typeof(int)) return Int32;
        if (type == typeof(long)) return Int64;
        if (type == typeof(float)) return Single;
        if (type == typeof(double)) return Double;
        if (type == typeof(Guid)) return Guid;
        if (type == typeof(Nothing)) return Nothing;
        throw new ArgumentException($"there is no serialiser for {type.Name}: give one, for example Serdes.Json(...) with the type's JsonTypeInfo");
    }
}

/// <summary>The type of a key or value that is not there, or not of interest.</summary>
public readonly record struct Nothing;
