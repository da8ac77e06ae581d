using System.Text;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Client.Records;

/// <summary>Old formats to the new one on produce, and back on fetch.</summary>
public sealed class RecordConversionTests
{
    private const long Now = 1_700_000_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Batches_become_messages_and_messages_a_batch(int codecId)
    {
        var codec = (CompressionType)codecId;
        for (sbyte magic = 0; magic <= 1; magic++)
        {
            using var messages = new PooledBuffer();
            RecordConverter.ToLegacy(Batch(codec, baseOffset: 100), magic, fromOffset: 101, messages);
            AssertMessages(messages.WrittenSpan, magic);

            var envelope = RecordEnvelope.Open(messages.WrittenSpan, produceVersion: 2);
            Assert.True(envelope.IsLegacy);
            Assert.Equal(messages.Length, envelope.Length);
            var verdict = RecordValidator.ValidateLegacy(messages.WrittenMemory, new RecordRules(), Now);
            Assert.Equal(ErrorCode.None, verdict.Error);
            Assert.Equal((codec, 2, 0L), (verdict.Header.Compression, verdict.Header.RecordCount, verdict.Header.BaseOffset));
            Assert.Equal(magic == 0 ? -1 : Now + 1, verdict.Header.MaxTimestamp);
            Assert.True(RecordBatchHeader.IsCrcValid(verdict.Batch.Span));
            verdict.Lease!.Dispose();
        }
    }

    [Fact]
    public void Messages_without_a_key_are_refused_by_a_compacted_topic()
    {
        using var messages = new PooledBuffer();
        RecordConverter.ToLegacy(Batch(CompressionType.None, baseOffset: 0), 1, 0, messages);
        var verdict = RecordValidator.ValidateLegacy(messages.WrittenMemory, new RecordRules { Compacted = true }, Now);
        Assert.Equal(ErrorCode.InvalidRecord, verdict.Error);
        Assert.Equal([2], verdict.RecordErrors!.Select(e => e.Index));
    }

    [Fact]
    public void A_message_over_the_limit_or_with_a_wrong_checksum_is_refused()
    {
        using var messages = new PooledBuffer();
        RecordConverter.ToLegacy(Batch(CompressionType.None, baseOffset: 0), 1, 0, messages);
        Assert.Equal(ErrorCode.MessageTooLarge, RecordValidator.ValidateLegacy(messages.WrittenMemory, new RecordRules { MaxMessageBytes = 20 }, Now).Error);
        messages.WrittenSpan[^1] ^= 1;
        Assert.Equal(ErrorCode.CorruptMessage, RecordValidator.ValidateLegacy(messages.WrittenMemory, new RecordRules(), Now).Error);
    }

    [Fact]
    public void Zstd_has_no_place_in_old_formats_nor_in_old_requests()
    {
        using var messages = new PooledBuffer();
        var batch = Batch(CompressionType.Zstd, baseOffset: 0);
        var refused = Assert.Throws<CorruptRecordException>(() => RecordConverter.ToLegacy(batch, 1, 0, messages));
        Assert.Equal(RecordFault.UnsupportedCompression, refused.Fault);
        Assert.Equal(ErrorCode.UnsupportedCompressionType, RecordEnvelope.Open(batch, produceVersion: 6).Error);
        Assert.Equal(ErrorCode.None, RecordEnvelope.Open(batch, produceVersion: 7).Error);
    }

    [Fact]
    public void Markers_are_left_out()
    {
        using var messages = new PooledBuffer();
        var marker = RecordVectors.Read("batches.jsonl").First(v => v.Case() == "control-commit-coordinator-epoch-0").Hex();
        RecordConverter.ToLegacy(marker, 1, 0, messages);
        Assert.Equal(0, messages.Length);
    }

    private static void AssertMessages(ReadOnlySpan<byte> messages, sbyte magic)
    {
        using var reader = new LegacyReader(messages);
        Assert.True(reader.MoveNext());
        Assert.Equal((101L, magic == 0 ? -1 : Now + 1, "k1", "v1"), (reader.Offset, reader.Timestamp, Text(reader.Key), Text(reader.Value)));
        Assert.True(reader.MoveNext());
        Assert.Equal((102L, true, true), (reader.Offset, reader.IsKeyNull, reader.IsValueNull));
        Assert.False(reader.MoveNext());
    }

    private static byte[] Batch(CompressionType codec, long baseOffset)
    {
        using var builder = new RecordBatchBuilder(codec);
        builder.Append(Now + 2, Bytes("k0"), Bytes("v0"), [new RecordHeader("h", null)]);
        builder.Append(Now + 1, Bytes("k1"), Bytes("v1"));
        builder.Append(Now - 5, null, null);
        return builder.Build(new RecordBatchFields { BaseOffset = baseOffset }).ToArray();
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
