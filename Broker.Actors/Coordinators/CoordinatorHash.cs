namespace AkkaStream.Actors.Coordinators;

/// <summary>Which partition of an internal topic is a key's: Kafka's rule, so that its files can be taken over.</summary>
public static class CoordinatorHash
{
    /// <summary>The partition of a group id or a transactional id.</summary>
    public static int PartitionOf(string key, int partitions)
    {
        var hash = 0;
        foreach (var c in key) hash = unchecked((31 * hash) + c);
        return (hash == int.MinValue ? 0 : Math.Abs(hash)) % partitions;
    }
}
