namespace AkkaStream.Actors.Coordinators;

/// <summary>
/// Deadlines by key. Moving one later, which every heartbeat does, is one look-up: the queue is put right when the earlier time comes.
/// </summary>
/// <typeparam name="TKey">What a deadline belongs to.</typeparam>
public sealed class Deadlines<TKey> where TKey : notnull
{
    private readonly Dictionary<TKey, Entry> entries = [];
    private readonly PriorityQueue<TKey, long> queue = new();

    /// <summary>How many there are.</summary>
    public int Count => entries.Count;

    /// <summary>When to look again, milliseconds since 1970: not after the first deadline. <see cref="long.MaxValue"/> where there is none.</summary>
    public long Next => queue.TryPeek(out _, out var at) ? at : long.MaxValue;

    /// <summary>Sets or moves a deadline.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="atMs">Milliseconds since 1970.</param>
    public void Set(TKey key, long atMs)
    {
        if (entries.TryGetValue(key, out var entry) && entry.QueuedAt <= atMs)
        {
            entries[key] = entry with { DueAt = atMs };
            return;
        }

        entries[key] = new Entry(atMs, atMs);
        queue.Enqueue(key, atMs);
    }

    /// <summary>Takes a deadline back.</summary>
    public void Clear(TKey key)
    {
        if (entries.Remove(key) && entries.Count == 0) queue.Clear();
    }

    /// <summary>Whether there is a deadline for the key.</summary>
    public bool Has(TKey key) => entries.ContainsKey(key);

    /// <summary>Takes one deadline that has passed.</summary>
    public bool TryTake(long nowMs, out TKey key)
    {
        while (queue.TryPeek(out key!, out var at) && at <= nowMs)
        {
            queue.Dequeue();
            // An entry that was cleared, or queued anew since, is not this one's.
            if (!entries.TryGetValue(key, out var entry) || entry.QueuedAt != at) continue;
            if (entry.DueAt <= nowMs)
            {
                entries.Remove(key);
                return true;
            }

            entries[key] = new Entry(entry.DueAt, entry.DueAt);
            queue.Enqueue(key, entry.DueAt);
        }

        key = default!;
        return false;
    }

    private readonly record struct Entry(long DueAt, long QueuedAt);
}
