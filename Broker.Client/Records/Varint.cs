using System.Numerics;
using System.Runtime.CompilerServices;

namespace AkkaStream.Client.Records;

/// <summary>Zig-zag integers of variable length, as records use them: 1 to 5 bytes for 32 bits, 1 to 10 for 64.</summary>
public static class Varint
{
    /// <summary>The longest form of a 32-bit value, in bytes.</summary>
    public const int MaxIntSize = 5;

    /// <summary>The longest form of a 64-bit value, in bytes.</summary>
    public const int MaxLongSize = 10;

    /// <summary>
    /// Reads a value at <paramref name="position"/> and moves past it. False, with the position unchanged, where the bytes end first or
    /// the value is longer than <see cref="MaxIntSize"/>. Padding with zero bits is allowed, as in Kafka.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadInt(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        if ((uint)position < (uint)source.Length)
        {
            uint first = source[position];
            if (first < 0x80)
            {
                position++;
                value = (int)(first >> 1) ^ -(int)(first & 1);
                return true;
            }

            if ((uint)(position + 1) < (uint)source.Length && source[position + 1] is var second and < 0x80)
            {
                position += 2;
                first = (first & 0x7f) | ((uint)second << 7);
                value = (int)(first >> 1) ^ -(int)(first & 1);
                return true;
            }
        }

        return TryReadLongerInt(source, ref position, out value);
    }

    /// <summary>As <see cref="TryReadInt"/>, for 64 bits and up to <see cref="MaxLongSize"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadLong(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        if ((uint)position < (uint)source.Length)
        {
            uint first = source[position];
            if (first < 0x80)
            {
                position++;
                value = (int)(first >> 1) ^ -(int)(first & 1);
                return true;
            }

            if ((uint)(position + 1) < (uint)source.Length && source[position + 1] is var second and < 0x80)
            {
                position += 2;
                first = (first & 0x7f) | ((uint)second << 7);
                value = (int)(first >> 1) ^ -(int)(first & 1);
                return true;
            }
        }

        return TryReadLongerLong(source, ref position, out value);
    }

    /// <summary>Writes a value and returns its size in bytes. The destination has room for <see cref="MaxIntSize"/> or what it takes.</summary>
    public static int WriteInt(Span<byte> destination, int value) => WriteUnsigned(destination, ZigZag(value));

    /// <summary>Writes a value and returns its size in bytes. The destination has room for <see cref="MaxLongSize"/> or what it takes.</summary>
    public static int WriteLong(Span<byte> destination, long value) => WriteUnsigned(destination, ZigZag(value));

    /// <summary>The size in bytes of a 32-bit value.</summary>
    public static int SizeOfInt(int value) => SizeOfUnsigned(ZigZag(value));

    /// <summary>The size in bytes of a 64-bit value.</summary>
    public static int SizeOfLong(long value) => SizeOfUnsigned(ZigZag(value));

    private static bool TryReadLongerInt(ReadOnlySpan<byte> source, ref int position, out int value)
    {
        value = 0;
        var raw = 0u;
        var at = position;
        for (var shift = 0; shift < 7 * MaxIntSize; shift += 7)
        {
            if ((uint)at >= (uint)source.Length) return false;
            var part = source[at++];
            raw |= (uint)(part & 0x7f) << shift;
            if (part >= 0x80) continue;
            position = at;
            value = (int)(raw >> 1) ^ -(int)(raw & 1);
            return true;
        }

        return false;
    }

    private static bool TryReadLongerLong(ReadOnlySpan<byte> source, ref int position, out long value)
    {
        value = 0;
        var raw = 0UL;
        var at = position;
        for (var shift = 0; shift < 7 * MaxLongSize; shift += 7)
        {
            if ((uint)at >= (uint)source.Length) return false;
            var part = source[at++];
            raw |= (ulong)(part & 0x7f) << shift;
            if (part >= 0x80) continue;
            position = at;
            value = (long)(raw >> 1) ^ -(long)(raw & 1);
            return true;
        }

        return false;
    }

    private static ulong ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static int WriteUnsigned(Span<byte> destination, ulong raw)
    {
        var at = 0;
        for (; raw >= 0x80; raw >>= 7) destination[at++] = (byte)(raw | 0x80);
        destination[at++] = (byte)raw;
        return at;
    }

    private static int SizeOfUnsigned(ulong raw) => (BitOperations.Log2(raw | 1) / 7) + 1;
}
