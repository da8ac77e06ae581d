using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Requests.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Topics;

/// <summary>DescribeTopicPartitions (KIP-966): topics in the order of their names, in pieces with a cursor.</summary>
public sealed class DescribeTopicPartitionsHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (DescribeTopicPartitionsRequest)slot.Request;
        var answer = new DescribeTopicPartitionsResponse();
        if (request.Cursor is { PartitionIndex: < 0 })
        {
            foreach (var topic in request.Topics) answer.Topics.Add(new() { Name = topic.Name, ErrorCode = ErrorCode.InvalidRequest });
            slot.Complete(answer);
            return;
        }

        var image = broker.Metadata.Image;
        var names = request.Topics.Count == 0 ? image.Topics.Keys : request.Topics.Select(t => t.Name).Distinct();
        var left = Math.Clamp(request.ResponsePartitionLimit, 1, Math.Max(1, broker.Config.MaxRequestPartitionSizeLimit));
        foreach (var name in names.Where(n => request.Cursor is null || string.CompareOrdinal(n, request.Cursor.TopicName) >= 0).Order(StringComparer.Ordinal))
        {
            var from = name == request.Cursor?.TopicName ? request.Cursor.PartitionIndex : 0;
            if (left == 0)
            {
                answer.NextCursor = new() { TopicName = name, PartitionIndex = from };
                break;
            }

            left -= Add(answer, name, image, from, left, slot.Connection);
            if (answer.NextCursor is not null) break;
        }

        slot.Complete(answer);
    }

    private int Add(DescribeTopicPartitionsResponse answer, string name, MetadataImage image, int from, int most, ClientConnection client)
    {
        if (!image.Topics.TryGetValue(name, out var topic))
        {
            answer.Topics.Add(new() { Name = name, ErrorCode = TopicNames.Check(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException });
            return 0;
        }

        var partitions = topic.Partitions.Skip(from).Take(most).Select(p => Describe(p, ShownPartition.Of(broker, topic, p, client))).ToList();
        answer.Topics.Add(new() { Name = name, TopicId = topic.Id, IsInternal = topic.IsInternal, Partitions = partitions, TopicAuthorizedOperations = AuthorizedOperations.Topic });
        if (from + partitions.Count < topic.Partitions.Length) answer.NextCursor = new() { TopicName = name, PartitionIndex = from + partitions.Count };
        return partitions.Count;
    }

    private static DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition Describe(PartitionImage partition, in ShownPartition shown)
    {
        // The last ones in sync, where all of them are gone, are those that may lead again.
        var isLeft = partition.Leader < 0;
        return new()
        {
            PartitionIndex = partition.Index,
            // That nobody leads is told by the leader's number alone here.
            ErrorCode = shown.Error == ErrorCode.LeaderNotAvailable ? ErrorCode.None : shown.Error,
            OfflineReplicas = shown.Offline,
            LeaderId = shown.Leader,
            LeaderEpoch = partition.LeaderEpoch,
            ReplicaNodes = [.. partition.Replicas],
            IsrNodes = isLeft ? [] : [.. partition.InSync],
            // Kafka's Java client fails where these are null.
            EligibleLeaderReplicas = isLeft ? [.. partition.Elr.Union(partition.InSync)] : [.. partition.Elr],
            LastKnownElr = [.. partition.LastKnownElr],
        };
    }
}
