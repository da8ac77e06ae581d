using System.Text;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Records;

public sealed class Crc32CTests
{
    [Fact]
    public void Known_answers_of_RFC_3720()
    {
        Assert.Equal(0x8a9136aau, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62a8ab43u, Crc32C.Compute(Enumerable.Repeat((byte)0xff, 32).ToArray()));
        Assert.Equal(0xe3069283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0u, Crc32C.Compute([]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(767)]
    [InlineData(768)]
    [InlineData(5000)]
    [InlineData(12287)]
    [InlineData(12288)]
    [InlineData(100_001)]
    public void Interleaved_streams_give_what_one_byte_after_another_gives(int length)
    {
        var data = new byte[length + 3];
        new Random(length).NextBytes(data);
        // Unaligned on purpose.
        Assert.Equal(Bitwise(data.AsSpan(3)), Crc32C.Compute(data.AsSpan(3)));
    }

    [Fact]
    public void Parts_append()
    {
        var data = new byte[40_000];
        new Random(7).NextBytes(data);
        foreach (var cut in new[] { 0, 1, 9, 1000, 20_000, 39_999, 40_000 })
            Assert.Equal(Crc32C.Compute(data), Crc32C.Append(Crc32C.Compute(data.AsSpan(0, cut)), data.AsSpan(cut)));
    }

    private static uint Bitwise(ReadOnlySpan<byte> data)
    {
        var state = ~0u;
        foreach (var value in data)
        {
            state ^= value;
            for (var bit = 0; bit < 8; bit++) state = (state >> 1) ^ (0x82f63b78u & (0u - (state & 1)));
        }

        return ~state;
    }
}
