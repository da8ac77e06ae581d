using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Actors.Sessions;

/// <summary>A place in a frame that was written: gives its bytes in order, those between the parts of its buffer from memory or file.</summary>
/// <param name="writer">The frame; stays the caller's.</param>
/// <param name="pool">Where the arrays of pieces come from.</param>
internal sealed class FrameCursor(MessageWriter writer, PiecePool pool)
{
    private int at;
    private int splice;
    private int inPayload;

    /// <summary>Bytes that are left.</summary>
    public long Left { get; private set; } = writer.TotalLength;

    /// <summary>Gives the next bytes, as many as there is room for; no more than are left.</summary>
    /// <exception cref="IOException">A file ends before its range does, or cannot be read.</exception>
    public void Fill(Span<byte> to)
    {
        Left -= to.Length;
        while (!to.IsEmpty)
        {
            var inBuffer = (splice < writer.SpliceCount ? writer.SpliceAt(splice).Position : writer.Length) - at;
            if (inBuffer > 0)
            {
                var part = writer.Buffer.Span.Slice(at, Math.Min(inBuffer, to.Length));
                part.CopyTo(to);
                at += part.Length;
                to = to[part.Length..];
            }
            else
            {
                to = to[FromPayload(to)..];
            }
        }
    }

    /// <summary>The whole frame in pieces with room for their heads.</summary>
    /// <param name="largestPiece">Bytes of a piece.</param>
    public List<byte[]> Cut(int largestPiece)
    {
        var pieces = new List<byte[]>((int)Math.Min(int.MaxValue, 1 + (Left / largestPiece)));
        while (Left > 0) pieces.Add(Next(largestPiece));
        return pieces;
    }

    /// <summary>The next piece with room for its head.</summary>
    /// <param name="largestPiece">Bytes of a piece.</param>
    /// <exception cref="IOException">A file ends before its range does, or cannot be read.</exception>
    public byte[] Next(int largestPiece)
    {
        var piece = pool.Rent(Piece.HeadBytes + (int)Math.Min(Left, largestPiece));
        Fill(piece.AsSpan(Piece.HeadBytes));
        return piece;
    }

    private int FromPayload(Span<byte> to)
    {
        var payload = writer.SpliceAt(splice).Payload;
        var bytes = Math.Min(to.Length, payload.Length - inPayload);
        if (payload.File is not { } file) payload.Memory.Span.Slice(inPayload, bytes).CopyTo(to);
        else if (file.ReadInto(to[..bytes], inPayload) != bytes) throw new IOException("a file is shorter than the answer's head promised");
        inPayload += bytes;
        if (inPayload == payload.Length) (splice, inPayload) = (splice + 1, 0);
        return bytes;
    }
}
