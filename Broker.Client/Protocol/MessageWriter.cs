using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AkkaStream.Client.Protocol;

/// <summary>
/// Writes a message's fields into one growing pooled buffer. Record bytes are not copied: they are splices, ranges of memory or of
/// a file that the sender puts between two parts of the buffer.
/// </summary>
public sealed class MessageWriter : IDisposable
{
    /// <summary>Record bytes in memory up to this many are copied: a splice would cost more.</summary>
    public const int CopyUpTo = 1024;

    private readonly List<Splice> splices = [];
    private byte[] buffer;
    private int length;

    /// <summary>A writer with room for <paramref name="capacity"/> bytes at first.</summary>
    public MessageWriter(int capacity = 512) => buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Whether lengths are compact and structs end in tagged fields.</summary>
    public bool Flexible { get; set; }

    /// <summary>Bytes in the buffer, splices not counted.</summary>
    public int Length => length;

    /// <summary>Bytes in all, splices included.</summary>
    public long TotalLength
    {
        get
        {
            long total = length;
            foreach (var splice in splices) total += splice.Payload.Length;
            return total;
        }
    }

    /// <summary>What lies in the buffer.</summary>
    public ReadOnlyMemory<byte> Buffer => buffer.AsMemory(0, length);

    /// <summary>The splices, in the order of their positions.</summary>
    public IReadOnlyList<Splice> Splices => splices;

    /// <summary>How many splices there are.</summary>
    public int SpliceCount => splices.Count;

    /// <summary>The splice with that index.</summary>
    public Splice SpliceAt(int index) => splices[index];

    /// <summary>Empties the writer for another message; the buffer stays.</summary>
    public void Clear()
    {
        length = 0;
        splices.Clear();
        Flexible = false;
    }

    /// <summary>Gives the buffer back to its pool.</summary>
    public void Dispose()
    {
        if (buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
        splices.Clear();
    }

    /// <summary>Writes a bool.</summary>
    public void Bool(bool value) => Grow(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes an int8.</summary>
    public void Int8(sbyte value) => Grow(1)[0] = (byte)value;

    /// <summary>Writes an int16.</summary>
    public void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Grow(2), value);

    /// <summary>Writes a uint16.</summary>
    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Grow(2), value);

    /// <summary>Writes an int32.</summary>
    public void Int32(int value) => BinaryPrimitives.WriteInt32BigEndian(Grow(4), value);

    /// <summary>Writes a uint32.</summary>
    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Grow(4), value);

    /// <summary>Writes an int64.</summary>
    public void Int64(long value) => BinaryPrimitives.WriteInt64BigEndian(Grow(8), value);

    /// <summary>Writes a float64.</summary>
    public void Float64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Grow(8), value);

    /// <summary>Writes an error code.</summary>
    public void ErrorCode(ErrorCode value) => Int16((short)value);

    /// <summary>Writes a uuid.</summary>
    public void Uuid(Guid value) => value.TryWriteBytes(Grow(16), bigEndian: true, out _);

    /// <summary>Writes an unsigned varint.</summary>
    public void UnsignedVarint(int value)
    {
        var rest = (uint)value;
        for (; rest > 0x7F; rest >>= 7) Grow(1)[0] = (byte)(rest | 0x80);
        Grow(1)[0] = (byte)rest;
    }

    /// <summary>Writes a string; null is written as null.</summary>
    /// <exception cref="UnsupportedVersionException">It is longer than 32,767 bytes.</exception>
    public void String(string? value)
    {
        if (value is null)
        {
            if (Flexible) UnsignedVarint(0);
            else Int16(-1);
            return;
        }

        var bytes = Encoding.UTF8.GetByteCount(value);
        if (bytes > short.MaxValue) throw new UnsupportedVersionException($"a string of {bytes} bytes; the longest has {short.MaxValue}");
        if (Flexible) UnsignedVarint(bytes + 1);
        else Int16((short)bytes);
        Encoding.UTF8.GetBytes(value, Grow(bytes));
    }

    /// <summary>Writes bytes; null is written as null.</summary>
    public void Bytes(ReadOnlyMemory<byte>? value)
    {
        BytesLength(value?.Length ?? -1);
        if (value is { } bytes) Raw(bytes.Span);
    }

    /// <summary>Writes records: their length, and a splice or a copy.</summary>
    public void Records(RecordsPayload value)
    {
        BytesLength(value.IsNull ? -1 : value.Length);
        if (value.IsNull) return;
        if (value.File is null && value.Length <= CopyUpTo) Raw(value.Memory.Span);
        else if (value.Length > 0) splices.Add(new Splice(length, value));
        else value.File?.Dispose();
    }

    /// <summary>Writes an array's length, or -1 for null.</summary>
    public void ArrayLength(int count)
    {
        if (Flexible) UnsignedVarint(count + 1);
        else Int32(count);
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    /// <summary>Begins a tagged field; what is written until <see cref="EndTag"/> is its value.</summary>
    public int BeginTag(int tag)
    {
        UnsignedVarint(tag);
        return length;
    }

    /// <summary>Ends a tagged field: its size goes before its bytes.</summary>
    public void EndTag(int start)
    {
        var size = length - start;
        var digits = 1;
        for (var rest = (uint)size; rest > 0x7F; rest >>= 7) digits++;
        Grow(digits);
        buffer.AsSpan(start, size).CopyTo(buffer.AsSpan(start + digits));
        length = start;
        UnsignedVarint(size);
        length = start + digits + size;
    }

    /// <summary>Writes the unknown tagged fields from <paramref name="index"/> on: those with tags below <paramref name="below"/>, or all where there is no such limit.</summary>
    public void Unknown(List<UnknownTag>? tags, ref int index, int? below)
    {
        for (; tags is not null && index < tags.Count && (below is null || tags[index].Tag < below); index++)
        {
            UnsignedVarint(tags[index].Tag);
            UnsignedVarint(tags[index].Data.Length);
            Raw(tags[index].Data.Span);
        }
    }

    /// <summary>Writes a big-endian int32 over bytes that were written before.</summary>
    public void PatchInt32(int at, int value) => BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at, 4), value);

    /// <summary>Everything in one array, splices read and put in place.</summary>
    public byte[] ToArray()
    {
        var all = new byte[TotalLength];
        int from = 0, to = 0;
        foreach (var splice in splices)
        {
            buffer.AsSpan(from, splice.Position - from).CopyTo(all.AsSpan(to));
            to += splice.Position - from;
            from = splice.Position;
            if (splice.Payload.File is { } file) file.ReadInto(all.AsSpan(to, file.Length));
            else splice.Payload.Memory.Span.CopyTo(all.AsSpan(to));
            to += splice.Payload.Length;
        }

        buffer.AsSpan(from, length - from).CopyTo(all.AsSpan(to));
        return all;
    }

    private void BytesLength(int count)
    {
        if (Flexible) UnsignedVarint(count + 1);
        else Int32(count);
    }

    private Span<byte> Grow(int count)
    {
        if (buffer.Length - length < count) Enlarge(count);
        var span = buffer.AsSpan(length, count);
        length += count;
        return span;
    }

    private void Enlarge(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(length + count), buffer.Length * 2));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}

/// <summary>Bytes that go between two parts of a writer's buffer.</summary>
/// <param name="Position">How many bytes of the buffer go before.</param>
/// <param name="Payload">The bytes, in memory or in a file.</param>
public readonly record struct Splice(int Position, RecordsPayload Payload);
