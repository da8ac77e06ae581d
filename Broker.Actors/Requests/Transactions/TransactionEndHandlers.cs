using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Transactions;

/// <summary>AddOffsetsToTxn: the transaction is going to commit offsets of a group, which lie in one partition of <c>__consumer_offsets</c>.</summary>
public sealed class AddOffsetsToTxnHandler(BrokerServices broker, TransactionGate transactions) : IRequestHandler
{
    private const short FirstWithFenced = 2;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (AddOffsetsToTxnRequest)slot.Request;
        if (request.TransactionalId.Length == 0) Answer(slot, ErrorCode.InvalidRequest);
        else if (Count() > 0) Add(slot, request);
        // The topic is made at its first use.
        else broker.Gate.CreateInternalTopic(TopicNames.ConsumerOffsets, () => Add(slot, request));
    }

    private int Count() => broker.Metadata.Image.Topics.TryGetValue(TopicNames.ConsumerOffsets, out var topic) ? topic.Partitions.Length : 0;

    private void Add(RequestSlot slot, AddOffsetsToTxnRequest request)
    {
        var count = Count();
        if (count == 0)
        {
            Answer(slot, ErrorCode.CoordinatorNotAvailable);
            return;
        }

        var partition = new TopicPartition(TopicNames.ConsumerOffsets, CoordinatorHash.PartitionOf(request.GroupId, count));
        transactions.Tell(new AddPartitions(request.TransactionalId, request.ProducerId, request.ProducerEpoch, [partition], 0, error => Answer(slot, error)));
    }

    private static void Answer(RequestSlot slot, ErrorCode error) => slot.Complete(new AddOffsetsToTxnResponse { ErrorCode = error.ForVersion(slot.Header.Version >= FirstWithFenced) });
}

/// <summary>EndTxn: commits or aborts.</summary>
public sealed class EndTxnHandler(TransactionGate transactions) : IRequestHandler
{
    private const short FirstWithFenced = 2;
    private const short FirstWithEpochPerTransaction = 5;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (EndTxnRequest)slot.Request;
        var version = slot.Header.Version >= FirstWithEpochPerTransaction ? TransactionEntry.EpochPerTransaction : (short)0;
        if (request.TransactionalId.Length == 0) Answer(slot, ProducerAnswer.Refused(ErrorCode.InvalidRequest));
        else transactions.Tell(new EndTransaction(request.TransactionalId, request.ProducerId, request.ProducerEpoch, request.Committed, version, answer => Answer(slot, answer)));
    }

    private static void Answer(RequestSlot slot, ProducerAnswer answer) => slot.Complete(new EndTxnResponse
    {
        ErrorCode = answer.Error.ForVersion(slot.Header.Version >= FirstWithFenced),
        ProducerId = answer.ProducerId,
        ProducerEpoch = answer.Epoch,
    });
}

/// <summary>WriteTxnMarkers: the end of transactions, from their coordinator, or from an administrator who ends one that nobody else will.</summary>
public sealed class WriteTxnMarkersHandler(MarkerWriter markers) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var answer = new WriteTxnMarkersResponse();
        var open = 1;
        foreach (var marker in ((WriteTxnMarkersRequest)slot.Request).Markers)
        {
            var result = new WriteTxnMarkersResponse.WritableTxnMarkerResult { ProducerId = marker.ProducerId };
            answer.Markers.Add(result);
            var facts = new MarkerFacts(marker.ProducerId, marker.ProducerEpoch, marker.TransactionResult, marker.CoordinatorEpoch, marker.TransactionVersion);
            foreach (var topic in marker.Topics)
            {
                var partitions = new List<WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult>(topic.PartitionIndexes.Count);
                result.Topics.Add(new() { Name = topic.Name, Partitions = partitions });
                foreach (var index in topic.PartitionIndexes)
                {
                    var partition = new WriteTxnMarkersResponse.WritableTxnMarkerPartitionResult { PartitionIndex = index };
                    partitions.Add(partition);
                    Interlocked.Increment(ref open);
                    markers.Write(new TopicPartition(topic.Name, index), facts, error =>
                    {
                        partition.ErrorCode = error;
                        Arrived();
                    });
                }
            }
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) slot.Complete(answer);
        }
    }
}
