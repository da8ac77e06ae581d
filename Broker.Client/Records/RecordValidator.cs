using System.Runtime.InteropServices;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Records;

/// <summary>
/// Judges what a client sends to a partition, with Kafka's answers: first the batch as such (<see cref="Check"/>: length, format, checksum),
/// then its records by the topic's rules (<see cref="Validate"/>). It holds nothing and may run on any connection's turn.
/// </summary>
public static class RecordValidator
{
    /// <summary>
    /// Judges the envelope of a batch of format 2 that <see cref="RecordEnvelope.Open"/> let pass: base offset, size, checksum, codec, counts.
    /// The checksum is computed here and nowhere else on the way of a produce.
    /// </summary>
    public static RecordsVerdict Check(ReadOnlyMemory<byte> batch, RecordRules rules)
    {
        var bytes = batch.Span;
        RecordBatchHeader.TryParse(bytes, out var header);
        if (bytes.Length >= sizeof(long) && System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) != 0) return Invalid();
        if (bytes.Length > rules.MaxMessageBytes) return RecordsVerdict.Refused(ErrorCode.MessageTooLarge);
        if (bytes.Length < RecordBatchHeader.Size || header.SizeInBytes != bytes.Length || !RecordBatchHeader.IsCrcValid(bytes))
            return RecordsVerdict.Refused(ErrorCode.CorruptMessage);
        if (header.Compression > CompressionType.Zstd) return RecordsVerdict.RefusedInLog(ErrorCode.UnknownServerError);
        if (header.RecordCount <= 0 || header.LastOffsetDelta + 1L != header.RecordCount) return Invalid();
        if (header.IsControl) return Invalid();
        if (header.HasProducerId && header.BaseSequence < 0) return Invalid();
        return new RecordsVerdict { Batch = batch, Header = header };
    }

    /// <summary>
    /// Judges a produced batch whole. An accepted one carries timestamps as the topic wants them; it was changed in place for that, or converted
    /// to the topic's codec.
    /// </summary>
    /// <param name="batch">The batch, in memory that belongs to the request: its timestamps and checksum may be set anew here.</param>
    /// <param name="rules">The topic's rules.</param>
    /// <param name="nowMs">The broker's clock, milliseconds since 1970.</param>
    public static RecordsVerdict Validate(ReadOnlyMemory<byte> batch, RecordRules rules, long nowMs)
    {
        var verdict = Check(batch, rules);
        if (!verdict.IsAccepted) return verdict;
        try
        {
            return rules.Compression is { } codec && codec != verdict.Header.Compression
                ? Reencode(verdict, rules, codec, nowMs)
                : Keep(verdict, rules, nowMs);
        }
        catch (CorruptRecordException refused)
        {
            return Refusal(refused);
        }
    }

    /// <summary>
    /// Judges messages of the formats 0 and 1 (Produce 0 to 2) and makes one batch of format 2 of them, in their codec or the topic's.
    /// </summary>
    /// <param name="messages">Whole messages, as <see cref="RecordEnvelope.Open"/> measured them.</param>
    /// <param name="rules">The topic's rules.</param>
    /// <param name="nowMs">The broker's clock, milliseconds since 1970.</param>
    public static RecordsVerdict ValidateLegacy(ReadOnlyMemory<byte> messages, RecordRules rules, long nowMs)
    {
        if (LargestEntry(messages.Span) > rules.MaxMessageBytes) return RecordsVerdict.Refused(ErrorCode.MessageTooLarge);
        var check = new RecordCheck(rules, nowMs);
        try
        {
            using var reader = new LegacyReader(messages.Span);
            var builder = new RecordBatchBuilder(rules.Compression ?? reader.Compression, rules.CompressionLevel, messages.Length);
            try
            {
                for (var index = 0; reader.MoveNext(); index++)
                {
                    check.Record(index, !reader.IsKeyNull, reader.Timestamp);
                    builder.Append(reader.Timestamp, reader.Key, !reader.IsKeyNull, reader.Value, !reader.IsValueNull);
                }

                return Built(builder, check, rules, new RecordBatchFields { AppendTime = AppendTime(rules, nowMs) });
            }
            catch (CorruptRecordException)
            {
                builder.Dispose();
                throw;
            }
        }
        catch (CorruptRecordException refused)
        {
            return Refusal(refused);
        }
    }

    /// <summary>The error of an answer about records that cannot be read.</summary>
    public static ErrorCode ErrorOf(RecordFault fault) => fault switch
    {
        RecordFault.Corrupt => ErrorCode.CorruptMessage,
        RecordFault.Invalid => ErrorCode.InvalidRecord,
        RecordFault.UnsupportedCompression => ErrorCode.UnsupportedCompressionType,
        RecordFault.TooLarge => ErrorCode.MessageTooLarge,
        _ => ErrorCode.UnknownServerError, // Kafka has no better word for bytes that a codec refuses
    };

    private static RecordsVerdict Keep(RecordsVerdict verdict, RecordRules rules, long nowMs)
    {
        var check = new RecordCheck(rules, nowMs);
        var ordered = verdict.Header.Compression == CompressionType.None
            ? Walk(verdict.Batch.Span, verdict.Header, ref check)
            : WalkCompressed(verdict.Batch.Span, verdict.Header, ref check);
        if (check.Errors is not null) return check.Refusal();
        // Kafka would rewrite such a batch here and fails, since it has let go of the records' contents.
        if (!ordered) return RecordsVerdict.RefusedInLog(ErrorCode.UnknownServerError);

        var writable = MemoryMarshal.AsMemory(verdict.Batch).Span;
        var appendTime = AppendTime(rules, nowMs);
        if (!RecordBatchHeader.SetTimestamps(writable, rules.TimestampType, appendTime ?? check.MaxTimestamp)) return verdict;
        RecordBatchHeader.TryParse(writable, out var header);
        return verdict with { Header = header };
    }

    // The log assigns offsets by place, so what an uncompressed batch says about them inside does not matter.
    private static bool Walk(ReadOnlySpan<byte> batch, in RecordBatchHeader header, ref RecordCheck check)
    {
        var records = batch[RecordBatchHeader.Size..];
        if (RecordScan.TryScan(records, header, out var scan) && check.TakesAll(scan)) return true;

        // Something is wrong with a record: a slower walk says what and where.
        var reader = new RecordReader(header, records);
        for (var index = 0; reader.MoveNext(); index++) check.Record(index, !reader.IsKeyNull, reader.Timestamp);
        return true;
    }

    private static unsafe bool WalkCompressed(ReadOnlySpan<byte> batch, in RecordBatchHeader header, ref RecordCheck check)
    {
        var ordered = true;
        var appended = header.TimestampType == TimestampType.LogAppendTime;
        fixed (byte* records = batch[RecordBatchHeader.Size..])
        {
            var length = batch.Length - RecordBatchHeader.Size;
            using var source = Decompressor.Open(header.Compression, records, length);
            var stream = new RecordStream(source, Limits.DecompressedBytes(length));
            try
            {
                for (var index = 0; index < header.RecordCount; index++)
                {
                    stream.Next();
                    check.Record(index, stream.HasKey, appended ? header.MaxTimestamp : header.BaseTimestamp + stream.TimestampDelta);
                    ordered &= stream.OffsetDelta == index;
                }

                stream.End();
            }
            finally
            {
                stream.Dispose();
            }
        }

        return ordered;
    }

    private static RecordsVerdict Reencode(RecordsVerdict verdict, RecordRules rules, CompressionType codec, long nowMs)
    {
        var source = verdict.Batch.Span[RecordBatchHeader.Size..];
        var header = verdict.Header;
        var check = new RecordCheck(rules, nowMs);
        using var unfolded = new PooledBuffer(source.Length);
        RecordCodec.Decompress(header.Compression, source, unfolded, Limits.DecompressedBytes(source.Length));
        var builder = new RecordBatchBuilder(codec, rules.CompressionLevel, RecordBatchHeader.Size + unfolded.Length);
        try
        {
            var reader = new RecordReader(header, unfolded.WrittenSpan);
            for (var index = 0; reader.MoveNext(); index++)
            {
                check.Record(index, !reader.IsKeyNull, reader.Timestamp);
                builder.Append(reader);
            }

            return Built(builder, check, rules, new RecordBatchFields
            {
                ProducerId = header.ProducerId,
                ProducerEpoch = header.ProducerEpoch,
                BaseSequence = header.BaseSequence,
                IsTransactional = header.IsTransactional,
                AppendTime = AppendTime(rules, nowMs),
            });
        }
        catch (CorruptRecordException)
        {
            builder.Dispose();
            throw;
        }
    }

    private static RecordsVerdict Built(RecordBatchBuilder builder, in RecordCheck check, RecordRules rules, RecordBatchFields fields)
    {
        var refusal = check.Errors is not null ? check.Refusal() : builder.Count == 0 ? Invalid() : default;
        if (refusal.IsAccepted)
        {
            var batch = builder.Build(fields);
            RecordBatchHeader.TryParse(batch.Span, out var header);
            if (batch.Length <= rules.MaxMessageBytes) return new RecordsVerdict { Batch = batch, Header = header, Lease = builder };
            refusal = RecordsVerdict.Refused(ErrorCode.MessageTooLarge);
        }

        builder.Dispose();
        return refusal;
    }

    private static int LargestEntry(ReadOnlySpan<byte> messages)
    {
        var largest = 0;
        while (messages.Length >= RecordBatchHeader.LogOverhead)
        {
            var size = RecordBatchHeader.LogOverhead + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(messages[RecordBatchHeader.LengthPosition..]);
            largest = Math.Max(largest, size);
            if (size < RecordBatchHeader.LogOverhead || size > messages.Length) break;
            messages = messages[size..];
        }

        return largest;
    }

    private static long? AppendTime(RecordRules rules, long nowMs) => rules.TimestampType == TimestampType.LogAppendTime ? nowMs : null;

    private static RecordsVerdict Invalid() => RecordsVerdict.RefusedInLog(ErrorCode.InvalidRecord);

    private static RecordsVerdict Refusal(CorruptRecordException refused) => refused.Fault is RecordFault.Corrupt or RecordFault.TooLarge
        ? RecordsVerdict.Refused(ErrorOf(refused.Fault), refused.Message)
        : RecordsVerdict.RefusedInLog(ErrorOf(refused.Fault), refused.Fault == RecordFault.UnsupportedCompression ? refused.Message : null);
}
