using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>DescribeQuorum: who keeps the controller's journal and how far it is. On a cluster of one that is this broker, and what it has is what all have.</summary>
public sealed class DescribeQuorumHandler(BrokerServices broker) : IRequestHandler
{
    private const short FirstWithNodes = 2;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (DescribeQuorumRequest)slot.Request;
        var answer = new DescribeQuorumResponse { ErrorMessage = null };
        if (slot.Header.Version >= FirstWithNodes)
        {
            var (host, port) = broker.Advertised(slot.Connection);
            answer.Nodes.Add(new() { NodeId = broker.Metadata.BrokerId, Listeners = [new() { Name = slot.Connection.Listener, Host = host, Port = (ushort)port }] });
        }

        foreach (var topic in request.Topics)
        {
            var results = new List<DescribeQuorumResponse.PartitionData>(topic.Partitions.Count);
            answer.Topics.Add(new() { TopicName = topic.TopicName, Partitions = results });
            foreach (var partition in topic.Partitions) results.Add(Describe(topic.TopicName, partition.PartitionIndex));
        }

        slot.Complete(answer);
    }

    private DescribeQuorumResponse.PartitionData Describe(string topic, int index)
    {
        if (topic != TopicNames.ClusterMetadata || index != 0) return new() { PartitionIndex = index, ErrorCode = ErrorCode.UnknownTopicOrPartition, ErrorMessage = null, LeaderId = -1 };
        var end = broker.Metadata.Image.Offset + 1;
        return new()
        {
            PartitionIndex = index,
            ErrorMessage = null,
            LeaderId = broker.Metadata.BrokerId,
            LeaderEpoch = 1,
            HighWatermark = end,
            CurrentVoters = [new() { ReplicaId = broker.Metadata.BrokerId, LogEndOffset = end, LastFetchTimestamp = broker.NowMs, LastCaughtUpTimestamp = broker.NowMs }],
        };
    }
}
