namespace AkkaStream.Client.Actors.Sessions;

/// <summary>What one side of a session sends: pieces have numbers, and go only as far as the other side has granted.</summary>
/// <param name="granted">Bytes that are granted at first.</param>
internal sealed class PieceSender(long granted)
{
    /// <summary>Pieces that were sent.</summary>
    public long Pieces { get; private set; }

    /// <summary>Bytes that were sent.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether a piece of so many bytes may go now.</summary>
    public bool MaySend(int bytes) => granted - Bytes >= bytes;

    /// <summary>The other side takes so many bytes in all.</summary>
    public void Grant(long total) => granted = Math.Max(granted, total);

    /// <summary>Writes the head of the next piece.</summary>
    /// <param name="array">The piece, with room for its head.</param>
    /// <param name="remaining">Bytes of its frame that come behind it.</param>
    public Piece Next(byte[] array, int remaining)
    {
        Piece.Stamp(array, Pieces++, remaining);
        Bytes += array.Length - Piece.HeadBytes;
        return new Piece(array);
    }
}
