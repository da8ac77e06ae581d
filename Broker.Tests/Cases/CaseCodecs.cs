using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Cases;

/// <summary>What the cases compress and sum with.</summary>
internal static class CaseCodecs
{
    private static readonly uint[] Table = MakeTable();

    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes) crc = (crc >> 8) ^ Table[(crc ^ b) & 0xFF];
        return ~crc;
    }

    public static byte[] Compress(int codec, byte[] plain)
    {
        using var to = new PooledBuffer(plain.Length + 64);
        RecordCodec.Compress((CompressionType)codec, plain, to);
        return to.WrittenSpan.ToArray();
    }

    public static byte[] Decompress(int codec, byte[] packed, string path)
    {
        using var to = new PooledBuffer(packed.Length * 4);
        try
        {
            RecordCodec.Decompress((CompressionType)codec, packed, to, int.MaxValue);
            return to.WrittenSpan.ToArray();
        }
        catch (CorruptRecordException e)
        {
            throw new WrongException($"{path}: cannot be unpacked: {e.Message}");
        }
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var c = i;
            for (var bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? (c >> 1) ^ 0xEDB88320u : c >> 1;
            table[i] = c;
        }

        return table;
    }
}
