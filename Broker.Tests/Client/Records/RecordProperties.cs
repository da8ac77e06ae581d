using System.Text;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AkkaStream.Tests.Client.Records;

/// <summary>What is written is what is read, whatever it is.</summary>
public sealed class RecordProperties
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(200);

    [Fact]
    public void Varints()
        => Prop.ForAll<long>(value =>
        {
            var bytes = new byte[Varint.MaxLongSize];
            foreach (var number in new[] { value, (long)int.MaxValue * value, long.MaxValue - value, long.MinValue + value, value << 31 })
            {
                var at = 0;
                var size = Varint.WriteLong(bytes, number);
                Assert.Equal(Varint.SizeOfLong(number), size);
                Assert.True(Varint.TryReadLong(bytes.AsSpan(0, size), ref at, out var again));
                Assert.Equal((number, size), (again, at));
                at = 0;
                Assert.False(Varint.TryReadLong(bytes.AsSpan(0, size - 1), ref at, out _));
                at = 0;
                size = Varint.WriteInt(bytes, (int)number);
                Assert.True(Varint.TryReadInt(bytes.AsSpan(0, size), ref at, out var small));
                Assert.Equal(((int)number, size, Varint.SizeOfInt(small)), (small, at, size));
            }
        }).Check(Quick);

    [Fact]
    public void Batches()
        => Prop.ForAll<(int Codec, (byte[]? Key, byte[]? Value, int Time, string?[] Headers)[] Records)>(given =>
        {
            if (given.Records is null) return;
            var codec = (CompressionType)Math.Abs(given.Codec % 5);
            using var builder = new RecordBatchBuilder(codec);
            foreach (var (key, value, time, headers) in given.Records)
                builder.Append(time, Optional(key), Optional(value), Headers(headers));
            var batch = builder.Build(new RecordBatchFields { BaseOffset = 7, ProducerId = 5, ProducerEpoch = 1, BaseSequence = 3 }).Span;

            Assert.True(RecordBatchHeader.TryParse(batch, out var header));
            Assert.True(RecordBatchHeader.IsCrcValid(batch));
            Assert.Equal((codec, given.Records.Length, 5L), (header.Compression, header.RecordCount, header.ProducerId));
            using var unfolded = new PooledBuffer();
            RecordCodec.Decompress(codec, batch[RecordBatchHeader.Size..], unfolded, int.MaxValue);
            var reader = new RecordReader(header, unfolded.WrittenSpan);
            foreach (var (key, value, time, headers) in given.Records)
            {
                Assert.True(reader.MoveNext());
                Assert.Equal(time, reader.Timestamp);
                Assert.Equal(key, reader.IsKeyNull ? null : reader.Key.ToArray());
                Assert.Equal(value, reader.IsValueNull ? null : reader.Value.ToArray());
                AssertHeaders(Headers(headers), reader.Headers);
            }

            Assert.False(reader.MoveNext());
        }).Check(Quick);

    [Fact]
    public void Codecs_at_every_level_and_size()
    {
        var random = new Random(11);
        foreach (var codec in Enum.GetValues<CompressionType>())
        {
            foreach (var level in new int?[] { null, -7, 1, 9, 12, 17, 22 }.Where(l => l is null || RecordCodec.IsLevel(codec, l.Value)))
            {
                foreach (var size in new[] { 0, 1, 63, 64, 65, 4096, 32 * 1024, (64 * 1024) + 1, 300_000 })
                    AssertRoundTrip(codec, level, Material(random, size));
            }
        }
    }

    private static void AssertRoundTrip(CompressionType codec, int? level, byte[] material)
    {
        using var packed = new PooledBuffer();
        using var unfolded = new PooledBuffer();
        RecordCodec.Compress(codec, material, packed, level);
        RecordCodec.Decompress(codec, packed.WrittenSpan, unfolded, material.Length);
        Assert.True(material.AsSpan().SequenceEqual(unfolded.WrittenSpan), $"{codec} {level} {material.Length}");
    }

    // Runs, repeats near and far, and noise.
    private static byte[] Material(Random random, int size)
    {
        var bytes = new byte[size];
        for (var at = 0; at < size;)
        {
            var length = Math.Min(random.Next(1, 400), size - at);
            var part = bytes.AsSpan(at, length);
            if (at > length && random.Next(3) > 0) bytes.AsSpan(random.Next(at - length), length).CopyTo(part);
            else if (random.Next(3) == 0) part.Fill((byte)random.Next(256));
            else random.NextBytes(part);
            at += length;
        }

        return bytes;
    }

    private static ReadOnlyMemory<byte>? Optional(byte[]? bytes) => bytes is null ? null : bytes;

    private static RecordHeader[]? Headers(string?[]? names)
        => names?.Select(name => new RecordHeader(Sane(name), name is null ? null : Encoding.UTF8.GetBytes(name))).ToArray();

    // Halves of surrogate pairs have no UTF-8 form.
    private static string Sane(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));

    private static void AssertHeaders(RecordHeader[]? expected, RecordHeaderReader headers)
    {
        foreach (var header in expected ?? [])
        {
            Assert.True(headers.MoveNext());
            Assert.Equal(header.Key, Encoding.UTF8.GetString(headers.Key));
            Assert.Equal(header.Value?.ToArray(), headers.IsValueNull ? null : headers.Value.ToArray());
        }

        Assert.False(headers.MoveNext());
    }
}
