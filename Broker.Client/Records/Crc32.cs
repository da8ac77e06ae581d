namespace AkkaStream.Client.Records;

/// <summary>CRC-32 (IEEE 802.3), the checksum of messages of the formats 0 and 1: everything from their magic byte on.</summary>
public static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> stands for (0 for nothing), followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var state = ~crc;
        foreach (var value in data) state = Table[(byte)(state ^ value)] ^ (state >> 8);
        return ~state;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var state = i;
            for (var bit = 0; bit < 8; bit++) state = (state >> 1) ^ (0xedb88320u & (0u - (state & 1)));
            table[i] = state;
        }

        return table;
    }
}
