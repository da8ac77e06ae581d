using System.Buffers.Binary;
using System.Text;
using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>Writes the engine's own messages: little-endian numbers, UTF-8 texts behind their length.</summary>
internal sealed class WireWriter(int capacity = 128)
{
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public void Byte(byte value) => Room(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Room(2), checked((ushort)value));

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);

    public void Text(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        UInt16(count);
        Encoding.UTF8.GetBytes(value, Room(count));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(Room(value.Length));
    }

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    /// <summary>An address, null included.</summary>
    public void Address(Address? value) => Text(value?.ToString() ?? "");

    /// <summary>An actor, as the peer will know it.</summary>
    public void Ref(IActorRef? value) => Text(value is null ? "" : Akka.Serialization.Serialization.SerializedActorPath(value));

    public byte[] ToArray() => _bytes.AsSpan(0, Length).ToArray();

    private Span<byte> Room(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        var room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
