using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;

namespace AkkaStream.Client.Serialization;

internal sealed class Utf8Serde : ISerde<string>
{
    public void Serialize(string value, IBufferWriter<byte> writer, in SerializationContext context) => Encoding.UTF8.GetBytes(value, writer);

    public string Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context) => Encoding.UTF8.GetString(bytes);
}

internal sealed class BytesSerde : ISerde<byte[]>
{
    public void Serialize(byte[] value, IBufferWriter<byte> writer, in SerializationContext context) => writer.Write(value);

    public byte[] Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context) => bytes.ToArray();
}

internal sealed class MemorySerde : ISerde<ReadOnlyMemory<byte>>
{
    public void Serialize(ReadOnlyMemory<byte> value, IBufferWriter<byte> writer, in SerializationContext context) => writer.Write(value.Span);

    // Said here, and not by comparing with null: code that is not optimised would make an object of each value for that.
    public bool IsNull(ReadOnlyMemory<byte> value) => false;

    public ReadOnlyMemory<byte> Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context) => bytes.IsSingleSegment ? bytes.First : bytes.ToArray();

    public ReadOnlyMemory<byte> Absent(in SerializationContext context) => default;
}

internal sealed class NothingSerde : ISerde<Nothing>
{
    public void Serialize(Nothing value, IBufferWriter<byte> writer, in SerializationContext context)
    {
        // Never asked: it is always null.
    }

    public bool IsNull(Nothing value) => true;

    public Nothing Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context) => default;

    public Nothing Absent(in SerializationContext context) => default;
}

internal sealed class NullableSerde<T>(ISerde<T> inner) : ISerde<T?> where T : struct
{
    public void Serialize(T? value, IBufferWriter<byte> writer, in SerializationContext context) => inner.Serialize(value.GetValueOrDefault(), writer, context);

    public bool IsNull(T? value) => !value.HasValue;

    public T? Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context) => inner.Deserialize(bytes, context);
}

/// <summary>A value of a fixed number of bytes.</summary>
internal abstract class FixedSerde<T>(int size) : ISerde<T> where T : struct
{
    public bool IsNull(T value) => false;

    public void Serialize(T value, IBufferWriter<byte> writer, in SerializationContext context)
    {
        Write(writer.GetSpan(size), value);
        writer.Advance(size);
    }

    public T Deserialize(in ReadOnlySequence<byte> bytes, in SerializationContext context)
    {
        if (bytes.Length != size) throw new FormatException($"{typeof(T).Name} is {size} byte(s), and {bytes.Length} came");
        if (bytes.FirstSpan.Length == size) return Read(bytes.FirstSpan);
        Span<byte> whole = stackalloc byte[size];
        bytes.CopyTo(whole);
        return Read(whole);
    }

    protected abstract void Write(Span<byte> target, T value);

    protected abstract T Read(ReadOnlySpan<byte> source);
}

internal sealed class BooleanSerde() : FixedSerde<bool>(sizeof(byte))
{
    protected override void Write(Span<byte> target, bool value) => target[0] = value ? (byte)1 : (byte)0;

    protected override bool Read(ReadOnlySpan<byte> source) => source[0] switch { 0 => false, 1 => true, var other => throw new FormatException($"a Boolean is 0 or 1, and {other} came") };
}

internal sealed class Int16Serde() : FixedSerde<short>(sizeof(short))
{
    protected override void Write(Span<byte> target, short value) => BinaryPrimitives.WriteInt16BigEndian(target, value);

    protected override short Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt16BigEndian(source);
}

internal sealed class Int32Serde() : FixedSerde<int>(sizeof(int))
{
    protected override void Write(Span<byte> target, int value) => BinaryPrimitives.WriteInt32BigEndian(target, value);

    protected override int Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt32BigEndian(source);
}

internal sealed class Int64Serde() : FixedSerde<long>(sizeof(long))
{
    protected override void Write(Span<byte> target, long value) => BinaryPrimitives.WriteInt64BigEndian(target, value);

    protected override long Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt64BigEndian(source);
}

internal sealed class SingleSerde() : FixedSerde<float>(sizeof(float))
{
    protected override void Write(Span<byte> target, float value) => BinaryPrimitives.WriteSingleBigEndian(target, value);

    protected override float Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadSingleBigEndian(source);
}

internal sealed class DoubleSerde() : FixedSerde<double>(sizeof(double))
{
    protected override void Write(Span<byte> target, double value) => BinaryPrimitives.WriteDoubleBigEndian(target, value);

    protected override double Read(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadDoubleBigEndian(source);
}

internal sealed class GuidSerde() : FixedSerde<Guid>(Length)
{
    private const int Length = 36;

    protected override void Write(Span<byte> target, Guid value) => value.TryFormat(target, out _);

    protected override Guid Read(ReadOnlySpan<byte> source)
        => Utf8Parser.TryParse(source, out Guid value, out var used) && used == Length ? value : throw new FormatException("these 36 bytes are no Guid with hyphens");
}
