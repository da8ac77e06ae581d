using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Records;

/// <summary>
/// The 61 bytes before the records of a batch of format 2, big-endian. Parsing believes nothing: <see cref="TryParse"/> only needs the bytes,
/// and it is for the caller to ask <see cref="IsWellFormed"/> and the checksum.
/// </summary>
public readonly struct RecordBatchHeader
{
    /// <summary>Bytes of the header, up to the first record.</summary>
    public const int Size = 61;

    /// <summary>Bytes before what <see cref="BatchLength"/> counts: base offset and the length itself.</summary>
    public const int LogOverhead = 12;

    /// <summary>Where the magic byte stands, in this and in the old formats.</summary>
    public const int MagicPosition = 16;

    /// <summary>The format that this struct describes.</summary>
    public const sbyte CurrentMagic = 2;

    /// <summary>No timestamp.</summary>
    public const long NoTimestamp = -1;

    /// <summary>No producer id.</summary>
    public const long NoProducerId = -1;

    /// <summary>No producer epoch.</summary>
    public const short NoProducerEpoch = -1;

    /// <summary>No sequence number.</summary>
    public const int NoSequence = -1;

    internal const int LengthPosition = 8;
    internal const int EpochPosition = 12;
    internal const int CrcPosition = 17;
    internal const int AttributesPosition = 21;
    internal const int LastOffsetDeltaPosition = 23;
    internal const int BaseTimestampPosition = 27;
    internal const int MaxTimestampPosition = 35;
    internal const int ProducerIdPosition = 43;
    internal const int ProducerEpochPosition = 51;
    internal const int BaseSequencePosition = 53;
    internal const int RecordCountPosition = 57;

    /// <summary>Bit of the attributes: the timestamps are those of the append.</summary>
    public const short AppendTimeBit = 0x08;

    /// <summary>Bit of the attributes: part of a transaction.</summary>
    public const short TransactionalBit = 0x10;

    /// <summary>Bit of the attributes: a marker.</summary>
    public const short ControlBit = 0x20;

    /// <summary>Bit of the attributes: the base timestamp is a delete horizon.</summary>
    public const short DeleteHorizonBit = 0x40;

    internal const short CompressionMask = 0x07;

    /// <summary>Offset of the first record (the producer's 0 until the log assigns it).</summary>
    public long BaseOffset { get; init; }

    /// <summary>Bytes after the length field.</summary>
    public int BatchLength { get; init; }

    /// <summary>Leader epoch at the append, -1 before; not under the checksum.</summary>
    public int PartitionLeaderEpoch { get; init; }

    /// <summary>The format: 2.</summary>
    public sbyte Magic { get; init; }

    /// <summary>CRC-32C of everything from the attributes on.</summary>
    public uint Crc { get; init; }

    /// <summary>Compression, timestamp type and flags, as bits.</summary>
    public short Attributes { get; init; }

    /// <summary>Offset of the last record that was written, from the base offset.</summary>
    public int LastOffsetDelta { get; init; }

    /// <summary>Milliseconds since 1970 from which the records' timestamps count; with a delete horizon, the horizon.</summary>
    public long BaseTimestamp { get; init; }

    /// <summary>Largest timestamp of the records, milliseconds since 1970; with append time, the time of all of them.</summary>
    public long MaxTimestamp { get; init; }

    /// <summary>The idempotent producer's id, or -1.</summary>
    public long ProducerId { get; init; }

    /// <summary>The producer's epoch, or -1.</summary>
    public short ProducerEpoch { get; init; }

    /// <summary>Sequence number of the first record, or -1.</summary>
    public int BaseSequence { get; init; }

    /// <summary>How many records follow.</summary>
    public int RecordCount { get; init; }

    /// <summary>The codec of the records; a value above <see cref="CompressionType.Zstd"/> does not exist.</summary>
    public CompressionType Compression => (CompressionType)(Attributes & CompressionMask);

    /// <summary>What the timestamps mean.</summary>
    public TimestampType TimestampType => (Attributes & AppendTimeBit) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>Part of a transaction.</summary>
    public bool IsTransactional => (Attributes & TransactionalBit) != 0;

    /// <summary>A marker that a broker wrote, not data.</summary>
    public bool IsControl => (Attributes & ControlBit) != 0;

    /// <summary>The base timestamp is a delete horizon (KIP-534).</summary>
    public bool HasDeleteHorizon => (Attributes & DeleteHorizonBit) != 0;

    /// <summary>When tombstones and markers of the batch may go, milliseconds since 1970; -1 without a horizon.</summary>
    public long DeleteHorizon => HasDeleteHorizon ? BaseTimestamp : NoTimestamp;

    /// <summary>The batch comes from an idempotent producer.</summary>
    public bool HasProducerId => ProducerId > NoProducerId;

    /// <summary>Offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The offset after the batch.</summary>
    public long NextOffset => BaseOffset + LastOffsetDelta + 1;

    /// <summary>Sequence number of the last record, counted past 2147483647 from 0 on; -1 without sequence.</summary>
    public int LastSequence => BaseSequence == NoSequence ? NoSequence : AddSequence(BaseSequence, LastOffsetDelta);

    /// <summary>Bytes of the whole batch. Only for a batch that <see cref="IsWellFormed"/>.</summary>
    public int SizeInBytes => LogOverhead + BatchLength;

    /// <summary>Of format 2 and at least as long as a header.</summary>
    public bool IsWellFormed => Magic == CurrentMagic && BatchLength is >= Size - LogOverhead and <= int.MaxValue - LogOverhead;

    /// <summary>A message of format 0 or 1, as <see cref="TryParseStored"/> shows it.</summary>
    public bool IsOldFormat => Magic is 0 or 1;

    /// <summary>At least as long as the least that its format has.</summary>
    public bool HasPossibleLength
        => BatchLength >= (Magic switch { 0 => LegacyMessage.LeastSize, 1 => LegacyMessage.LeastSize + sizeof(long), _ => Size }) - LogOverhead && BatchLength <= int.MaxValue - LogOverhead;

    /// <summary>Reads a header. False where fewer than <see cref="Size"/> bytes are there; values are not judged.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out RecordBatchHeader header)
    {
        if (source.Length < Size)
        {
            header = default;
            return false;
        }

        header = new RecordBatchHeader
        {
            BaseOffset = BinaryPrimitives.ReadInt64BigEndian(source),
            BatchLength = BinaryPrimitives.ReadInt32BigEndian(source[LengthPosition..]),
            PartitionLeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(source[EpochPosition..]),
            Magic = (sbyte)source[MagicPosition],
            Crc = BinaryPrimitives.ReadUInt32BigEndian(source[CrcPosition..]),
            Attributes = BinaryPrimitives.ReadInt16BigEndian(source[AttributesPosition..]),
            LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(source[LastOffsetDeltaPosition..]),
            BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(source[BaseTimestampPosition..]),
            MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(source[MaxTimestampPosition..]),
            ProducerId = BinaryPrimitives.ReadInt64BigEndian(source[ProducerIdPosition..]),
            ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(source[ProducerEpochPosition..]),
            BaseSequence = BinaryPrimitives.ReadInt32BigEndian(source[BaseSequencePosition..]),
            RecordCount = BinaryPrimitives.ReadInt32BigEndian(source[RecordCountPosition..]),
        };
        return true;
    }

    /// <summary>
    /// Reads the header of whatever stands in a log: a batch of format 2, or a message of format 0 or 1 as a batch of its own that ends at the message's
    /// offset. What a compressed message has inside is not looked at: its own offset, the last one inside, stands for all. False where the bytes end too early.
    /// </summary>
    public static bool TryParseStored(ReadOnlySpan<byte> source, out RecordBatchHeader header)
        => source.Length > MagicPosition && (sbyte)source[MagicPosition] is 0 or 1 ? LegacyMessage.TryParseHeader(source, out header) : TryParse(source, out header);

    /// <summary>The checksum that a whole batch should carry: of everything from the attributes on.</summary>
    public static uint ComputeCrc(ReadOnlySpan<byte> batch) => Crc32C.Compute(batch[AttributesPosition..]);

    /// <summary>Whether a whole batch is as its checksum says.</summary>
    public static bool IsCrcValid(ReadOnlySpan<byte> batch)
        => BinaryPrimitives.ReadUInt32BigEndian(batch[CrcPosition..]) == ComputeCrc(batch);

    /// <summary>Whether the whole batch that this is the header of, as <see cref="TryParseStored"/> gives it, is as its checksum says.</summary>
    public bool HasCrcOf(ReadOnlySpan<byte> batch) => IsOldFormat ? Crc32.Compute(batch[MagicPosition..]) == Crc : IsCrcValid(batch);

    /// <summary>
    /// Writes these fields over the header of a whole batch: the length is that of <paramref name="batch"/>, the checksum is made anew, whatever the fields say of either.
    /// </summary>
    public void WriteTo(Span<byte> batch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LengthPosition..], batch.Length - LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(batch[EpochPosition..], PartitionLeaderEpoch);
        batch[MagicPosition] = (byte)Magic;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesPosition..], Attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[LastOffsetDeltaPosition..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseTimestampPosition..], BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampPosition..], MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[ProducerIdPosition..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[ProducerEpochPosition..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BaseSequencePosition..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordCountPosition..], RecordCount);
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcPosition..], ComputeCrc(batch));
    }

    /// <summary>Gives the batch its place in the log. The checksum does not cover it.</summary>
    public static void SetBaseOffset(Span<byte> batch, long baseOffset) => BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);

    /// <summary>Stamps the batch with the epoch of the leader that appends it. The checksum does not cover it.</summary>
    public static void SetPartitionLeaderEpoch(Span<byte> batch, int leaderEpoch)
        => BinaryPrimitives.WriteInt32BigEndian(batch[EpochPosition..], leaderEpoch);

    /// <summary>
    /// Sets timestamp type and maximum timestamp of a whole batch and its checksum anew; a batch that has both already is left alone,
    /// bits of the attributes that have no meaning included. True when the bytes changed.
    /// </summary>
    public static bool SetTimestamps(Span<byte> batch, TimestampType type, long maxTimestamp)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[AttributesPosition..]);
        var typeNow = (attributes & AppendTimeBit) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;
        if (typeNow == type && BinaryPrimitives.ReadInt64BigEndian(batch[MaxTimestampPosition..]) == maxTimestamp) return false;

        var kept = attributes & (CompressionMask | TransactionalBit | ControlBit | DeleteHorizonBit);
        var changed = type == TimestampType.LogAppendTime ? kept | AppendTimeBit : kept;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesPosition..], (short)changed);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampPosition..], maxTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcPosition..], ComputeCrc(batch));
        return true;
    }

    /// <summary>A sequence number moved on; after 2147483647 comes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AddSequence(int sequence, int increment) => (int)(((long)sequence + increment) & int.MaxValue);
}
