using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AddedTopic = AkkaStream.Client.Protocol.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
using Transaction = AkkaStream.Client.Protocol.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;

namespace AkkaStream.Actors.Requests.Transactions;

/// <summary>AddPartitionsToTxn: a client's one transaction up to version 3; from 4 on a broker's batch, which may also only ask.</summary>
public sealed class AddPartitionsToTxnHandler(BrokerServices broker, TransactionGate transactions) : IRequestHandler
{
    private const short FirstWithFenced = 2;
    private const short FirstBatched = 4;
    private const short FirstWithEpochPerTransaction = 5;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (AddPartitionsToTxnRequest)slot.Request;
        var version = slot.Header.Version;
        if (version >= FirstBatched)
        {
            Batch(slot, request.Transactions, version);
            return;
        }

        var one = new Transaction
        {
            TransactionalId = request.V3AndBelowTransactionalId,
            ProducerId = request.V3AndBelowProducerId,
            ProducerEpoch = request.V3AndBelowProducerEpoch,
            Topics = request.V3AndBelowTopics,
        };
        Handle(one, version, results => slot.Complete(new AddPartitionsToTxnResponse { ResultsByTopicV3AndBelow = results }));
    }

    private void Batch(RequestSlot slot, List<Transaction> asked, short version)
    {
        var answer = new AddPartitionsToTxnResponse();
        foreach (var transaction in asked) answer.ResultsByTransaction.Add(new() { TransactionalId = transaction.TransactionalId });
        var open = asked.Count + 1;
        for (var i = 0; i < asked.Count; i++)
        {
            var result = answer.ResultsByTransaction[i];
            Handle(asked[i], version, results =>
            {
                result.TopicResults = results;
                Arrived();
            });
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) slot.Complete(answer);
        }
    }

    private void Handle(Transaction asked, short version, Action<List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>> done)
    {
        if (asked.TransactionalId.Length == 0)
        {
            done(Results(asked.Topics, (_, _) => ErrorCode.InvalidRequest));
            return;
        }

        var partitions = new List<TopicPartition>();
        var isAllKnown = true;
        foreach (var topic in asked.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                isAllKnown &= IsKnown(topic.Name, partition);
                partitions.Add(new TopicPartition(topic.Name, partition));
            }
        }

        if (!isAllKnown)
        {
            // One that does not exist stops the others.
            done(Results(asked.Topics, (topic, partition) => IsKnown(topic, partition) ? ErrorCode.OperationNotAttempted : ErrorCode.UnknownTopicOrPartition));
            return;
        }

        if (asked.VerifyOnly) Verify(asked, partitions, done);
        else transactions.Tell(new AddPartitions(asked.TransactionalId, asked.ProducerId, asked.ProducerEpoch, partitions, version >= FirstWithEpochPerTransaction ? TransactionEntry.EpochPerTransaction : (short)0, error => done(Results(asked.Topics, (_, _) => error.ForVersion(version >= FirstWithFenced)))));
    }

    private void Verify(Transaction asked, List<TopicPartition> partitions, Action<List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>> done)
        => transactions.Tell(new VerifyPartitions(asked.TransactionalId, asked.ProducerId, asked.ProducerEpoch, partitions, (error, isIn) =>
        {
            var at = 0;
            done(Results(asked.Topics, (_, _) => error != ErrorCode.None ? error : isIn[at++] ? ErrorCode.None : ErrorCode.TransactionAbortable));
        }));

    private bool IsKnown(string topic, int partition)
        => broker.Metadata.Image.Topics.TryGetValue(topic, out var known) && (uint)partition < (uint)known.Partitions.Length;

    // Asks for the error of each partition, in the order of the request.
    private static List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult> Results(List<AddedTopic> topics, Func<string, int, ErrorCode> errorOf)
    {
        var results = new List<AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult>(topics.Count);
        foreach (var topic in topics)
        {
            var partitions = new List<AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult>(topic.Partitions.Count);
            foreach (var partition in topic.Partitions) partitions.Add(new() { PartitionIndex = partition, PartitionErrorCode = errorOf(topic.Name, partition) });
            results.Add(new() { Name = topic.Name, ResultsByPartition = partitions });
        }

        return results;
    }
}
