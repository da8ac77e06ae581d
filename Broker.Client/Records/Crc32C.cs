using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AkkaStream.Client.Records;

/// <summary>CRC-32C (Castagnoli), the checksum of record batches, with the processor's instruction where it has one.</summary>
public static class Crc32C
{
    // The instruction takes one word a cycle but answers after three: three independent streams keep it busy.
    // Each stream's length is a multiple of 8; the long one keeps three streams inside the first-level cache.
    private const int LongStream = 4096;
    private const int ShortStream = 256;

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> stands for (0 for nothing), followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var state = ~crc;
        ref var at = ref MemoryMarshal.GetReference(data);
        var left = data.Length;
        while (left >= 3 * LongStream)
        {
            state = Interleaved(state, ref at, LongStream, LongShift.Table);
            at = ref Unsafe.Add(ref at, 3 * LongStream);
            left -= 3 * LongStream;
        }

        while (left >= 3 * ShortStream)
        {
            state = Interleaved(state, ref at, ShortStream, ShortShift.Table);
            at = ref Unsafe.Add(ref at, 3 * ShortStream);
            left -= 3 * ShortStream;
        }

        while (left >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, Word(ref at));
            at = ref Unsafe.Add(ref at, sizeof(ulong));
            left -= sizeof(ulong);
        }

        for (; left > 0; left--)
        {
            state = BitOperations.Crc32C(state, at);
            at = ref Unsafe.Add(ref at, 1);
        }

        return ~state;
    }

    private static uint Interleaved(uint state, ref byte at, int stream, uint[] shift)
    {
        uint first = state, second = 0, third = 0;
        for (var i = 0; i < stream; i += sizeof(ulong))
        {
            first = BitOperations.Crc32C(first, Word(ref Unsafe.Add(ref at, i)));
            second = BitOperations.Crc32C(second, Word(ref Unsafe.Add(ref at, i + stream)));
            third = BitOperations.Crc32C(third, Word(ref Unsafe.Add(ref at, i + stream + stream)));
        }

        return Shift(shift, Shift(shift, first) ^ second) ^ third;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte at)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref at);
        return BitConverter.IsLittleEndian ? word : System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(word);
    }

    // The state after as many zero bytes as a stream is long: linear over GF(2), so the sum of what its four bytes become.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Shift(uint[] table, uint state)
        => table[state & 0xff] ^ table[256 + ((state >> 8) & 0xff)] ^ table[512 + ((state >> 16) & 0xff)] ^ table[768 + (state >> 24)];

    private static uint[] ShiftTable(int length)
    {
        var basis = new uint[32];
        for (var bit = 0; bit < basis.Length; bit++)
        {
            var state = 1u << bit;
            for (var i = 0; i < length; i += sizeof(ulong)) state = BitOperations.Crc32C(state, 0UL);
            basis[bit] = state;
        }

        var table = new uint[4 * 256];
        for (var entry = 0; entry < table.Length; entry++)
        {
            var shifted = 0u;
            for (var bit = 0; bit < 8; bit++)
            {
                if ((entry >> bit & 1) != 0) shifted ^= basis[(entry >> 8) * 8 + bit];
            }

            table[entry] = shifted;
        }

        return table;
    }

    // Made at the first buffer that is long enough, not at the process's start.
    private static class LongShift
    {
        internal static readonly uint[] Table = ShiftTable(LongStream);
    }

    private static class ShortShift
    {
        internal static readonly uint[] Table = ShiftTable(ShortStream);
    }
}
