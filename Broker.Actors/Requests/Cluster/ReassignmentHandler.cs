using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>
/// AlterPartitionReassignments and ListPartitionReassignments, on a cluster of one: a partition can only be where it is, so nothing ever moves between brokers.
/// </summary>
public sealed class ReassignmentHandler(BrokerServices broker) : IRequestHandler
{
    private readonly Dictionary<int, BrokerImage> one = new() { [broker.Metadata.BrokerId] = new(broker.Metadata.BrokerId, Guid.Empty, 0, null, [], false, false, []) };

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        if (slot.Request is not AlterPartitionReassignmentsRequest request)
        {
            slot.Complete(new ListPartitionReassignmentsResponse { ErrorMessage = null });
            return;
        }

        var answer = new AlterPartitionReassignmentsResponse { AllowReplicationFactorChange = request.AllowReplicationFactorChange, ErrorMessage = null };
        foreach (var topic in request.Topics)
        {
            var results = new List<AlterPartitionReassignmentsResponse.ReassignablePartitionResponse>(topic.Partitions.Count);
            answer.Responses.Add(new() { Name = topic.Name, Partitions = results });
            foreach (var partition in topic.Partitions)
            {
                var (error, why) = Judge(topic.Name, partition);
                results.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error, ErrorMessage = why });
            }
        }

        slot.Complete(answer);
    }

    private (ErrorCode Error, string? Why) Judge(string topic, AlterPartitionReassignmentsRequest.ReassignablePartition asked)
    {
        if (!broker.Metadata.Image.Topics.TryGetValue(topic, out var known)) return (ErrorCode.UnknownTopicOrPartition, "there is no such topic");
        if (asked.PartitionIndex < 0 || asked.PartitionIndex >= known.Partitions.Length) return (ErrorCode.UnknownTopicOrPartition, "there is no such partition");
        if (asked.Replicas is not { } replicas) return (ErrorCode.NoReassignmentInProgress, "the partition does not move");
        return Placement.Check(replicas, one) is { } wrong ? (ErrorCode.InvalidReplicaAssignment, wrong) : (ErrorCode.None, null);
    }
}
