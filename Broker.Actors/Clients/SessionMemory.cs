namespace AkkaStream.Actors.Clients;

/// <summary>
/// Admits bytes of requests of all sessions under one limit. Who finds no room waits in order of arrival. More than the limit is admitted when nothing else is there, so nobody waits for
/// ever. Safe from any thread.
/// </summary>
/// <param name="limit">Bytes.</param>
internal sealed class SessionMemory(long limit)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = [];
    private long used;

    /// <summary>Bytes that are admitted.</summary>
    public long Used => Volatile.Read(ref used);

    /// <summary>Whether somebody waits.</summary>
    public bool IsWanted
    {
        get
        {
            lock (gate) return waiting.Count > 0;
        }
    }

    /// <summary>Admits bytes now (null), or when there is room: then <paramref name="granted"/> is called once, from any thread, and must not call back.</summary>
    public Waiter? Take(long bytes, Action<long> granted)
    {
        lock (gate)
        {
            if (waiting.Count == 0 && HasRoom(bytes))
            {
                used += bytes;
                return null;
            }

            var waiter = new Waiter(bytes, granted);
            waiting.AddLast(waiter);
            return waiter;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Release(long bytes)
    {
        lock (gate)
        {
            used -= bytes;
            GrantNext();
        }
    }

    /// <summary>A waiter waits no more; what it was granted and did not hear of goes back.</summary>
    public void Leave(Waiter waiter)
    {
        lock (gate)
        {
            if (!waiting.Remove(waiter)) used -= waiter.Bytes;
            GrantNext();
        }
    }

    private bool HasRoom(long bytes) => used == 0 || used + bytes <= limit;

    private void GrantNext()
    {
        while (waiting.First is { Value: var next } && HasRoom(next.Bytes))
        {
            waiting.RemoveFirst();
            used += next.Bytes;
            next.Granted(next.Bytes);
        }
    }

    /// <summary>Who waits.</summary>
    /// <param name="bytes">For how much.</param>
    /// <param name="granted">Told when it is there.</param>
    internal sealed class Waiter(long bytes, Action<long> granted)
    {
        public long Bytes => bytes;

        public Action<long> Granted => granted;
    }
}
