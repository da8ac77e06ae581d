namespace AkkaStream.Client.Actors.Sessions;

/// <summary>
/// Arrays of whole pieces that one side of a session sends, used again when the other side has them: memory that was never touched costs more than copying into it. A session has its own, so that
/// one whose other side lies about what it has mixes up nothing but its own. Safe from any thread.
/// </summary>
internal sealed class PiecePool
{
    private readonly Lock gate = new();
    private readonly Stack<byte[]> free = new();
    private int least;

    /// <summary>An array of that length, with whatever it held before.</summary>
    public byte[] Rent(int length)
    {
        if (length == Limits.PieceBytes + Piece.HeadBytes)
        {
            lock (gate)
            {
                if (free.TryPop(out var array))
                {
                    least = Math.Min(least, free.Count);
                    return array;
                }
            }
        }

        return GC.AllocateUninitializedArray<byte>(length);
    }

    /// <summary>Takes one back; one that is no whole piece, or too many, is the collector's.</summary>
    public void Return(byte[] array)
    {
        if (array.Length != Limits.PieceBytes + Piece.HeadBytes) return;
        lock (gate)
        {
            if (free.Count < Limits.IdlePieces) free.Push(array);
        }
    }

    /// <summary>Gives up those that were not needed since it was called last.</summary>
    public void Trim()
    {
        lock (gate)
        {
            for (var i = 0; i < least; i++) free.Pop();
            least = free.Count;
        }
    }
}
