using System.Buffers.Binary;
using System.Text;
using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Records;

/// <summary>The fields of a batch's header that its writer chooses.</summary>
public readonly record struct RecordBatchFields
{
    /// <summary>Fields of a batch without a producer id.</summary>
    public RecordBatchFields()
    {
    }

    /// <summary>Offset of the first record; a producer sends 0.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Leader epoch, -1 from a producer.</summary>
    public int PartitionLeaderEpoch { get; init; } = -1;

    /// <summary>The idempotent producer's id, or -1.</summary>
    public long ProducerId { get; init; } = RecordBatchHeader.NoProducerId;

    /// <summary>The producer's epoch, or -1.</summary>
    public short ProducerEpoch { get; init; } = RecordBatchHeader.NoProducerEpoch;

    /// <summary>Sequence number of the first record, or -1.</summary>
    public int BaseSequence { get; init; } = RecordBatchHeader.NoSequence;

    /// <summary>Part of a transaction.</summary>
    public bool IsTransactional { get; init; }

    /// <summary>A marker, not data.</summary>
    public bool IsControl { get; init; }

    /// <summary>The time of the append, which all records then show; null keeps the records' own.</summary>
    public long? AppendTime { get; init; }

    /// <summary>Offset of the last record from the first, where records in between are gone; null counts the records.</summary>
    public int? LastOffsetDelta { get; init; }
}

/// <summary>
/// Writes records into one growing pooled buffer and makes a batch of format 2 of them. Nothing is allocated per record.
/// Not thread-safe. <see cref="Reset"/> empties it for the next batch and keeps its memory.
/// </summary>
public sealed class RecordBatchBuilder : IDisposable
{
    private readonly PooledBuffer _records;
    private readonly CompressionType _compression;
    private readonly int? _level;
    private PooledBuffer? _compressed;
    private long _baseTimestamp;
    private int _lastOffsetDelta;

    /// <summary>An empty batch.</summary>
    /// <param name="compression">The codec of its records.</param>
    /// <param name="level">The codec's level, or null for its default.</param>
    /// <param name="capacity">Bytes of room at the start.</param>
    public RecordBatchBuilder(CompressionType compression = CompressionType.None, int? level = null, int capacity = 1024)
    {
        _compression = compression;
        _level = level;
        _records = new PooledBuffer(Math.Max(capacity, RecordBatchHeader.Size));
        Reset();
    }

    /// <summary>Records written.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the batch if nothing more comes, before compression, header included.</summary>
    public int UncompressedSize => _records.Length;

    /// <summary>The largest timestamp written, -1 without records.</summary>
    public long MaxTimestamp { get; private set; }

    /// <summary>The most that one more record takes, in bytes, its header of the batch not included.</summary>
    public static int MaxRecordSize(int keyLength, int valueLength, IReadOnlyList<RecordHeader>? headers)
    {
        var size = 1L + (4 * Varint.MaxIntSize) + Varint.MaxLongSize + Varint.MaxIntSize + Math.Max(keyLength, 0) + Math.Max(valueLength, 0);
        for (var i = 0; i < (headers?.Count ?? 0); i++)
            size += (2 * Varint.MaxIntSize) + Encoding.UTF8.GetByteCount(headers![i].Key) + (headers[i].Value?.Length ?? 0);
        return (int)Math.Min(size, int.MaxValue);
    }

    /// <summary>Adds a record behind the last one.</summary>
    /// <param name="timestamp">Milliseconds since 1970, or -1.</param>
    /// <param name="key">The key, or null.</param>
    /// <param name="value">The value, or null for a tombstone.</param>
    /// <param name="headers">The headers, or null for none.</param>
    public void Append(long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers = null)
    {
        var headerBytes = SizeOfHeaders(headers);
        var at = Begin(Count, timestamp, key is null ? -1 : key.Value.Length, value is null ? -1 : value.Value.Length, headerBytes, out var target);
        at = WriteField(target, at, key is { } k ? k.Span : default, key is null);
        at = WriteField(target, at, value is { } v ? v.Span : default, value is null);
        at += Varint.WriteInt(target[at..], headers?.Count ?? 0);
        for (var i = 0; i < (headers?.Count ?? 0); i++) at = WriteHeader(target, at, headers![i]);
        _records.Advance(at);
    }

    /// <summary>Adds a record behind the last one, its key and value as they are.</summary>
    /// <param name="timestamp">Milliseconds since 1970, or -1.</param>
    /// <param name="key">The key.</param>
    /// <param name="hasKey">False: there is no key.</param>
    /// <param name="value">The value.</param>
    /// <param name="hasValue">False: there is no value.</param>
    public void Append(long timestamp, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue)
    {
        var at = Begin(Count, timestamp, hasKey ? key.Length : -1, hasValue ? value.Length : -1, Varint.SizeOfInt(0), out var target);
        at = WriteField(target, at, key, !hasKey);
        at = WriteField(target, at, value, !hasValue);
        at += Varint.WriteInt(target[at..], 0);
        _records.Advance(at);
    }

    /// <summary>Adds a copy of a record that was read.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offsetDelta">Its offset from the batch's base, above that of the record before; null is the next one.</param>
    public void Append(in RecordReader record, int? offsetDelta = null)
    {
        var headers = record.RawHeaders;
        var headerBytes = Varint.SizeOfInt(record.HeaderCount) + headers.Length;
        var at = Begin(offsetDelta ?? Count, record.Timestamp, record.IsKeyNull ? -1 : record.KeyLength, record.IsValueNull ? -1 : record.ValueLength, headerBytes, out var target);
        at = WriteField(target, at, record.Key, record.IsKeyNull);
        at = WriteField(target, at, record.Value, record.IsValueNull);
        at += Varint.WriteInt(target[at..], record.HeaderCount);
        headers.CopyTo(target[at..]);
        _records.Advance(at + headers.Length);
    }

    /// <summary>
    /// The finished batch, valid until the next call of <see cref="Reset"/>, <see cref="Build"/> or <see cref="Dispose"/>. May be called again with other fields.
    /// </summary>
    /// <exception cref="Records.CorruptRecordException">The codec's library is not on this machine.</exception>
    public Memory<byte> Build(in RecordBatchFields fields)
    {
        var batch = _records;
        if (_compression != CompressionType.None)
        {
            _compressed ??= new PooledBuffer(_records.Length / 2);
            if (_compressed.Length == 0)
            {
                _compressed.GetSpan(RecordBatchHeader.Size)[..RecordBatchHeader.Size].Clear();
                _compressed.Advance(RecordBatchHeader.Size);
                RecordCodec.Compress(_compression, _records.WrittenSpan[RecordBatchHeader.Size..], _compressed, _level);
            }

            batch = _compressed;
        }

        WriteBatchHeader(batch.WrittenSpan, fields);
        return batch.WrittenMemory;
    }

    /// <summary>Forgets all records.</summary>
    public void Reset()
    {
        _records.Truncate(0);
        _records.GetSpan(RecordBatchHeader.Size);
        _records.Advance(RecordBatchHeader.Size);
        _compressed?.Truncate(0);
        Count = 0;
        MaxTimestamp = RecordBatchHeader.NoTimestamp;
        _baseTimestamp = 0;
        _lastOffsetDelta = -1;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _records.Dispose();
        _compressed?.Dispose();
    }

    private int Begin(int offsetDelta, long timestamp, int keyLength, int valueLength, int headerBytes, out Span<byte> target)
    {
        if (Count == 0) _baseTimestamp = timestamp;
        var timestampDelta = timestamp - _baseTimestamp;
        var body = checked(1 + Varint.SizeOfLong(timestampDelta) + Varint.SizeOfInt(offsetDelta) + Varint.SizeOfInt(keyLength) + Math.Max(keyLength, 0)
            + Varint.SizeOfInt(valueLength) + Math.Max(valueLength, 0) + headerBytes);
        target = _records.GetSpan(body + Varint.MaxIntSize);
        var at = Varint.WriteInt(target, body);
        target[at++] = 0;
        at += Varint.WriteLong(target[at..], timestampDelta);
        at += Varint.WriteInt(target[at..], offsetDelta);
        _compressed?.Truncate(0);
        _lastOffsetDelta = offsetDelta;
        MaxTimestamp = Math.Max(MaxTimestamp, timestamp);
        Count++;
        return at;
    }

    private static int WriteField(Span<byte> target, int at, ReadOnlySpan<byte> field, bool isNull)
    {
        at += Varint.WriteInt(target[at..], isNull ? -1 : field.Length);
        field.CopyTo(target[at..]);
        return at + field.Length;
    }

    private static int WriteHeader(Span<byte> target, int at, in RecordHeader header)
    {
        at += Varint.WriteInt(target[at..], Encoding.UTF8.GetByteCount(header.Key));
        at += Encoding.UTF8.GetBytes(header.Key, target[at..]);
        return WriteField(target, at, header.Value is { } value ? value.Span : default, header.Value is null);
    }

    private static int SizeOfHeaders(IReadOnlyList<RecordHeader>? headers)
    {
        if (headers is null) return Varint.SizeOfInt(0);
        var size = Varint.SizeOfInt(headers.Count);
        for (var i = 0; i < headers.Count; i++)
        {
            var name = Encoding.UTF8.GetByteCount(headers[i].Key);
            var value = headers[i].Value?.Length ?? -1;
            size += Varint.SizeOfInt(name) + name + Varint.SizeOfInt(value) + Math.Max(value, 0);
        }

        return size;
    }

    private void WriteBatchHeader(Span<byte> batch, in RecordBatchFields fields)
    {
        var attributes = (int)_compression
            | (fields.AppendTime is null ? 0 : RecordBatchHeader.AppendTimeBit)
            | (fields.IsTransactional ? RecordBatchHeader.TransactionalBit : 0)
            | (fields.IsControl ? RecordBatchHeader.ControlBit : 0);
        BinaryPrimitives.WriteInt64BigEndian(batch, fields.BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LengthPosition..], batch.Length - RecordBatchHeader.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.EpochPosition..], fields.PartitionLeaderEpoch);
        batch[RecordBatchHeader.MagicPosition] = (byte)RecordBatchHeader.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.AttributesPosition..], (short)attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LastOffsetDeltaPosition..], fields.LastOffsetDelta ?? _lastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.BaseTimestampPosition..], _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.MaxTimestampPosition..], fields.AppendTime ?? MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.ProducerIdPosition..], fields.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.ProducerEpochPosition..], fields.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.BaseSequencePosition..], fields.BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.RecordCountPosition..], Count);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatchHeader.CrcPosition..], RecordBatchHeader.ComputeCrc(batch));
    }
}
