using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// Cleans batch by batch: one that keeps all its records goes on as its bytes are, another is written anew with those that stay, at their offsets.
/// For one thread; buffers grow to the largest batch.
/// </summary>
internal sealed class BatchCleaner(CleaningRules rules, CleanedTransactions transactions) : IDisposable
{
    // Bits of the attributes that a batch keeps when it is written anew.
    private const int Flags = RecordBatchHeader.AppendTimeBit | RecordBatchHeader.TransactionalBit | RecordBatchHeader.ControlBit;

    private readonly PooledBuffer _unfolded = new();
    private readonly RebuiltBatch _rebuilt = new();
    private readonly RecordsAhead _ahead = new(rules.Keys, rules.Hasher);
    private MessageCleaner? _messages;
    private ulong[] _kept = new ulong[16];

    /// <summary>Unfolds a batch's records into a buffer where they are compressed.</summary>
    /// <exception cref="CorruptRecordException">The codec refuses them, or is not on this machine.</exception>
    public static ReadOnlySpan<byte> Unfold(in RecordBatchHeader header, ReadOnlySpan<byte> batch, PooledBuffer buffer)
    {
        var records = batch[RecordBatchHeader.Size..];
        if (header.Compression == CompressionType.None || header.RecordCount == 0) return records;
        if (buffer.Capacity > Limits.CleanerUnfoldedBytes) buffer.Dispose();
        buffer.Truncate(0);
        RecordCodec.Decompress(header.Compression, records, buffer, Client.Limits.DecompressedBytes(records.Length));
        return buffer.WrittenSpan;
    }

    /// <summary>Gives what stays of a batch to the segment.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="batch">The whole batch; its checksum is right.</param>
    /// <param name="to">Where it goes.</param>
    /// <exception cref="CorruptRecordException">The batch holds no records.</exception>
    public void Clean(in RecordBatchHeader header, ReadOnlySpan<byte> batch, CleanedSegment to)
    {
        if (header.IsOldFormat)
        {
            (_messages ??= new MessageCleaner(rules, _rebuilt)).Clean(header, batch, to);
            return;
        }

        var records = header.IsControl ? Unfold(header, batch, _unfolded) : default;
        var mayGo = header.IsControl ? transactions.MayGo(header, records) : transactions.IsAborted(header);
        var goes = mayGo && (!header.IsControl || rules.IsPastHorizon(header));
        var keepsEmpty = rules.KeepsEmpty(header);
        if (goes && !keepsEmpty) return;

        var judged = default(Judged);
        if (!goes)
        {
            if (!header.IsControl) records = Unfold(header, batch, _unfolded);
            judged = Judge(header, records);
        }

        var setsHorizon = (judged.HasTombstones || (mayGo && header.IsControl)) && !header.HasDeleteHorizon;
        if (judged.Count == header.RecordCount && !setsHorizon && (judged.Count > 0 || keepsEmpty)) to.Append(header, batch);
        else if (judged.Count > 0) Rebuild(header, records, judged, setsHorizon ? rules.NewHorizon : header.DeleteHorizon, to);
        else if (keepsEmpty) RebuiltBatch.SendEmpty(header with { Attributes = (short)(header.Attributes & Flags), BaseTimestamp = RecordBatchHeader.NoTimestamp, RecordCount = 0 }, to);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unfolded.Dispose();
        _rebuilt.Dispose();
    }

    private Judged Judge(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        var judged = new Judged { MaxTimestamp = RecordBatchHeader.NoTimestamp };
        var keepsTombstones = !rules.IsPastHorizon(header);
        var cursor = new RecordCursor(records, header.RecordCount);
        for (var word = 0; ; word++)
        {
            var seen = _ahead.Read(ref cursor);
            Clear(word);
            for (var i = 0; i < seen.Length; i++)
            {
                ref readonly var record = ref seen[i];
                if (!header.IsControl && !rules.Keeps(record, header.BaseOffset + record.OffsetDelta, keepsTombstones)) continue;
                var timestamp = TimestampOf(header, record.TimestampDelta);
                if (judged.Count++ == 0) judged.FirstTimestamp = timestamp;
                judged.MaxTimestamp = Math.Max(judged.MaxTimestamp, timestamp);
                judged.HasTombstones |= !record.HasValue;
                _kept[word] |= 1UL << i;
            }

            if (seen.Length < RecordsAhead.Most) return judged;
        }
    }

    // As many words as records were read: what the header claims is believed only so far.
    private void Clear(int word)
    {
        if (word == _kept.Length) Array.Resize(ref _kept, word * 2);
        _kept[word] = 0;
    }

    private static long TimestampOf(in RecordBatchHeader header, long delta)
        => header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : header.BaseTimestamp + delta;

    private void Rebuild(in RecordBatchHeader header, ReadOnlySpan<byte> records, in Judged judged, long horizon, CleanedSegment to)
    {
        var baseTimestamp = horizon >= 0 ? horizon : judged.FirstTimestamp;
        var kept = _rebuilt.Begin();
        var cursor = new RecordCursor(records, header.RecordCount);
        for (var i = 0; cursor.MoveNext(); i++)
        {
            if ((_kept[i >> 6] & (1UL << (i & 63))) != 0) Copy(kept, cursor, TimestampOf(header, cursor.TimestampDelta) - baseTimestamp);
        }

        var maxTimestamp = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : judged.MaxTimestamp;
        var attributes = (int)header.Compression | (header.Attributes & Flags) | (horizon >= 0 ? RecordBatchHeader.DeleteHorizonBit : 0);
        var rebuilt = header with { Attributes = (short)attributes, BaseTimestamp = baseTimestamp, MaxTimestamp = maxTimestamp, RecordCount = judged.Count };
        _rebuilt.Send(rebuilt, to);
    }

    private static void Copy(PooledBuffer kept, in RecordCursor record, long timestampDelta)
    {
        var rest = record.Rest;
        var length = 1 + Varint.SizeOfLong(timestampDelta) + Varint.SizeOfInt(record.OffsetDelta) + rest.Length;
        var target = kept.GetSpan(Varint.MaxIntSize + length);
        var at = Varint.WriteInt(target, length);
        target[at++] = 0;
        at += Varint.WriteLong(target[at..], timestampDelta);
        at += Varint.WriteInt(target[at..], record.OffsetDelta);
        rest.CopyTo(target[at..]);
        kept.Advance(at + rest.Length);
    }

    private struct Judged
    {
        public int Count;
        public bool HasTombstones;
        public long FirstTimestamp;
        public long MaxTimestamp;
    }
}
