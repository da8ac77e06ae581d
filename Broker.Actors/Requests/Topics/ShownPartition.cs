using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Topics;

/// <summary>What of a partition's state clients are told, beside what stands in the image.</summary>
/// <param name="Error"><see cref="ErrorCode.LeaderNotAvailable"/> where nobody leads, <see cref="ErrorCode.ListenerNotFound"/> where the leader lacks the client's listener.</param>
/// <param name="Leader">Broker id, or -1.</param>
/// <param name="Offline">Replicas that are not there.</param>
internal readonly record struct ShownPartition(ErrorCode Error, int Leader, List<int> Offline)
{
    public static ShownPartition Of(BrokerServices broker, TopicImage topic, PartitionImage partition, ClientConnection client)
    {
        // Nobody leads a partition whose log directory is offline, as Kafka's controller decides it.
        var brokers = broker.Metadata.Image.Brokers;
        if (brokers.IsEmpty)
        {
            var isOffline = broker.Partitions.IsOffline(topic.Id, partition.Index);
            return isOffline ? new(ErrorCode.LeaderNotAvailable, -1, [.. partition.Replicas]) : new(ErrorCode.None, partition.Leader, []);
        }

        var offline = new List<int>();
        foreach (var id in partition.Replicas)
        {
            if (!brokers.TryGetValue(id, out var replica) || replica.IsFenced) offline.Add(id);
        }

        if (partition.Leader < 0 || (brokers.TryGetValue(partition.Leader, out var leader) && !broker.Reachable.IsThere(leader, brokers.Count))) return new(ErrorCode.LeaderNotAvailable, -1, offline);
        return broker.AddressOf(partition.Leader, client) is null ? new(ErrorCode.ListenerNotFound, -1, offline) : new(ErrorCode.None, partition.Leader, offline);
    }
}
