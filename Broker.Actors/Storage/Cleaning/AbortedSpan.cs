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

    /// <summary>The entries of a file; what follows the last whole one of version 0 is left out.</summary>
    public static List<AbortedSpan> Decode(ReadOnlySpan<byte> bytes)
    {
        var spans = new List<AbortedSpan>(bytes.Length / Size);
        for (; bytes.Length >= Size && BinaryPrimitives.ReadInt16BigEndian(bytes) == 0; bytes = bytes[Size..])
        {
            spans.Add(new AbortedSpan(
                BinaryPrimitives.ReadInt64BigEndian(bytes[2..]), BinaryPrimitives.ReadInt64BigEndian(bytes[10..]),
                BinaryPrimitives.ReadInt64BigEndian(bytes[18..]), BinaryPrimitives.ReadInt64BigEndian(bytes[26..])));
        }

        return spans;
    }

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
