using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Peers;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

/// <summary>The way to the coordinators of transactions, for all who ask them.</summary>
/// <param name="coordinators">The coordinators of this broker.</param>
/// <param name="peers">The way to those of other brokers.</param>
public sealed class TransactionGate(CoordinatorFactory coordinators, PeerGate peers)
{
    private const short Verifies = 4;
    private const short Adds = 5;

    /// <summary>Asks the coordinator of the request's transactional id.</summary>
    public void Tell(TransactionRequest request) => coordinators.Tell(TopicNames.TransactionState, request.Id, new TransactionMessage(request));

    /// <summary>Looks at the entries of the coordinator of a transactional id.</summary>
    public void Tell(string id, TransactionQuery query) => coordinators.Tell(TopicNames.TransactionState, id, query);

    /// <summary>
    /// Before a transaction's first records go into a partition: its coordinator has to know that they do, or nobody would ever end them there (KIP-890).
    /// </summary>
    /// <param name="id">The transactional id.</param>
    /// <param name="producer">The producer's id and epoch.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="adds">The client leaves adding the partition to the broker (transactions of version 2); else it must have added it itself.</param>
    /// <param name="done">
    /// <see cref="ErrorCode.None"/>, or what stands against it; <see cref="ErrorCode.TransactionAbortable"/> where the partition was not added. Called once,
    /// from any thread.
    /// </param>
    public void Admit(string id, (long Id, short Epoch) producer, TopicPartition partition, bool adds, Action<ErrorCode> done)
    {
        if (peers.IsElsewhere(TopicNames.TransactionState, peers.PartitionOf(TopicNames.TransactionState, id), out var broker))
        {
            AskElsewhere(broker, id, producer, partition, adds, done);
            return;
        }

        if (adds)
        {
            Tell(new AddPartitions(id, producer.Id, producer.Epoch, [partition], TransactionEntry.EpochPerTransaction, done));
            return;
        }

        Tell(new VerifyPartitions(id, producer.Id, producer.Epoch, [partition], (error, isIn) => done(error == ErrorCode.None && !isIn[0] ? ErrorCode.TransactionAbortable : error)));
    }

    private void AskElsewhere(int broker, string id, (long Id, short Epoch) producer, TopicPartition partition, bool adds, Action<ErrorCode> done)
    {
        var asked = new AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction
        {
            TransactionalId = id,
            ProducerId = producer.Id,
            ProducerEpoch = producer.Epoch,
            VerifyOnly = !adds,
            Topics = [new() { Name = partition.Topic, Partitions = [partition.Partition] }],
        };
        peers.Ask(broker, new AddPartitionsToTxnRequest { Transactions = [asked] }, adds ? Adds : Verifies, answer => done(ErrorOf(answer)));
    }

    // Without an answer nothing is known: the producer tries again.
    private static ErrorCode ErrorOf(IApiMessage? answer)
    {
        if (answer is not AddPartitionsToTxnResponse response) return ErrorCode.CoordinatorNotAvailable;
        if (response.ErrorCode != ErrorCode.None) return response.ErrorCode;
        return response.ResultsByTransaction is [{ TopicResults: [{ ResultsByPartition: [var result] }] }] ? result.PartitionErrorCode : ErrorCode.CoordinatorNotAvailable;
    }
}

/// <summary>What has to do with transactions. One per broker.</summary>
/// <param name="Gate">The way to their coordinators.</param>
/// <param name="ProducerIds">Fresh producer ids.</param>
/// <param name="Markers">Takes markers to partitions.</param>
public sealed record TransactionServices(TransactionGate Gate, ProducerIds ProducerIds, MarkerWriter Markers)
{
    /// <summary>How the coordinators of <c>__transaction_state</c> are made.</summary>
    /// <param name="config">The broker's configuration now.</param>
    public CoordinatorSetup CoordinatorSetup(Func<BrokerConfig> config)
    {
        var parts = new TransactionParts(config, ProducerIds, Markers);
        return new CoordinatorSetup(handle => new TransactionShard(handle, parts), config().Int("transaction.state.log.load.buffer.size"));
    }
}
