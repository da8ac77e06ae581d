using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Requests.Groups;
using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Transactions;

/// <summary>
/// TxnOffsetCommit: offsets that count if and when their transaction is committed. Its coordinator is asked first whether it knows that the transaction
/// writes to the group's partition; only then the group's coordinator takes them.
/// </summary>
public sealed class TxnOffsetCommitHandler(BrokerServices broker, TransactionGate transactions) : IRequestHandler
{
    private const short FirstThatAdds = 5;
    private const short FirstWithAbortable = 4;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (TxnOffsetCommitRequest)slot.Request;
        var version = slot.Header.Version;
        var unknown = TakeUnknown(request);
        if (request.TransactionalId.Length == 0 || !broker.Metadata.Image.Topics.TryGetValue(TopicNames.ConsumerOffsets, out var offsets) || offsets.Partitions.IsEmpty)
        {
            Answer(OffsetAnswers.Commit(request, request.TransactionalId.Length == 0 ? ErrorCode.InvalidRequest : ErrorCode.NotCoordinator));
            return;
        }

        var index = CoordinatorHash.PartitionOf(request.GroupId, offsets.Partitions.Length);
        if (broker.Partitions.Find(TopicNames.ConsumerOffsets, index) is not { IsLeader: true } handle)
        {
            // The transaction's coordinator need not be asked for a group that another broker has.
            Answer(OffsetAnswers.Commit(request, ErrorCode.NotCoordinator));
            return;
        }

        if (request.Topics.Count == 0)
        {
            Answer(new TxnOffsetCommitResponse());
            return;
        }

        var partition = new TopicPartition(TopicNames.ConsumerOffsets, index);
        var caller = GroupHandler.CallerOf(slot);
        // From version 5 on it is the epoch, which rises with the marker, that keeps out what comes behind one.
        var (since, epoch) = (handle.Markers?.Now ?? 0, handle.LeaderEpoch);
        bool MayHaveEnded() => handle.LeaderEpoch != epoch || (handle.Markers?.MayHaveEnded(request.ProducerId, since) ?? false);
        transactions.Admit(request.TransactionalId, (request.ProducerId, request.ProducerEpoch), partition, version >= FirstThatAdds, error =>
        {
            if (error != ErrorCode.None) Answer(OffsetAnswers.Commit(request, ForCommit(error, version)));
            else broker.Coordinators.Tell(TopicNames.ConsumerOffsets, request.GroupId, new TxnCommitCall(request, caller, Answer) { MayHaveEnded = version < FirstThatAdds ? MayHaveEnded : null });
        });

        void Answer(TxnOffsetCommitResponse answer)
        {
            foreach (var topic in unknown)
            {
                if (answer.Topics.Find(t => t.Name == topic.Name) is { } there) there.Partitions.AddRange(topic.Partitions);
                else answer.Topics.Add(topic);
            }

            slot.Complete(answer);
        }
    }

    // Partitions that do not exist are answered here; the rest stays in the request.
    private List<TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic> TakeUnknown(TxnOffsetCommitRequest request)
    {
        var unknown = new List<TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic>();
        foreach (var topic in request.Topics)
        {
            var missing = topic.Partitions.FindAll(p => !broker.Partitions.Knows(topic.Name, p.PartitionIndex));
            if (missing.Count == 0) continue;
            unknown.Add(new() { Name = topic.Name, Partitions = missing.ConvertAll(p => new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition { PartitionIndex = p.PartitionIndex, ErrorCode = ErrorCode.UnknownTopicOrPartition }) });
            topic.Partitions = topic.Partitions.FindAll(p => broker.Partitions.Knows(topic.Name, p.PartitionIndex));
        }

        request.Topics.RemoveAll(t => t.Partitions.Count == 0);
        return unknown;
    }

    // What a transaction's coordinator says, as far as a client that commits offsets in this version knows it.
    private static ErrorCode ForCommit(ErrorCode error, short version) => error switch
    {
        ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
        ErrorCode.TransactionAbortable when version < FirstWithAbortable => ErrorCode.InvalidTxnState,
        ErrorCode.ConcurrentTransactions when version < FirstThatAdds => ErrorCode.CoordinatorLoadInProgress,
        ErrorCode.NotCoordinator => ErrorCode.CoordinatorNotAvailable,
        _ => error,
    };
}
