using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <content>Requests that go to partitions' leaders.</content>
public sealed partial class AdminClient
{
    /// <summary>Looks up offsets: earliest, latest, or the first record at or after a time.</summary>
    /// <param name="specs">What is asked for, by partition (<see cref="OffsetSpec"/> or milliseconds since 1970).</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public ValueTask<IReadOnlyDictionary<TopicPartition, OffsetResult>> ListOffsetsAsync(IReadOnlyDictionary<TopicPartition, long> specs, CancellationToken cancellation = default)
        => ListOffsetsAsync(specs, Isolation.ReadUncommitted, cancellation);

    /// <summary>Looks up offsets as a reader of that isolation sees them: to one of committed records, the end is the last stable offset.</summary>
    /// <param name="specs">What is asked for, by partition (<see cref="OffsetSpec"/> or milliseconds since 1970).</param>
    /// <param name="isolation">The reader's isolation.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public ValueTask<IReadOnlyDictionary<TopicPartition, OffsetResult>> ListOffsetsAsync(IReadOnlyDictionary<TopicPartition, long> specs, Isolation isolation, CancellationToken cancellation = default)
        => ByLeaderAsync<OffsetResult>("ListOffsets", specs.Keys, (leader, partitions, results, token) => ListOffsets(leader, partitions, (specs, isolation), results, token), cancellation);

    /// <summary>Drops the records before an offset (-1: all) and gives the new first offsets.</summary>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> DeleteRecordsAsync(IReadOnlyDictionary<TopicPartition, long> before, CancellationToken cancellation = default)
        => ByLeaderAsync<long>("DeleteRecords", before.Keys, (leader, partitions, results, token) => DeleteRecords(leader, partitions, before, results, token), cancellation);

    // Partitions are asked for at their leaders, each leader once; where one has moved, all is asked again.
    private ValueTask<IReadOnlyDictionary<TopicPartition, T>> ByLeaderAsync<T>(string what, IEnumerable<TopicPartition> partitions, Func<int, IEnumerable<TopicPartition>, Dictionary<TopicPartition, T>, CancellationToken, ValueTask> ask, CancellationToken cancellation)
        => cluster.RetryAsync(what, async token =>
        {
            var results = new Dictionary<TopicPartition, T>();
            await cluster.RefreshAsync(partitions.Select(p => p.Topic).Distinct().ToList(), cancellation: token).ConfigureAwait(false);
            foreach (var group in partitions.GroupBy(LeaderOf)) await ask(group.Key, group, results, token).ConfigureAwait(false);
            return (IReadOnlyDictionary<TopicPartition, T>)results;
        }, cancellation);

    private int LeaderOf(TopicPartition partition)
    {
        var known = cluster.Metadata.Partition(partition) ?? throw new BrokerException(ErrorCode.UnknownTopicOrPartition, partition.ToString());
        return known.Leader >= 0 ? known.Leader : throw new BrokerException(ErrorCode.LeaderNotAvailable, partition.ToString());
    }

    private async ValueTask ListOffsets(int leader, IEnumerable<TopicPartition> partitions, (IReadOnlyDictionary<TopicPartition, long> Specs, Isolation Isolation) asked, Dictionary<TopicPartition, OffsetResult> results, CancellationToken cancellation)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1, TimeoutMs = TimeoutMs, IsolationLevel = (sbyte)asked.Isolation };
        foreach (var topic in partitions.GroupBy(p => p.Topic))
        {
            var wanted = topic.Select(p => new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = p.Partition, Timestamp = asked.Specs[p] });
            request.Topics.Add(new() { Name = topic.Key, Partitions = wanted.ToList() });
        }

        var connection = await cluster.ToAsync(leader, cancellation).ConfigureAwait(false);
        using var answer = await connection.SendAsync(request, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        foreach (var topic in answer.As<ListOffsetsResponse>().Topics)
        {
            foreach (var p in topic.Partitions)
            {
                var partition = new TopicPartition(topic.Name, p.PartitionIndex);
                BrokerException.ThrowIf(p.ErrorCode, partition.ToString());
                results[partition] = new OffsetResult(p.Offset, p.Timestamp, p.LeaderEpoch);
            }
        }
    }

    private async ValueTask DeleteRecords(int leader, IEnumerable<TopicPartition> partitions, IReadOnlyDictionary<TopicPartition, long> before, Dictionary<TopicPartition, long> results, CancellationToken cancellation)
    {
        var request = new DeleteRecordsRequest { TimeoutMs = TimeoutMs };
        foreach (var topic in partitions.GroupBy(p => p.Topic))
        {
            request.Topics.Add(new() { Name = topic.Key, Partitions = topic.Select(p => new DeleteRecordsRequest.DeleteRecordsPartition { PartitionIndex = p.Partition, Offset = before[p] }).ToList() });
        }

        var connection = await cluster.ToAsync(leader, cancellation).ConfigureAwait(false);
        using var answer = await connection.SendAsync(request, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        foreach (var topic in answer.As<DeleteRecordsResponse>().Topics)
        {
            foreach (var p in topic.Partitions)
            {
                BrokerException.ThrowIf(p.ErrorCode, $"{topic.Name}-{p.PartitionIndex}");
                results[new TopicPartition(topic.Name, p.PartitionIndex)] = p.LowWatermark;
            }
        }
    }
}
