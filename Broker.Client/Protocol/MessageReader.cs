using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace AkkaStream.Client.Protocol;

/// <summary>Reads a message's fields from a frame. Every length is checked against what is left before anything is made of it.</summary>
public ref struct MessageReader
{
    private const int LargestString = short.MaxValue;
    private const int FirstCapacity = 1024;
    private const int TagBytes = 48;
    private const int FirstTagBytes = 160;
    private readonly ReadOnlyMemory<byte> memory;
    private readonly ReadOnlySpan<byte> span;
    private long decodable;

    /// <summary>Reads <paramref name="memory"/> from its start.</summary>
    public MessageReader(ReadOnlyMemory<byte> memory)
    {
        this.memory = memory;
        span = memory.Span;
        decodable = Limits.DecodedBytesFree + (long)memory.Length * Limits.DecodedBytesPerByte;
    }

    /// <summary>Whether lengths are compact and structs end in tagged fields.</summary>
    public bool Flexible { get; set; }

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>How many bytes are left.</summary>
    public readonly int Remaining => span.Length - Position;

    /// <summary>Reads a bool: any byte but 0 is true.</summary>
    public bool Bool() => Take(1)[0] != 0;

    /// <summary>Reads an int8.</summary>
    public sbyte Int8() => (sbyte)Take(1)[0];

    /// <summary>Reads an int16.</summary>
    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    /// <summary>Reads a uint16.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>Reads an int32.</summary>
    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    /// <summary>Reads a uint32.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>Reads an int64.</summary>
    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    /// <summary>Reads a float64.</summary>
    public double Float64() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    /// <summary>Reads an error code.</summary>
    public ErrorCode ErrorCode() => (ErrorCode)Int16();

    /// <summary>Reads a uuid: 16 bytes, most significant first.</summary>
    public Guid Uuid() => new(Take(16), bigEndian: true);

    /// <summary>Reads an unsigned varint of at most 32 bits.</summary>
    public int UnsignedVarint()
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var b = Take(1)[0];
            value |= (uint)(b & 0x7F) << shift;
            if (b < 0x80) return (int)value;
        }

        throw new MalformedMessageException($"a varint at byte {Position} does not end");
    }

    /// <summary>Reads a string that must not be null.</summary>
    public string String() => NullableString() ?? throw Null("string");

    /// <summary>Reads a string or null.</summary>
    public string? NullableString()
    {
        var length = Flexible ? UnsignedVarint() - 1 : Int16();
        if (length < 0) return null;
        if (length > LargestString) throw new MalformedMessageException($"a string of {length} bytes; the longest has {LargestString}");
        return StringCache.Get(Take(length));
    }

    /// <summary>Reads bytes that must not be null, as a slice.</summary>
    public ReadOnlyMemory<byte> Bytes() => NullableBytes() ?? throw Null("bytes");

    /// <summary>Reads bytes or null, as a slice.</summary>
    public ReadOnlyMemory<byte>? NullableBytes()
    {
        var length = Flexible ? UnsignedVarint() - 1 : Int32();
        if (length < 0) return null;
        Take(length);
        return memory.Slice(Position - length, length);
    }

    /// <summary>Reads records or null, as a slice.</summary>
    public RecordsPayload Records() => NullableBytes() is { } bytes ? new RecordsPayload(bytes) : default;

    /// <summary>Reads an array's length: -1 for null (any negative number) where <paramref name="nullable"/>.</summary>
    /// <param name="nullable">Whether null is allowed.</param>
    /// <param name="smallest">The least bytes that an element takes; a count that cannot fit is refused.</param>
    /// <param name="cost">About how many bytes of memory an element becomes; see <see cref="Limits.DecodedBytesPerByte"/>.</param>
    public int ArrayLength(bool nullable, int smallest, int cost)
    {
        var length = Flexible ? UnsignedVarint() - 1 : Int32();
        if (length < 0) return nullable ? -1 : throw Null("array");
        if ((long)length * smallest > Remaining) throw new MalformedMessageException($"an array of {length} elements in {Remaining} bytes");
        Charge((long)length * cost);
        return length;
    }

    /// <summary>
    /// An empty list for that many elements: <paramref name="old"/>, or a new one where there is none. It grows as elements are found, so that a
    /// claim alone costs nothing.
    /// </summary>
    public static List<T> EmptyList<T>(List<T>? old, int length)
    {
        var capacity = Math.Min(length, FirstCapacity);
        if (old is null) return new List<T>(capacity);
        old.Clear();
        old.EnsureCapacity(capacity);
        return old;
    }

    /// <summary>Whether a nullable struct is present.</summary>
    public bool Present() => Int8() >= 0;

    /// <summary>Whether a nullable struct is present that is a tagged field.</summary>
    public bool PresentInTag() => UnsignedVarint() > 0;

    /// <summary>Reads an unknown tagged field's bytes as a slice and keeps it.</summary>
    public void Unknown(ref List<UnknownTag>? tags, int tag, int size)
    {
        Take(size);
        Charge(tags is null ? FirstTagBytes : TagBytes);
        (tags ??= []).Add(new UnknownTag(tag, memory.Slice(Position - size, size)));
    }

    /// <summary>The exception for a tag that the schema knows, but not in this version.</summary>
    public static MalformedMessageException WrongTag(int tag, short version) => new($"tag {tag} is not valid in version {version}");

    /// <summary>Passes over bytes.</summary>
    public void Skip(int count) => Take(count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(span.Length - Position)) throw Short(count);
        var taken = span.Slice(Position, count);
        Position += count;
        return taken;
    }

    private void Charge(long cost)
    {
        decodable -= cost;
        if (decodable < 0) throw new MalformedMessageException($"more elements than a message of {span.Length} bytes may have");
    }

    private readonly MalformedMessageException Short(int count) => new($"{(uint)count} bytes are needed at byte {Position}, {Remaining} are left");

    private readonly MalformedMessageException Null(string what) => new($"a null {what} before byte {Position}, where null is not allowed");
}
