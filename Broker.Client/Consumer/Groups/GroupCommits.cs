using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>What a group has committed: written and read, over a connection of its own.</summary>
internal sealed class GroupCommits(ClusterClient cluster, GroupOptions options) : IAsyncDisposable
{
    private const short LastByName = 9;
    private readonly CoordinatorLink link = new(cluster);
    private readonly AsyncGate turn = new(1, cluster.Options.Time);

    /// <summary>Commits offsets as a member, or from outside of the group (generation -1).</summary>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public async ValueTask Commit(IReadOnlyDictionary<TopicPartition, long> offsets, string memberId, int generation, CancellationToken cancellation)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = options.GroupId,
            MemberId = generation < 0 ? "" : memberId,
            GenerationIdOrMemberEpoch = generation,
            GroupInstanceId = options.InstanceId,
            Topics = [.. offsets.GroupBy(o => o.Key.Topic).Select(t => new OffsetCommitRequest.OffsetCommitRequestTopic
            {
                Name = t.Key,
                Partitions = [.. t.Select(o => new OffsetCommitRequest.OffsetCommitRequestPartition { PartitionIndex = o.Key.Partition, CommittedOffset = o.Value })],
            })],
        };
        await Ask<OffsetCommitResponse, bool>("OffsetCommit", request, answer =>
        {
            foreach (var topic in answer.Topics)
            {
                foreach (var partition in topic.Partitions) BrokerException.ThrowIf(partition.ErrorCode, $"committing {topic.Name}-{partition.PartitionIndex} for group {options.GroupId}");
            }

            return true;
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>What the group has committed for partitions; left out where it has nothing. Waits while an open transaction has something to say.</summary>
    public async ValueTask<Dictionary<TopicPartition, GroupOffset>> Committed(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
    {
        var topics = partitions.GroupBy(p => p.Topic).ToList();
        var request = new OffsetFetchRequest
        {
            RequireStable = true,
            Groups = [new() { GroupId = options.GroupId, Topics = [.. topics.Select(t => new OffsetFetchRequest.OffsetFetchRequestTopics { Name = t.Key, PartitionIndexes = [.. t.Select(p => p.Partition)] })] }],
        };
        return await Ask<OffsetFetchResponse, Dictionary<TopicPartition, GroupOffset>>("OffsetFetch", request, answer =>
        {
            var committed = new Dictionary<TopicPartition, GroupOffset>();
            foreach (var group in answer.Groups)
            {
                BrokerException.ThrowIf(group.ErrorCode, $"the offsets of group {options.GroupId}");
                foreach (var (topic, partition) in group.Topics.SelectMany(t => t.Partitions.Select(p => (t.Name, p))))
                {
                    BrokerException.ThrowIf(partition.ErrorCode, $"the offset of {topic}-{partition.PartitionIndex} in group {options.GroupId}");
                    if (partition.CommittedOffset >= 0) committed[new TopicPartition(topic, partition.PartitionIndex)] = new GroupOffset(partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata ?? "");
                }
            }

            return committed;
        }, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private ValueTask<T> Ask<TAnswer, T>(string what, IApiMessage request, Func<TAnswer, T> take, CancellationToken cancellation) where TAnswer : class, IApiMessage
        => cluster.RetryAsync(what, async token =>
        {
            await turn.WaitAsync(token).ConfigureAwait(false);
            try
            {
                using var answer = await link.Send(request, cluster.Options.RequestTimeout, options.GroupId, token, LastByName).ConfigureAwait(false);
                return take(answer.As<TAnswer>());
            }
            catch (Exception moved) when (moved is BrokerException { Code: ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable } or Transport.TransportException)
            {
                link.Forget();
                throw;
            }
            finally
            {
                turn.Release();
            }
        }, cancellation);
}
