namespace AkkaStream.Actors.Metadata;

/// <summary>
/// Lists of broker ids that are equal are in memory once: few different ones serve many partitions. A table of the recent ones; one that fell out is made again.
/// May be used from any thread: what is found is immutable, and who loses a race makes one more copy.
/// </summary>
internal static class BrokerLists
{
    private static readonly int[]?[] Recent = new int[]?[Limits.SharedBrokerLists];

    /// <summary>An immutable list with these ids, in this order.</summary>
    public static IReadOnlyList<int> Shared(IReadOnlyList<int>? brokers)
    {
        if (brokers is null || brokers.Count == 0) return [];
        var hash = brokers.Count;
        for (var i = 0; i < brokers.Count; i++) hash = unchecked((hash * 31) + brokers[i]);
        ref var slot = ref Recent[(int)((uint)hash % Limits.SharedBrokerLists)];
        var found = Volatile.Read(ref slot);
        if (found is not null && Same(found, brokers)) return found;
        var made = new int[brokers.Count];
        for (var i = 0; i < made.Length; i++) made[i] = brokers[i];
        Volatile.Write(ref slot, made);
        return made;
    }

    /// <summary>Whether both have the same ids in the same order.</summary>
    public static bool Same(IReadOnlyList<int> a, IReadOnlyList<int> b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
        {
            if (a[i] != b[i]) return false;
        }

        return true;
    }
}
