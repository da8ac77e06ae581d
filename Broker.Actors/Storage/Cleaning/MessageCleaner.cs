using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// Cleans messages of the formats 0 and 1: what stays of each becomes a batch of format 2, as Kafka 4 does it, so that tombstones get their delete horizon. For one thread.
/// </summary>
/// <param name="rules">What stays.</param>
/// <param name="rebuilt">The owner's, who disposes it.</param>
internal sealed class MessageCleaner(CleaningRules rules, RebuiltBatch rebuilt)
{
    /// <summary>Gives what stays of a message, a wrapper of several perhaps, to the segment.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="message">The whole message; its checksum is right.</param>
    /// <param name="to">Where it goes.</param>
    /// <exception cref="CorruptRecordException">It is a wrapper that holds no messages.</exception>
    public void Clean(in RecordBatchHeader header, ReadOnlySpan<byte> message, CleanedSegment to)
    {
        var kept = Judge(message);
        if (kept.Count > 0) Convert(header, message, kept, to);
        else if (rules.KeepsEmpty(header)) RebuiltBatch.SendEmpty(Header(header.LastOffset, header.MaxTimestamp), to);
    }

    private Kept Judge(ReadOnlySpan<byte> message)
    {
        var kept = new Kept { MaxTimestamp = RecordBatchHeader.NoTimestamp };
        using var reader = new LegacyReader(message);
        while (reader.MoveNext())
        {
            if (!rules.Keeps(reader)) continue;
            if (kept.Count++ == 0) (kept.First, kept.FirstTimestamp) = (reader.Offset, reader.Timestamp);
            kept.Last = reader.Offset;
            kept.MaxTimestamp = Math.Max(kept.MaxTimestamp, reader.Timestamp);
            kept.HasTombstones |= reader.IsValueNull;
        }

        if (kept.Last - kept.First is < 0 or > int.MaxValue) throw new CorruptRecordException(RecordFault.Invalid, $"the message at offset {kept.First} wraps others whose offsets do not rise");
        return kept;
    }

    private void Convert(in RecordBatchHeader header, ReadOnlySpan<byte> message, in Kept kept, CleanedSegment to)
    {
        var horizon = kept.HasTombstones ? RecordBatchHeader.DeleteHorizonBit : 0;
        var converted = Header(kept.First, kept.MaxTimestamp) with
        {
            Attributes = (short)((int)header.Compression | (header.Attributes & RecordBatchHeader.AppendTimeBit) | horizon),
            LastOffsetDelta = (int)(kept.Last - kept.First),
            BaseTimestamp = kept.HasTombstones ? rules.NewHorizon : kept.FirstTimestamp,
            RecordCount = kept.Count,
        };
        var records = rebuilt.Begin();
        using var reader = new LegacyReader(message);
        while (reader.MoveNext())
        {
            if (rules.Keeps(reader)) Write(records, reader, reader.Timestamp - converted.BaseTimestamp, (int)(reader.Offset - kept.First));
        }

        rebuilt.Send(converted, to);
    }

    private static void Write(PooledBuffer records, in LegacyReader message, long timestampDelta, int offsetDelta)
    {
        var key = message.Key;
        var value = message.Value;
        // Length, timestamp, offset, two lengths, and no headers.
        var most = Varint.MaxLongSize + (5 * Varint.MaxIntSize) + key.Length + value.Length;
        var body = 1 + Varint.SizeOfLong(timestampDelta) + Varint.SizeOfInt(offsetDelta) + SizeOf(key, message.IsKeyNull) + SizeOf(value, message.IsValueNull) + Varint.SizeOfInt(0);
        var target = records.GetSpan(most);
        var at = Varint.WriteInt(target, body);
        target[at++] = 0;
        at += Varint.WriteLong(target[at..], timestampDelta);
        at += Varint.WriteInt(target[at..], offsetDelta);
        at += Field(target[at..], key, message.IsKeyNull);
        at += Field(target[at..], value, message.IsValueNull);
        at += Varint.WriteInt(target[at..], 0);
        records.Advance(at);
    }

    private static int SizeOf(ReadOnlySpan<byte> field, bool isNull) => isNull ? Varint.SizeOfInt(-1) : Varint.SizeOfInt(field.Length) + field.Length;

    private static int Field(Span<byte> target, ReadOnlySpan<byte> field, bool isNull)
    {
        var at = Varint.WriteInt(target, isNull ? -1 : field.Length);
        field.CopyTo(target[at..]);
        return at + field.Length;
    }

    private static RecordBatchHeader Header(long baseOffset, long maxTimestamp) => new()
    {
        BaseOffset = baseOffset,
        PartitionLeaderEpoch = -1,
        Magic = RecordBatchHeader.CurrentMagic,
        BaseTimestamp = RecordBatchHeader.NoTimestamp,
        MaxTimestamp = maxTimestamp,
        ProducerId = RecordBatchHeader.NoProducerId,
        ProducerEpoch = RecordBatchHeader.NoProducerEpoch,
        BaseSequence = RecordBatchHeader.NoSequence,
    };

    private struct Kept
    {
        public int Count;
        public long First;
        public long Last;
        public long FirstTimestamp;
        public long MaxTimestamp;
        public bool HasTombstones;
    }
}
