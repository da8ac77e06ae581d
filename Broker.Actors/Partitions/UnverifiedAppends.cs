namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Appends that wait until a transaction's coordinator has answered, by producer and in order. Their number is bounded by the memory that connections are
/// given for requests, which these hold. Plain.
/// </summary>
internal sealed class UnverifiedAppends
{
    private readonly Dictionary<long, Waiting> byProducer = [];

    /// <summary>Puts an append behind those of its producer that wait; false where none does.</summary>
    public bool TryAddBehind(PartitionAppend append)
    {
        if (byProducer.Count == 0 || append.Header.IsControl || !byProducer.TryGetValue(append.Header.ProducerId, out var waiting)) return false;
        waiting.Appends.Add(append);
        return true;
    }

    /// <summary>The first of its producer waits.</summary>
    public void Add(PartitionAppend append, long verification, long nowMs)
        => byProducer[append.Header.ProducerId] = new Waiting(verification, nowMs, [append]);

    /// <summary>Those of a producer that wait for this answer wait no more; none where they wait for another or not at all.</summary>
    public IReadOnlyList<PartitionAppend> Take(long producerId, long verification)
    {
        if (!byProducer.TryGetValue(producerId, out var waiting) || waiting.Verification != verification) return [];
        byProducer.Remove(producerId);
        return waiting.Appends;
    }

    /// <summary>Those that began to wait at or before a time wait no more.</summary>
    public IReadOnlyList<PartitionAppend> TakeOlderThan(long timeMs)
    {
        if (byProducer.Count == 0) return [];
        var taken = new List<PartitionAppend>();
        foreach (var (id, waiting) in byProducer)
        {
            if (waiting.SinceMs > timeMs) continue;
            taken.AddRange(waiting.Appends);
            byProducer.Remove(id);
        }

        return taken;
    }

    /// <summary>None waits any more.</summary>
    public IReadOnlyList<PartitionAppend> TakeAll() => TakeOlderThan(long.MaxValue);

    private sealed record Waiting(long Verification, long SinceMs, List<PartitionAppend> Appends);
}
