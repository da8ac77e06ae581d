using System.Buffers.Binary;

namespace AkkaStream.Actors.Storage;

/// <summary>A transaction that was aborted, as an entry of a <c>.txnindex</c> file.</summary>
/// <param name="ProducerId">Its producer.</param>
/// <param name="FirstOffset">Offset of its first record in the partition.</param>
/// <param name="LastOffset">Offset of the marker that ended it.</param>
/// <param name="LastStableOffset">Below it every transaction had ended when this one did: no later entry concerns a read that stops there.</param>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset)
{
    /// <summary>Bytes of an entry: version, producer, first offset, last offset, last stable offset, most significant byte first.</summary>
    internal const int Size = 34;

    private const short Version = 0;

    /// <summary>Writes the entry.</summary>
    internal void Encode(Span<byte> to)
    {
        BinaryPrimitives.WriteInt16BigEndian(to, Version);
        BinaryPrimitives.WriteInt64BigEndian(to[2..], ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(to[10..], FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(to[18..], LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(to[26..], LastStableOffset);
    }

    /// <summary>Reads an entry; false where the version is not known or the offsets contradict each other.</summary>
    internal static bool TryDecode(ReadOnlySpan<byte> from, out AbortedTransaction entry)
    {
        entry = new AbortedTransaction(
            BinaryPrimitives.ReadInt64BigEndian(from[2..]),
            BinaryPrimitives.ReadInt64BigEndian(from[10..]),
            BinaryPrimitives.ReadInt64BigEndian(from[18..]),
            BinaryPrimitives.ReadInt64BigEndian(from[26..]));
        return BinaryPrimitives.ReadInt16BigEndian(from) == Version && entry.ProducerId >= 0 && entry.FirstOffset >= 0
            && entry.LastOffset >= entry.FirstOffset && entry.LastStableOffset >= 0 && entry.LastStableOffset <= entry.LastOffset + 1;
    }
}
