using System.Buffers.Binary;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Records;

/// <summary>The first look at the records of a produce request, before its topic's rules are asked: where the batch ends, and its format.</summary>
public readonly record struct RecordEnvelope
{
    /// <summary>Least bytes that an entry of any format counts in its length field.</summary>
    internal const int LeastLength = 14;

    /// <summary>The first version of Produce whose records are of format 2.</summary>
    private const short FirstVersionOfFormat2 = 3;

    /// <summary>The first version of Produce that may carry zstd (KIP-110).</summary>
    private const short FirstVersionOfZstd = 7;

    /// <summary><see cref="ErrorCode.None"/> when the records may be looked at closer.</summary>
    public ErrorCode Error { get; private init; }

    /// <summary>What the answer says beside the code, or null.</summary>
    public string? Message { get; private init; }

    /// <summary>Bytes of the batch, or of all whole messages of the old formats; a few bytes behind them are ignored, as in Kafka.</summary>
    public int Length { get; private init; }

    /// <summary>The format of the first entry: 0, 1 or 2.</summary>
    public sbyte Magic { get; private init; }

    /// <summary>Messages of format 0 or 1, to be converted.</summary>
    public bool IsLegacy => Error == ErrorCode.None && Magic < RecordBatchHeader.CurrentMagic;

    /// <summary>Looks at the records of one partition. The caller has refused null records already.</summary>
    public static RecordEnvelope Open(ReadOnlySpan<byte> records, short produceVersion)
    {
        var entry = Entry.At(records);
        if (entry.Error != ErrorCode.None) return entry.Refuse(named: true);
        if (entry.Size == 0) return new RecordEnvelope { Error = ErrorCode.InvalidRecord };
        if (entry.Magic < RecordBatchHeader.CurrentMagic)
            return produceVersion >= FirstVersionOfFormat2 ? new RecordEnvelope { Error = ErrorCode.InvalidRecord } : OpenLegacy(records, entry.Magic);

        var codec = entry.Size >= RecordBatchHeader.Size ? (CompressionType)(records[RecordBatchHeader.AttributesPosition + 1] & RecordBatchHeader.CompressionMask) : CompressionType.None;
        if (codec == CompressionType.Zstd && produceVersion < FirstVersionOfZstd) return new RecordEnvelope { Error = ErrorCode.UnsupportedCompressionType };

        var second = Entry.At(records[entry.Size..]);
        if (second.Error != ErrorCode.None) return second.Refuse(named: false);
        if (second.Size > 0) return new RecordEnvelope { Error = ErrorCode.InvalidRecord };
        return new RecordEnvelope { Length = entry.Size, Magic = entry.Magic };
    }

    private static RecordEnvelope OpenLegacy(ReadOnlySpan<byte> records, sbyte magic)
    {
        var length = 0;
        while (true)
        {
            var entry = Entry.At(records[length..]);
            if (entry.Error != ErrorCode.None) return entry.Refuse(named: false);
            if (entry.Size == 0) return new RecordEnvelope { Length = length, Magic = magic };
            if (entry.Magic >= RecordBatchHeader.CurrentMagic) return new RecordEnvelope { Error = ErrorCode.InvalidRecord };
            length += entry.Size;
        }
    }

    // What stands at the start of some bytes: a whole entry, nothing whole (size 0), or something impossible.
    private readonly record struct Entry(ErrorCode Error, int Size, sbyte Magic, string? Message)
    {
        public static Entry At(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length < RecordBatchHeader.LogOverhead) return default;
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatchHeader.LengthPosition..]);
            if (length < LeastLength) return new Entry(ErrorCode.CorruptMessage, 0, 0, $"a length of {length} is less than any record has");
            if (bytes.Length <= RecordBatchHeader.MagicPosition) return default;
            var magic = (sbyte)bytes[RecordBatchHeader.MagicPosition];
            if (magic is < 0 or > RecordBatchHeader.CurrentMagic) return new Entry(ErrorCode.CorruptMessage, 0, 0, $"there is no record format {magic}");
            if (length > int.MaxValue - RecordBatchHeader.LogOverhead) return new Entry(ErrorCode.UnknownServerError, 0, 0, null);
            var size = RecordBatchHeader.LogOverhead + length;
            return size > bytes.Length ? default : new Entry(ErrorCode.None, size, magic, null);
        }

        public RecordEnvelope Refuse(bool named) => new() { Error = Error, Message = named ? Message : null };
    }
}
