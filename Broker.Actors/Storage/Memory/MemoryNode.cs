namespace AkkaStream.Actors.Storage.Memory;

/// <summary>The bytes of one file, in pieces; and what must be put back should they be lost before the next flush.</summary>
internal sealed class MemoryNode(bool remembers)
{
    private const int PieceSize = 16 << 10;

    private readonly Lock _gate = new();
    private readonly List<byte[]> _pieces = [];
    private readonly List<Unflushed> _unflushed = [];
    private long _length;

    /// <summary>Number of the change that made it; the disk's.</summary>
    public long Id { get; init; }

    /// <summary>Number of its last change; the disk's.</summary>
    public long Changed { get; set; }

    public long Length
    {
        get
        {
            lock (_gate) return _length;
        }
    }

    public int Read(Span<byte> to, long position)
    {
        lock (_gate)
        {
            var count = (int)Math.Clamp(_length - position, 0, to.Length);
            for (var done = 0; done < count;)
            {
                var (piece, skip) = PieceAt(position + done);
                var part = Math.Min(PieceSize - skip, count - done);
                piece.AsSpan(skip, part).CopyTo(to[done..]);
                done += part;
            }

            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> from, long position)
    {
        lock (_gate)
        {
            Remember(position, from.Length, from.Length);
            Put(from, position);
        }
    }

    public void SetLength(long length)
    {
        lock (_gate)
        {
            Remember(length, 0, (int)Math.Max(0, _length - length));
            Resize(length);
        }
    }

    public void Flush()
    {
        lock (_gate) _unflushed.Clear();
    }

    /// <summary>The file as a crash leaves it.</summary>
    public MemoryNode AfterCrash(Random dice)
    {
        lock (_gate)
        {
            var survivor = new MemoryNode(true);
            var bytes = new byte[_length];
            Read(bytes, 0);
            survivor.Put(bytes, 0);
            var kept = dice.Next(_unflushed.Count + 1);
            for (var i = _unflushed.Count - 1; i >= kept; i--) survivor.Lose(_unflushed[i], i == kept ? dice : null);

            return survivor;
        }
    }

    // The oldest lost write may have come through in part.
    private void Lose(Unflushed change, Random? dice)
    {
        var came = new byte[dice?.Next(change.Written + 1) ?? 0];
        Read(came, change.Position);
        Resize(change.LengthBefore);
        Put(change.Before, change.Position);
        Put(came, change.Position);
    }

    private void Remember(long position, int written, int lost)
    {
        if (!remembers) return;
        var before = new byte[Math.Clamp(_length - position, 0, lost)];
        Read(before, position);
        _unflushed.Add(new Unflushed(position, written, before, _length));
    }

    private void Put(ReadOnlySpan<byte> from, long position)
    {
        if (position + from.Length > _length) Resize(position + from.Length);
        for (var done = 0; done < from.Length;)
        {
            var (piece, skip) = PieceAt(position + done);
            var part = Math.Min(PieceSize - skip, from.Length - done);
            from.Slice(done, part).CopyTo(piece.AsSpan(skip));
            done += part;
        }
    }

    private void Resize(long length)
    {
        while ((long)_pieces.Count * PieceSize < length) _pieces.Add(new byte[PieceSize]);
        var wanted = (int)((length + PieceSize - 1) / PieceSize);
        _pieces.RemoveRange(wanted, _pieces.Count - wanted);
        if (length < _length && wanted > 0) _pieces[^1].AsSpan((int)(length - ((long)(wanted - 1) * PieceSize))).Clear();
        _length = length;
    }

    private (byte[] Piece, int Skip) PieceAt(long position) => (_pieces[(int)(position / PieceSize)], (int)(position % PieceSize));

    /// <summary>A write or a cut since the last flush.</summary>
    /// <param name="Position">Where it began.</param>
    /// <param name="Written">Bytes written; 0 for a change of length.</param>
    /// <param name="Before">What stood there.</param>
    /// <param name="LengthBefore">The file's length before.</param>
    private sealed record Unflushed(long Position, int Written, byte[] Before, long LengthBefore);
}
