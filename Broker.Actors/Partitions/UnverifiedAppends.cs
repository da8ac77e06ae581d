namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Appends that wait until a transaction's coordinator has answered, by producer and in order. Their number is bounded by the memory that connections are
/// given for requests, which these hold. Plain.
/// </summary>
internal sealed class UnverifiedAppends
{
    private Dictionary<long, Waiting>? byProducer;

    /// <summary>Whether none waits.</summary>
    public bool IsEmpty => byProducer is not { Count: > 0 };

    /// <summary>Puts an append behind those of its producer that wait; false where none does.</summary>
    public bool TryAddBehind(PartitionAppend append)
    {
        if (byProducer is null || append.Header.IsControl || !byProducer.TryGetValue(append.Header.ProducerId, out var waiting)) return false;
        waiting.Appends.Add(append);
        return true;
    }

    /// <summary>The first of its producer waits.</summary>
    public void Add(PartitionAppend append, long verification, long nowMs)
        => (byProducer ??= [])[append.Header.ProducerId] = new Waiting(verification, nowMs, [append]);

    /// <summary>Those of a producer that wait for this answer wait no more; none where they wait for another or not at all.</summary>
    public IReadOnlyList<PartitionAppend> Take(long producerId, long verification)
    {
        if (byProducer is null || !byProducer.TryGetValue(producerId, out var waiting) || waiting.Verification != verification) return [];
        byProducer.Remove(producerId);
        return waiting.Appends;
    }

    /// <summary>Those that began to wait at or before a time wait no more.</summary>
    public IReadOnlyList<PartitionAppend> TakeOlderThan(long timeMs)
    {
        if (byProducer is not { Count: > 0 }) return [];
        var taken = new List<PartitionAppend>();
        foreach (var (id, waiting) in byProducer)
        {
            if (waiting.SinceMs > timeMs) continue;
            taken.AddRange(waiting.Appends);
            byProducer.Remove(id);
        }

        return taken;
    }

    /// <summary>When the first of them has waited that long, milliseconds since 1970; <see cref="long.MaxValue"/> where none waits.</summary>
    public long OldestMs(long patienceMs)
    {
        if (IsEmpty) return long.MaxValue;
        var oldest = long.MaxValue;
        foreach (var waiting in byProducer!.Values) oldest = Math.Min(oldest, waiting.SinceMs + patienceMs);
        return oldest;
    }

    /// <summary>None waits any more.</summary>
    public IReadOnlyList<PartitionAppend> TakeAll() => TakeOlderThan(long.MaxValue);

    private sealed record Waiting(long Verification, long SinceMs, List<PartitionAppend> Appends);
}
