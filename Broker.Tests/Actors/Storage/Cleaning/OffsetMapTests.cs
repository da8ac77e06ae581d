using System.Text;
using AkkaStream.Actors.Storage.Cleaning;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>The map of keys holds what was put, within its memory, and says when it is full.</summary>
public sealed class OffsetMapTests
{
    private static readonly KeyHasher Hasher = KeyHasher.From(new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"));

    [Theory]
    [InlineData(0.9, 40_000)]
    [InlineData(0.5, 5_000)]
    [InlineData(1.0, 300)]
    [InlineData(0.9, 4)]
    public void What_was_put_is_found_until_the_map_is_full(double loadFactor, int slots)
    {
        using var map = new OffsetMap((long)slots * OffsetMap.EntryBytes, loadFactor);
        var offsets = new Dictionary<int, long>();
        var dice = new Random(slots);
        for (var offset = 0L; ; offset++)
        {
            var key = dice.Next(slots * 4);
            if (!map.TryPut(HashOf(key), offset))
            {
                Assert.DoesNotContain(key, offsets.Keys);
                break;
            }

            offsets[key] = offset;
        }

        Assert.Equal(offsets.Count, map.Count);
        Assert.InRange(map.Count, 1, (int)(slots * loadFactor));
        if (slots >= 5_000) Assert.InRange(map.Count, (int)(slots * loadFactor * 0.9), map.Capacity);
        Assert.Equal(offsets.Values.Max(), map.LatestOffset);
        for (var key = 0; key < slots * 4; key++) Assert.Equal(offsets.GetValueOrDefault(key, -1), map.Get(HashOf(key)));
    }

    [Fact]
    public void A_full_map_takes_the_keys_that_it_has()
    {
        using var map = new OffsetMap(0, 0.9);
        var key = 0;
        while (map.TryPut(HashOf(key), key)) key++;
        Assert.True(map.TryPut(HashOf(0), 100));
        Assert.Equal(100, map.Get(HashOf(0)));
    }

    [Fact]
    public void Every_byte_of_a_key_and_its_length_count()
    {
        var seen = new HashSet<KeyHash>();
        for (var length = 0; length < 40; length++)
        {
            var key = new byte[length];
            Assert.True(seen.Add(Hasher.Hash(key)));
            for (var i = 0; i < length; i++)
            {
                key[i] ^= 0x80;
                Assert.True(seen.Add(Hasher.Hash(key)));
                key[i] ^= 0x80;
            }
        }

        var other = KeyHasher.From(new Guid("11020304-0506-0708-090a-0b0c0d0e0f10"));
        Assert.NotEqual(Hasher.Hash("key"u8), other.Hash("key"u8));
    }

    private static KeyHash HashOf(int key) => Hasher.Hash(Encoding.ASCII.GetBytes($"key-{key}"));
}
