using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>
/// ElectLeaders, on a cluster of one: every partition has one replica, which leads already or lies in a log directory that is offline. Nothing changes; the
/// answer says of each partition why.
/// </summary>
public sealed class ElectLeadersHandler(BrokerServices broker) : IRequestHandler
{
    private const sbyte Preferred = 0;
    private const sbyte Unclean = 1;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (ElectLeadersRequest)slot.Request;
        var answer = new ElectLeadersResponse();
        if (request.ElectionType is not (Preferred or Unclean)) answer.ErrorCode = ErrorCode.InvalidRequest;
        else if (request.TopicPartitions is { } asked) Asked(asked, request.ElectionType, answer);
        else Every(request.ElectionType, answer);
        slot.Complete(answer);
    }

    private void Asked(List<ElectLeadersRequest.TopicPartitionsEntry> asked, sbyte type, ElectLeadersResponse answer)
    {
        foreach (var topic in asked)
        {
            var results = new List<ElectLeadersResponse.PartitionResult>(topic.Partitions.Count);
            answer.ReplicaElectionResults.Add(new() { Topic = topic.Topic, PartitionResult = results });
            foreach (var index in topic.Partitions) results.Add(Judge(topic.Topic, index, type));
        }
    }

    // Who asks about everything hears of those only that it did not expect.
    private void Every(sbyte type, ElectLeadersResponse answer)
    {
        foreach (var topic in broker.Metadata.Image.Topics.Values)
        {
            var failed = topic.Partitions.Select(partition => Judge(topic.Name, partition.Index, type)).Where(result => result.ErrorCode != ErrorCode.ElectionNotNeeded).ToList();
            if (failed.Count > 0) answer.ReplicaElectionResults.Add(new() { Topic = topic.Name, PartitionResult = failed });
        }
    }

    private ElectLeadersResponse.PartitionResult Judge(string topic, int index, sbyte type)
    {
        var (error, why) = (broker.Partitions.Find(topic, index), type) switch
        {
            (null, _) => (ErrorCode.UnknownTopicOrPartition, "there is no such partition"),
            ({ IsOffline: true }, Preferred) => (ErrorCode.PreferredLeaderNotAvailable, "its log directory is offline"),
            ({ IsOffline: true }, _) => (ErrorCode.EligibleLeadersNotAvailable, "its log directory is offline"),
            _ => (ErrorCode.ElectionNotNeeded, "its only replica leads"),
        };
        return new() { PartitionId = index, ErrorCode = error, ErrorMessage = why };
    }
}
