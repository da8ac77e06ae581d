namespace AkkaStream.Client.Actors.Sessions;

/// <summary>What one side of a session receives: says of each piece whether it is the next one and fits, before anything is made of it.</summary>
/// <param name="largestPiece">Bytes that a piece may have.</param>
/// <param name="largestFrame">Bytes that a frame may have.</param>
internal sealed class PieceReceiver(int largestPiece, int largestFrame)
{
    private int due;

    /// <summary>Pieces that came.</summary>
    public long Pieces { get; private set; }

    /// <summary>Bytes that came.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes a piece; gives what is wrong with it, or null.</summary>
    public string? Take(Piece piece)
    {
        if (piece.Number != Pieces) return $"messages were lost: piece {piece.Number} came where {Pieces} was due";
        if (piece.Length > largestPiece) return $"a piece of {piece.Length} bytes; the limit is {largestPiece}";
        var whole = (long)piece.Length + piece.Remaining;
        if (due > 0 && whole != due) return $"a piece of {piece.Length} bytes before {piece.Remaining}, where {due} were due";
        if (whole > largestFrame) return $"a frame of {whole} bytes; the limit is {largestFrame}";
        due = piece.Remaining;
        Pieces++;
        Bytes += piece.Length;
        return null;
    }
}
