using System.Buffers.Binary;

namespace AkkaStream.Tests.Client.Protocol;

/// <summary>Damages bytes the way that networks, broken clients and attackers do; the same seed gives the same damage.</summary>
internal sealed class FrameMutator(int seed, IReadOnlyList<byte[]> corpus)
{
    private const int MostChanges = 4;
    private static readonly byte[] Bytes = [0x00, 0x01, 0x02, 0x7F, 0x80, 0x81, 0xFE, 0xFF];
    private static readonly int[] Numbers = [int.MinValue, -2, -1, 0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 1 << 20, 1 << 30, int.MaxValue - 1, int.MaxValue];
    private readonly Random random = new(seed);
    private byte[] buffer = new byte[1024];
    private int length;

    /// <summary>A number below <paramref name="limit"/>.</summary>
    public int Next(int limit) => random.Next(limit);

    /// <summary>The bytes with one to four changes. They are overwritten by the next call.</summary>
    public ReadOnlyMemory<byte> Mutate(byte[] source)
    {
        Ensure(source.Length);
        source.CopyTo(buffer, 0);
        length = source.Length;
        for (var changes = 1 + random.Next(MostChanges); changes > 0; changes--) Change();
        return buffer.AsMemory(0, length);
    }

    private void Change()
    {
        var at = length == 0 ? 0 : random.Next(length);
        switch (random.Next(10))
        {
            case 0: if (length > 0) buffer[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: if (length > 0) buffer[at] = (byte)random.Next(256); break;
            case 2: if (length > 0) buffer[at] = Bytes[random.Next(Bytes.Length)]; break;
            case 3: Number(at); break;
            case 4: length = at; break;
            case 5: Remove(at, 1 + random.Next(8)); break;
            case 6: Insert(at, Some(1 + random.Next(8))); break;
            case 7: Insert(at, Varint((uint)Numbers[random.Next(Numbers.Length)])); break;
            case 8: Insert(length, Some(random.Next(64))); break;
            default: Insert(at, Slice(corpus[random.Next(corpus.Count)])); break;
        }
    }

    private void Number(int at)
    {
        var number = Numbers[random.Next(Numbers.Length)];
        if (at + 4 <= length && random.Next(2) == 0) BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at), number);
        else if (at + 2 <= length) BinaryPrimitives.WriteInt16BigEndian(buffer.AsSpan(at), (short)number);
    }

    private void Remove(int at, int count)
    {
        count = Math.Min(count, length - at);
        buffer.AsSpan(at + count, length - at - count).CopyTo(buffer.AsSpan(at));
        length -= count;
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        Ensure(length + bytes.Length);
        buffer.AsSpan(at, length - at).CopyTo(buffer.AsSpan(at + bytes.Length));
        bytes.CopyTo(buffer.AsSpan(at));
        length += bytes.Length;
    }

    private byte[] Some(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private ReadOnlySpan<byte> Slice(byte[] other)
    {
        var from = random.Next(other.Length + 1);
        return other.AsSpan(from, Math.Min(other.Length - from, random.Next(256)));
    }

    private static byte[] Varint(uint value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7F; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }

    private void Ensure(int count)
    {
        if (buffer.Length < count) Array.Resize(ref buffer, count * 2);
    }
}
