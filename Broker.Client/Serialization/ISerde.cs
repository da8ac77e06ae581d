using System.Buffers;

namespace AkkaStream.Client.Serialization;

/// <summary>What a serialiser is told of the field that it reads or writes.</summary>
/// <param name="Topic">The record's topic.</param>
/// <param name="IsKey">True for the key, false for the value.</param>
public readonly record struct SerializationContext(string Topic, bool IsKey);

/// <summary>Writes keys or values. Safe from any thread; nothing of the buffer may be kept.</summary>
/// <typeparam name="T">What it writes.</typeparam>
public interface ISerializer<T>
{
    /// <summary>Writes a value, which is none of those that <see cref="IsNull"/> names.</summary>
    /// <param name="value">The value.</param>
    /// <param name="writer">Where its bytes go.</param>
    /// <param name="context">Which field of which topic it is for.</param>
    void Serialize(T value, IBufferWriter<byte> writer, in SerializationContext context);

    /// <summary>Whether a value goes out as no field at all: a record without a key, or a tombstone. By default for null.</summary>
    bool IsNull(T value) => value is null;
}

/// <summary>Reads keys or values. Safe from any thread. Whatever it throws makes the record a bad one, see <see cref="Consumer.BadRecords"/>.</summary>
/// <typeparam name="T">What it reads.</typeparam>
public interface IDeserializer<T>
{
    /// <summary>Reads a field. Its bytes are gone afterwards: what is to stay is copied.</summary>
    /// <param name="bytes">The field; may be empty, and may lie in several pieces.</param>
    /// <param name="context">Which field of which topic it is.</param>
    /// <exception cref="FormatException">The bytes are none of those that a value has; the message says why.</exception>
    T Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context);

    /// <summary>What a field is that a record does not have: null, where there is such a value.</summary>
    /// <exception cref="FormatException">There is no null of this type.</exception>
    T Absent(in SerializationContext context)
        => default(T) is null ? default! : throw new FormatException($"a record of {context.Topic} has no {(context.IsKey ? "key" : "value")}, and {typeof(T).Name} cannot be null (Serdes.Nullable makes one that can)");
}

/// <summary>Writes and reads keys or values.</summary>
/// <typeparam name="T">What it writes and reads.</typeparam>
public interface ISerde<T> : ISerializer<T>, IDeserializer<T>;
