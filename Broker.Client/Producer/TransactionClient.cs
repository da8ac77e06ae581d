using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Producer;

/// <summary>An offset to commit.</summary>
/// <param name="Offset">The offset that is read next.</param>
/// <param name="LeaderEpoch">The leader epoch of the record before it, or -1.</param>
/// <param name="Metadata">The application's own words.</param>
public readonly record struct OffsetToCommit(long Offset, int LeaderEpoch = -1, string Metadata = "");

/// <summary>Who commits offsets: the group, and where it has members the one that owns the partitions.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="GenerationId">The member's generation, or -1 outside of one.</param>
/// <param name="MemberId">The member, or empty.</param>
/// <param name="GroupInstanceId">A static member's name, or null.</param>
public sealed record ConsumerGroupMetadata(string GroupId, int GenerationId = -1, string MemberId = "", string? GroupInstanceId = null);

/// <summary>The requests of a transactional producer.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="id">The transactional id.</param>
/// <param name="timeout">How long a transaction may be open.</param>
internal sealed class TransactionClient(ClusterClient cluster, string id, TimeSpan timeout)
{
    private const short FirstEndWithEpoch = 5;
    private const short FirstProduceThatAdds = 12;
    private const short LastAddOfClients = 3;
    private const short LastCommitWithAdd = 4;
    private const short EpochPerTransaction = 2;

    /// <summary>Gets an identity, under which nobody else with this transactional id can go on.</summary>
    /// <param name="now">The identity that the producer has, or none.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public async ValueTask<(ProducerIdentity Identity, bool EpochPerTransaction)> Init(ProducerIdentity now, CancellationToken cancellation)
    {
        var rises = false;
        var answer = await Ask<InitProducerIdResponse>(
            connection =>
            {
                rises = connection.TransactionVersion >= EpochPerTransaction && connection.VersionOf(ApiKey.EndTxn) >= FirstEndWithEpoch && connection.VersionOf(ApiKey.Produce) >= FirstProduceThatAdds;
                return (new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = (int)timeout.TotalMilliseconds, ProducerId = now.Id, ProducerEpoch = now.Epoch }, 5);
            },
            answer => answer.ErrorCode,
            cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, $"initialising transactional id {id}");
        return (new ProducerIdentity(answer.ProducerId, answer.ProducerEpoch), rises);
    }

    /// <summary>Tells the coordinator of partitions (transactions before version 2).</summary>
    public async ValueTask Add(ProducerIdentity identity, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation)
    {
        var request = new AddPartitionsToTxnRequest { V3AndBelowTransactionalId = id, V3AndBelowProducerId = identity.Id, V3AndBelowProducerEpoch = identity.Epoch };
        foreach (var topic in partitions.GroupBy(p => p.Topic)) request.V3AndBelowTopics.Add(new() { Name = topic.Key, Partitions = topic.Select(p => p.Partition).ToList() });
        var answer = await Ask<AddPartitionsToTxnResponse>(_ => (request, LastAddOfClients), First, cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(First(answer), $"adding partitions to the transaction of {id}");

        static ErrorCode First(AddPartitionsToTxnResponse answer)
        {
            var first = ErrorCode.None;
            foreach (var topic in answer.ResultsByTopicV3AndBelow)
            {
                foreach (var partition in topic.ResultsByPartition)
                {
                    var code = partition.PartitionErrorCode;
                    // Others were not looked at because of the one that counts.
                    if (first is ErrorCode.None or ErrorCode.OperationNotAttempted && code != ErrorCode.None) first = code;
                }
            }

            return first;
        }
    }

    /// <summary>Tells the coordinator of a group (transactions before version 2).</summary>
    public async ValueTask AddGroup(ProducerIdentity identity, string group, CancellationToken cancellation)
    {
        var request = new AddOffsetsToTxnRequest { TransactionalId = id, ProducerId = identity.Id, ProducerEpoch = identity.Epoch, GroupId = group };
        var answer = await Ask<AddOffsetsToTxnResponse>(_ => (request, short.MaxValue), a => a.ErrorCode, cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, $"adding the offsets of {group} to the transaction of {id}");
    }

    /// <summary>Commits offsets as part of the transaction.</summary>
    public async ValueTask CommitOffsets(ProducerIdentity identity, bool addsItself, ConsumerGroupMetadata member, IReadOnlyDictionary<TopicPartition, OffsetToCommit> offsets, CancellationToken cancellation)
    {
        var request = new TxnOffsetCommitRequest
        {
            TransactionalId = id,
            GroupId = member.GroupId,
            ProducerId = identity.Id,
            ProducerEpoch = identity.Epoch,
            GenerationId = member.GenerationId,
            MemberId = member.MemberId,
            GroupInstanceId = member.GroupInstanceId,
        };
        foreach (var topic in offsets.GroupBy(o => o.Key.Topic))
        {
            var partitions = topic.Select(o => new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition { PartitionIndex = o.Key.Partition, CommittedOffset = o.Value.Offset, CommittedLeaderEpoch = o.Value.LeaderEpoch, CommittedMetadata = o.Value.Metadata });
            request.Topics.Add(new() { Name = topic.Key, Partitions = partitions.ToList() });
        }

        var highest = addsItself ? short.MaxValue : LastCommitWithAdd;
        var answer = await cluster.SendToCoordinatorAsync<TxnOffsetCommitResponse>(CoordinatorType.Group, member.GroupId, _ => (request, highest), First, cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(First(answer), $"committing offsets of {member.GroupId} in the transaction of {id}");

        static ErrorCode First(TxnOffsetCommitResponse answer)
        {
            foreach (var topic in answer.Topics)
            {
                if (topic.Partitions.Find(p => p.ErrorCode != ErrorCode.None) is { } failed) return failed.ErrorCode;
            }

            return ErrorCode.None;
        }
    }

    /// <summary>Ends the transaction; gives the identity for the next one.</summary>
    public async ValueTask<ProducerIdentity> End(ProducerIdentity identity, bool rises, bool commit, CancellationToken cancellation)
    {
        var request = new EndTxnRequest { TransactionalId = id, ProducerId = identity.Id, ProducerEpoch = identity.Epoch, Committed = commit };
        var highest = rises ? short.MaxValue : (short)(FirstEndWithEpoch - 1);
        var answer = await Ask<EndTxnResponse>(_ => (request, highest), a => a.ErrorCode, cancellation).ConfigureAwait(false);
        // Nobody but a newer instance raises the epoch of an open transaction.
        var error = answer.ErrorCode == ErrorCode.InvalidProducerEpoch ? ErrorCode.ProducerFenced : answer.ErrorCode;
        BrokerException.ThrowIf(error, $"{(commit ? "committing" : "aborting")} the transaction of {id}");
        return rises && answer.ProducerId >= 0 ? new ProducerIdentity(answer.ProducerId, answer.ProducerEpoch) : identity;
    }

    private ValueTask<T> Ask<T>(Func<IBrokerConnection, (IApiMessage, short)> request, Func<T, ErrorCode> errorOf, CancellationToken cancellation) where T : class, IApiMessage
        => cluster.SendToCoordinatorAsync(CoordinatorType.Transaction, id, request, errorOf, cancellation);
}
