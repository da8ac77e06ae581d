namespace AkkaStream.Host.Kafka;

/// <summary>
/// Admits the bytes of requests under one limit for all connections. Who finds no room waits in order of arrival and holds nothing
/// meanwhile. A frame that is larger than the limit is admitted when it is alone, so nobody waits for ever.
/// </summary>
internal sealed class RequestMemory(long limit)
{
    private readonly Lock gate = new();
    private readonly Queue<Waiter> waiters = new();
    private long used;
    private int waiting;

    /// <summary>Bytes that are admitted and not yet released.</summary>
    public long Used => Volatile.Read(ref used);

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Admits bytes that were received together with earlier ones, whether there is room or not; they are few.</summary>
    public void Add(int bytes) => Interlocked.Add(ref used, bytes);

    /// <summary>Admits bytes now, or has <paramref name="granted"/> called once they are admitted (0 bytes: once there is room at all).</summary>
    public bool TryAdmit(int bytes, IMemoryWaiter granted)
    {
        if (Waiting == 0 && TryTake(bytes)) return true;
        lock (gate)
        {
            if (waiters.Count == 0 && TryTake(bytes)) return true;
            waiters.Enqueue(new Waiter(bytes, granted));
            Interlocked.Increment(ref waiting);
        }

        // Room that was made before the waiter was seen would never be told.
        GrantWaiting();
        return false;
    }

    /// <summary>Gives bytes back, and admits those that waited for them.</summary>
    public void Release(int bytes)
    {
        Interlocked.Add(ref used, -bytes);
        if (Waiting > 0) GrantWaiting();
    }

    private void GrantWaiting()
    {
        while (NextGranted() is { } waiter) waiter.Granted.MemoryGranted(waiter.Bytes);
    }

    private Waiter? NextGranted()
    {
        lock (gate)
        {
            if (!waiters.TryPeek(out var first) || !TryTake(first.Bytes)) return null;
            Interlocked.Decrement(ref waiting);
            return waiters.Dequeue();
        }
    }

    private bool TryTake(int bytes)
    {
        for (; ; )
        {
            var now = Volatile.Read(ref used);
            if (now > 0 && now + Math.Max(bytes, 1) > limit) return false;
            if (Interlocked.CompareExchange(ref used, now + bytes, now) == now) return true;
        }
    }

    private sealed record Waiter(int Bytes, IMemoryWaiter Granted);
}

/// <summary>Who waits for memory.</summary>
internal interface IMemoryWaiter
{
    /// <summary>The bytes are admitted and belong to the waiter, who releases them. Called from any thread.</summary>
    void MemoryGranted(int bytes);
}
