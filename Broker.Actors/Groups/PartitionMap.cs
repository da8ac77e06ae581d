namespace AkkaStream.Actors.Groups;

/// <summary>Partitions by topic id, in order. Immutable: what changes is made anew.</summary>
internal sealed class PartitionMap
{
    /// <summary>No partitions.</summary>
    public static readonly PartitionMap Empty = new(new Dictionary<Guid, int[]>());

    private readonly Dictionary<Guid, int[]> topics;

    private PartitionMap(Dictionary<Guid, int[]> topics)
    {
        this.topics = topics;
        foreach (var partitions in topics.Values) Count += partitions.Length;
    }

    /// <summary>How many partitions there are.</summary>
    public int Count { get; }

    /// <summary>The partitions of each topic, in order.</summary>
    public IReadOnlyDictionary<Guid, int[]> Topics => topics;

    /// <summary>Every partition.</summary>
    public IEnumerable<(Guid Topic, int Partition)> All
    {
        get
        {
            foreach (var (topic, partitions) in topics)
            {
                foreach (var partition in partitions) yield return (topic, partition);
            }
        }
    }

    /// <summary>A map of these partitions, however they come.</summary>
    public static PartitionMap Of(IEnumerable<(Guid Topic, int Partition)> partitions)
    {
        var lists = new Dictionary<Guid, List<int>>();
        foreach (var (topic, partition) in partitions)
        {
            if (!lists.TryGetValue(topic, out var list)) lists.Add(topic, list = []);
            list.Add(partition);
        }

        var topics = new Dictionary<Guid, int[]>(lists.Count);
        foreach (var (topic, list) in lists)
        {
            list.Sort();
            topics.Add(topic, [.. list.Distinct()]);
        }

        return topics.Count == 0 ? Empty : new PartitionMap(topics);
    }

    /// <summary>Whether the partition is in it.</summary>
    public bool Has(Guid topic, int partition) => topics.TryGetValue(topic, out var partitions) && Array.BinarySearch(partitions, partition) >= 0;

    /// <summary>Whether every partition of this is in the other.</summary>
    public bool IsWithin(PartitionMap other)
    {
        foreach (var (topic, partition) in All)
        {
            if (!other.Has(topic, partition)) return false;
        }

        return true;
    }

    /// <summary>Whether both have a partition in common.</summary>
    public bool Overlaps(PartitionMap other)
    {
        foreach (var (topic, partition) in All)
        {
            if (other.Has(topic, partition)) return true;
        }

        return false;
    }

    /// <summary>Whether both are the same.</summary>
    public bool IsSame(PartitionMap other) => Count == other.Count && IsWithin(other);
}
