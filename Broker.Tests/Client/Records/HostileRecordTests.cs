using System.Buffers.Binary;
using AkkaStream.Client;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Records;

/// <summary>Bytes from strangers: always an answer, never memory for what they claim.</summary>
public sealed class HostileRecordTests
{
    private const long Now = 1_800_000_000_000;

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Zstd)]
    public void A_bomb_takes_a_window_and_is_refused_past_its_limit(CompressionType codec)
    {
        // One record of 80 MB of zeros: past the floor and, at some 80 kB or less, past the ratio for zstd.
        var bomb = Bomb(codec, 80 << 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = RecordValidator.Validate(bomb, new RecordRules(), Now);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken < 1 << 20, $"{taken} bytes allocated");
        Assert.Equal(bomb.Length * (long)Limits.DecompressionRatio > 80 << 20 ? ErrorCode.None : ErrorCode.MessageTooLarge, verdict.Error);
    }

    [Fact]
    public void A_snappy_block_gets_no_memory_for_a_length_that_it_cannot_hold()
    {
        byte[] block = [0xff, 0xff, 0xff, 0xff, 0x07, 0, 1];
        using var target = new PooledBuffer();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var refused = Assert.Throws<CorruptRecordException>(() => RecordCodec.Decompress(CompressionType.Snappy, block, target, int.MaxValue));
        Assert.Equal(RecordFault.Compression, refused.Fault);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Unfolding_stops_at_the_callers_limit()
    {
        using var packed = new PooledBuffer();
        RecordCodec.Compress(CompressionType.Lz4, new byte[100_000], packed);
        using var target = new PooledBuffer();
        var refused = Assert.Throws<CorruptRecordException>(() => RecordCodec.Decompress(CompressionType.Lz4, packed.WrittenSpan, target, 99_999));
        Assert.Equal(RecordFault.TooLarge, refused.Fault);
        target.Truncate(0);
        RecordCodec.Decompress(CompressionType.Lz4, packed.WrittenSpan, target, 100_000);
        Assert.Equal(100_000, target.Length);
    }

    [Fact]
    public void Mutated_batches_and_messages_always_get_an_answer()
    {
        var random = new Random(20_261_121);
        var seeds = RecordVectors.Read("batches.jsonl").Concat(RecordVectors.Read("legacy.jsonl")).Select(v => v.Hex()).Where(b => b.Length < 3000).ToArray();
        var rules = new RecordRules { Compacted = true };
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = Mutate(seeds[random.Next(seeds.Length)].ToArray(), random);
            var envelope = RecordEnvelope.Open(bytes, (short)random.Next(0, 12));
            if (envelope.Error != ErrorCode.None) continue;
            Assert.InRange(envelope.Length, 0, bytes.Length);
            var records = bytes.AsMemory(0, envelope.Length);
            if (!envelope.IsLegacy) Reseal(records.Span);
            var verdict = envelope.IsLegacy ? RecordValidator.ValidateLegacy(records, rules, Now) : RecordValidator.Validate(records, i % 2 == 0 ? rules : rules with { Compression = CompressionType.Lz4 }, Now);
            verdict.Lease?.Dispose();
        }
    }

    [Fact]
    public void A_missing_library_is_named()
    {
        var refused = Assert.Throws<CorruptRecordException>(() => NativeCodec.Load("lz4", "libnotonthismachine.so.1"));
        Assert.Equal(RecordFault.UnsupportedCompression, refused.Fault);
        Assert.Equal(ErrorCode.UnsupportedCompressionType, RecordValidator.ErrorOf(refused.Fault));
        Assert.Contains("libnotonthismachine.so.1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_refused_in_every_record_names_a_bounded_number_of_them()
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < Limits.RecordErrors + 10; i++) builder.Append(Now, null, null);
        var verdict = RecordValidator.Validate(builder.Build(new RecordBatchFields()).ToArray(), new RecordRules { Compacted = true }, Now);
        Assert.Equal(ErrorCode.InvalidRecord, verdict.Error);
        Assert.Equal(Limits.RecordErrors, verdict.RecordErrors!.Count);
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            switch (random.Next(4))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                    break;
                case 2:
                    BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(random.Next(bytes.Length - 4)), random.Next(3) == 0 ? int.MaxValue : random.Next(-2, 5000));
                    break;
                default:
                    bytes = bytes[..random.Next(Math.Min(20, bytes.Length - 1), bytes.Length)];
                    break;
            }
        }

        return bytes;
    }

    // With a right checksum and offset the mutation reaches the records.
    private static void Reseal(Span<byte> batch)
    {
        RecordBatchHeader.SetBaseOffset(batch, 0);
        if (batch.Length >= RecordBatchHeader.Size) BinaryPrimitives.WriteUInt32BigEndian(batch[17..], RecordBatchHeader.ComputeCrc(batch));
    }

    private static byte[] Bomb(CompressionType codec, int size)
    {
        using var builder = new RecordBatchBuilder(codec, capacity: size + 100);
        builder.Append(Now, null, new byte[size]);
        return builder.Build(new RecordBatchFields()).ToArray();
    }
}
