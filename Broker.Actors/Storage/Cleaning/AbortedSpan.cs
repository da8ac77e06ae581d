using System.Buffers.Binary;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>An aborted transaction as <c>.txnindex</c> has it.</summary>
/// <param name="ProducerId">Who.</param>
/// <param name="FirstOffset">Its first record.</param>
/// <param name="LastOffset">Its marker.</param>
/// <param name="LastStableOffset">The last stable offset when the marker was written.</param>
internal readonly record struct AbortedSpan(long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset)
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 34;

    /// <summary>Writes an entry of <see cref="Size"/> bytes.</summary>
    public void Encode(Span<byte> to)
    {
        BinaryPrimitives.WriteInt16BigEndian(to, 0);
        BinaryPrimitives.WriteInt64BigEndian(to[2..], ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(to[10..], FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(to[18..], LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(to[26..], LastStableOffset);
    }
}
