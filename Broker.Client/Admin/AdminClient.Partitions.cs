using System.Runtime.CompilerServices;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <content>Partitions in pages, where epochs of leadership ended, and configurations as a whole.</content>
public sealed partial class AdminClient
{
    /// <summary>Topics with all that is known of their partitions' replicas, in the order of their names, asked for page by page while they are read: for clusters whose partitions are too many for one answer.</summary>
    /// <param name="topics">Which; all of the cluster where null or empty. One that is not there comes with its error.</param>
    /// <param name="pageSize">Partitions a page, 1 or more; the broker may send fewer (<c>max.request.partition.size.limit</c>).</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Topics; one that does not fit on a page comes in several pieces, one after the other.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pageSize"/> is less than 1.</exception>
    /// <exception cref="BrokerException">The broker does not know this request (Kafka before 3.7), or its pages do not go on.</exception>
    /// <exception cref="Transport.TransportException">No broker could be reached in time.</exception>
    public IAsyncEnumerable<TopicPartitions> DescribeTopicPartitionsAsync(IReadOnlyCollection<string>? topics = null, int pageSize = 2000, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return Pages(topics ?? [], pageSize, cancellation);
    }

    /// <summary>Where epochs of leadership ended in the logs of partitions' leaders: a reader that has read beyond that under the epoch read what is no longer there.</summary>
    /// <param name="epochs">The epoch that is asked for, by partition.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is known of each.</returns>
    /// <exception cref="Transport.TransportException">A leader could not be reached in time.</exception>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, EpochEnd>> ListEpochEndsAsync(IReadOnlyDictionary<TopicPartition, int> epochs, CancellationToken cancellation = default)
    {
        var results = new Dictionary<TopicPartition, EpochEnd>();
        if (epochs.Count == 0) return results;
        await cluster.RetryAsync("Metadata", token => cluster.RefreshAsync(epochs.Keys.Select(p => p.Topic).Distinct().ToList(), cancellation: token), cancellation).ConfigureAwait(false);
        var known = epochs.Keys.Where(p => cluster.Metadata.Partition(p) is not null).ToList();
        foreach (var partition in epochs.Keys.Except(known)) results[partition] = new EpochEnd(-1, -1, ErrorCode.UnknownTopicOrPartition);
        foreach (var (partition, end) in await ByLeaderAsync<EpochEnd>("OffsetForLeaderEpoch", known, (leader, partitions, found, token) => EpochEnds(leader, partitions, epochs, found, token), cancellation).ConfigureAwait(false)) results[partition] = end;
        return results;
    }

    /// <summary>Gives an owner these values and no others: every key that is not named takes its default again. See <see cref="AlterConfigsAsync"/> for single keys.</summary>
    /// <param name="resource">Whose configuration.</param>
    /// <param name="values">All that is to be set on it.</param>
    /// <param name="validateOnly">Only says what would happen.</param>
    /// <param name="cancellation">Gives up waiting; it may still happen.</param>
    /// <exception cref="BrokerException">A key or value was refused, and nothing was changed.</exception>
    public async ValueTask ReplaceConfigsAsync(ConfigResource resource, IReadOnlyDictionary<string, string> values, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var all = values.Select(v => new AlterConfigsRequest.AlterableConfig { Name = v.Key, Value = v.Value }).ToList();
        var request = new AlterConfigsRequest { ValidateOnly = validateOnly, Resources = [new() { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Configs = all }] };
        var answer = await OfOwnerAsync<AlterConfigsResponse>(resource, request, cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.Responses[0].ErrorCode, resource.ToString(), answer.Responses[0].ErrorMessage);
    }

    private async IAsyncEnumerable<TopicPartitions> Pages(IReadOnlyCollection<string> topics, int pageSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var connection = await cluster.AnyAsync(cancellation).ConfigureAwait(false);
        if (connection.VersionOf(ApiKey.DescribeTopicPartitions) < 0) throw new BrokerException(ErrorCode.UnsupportedVersion, "DescribeTopicPartitions", $"{connection.Address} does not serve it");
        var (name, partition) = ("", -1);
        do
        {
            var request = new DescribeTopicPartitionsRequest
            {
                Topics = [.. topics.Distinct().Order(StringComparer.Ordinal).Select(t => new DescribeTopicPartitionsRequest.TopicRequest { Name = t })],
                ResponsePartitionLimit = pageSize,
                Cursor = partition < 0 ? null : new() { TopicName = name, PartitionIndex = partition },
            };
            var answer = await cluster.SendAsync<DescribeTopicPartitionsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
            foreach (var topic in answer.Topics) yield return new TopicPartitions(topic.Name ?? "", topic.TopicId, topic.IsInternal, topic.Partitions.ConvertAll(ReplicasOf), topic.ErrorCode);
            if (answer.NextCursor is not { } next) yield break;

            // Else a broker could keep its reader turning for ever.
            var order = string.CompareOrdinal(next.TopicName, name);
            if (order < 0 || (order == 0 && next.PartitionIndex <= partition) || next.PartitionIndex < 0) throw new BrokerException(ErrorCode.UnknownServerError, "DescribeTopicPartitions", $"the page after {name}-{partition} would begin at {next.TopicName}-{next.PartitionIndex}");
            (name, partition) = (next.TopicName, next.PartitionIndex);
        }
        while (true);
    }

    private static PartitionReplicas ReplicasOf(DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition p)
        => new(p.PartitionIndex, p.LeaderId, p.LeaderEpoch, p.ReplicaNodes, p.IsrNodes, p.OfflineReplicas, p.EligibleLeaderReplicas ?? [], p.LastKnownElr ?? [], p.ErrorCode);

    private async ValueTask EpochEnds(int leader, IEnumerable<TopicPartition> partitions, IReadOnlyDictionary<TopicPartition, int> epochs, Dictionary<TopicPartition, EpochEnd> results, CancellationToken cancellation)
    {
        // As a client and no replica: such a one is answered by the leader alone.
        var request = new OffsetForLeaderEpochRequest { ReplicaId = -1 };
        foreach (var topic in partitions.GroupBy(p => p.Topic))
        {
            request.Topics.Add(new() { Topic = topic.Key, Partitions = topic.Select(p => new OffsetForLeaderEpochRequest.OffsetForLeaderPartition { Partition = p.Partition, LeaderEpoch = epochs[p] }).ToList() });
        }

        var connection = await cluster.ToAsync(leader, cancellation).ConfigureAwait(false);
        using var answer = await connection.SendAsync(request, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        foreach (var topic in answer.As<OffsetForLeaderEpochResponse>().Topics)
        {
            foreach (var p in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Topic, p.Partition);
                if (p.ErrorCode.IsRetriable()) throw new BrokerException(p.ErrorCode, partition.ToString());
                results[partition] = new EpochEnd(p.LeaderEpoch, p.EndOffset, p.ErrorCode);
            }
        }
    }
}
