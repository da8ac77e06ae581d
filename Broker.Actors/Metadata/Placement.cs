using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>New partitions, and replicas that are given by hand.</summary>
public static class Placement
{
    /// <summary>What is wrong with replicas that were given by hand, or null.</summary>
    /// <param name="replicas">Broker ids.</param>
    /// <param name="brokers">The brokers there are.</param>
    public static string? Check(IReadOnlyList<int> replicas, IReadOnlyDictionary<int, BrokerImage> brokers)
    {
        if (replicas.Count == 0) return "a partition has no replicas";
        for (var i = 0; i < replicas.Count; i++)
        {
            if (!brokers.ContainsKey(replicas[i])) return $"there is no broker {replicas[i]}";
            for (var j = 0; j < i; j++)
            {
                if (replicas[j] == replicas[i]) return $"broker {replicas[i]} stands twice among the replicas of a partition";
            }
        }

        return null;
    }

    /// <summary>What is wrong with the replicas of a new partition that were given by hand, or null.</summary>
    /// <param name="replicas">Broker ids.</param>
    /// <param name="factor">How many replicas the topic's other partitions have; 0 where it is the first.</param>
    /// <param name="context">What is known.</param>
    public static string? CheckNew(IReadOnlyList<int> replicas, int factor, ControllerContext context)
    {
        if (Check(replicas, context.Brokers) is { } wrong) return wrong;
        if (factor != 0 && replicas.Count != factor) return $"a partition has {replicas.Count} replicas, and others of the topic have {factor}";
        if (!replicas.Any(context.IsActive)) return $"none of the brokers {string.Join(", ", replicas)} can lead now: they are fenced or shut down";
        var cordoned = replicas.Where(r => context.Brokers[r].IsCordoned).ToList();
        return cordoned.Count > 0 ? $"broker {cordoned[0]} takes no new partitions: its log directories are cordoned" : null;
    }

    /// <summary>The event that brings a new partition into being, on brokers that are all there.</summary>
    public static PartitionRecord NewPartition(Guid topicId, int index, List<int> replicas) => NewPartition(topicId, index, replicas, static _ => true);

    /// <summary>The event that brings a new partition into being: those of its brokers that are there are in sync, and the first of them leads.</summary>
    /// <param name="topicId">The topic.</param>
    /// <param name="index">The partition's number.</param>
    /// <param name="replicas">Broker ids, the preferred leader first.</param>
    /// <param name="isActive">Which brokers can lead; at least one of the replicas.</param>
    public static PartitionRecord NewPartition(Guid topicId, int index, List<int> replicas, Func<int, bool> isActive)
    {
        var inSync = replicas.FindAll(r => isActive(r));
        return new()
        {
            TopicId = topicId,
            PartitionId = index,
            Replicas = replicas,
            Isr = inSync,
            Leader = inSync[0],
            LeaderEpoch = 0,
            PartitionEpoch = 0,
        };
    }
}
