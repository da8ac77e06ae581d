using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>Which brokers hold a new partition. With one broker there is one answer.</summary>
public static class Placement
{
    /// <summary>The replicas of a new partition, or an error with a sentence.</summary>
    public static (ErrorCode Error, string? Message, List<int> Replicas) Place(int replicationFactor, int brokerId)
    {
        if (replicationFactor is 0 or < -1) return (ErrorCode.InvalidReplicationFactor, $"the replication factor {replicationFactor} is not above 0", []);
        if (replicationFactor > 1) return (ErrorCode.InvalidReplicationFactor, $"{replicationFactor} replicas were asked for, but there is 1 broker", []);
        return (ErrorCode.None, null, [brokerId]);
    }

    /// <summary>What is wrong with replicas that were given by hand, or null.</summary>
    public static string? Check(IReadOnlyList<int> replicas, int brokerId)
    {
        if (replicas.Count == 0) return "a partition has no replicas";
        for (var i = 0; i < replicas.Count; i++)
        {
            if (replicas[i] != brokerId) return $"there is no broker {replicas[i]}";
            if (i > 0) return $"broker {brokerId} stands twice among the replicas of a partition";
        }

        return null;
    }

    /// <summary>The event that brings a new partition into being.</summary>
    public static PartitionRecord NewPartition(Guid topicId, int index, List<int> replicas) => new()
    {
        TopicId = topicId,
        PartitionId = index,
        Replicas = replicas,
        Isr = [.. replicas],
        Leader = replicas[0],
        LeaderEpoch = 0,
        PartitionEpoch = 0,
    };
}
