namespace AkkaStream.Client.Records;

/// <summary>CRC-32 (IEEE 802.3), the checksum of messages of the formats 0 and 1.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        var state = ~0u;
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
