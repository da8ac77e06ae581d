namespace AkkaStream.Actors.Partitions;

/// <summary>Something that waits at a partition for more records.</summary>
public interface IFetchWaiter
{
    /// <summary>That many bytes came, or the log start moved (0). From the partition's actor; must be quick.</summary>
    void Progress(int bytes);
}

/// <summary>The fetches that wait at one partition. While none does, an append pays one read of a field. The lock is the object itself: every idle partition has one.</summary>
public sealed class FetchWaiters
{
    private IFetchWaiter[] waiting = [];

    /// <summary>How many wait.</summary>
    public int Count => Volatile.Read(ref waiting).Length;

    /// <summary>Begins to wait. The caller looks at the log once more afterwards: what came in between is told to nobody.</summary>
    public void Add(IFetchWaiter waiter)
    {
        lock (this) waiting = [.. waiting, waiter];
    }

    /// <summary>Waits no more.</summary>
    public void Remove(IFetchWaiter waiter)
    {
        lock (this)
        {
            var at = Array.IndexOf(waiting, waiter);
            if (at < 0) return;
            waiting = waiting.Length == 1 ? [] : [.. waiting.AsSpan(0, at), .. waiting.AsSpan(at + 1)];
        }
    }

    /// <summary>Tells all that wait.</summary>
    public void Progress(int bytes)
    {
        foreach (var waiter in Volatile.Read(ref waiting)) waiter.Progress(bytes);
    }
}
