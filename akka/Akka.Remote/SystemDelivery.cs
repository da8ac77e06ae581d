namespace Akka.Remote;

/// <summary>
/// System messages on their way to one incarnation of a peer: numbered from 1, kept until it acknowledges them, and sent again on each new connection.
/// </summary>
internal sealed class SystemOutbox(int limit)
{
    private readonly Queue<(long Number, byte[] Frame)> _open = new();
    private long _last;

    /// <summary>The number of the next message.</summary>
    public long NextNumber => _last + 1;

    public int Count => _open.Count;

    /// <summary>Keeps a message under <see cref="NextNumber"/>; false where there are too many: the peer has missed what it must not miss.</summary>
    public bool TryAdd(byte[] frame)
    {
        if (_open.Count >= limit) return false;
        _open.Enqueue((++_last, frame));
        return true;
    }

    /// <summary>All messages up to a number have arrived.</summary>
    public void Acknowledged(long number)
    {
        while (_open.TryPeek(out var first) && first.Number <= number) _open.Dequeue();
    }

    /// <summary>What has not been acknowledged, in order.</summary>
    public IEnumerable<byte[]> Open()
    {
        foreach (var (_, frame) in _open) yield return frame;
    }

    /// <summary>The peer is another incarnation: what was meant for the former one is void.</summary>
    public void Clear()
    {
        _open.Clear();
        _last = 0;
    }
}

/// <summary>System messages of one incarnation of a peer as they come: each is taken once, in order.</summary>
internal sealed class SystemInbox
{
    private long _last;

    /// <summary>The number up to which all have come.</summary>
    public long Last => _last;

    /// <summary>Whether a message is the next one; one that came before is not taken again, and one beyond a gap is not taken yet.</summary>
    public bool Takes(long number)
    {
        if (number != _last + 1) return false;
        _last = number;
        return true;
    }

    public void Clear() => _last = 0;
}
