using System.Buffers.Binary;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>The file <c>*.snapshot</c>: producers as they were before the offset that names it. Version 1, checksum, count, 46 bytes each.</summary>
public static class ProducerSnapshot
{
    private const short Version = 1;
    internal const int HeaderSize = 10;
    private const int ChecksummedFrom = 6;
    private const int EntrySize = 46;

    /// <summary>The file's bytes, by rising producer id. Of each producer only the last batch is kept.</summary>
    public static byte[] Encode(IReadOnlyCollection<ProducerEntry> producers)
    {
        var sorted = new List<ProducerEntry>(producers);
        sorted.Sort(static (a, b) => a.ProducerId.CompareTo(b.ProducerId));
        var bytes = new byte[HeaderSize + (producers.Count * EntrySize)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(ChecksummedFrom), producers.Count);
        var at = HeaderSize;
        foreach (var producer in sorted)
        {
            EncodeEntry(bytes.AsSpan(at, EntrySize), producer);
            at += EntrySize;
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), Crc32C.Compute(bytes.AsSpan(ChecksummedFrom)));
        return bytes;
    }

    /// <summary>Reads a file. Null where the version, the checksum or the length do not fit.</summary>
    public static List<ProducerEntry>? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version) return null;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]) != Crc32C.Compute(bytes[ChecksummedFrom..])) return null;
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[ChecksummedFrom..]);
        if (count < 0 || count != (bytes.Length - HeaderSize) / EntrySize || (bytes.Length - HeaderSize) % EntrySize != 0) return null;
        var producers = new List<ProducerEntry>(count);
        for (var i = 0; i < count; i++) producers.Add(DecodeEntry(bytes.Slice(HeaderSize + (i * EntrySize), EntrySize)));
        return producers;
    }

    private static void EncodeEntry(Span<byte> to, in ProducerEntry producer)
    {
        var last = producer.Count > 0 ? producer[producer.Count - 1] : new ProducerBatch(-1, -1, 0, producer.LastTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(to, producer.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(to[8..], producer.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(to[10..], last.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(to[14..], last.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(to[22..], last.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(to[26..], producer.LastTimestamp);
        BinaryPrimitives.WriteInt32BigEndian(to[34..], producer.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(to[38..], producer.FirstOffsetOfTransaction);
    }

    private static ProducerEntry DecodeEntry(ReadOnlySpan<byte> from)
    {
        var timestamp = BinaryPrimitives.ReadInt64BigEndian(from[26..]);
        var producer = new ProducerEntry(BinaryPrimitives.ReadInt64BigEndian(from))
        {
            Epoch = BinaryPrimitives.ReadInt16BigEndian(from[8..]),
            LastTimestamp = timestamp,
            CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(from[34..]),
            FirstOffsetOfTransaction = BinaryPrimitives.ReadInt64BigEndian(from[38..]),
        };
        var lastOffset = BinaryPrimitives.ReadInt64BigEndian(from[14..]);
        var lastSequence = BinaryPrimitives.ReadInt32BigEndian(from[10..]);
        if (lastOffset >= 0) producer.Add(new ProducerBatch(lastSequence, lastOffset, BinaryPrimitives.ReadInt32BigEndian(from[22..]), timestamp));
        return producer;
    }
}
