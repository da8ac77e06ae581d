using System.Buffers.Binary;
using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Records;

/// <summary>One message of the formats 0 and 1, as slices of the bytes that it was parsed from.</summary>
internal readonly ref struct LegacyMessage
{
    /// <summary>Bytes of a message of format 0 without key and value; format 1 has a timestamp as well.</summary>
    public const int LeastSize = 26;

    private const int CrcPosition = 12;
    private const int AttributesPosition = 17;
    private const int TimestampPosition = 18;

    private readonly ReadOnlySpan<byte> _key;
    private readonly ReadOnlySpan<byte> _value;

    private LegacyMessage(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue)
    {
        Offset = BinaryPrimitives.ReadInt64BigEndian(entry);
        Magic = (sbyte)entry[RecordBatchHeader.MagicPosition];
        Attributes = entry[AttributesPosition];
        Timestamp = Magic == 0 ? RecordBatchHeader.NoTimestamp : BinaryPrimitives.ReadInt64BigEndian(entry[TimestampPosition..]);
        _key = key;
        _value = value;
        HasKey = hasKey;
        HasValue = hasValue;
        Size = entry.Length;
    }

    public long Offset { get; }

    public sbyte Magic { get; }

    public byte Attributes { get; }

    public long Timestamp { get; }

    public bool HasKey { get; }

    public bool HasValue { get; }

    public int Size { get; }

    public ReadOnlySpan<byte> Key => _key;

    public ReadOnlySpan<byte> Value => _value;

    public CompressionType Compression => (CompressionType)(Attributes & RecordBatchHeader.CompressionMask);

    public bool IsAppendTime => Magic > 0 && (Attributes & RecordBatchHeader.AppendTimeBit) != 0;

    /// <summary>Parses the message at the start of some bytes; false where they end before it does.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out LegacyMessage message)
    {
        message = default;
        if (source.Length < RecordBatchHeader.LogOverhead) return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(source[RecordBatchHeader.LengthPosition..]);
        if (length < RecordEnvelope.LeastLength) throw Refused(RecordFault.Corrupt, "a message is shorter than any can be");
        if (length > source.Length - RecordBatchHeader.LogOverhead) return false;

        var entry = source[..(RecordBatchHeader.LogOverhead + length)];
        var magic = (sbyte)entry[RecordBatchHeader.MagicPosition];
        if (magic is not (0 or 1)) throw Refused(RecordFault.Invalid, $"a message of format {magic} stands among older ones");
        if (Crc32.Compute(entry[RecordBatchHeader.MagicPosition..]) != BinaryPrimitives.ReadUInt32BigEndian(entry[CrcPosition..]))
            throw Refused(RecordFault.Corrupt, "a message is not as its checksum says");

        var at = magic == 0 ? TimestampPosition : TimestampPosition + sizeof(long);
        var key = Field(entry, ref at, out var hasKey);
        var value = Field(entry, ref at, out var hasValue);
        message = new LegacyMessage(entry, key, hasKey, value, hasValue);
        return true;
    }

    /// <summary>The start of a message as the header of a batch that ends at its offset; false where the bytes end before its timestamp does.</summary>
    public static bool TryParseHeader(ReadOnlySpan<byte> source, out RecordBatchHeader header)
    {
        header = default;
        if (source.Length < TimestampPosition + sizeof(long)) return false;
        var magic = (sbyte)source[RecordBatchHeader.MagicPosition];
        var timestamp = magic == 0 ? RecordBatchHeader.NoTimestamp : BinaryPrimitives.ReadInt64BigEndian(source[TimestampPosition..]);
        var known = magic == 0 ? RecordBatchHeader.CompressionMask : RecordBatchHeader.CompressionMask | RecordBatchHeader.AppendTimeBit;
        header = new RecordBatchHeader
        {
            BaseOffset = BinaryPrimitives.ReadInt64BigEndian(source),
            BatchLength = BinaryPrimitives.ReadInt32BigEndian(source[RecordBatchHeader.LengthPosition..]),
            PartitionLeaderEpoch = -1,
            Magic = magic,
            Crc = BinaryPrimitives.ReadUInt32BigEndian(source[CrcPosition..]),
            Attributes = (short)(source[AttributesPosition] & known),
            BaseTimestamp = timestamp,
            MaxTimestamp = timestamp,
            ProducerId = RecordBatchHeader.NoProducerId,
            ProducerEpoch = RecordBatchHeader.NoProducerEpoch,
            BaseSequence = RecordBatchHeader.NoSequence,
            RecordCount = 1,
        };
        return true;
    }

    /// <summary>Writes a message; a value that is a wrapper carries its codec in <paramref name="attributes"/>.</summary>
    public static void Write(PooledBuffer destination, sbyte magic, long offset, long timestamp, int attributes, ReadOnlySpan<byte> key, bool hasKey, ReadOnlySpan<byte> value, bool hasValue)
    {
        var head = magic == 0 ? TimestampPosition : TimestampPosition + sizeof(long);
        var size = checked(head + (2 * sizeof(int)) + (hasKey ? key.Length : 0) + (hasValue ? value.Length : 0));
        var entry = destination.GetSpan(size)[..size];
        BinaryPrimitives.WriteInt64BigEndian(entry, offset);
        BinaryPrimitives.WriteInt32BigEndian(entry[RecordBatchHeader.LengthPosition..], size - RecordBatchHeader.LogOverhead);
        entry[RecordBatchHeader.MagicPosition] = (byte)magic;
        entry[AttributesPosition] = (byte)attributes;
        if (magic > 0) BinaryPrimitives.WriteInt64BigEndian(entry[TimestampPosition..], timestamp);
        head = WriteField(entry, head, key, hasKey);
        WriteField(entry, head, value, hasValue);
        BinaryPrimitives.WriteUInt32BigEndian(entry[CrcPosition..], Crc32.Compute(entry[RecordBatchHeader.MagicPosition..]));
        destination.Advance(size);
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> entry, scoped ref int at, scoped out bool present)
    {
        if (entry.Length - at < sizeof(int)) throw Refused(RecordFault.Corrupt, "a message ends in a length");
        var length = BinaryPrimitives.ReadInt32BigEndian(entry[at..]);
        at += sizeof(int);
        present = length >= 0;
        if (length <= 0) return default;
        if (length > entry.Length - at) throw Refused(RecordFault.Corrupt, "a field is longer than its message");
        at += length;
        return entry.Slice(at - length, length);
    }

    private static int WriteField(Span<byte> entry, int at, ReadOnlySpan<byte> field, bool present)
    {
        BinaryPrimitives.WriteInt32BigEndian(entry[at..], present ? field.Length : -1);
        if (present) field.CopyTo(entry[(at + sizeof(int))..]);
        return at + sizeof(int) + (present ? field.Length : 0);
    }

    private static CorruptRecordException Refused(RecordFault fault, string what) => new(fault, what);
}
