namespace AkkaStream.Client.Producer;

/// <summary>
/// How busy the partitions of a topic are, turned into chances: a partition with a longer queue gets fewer records. Immutable.
/// </summary>
public sealed class PartitionLoad
{
    private readonly int[] _cumulative;
    private readonly int[] _partitions;

    private PartitionLoad(int[] cumulative, int[] partitions)
    {
        _cumulative = cumulative;
        _partitions = partitions;
    }

    /// <summary>The running sums of the chances, one for each partition.</summary>
    public IReadOnlyList<int> Cumulative => _cumulative;

    /// <summary>
    /// Chances from queues. Null where all partitions are equally busy or there are too few to choose: then any will do.
    /// </summary>
    /// <param name="queues">Batches that wait, for each partition in <paramref name="partitions"/>.</param>
    /// <param name="partitions">The partitions that can be reached.</param>
    /// <param name="total">How many partitions the topic has, those that cannot be reached too.</param>
    public static PartitionLoad? From(ReadOnlySpan<int> queues, ReadOnlySpan<int> partitions, int total)
    {
        if (queues.IsEmpty || total < 2) return null;
        var longest = 0;
        var equal = true;
        foreach (var queue in queues)
        {
            longest = Math.Max(longest, queue);
            equal &= queue == queues[0];
        }

        if (equal && queues.Length == total) return null;
        var cumulative = new int[queues.Length];
        var sum = 0;
        for (var i = 0; i < queues.Length; i++) cumulative[i] = sum += longest + 1 - queues[i];
        return new PartitionLoad(cumulative, partitions[..queues.Length].ToArray());
    }

    /// <summary>The partition that a throw of dice (0 or more) gives.</summary>
    public int Choose(int dice)
    {
        var weighted = dice % _cumulative[^1];
        var found = Array.BinarySearch(_cumulative, weighted);
        return _partitions[found >= 0 ? found + 1 : ~found];
    }
}
