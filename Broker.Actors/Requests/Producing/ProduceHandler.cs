using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Akka.Actor;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Requests.Producing;

/// <summary>Produce: checks each batch on the connection's turn, tells it to its partition, and answers when all are as safe as was asked for.</summary>
public sealed class ProduceHandler(BrokerServices broker, TransactionGate transactions) : IRequestHandler
{
    private const short FirstById = 13;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (ProduceRequest)slot.Request;
        var reply = new ProduceReply(broker, slot, request);
        foreach (var topic in request.TopicData)
        {
            var results = new List<ProduceResponse.PartitionProduceResponse>(topic.PartitionData.Count);
            reply.Response.Responses.Add(new() { Name = topic.Name, TopicId = topic.TopicId, PartitionResponses = results });
            foreach (var data in topic.PartitionData)
            {
                var result = new ProduceResponse.PartitionProduceResponse { Index = data.Index, BaseOffset = -1 };
                results.Add(result);
                Partition(reply, topic, data, result, slot.Header.Version);
                if (!reply.IsRefused) continue;
                reply.AllTold();
                return;
            }
        }

        slot.OrderFixed();
        reply.AllTold();
    }

    private void Partition(ProduceReply reply, ProduceRequest.TopicProduceData topic, ProduceRequest.PartitionProduceData data, ProduceResponse.PartitionProduceResponse result, short version)
    {
        if (data.Records.IsNull)
        {
            reply.Refuse("a produce without records");
            return;
        }

        var (handle, error) = Find(reply.Request, topic, data.Index, version);
        if (handle is null)
        {
            result.ErrorCode = error;
            if (error == ErrorCode.NotLeaderOrFollower) reply.IsElsewhere = true;
            return;
        }

        var verdict = Judge(reply.Request, data.Records.Memory, handle, version);
        if (!verdict.IsAccepted)
        {
            Refuse(result, verdict, handle);
            return;
        }

        reply.Await();
        var append = verdict.Header.IsTransactional ? new TransactionalAppend(reply, result, verdict, transactions, handle, version) : new ProduceAppend(reply, result, verdict);
        handle.Actor.Tell(append, ActorRefs.NoSender);
    }

    private RecordsVerdict Judge(ProduceRequest request, ReadOnlyMemory<byte> records, PartitionHandle handle, short version)
    {
        var envelope = RecordEnvelope.Open(records.Span, version);
        if (envelope.Error != ErrorCode.None) return new RecordsVerdict { Error = envelope.Error, Message = envelope.Message };
        var bytes = records[..envelope.Length];
        if (envelope.IsLegacy) return RecordValidator.ValidateLegacy(bytes, handle.Rules, broker.NowMs);
        RecordBatchHeader.TryParse(bytes.Span, out var header);
        if (header.IsTransactional && string.IsNullOrEmpty(request.TransactionalId)) return new RecordsVerdict { Error = ErrorCode.TransactionalIdAuthorizationFailed };
        return RecordValidator.Validate(bytes, handle.Rules, broker.NowMs);
    }

    private static void Refuse(ProduceResponse.PartitionProduceResponse result, in RecordsVerdict verdict, PartitionHandle handle)
    {
        result.ErrorCode = verdict.Error;
        result.ErrorMessage = verdict.Message;
        result.LogStartOffset = verdict.ReportsLogStart ? handle.Log.View.StartOffset : -1;
        if (verdict.RecordErrors is not { } errors) return;
        foreach (var error in errors) result.RecordErrors.Add(new() { BatchIndex = error.Index, BatchIndexErrorMessage = error.Message });
    }

    private (PartitionHandle? Handle, ErrorCode Error) Find(ProduceRequest request, ProduceRequest.TopicProduceData topic, int index, short version)
    {
        if (request.Acks is not (-1 or 0 or 1)) return (null, ErrorCode.InvalidRequiredAcks);
        var byId = version >= FirstById;
        var handle = byId ? broker.Partitions.Find(topic.TopicId, index) : broker.Partitions.Find(topic.Name, index);
        if (TopicNames.IsInternal(handle?.Topic ?? topic.Name)) return (null, ErrorCode.InvalidTopicException);
        if (handle is null) return (null, byId ? broker.WhyMissing(topic.TopicId, index) : broker.WhyMissing(topic.Name, index));
        return handle.CheckEpoch(-1) is var refused and not ErrorCode.None ? (null, refused) : (handle, ErrorCode.None);
    }

    private class ProduceAppend : PartitionAppend
    {
        private readonly ProduceReply reply;
        private readonly ProduceResponse.PartitionProduceResponse result;
        private readonly IDisposable? lease;
        private readonly long appendTime;

        [SetsRequiredMembers]
        public ProduceAppend(ProduceReply reply, ProduceResponse.PartitionProduceResponse result, in RecordsVerdict verdict)
        {
            this.reply = reply;
            this.result = result;
            lease = verdict.Lease;
            // The log writes base offset and leader epoch into the request's own memory, which nobody else reads until the answer.
            Batch = MemoryMarshal.AsMemory(verdict.Batch);
            Header = verdict.Header;
            RequiredAcks = reply.Request.Acks;
            TimeoutMs = reply.Request.TimeoutMs;
            appendTime = verdict.Header.TimestampType == TimestampType.LogAppendTime ? verdict.Header.MaxTimestamp : -1;
        }

        public override void Completed(in AppendOutcome outcome)
        {
            lease?.Dispose();
            var good = outcome.Error == ErrorCode.None;
            result.ErrorCode = outcome.Error;
            if (outcome.Error == ErrorCode.NotLeaderOrFollower) reply.IsElsewhere = true;
            result.BaseOffset = outcome.BaseOffset;
            // To a fenced transactional producer it is its coordinator that says no, which knows nothing of the log.
            result.LogStartOffset = outcome.Error == ErrorCode.InvalidProducerEpoch && Header.IsTransactional ? -1 : outcome.LogStartOffset;
            result.LogAppendTimeMs = outcome.DuplicateTimestamp >= 0 ? outcome.DuplicateTimestamp : good ? appendTime : -1;
            result.ErrorMessage = outcome.Message;
            reply.Arrived();
        }
    }

    // The first batch of a transaction in a partition waits until its coordinator knows of it.
    private sealed class TransactionalAppend : ProduceAppend
    {
        private const short FirstThatAdds = 12;
        private const short FirstWithAbortable = 11;
        private readonly TransactionGate transactions;
        private readonly PartitionHandle handle;
        private readonly string transactionalId;
        private readonly short version;

        [SetsRequiredMembers]
        public TransactionalAppend(ProduceReply reply, ProduceResponse.PartitionProduceResponse result, in RecordsVerdict verdict, TransactionGate transactions, PartitionHandle handle, short version)
            : base(reply, result, verdict)
        {
            this.transactions = transactions;
            this.handle = handle;
            this.version = version;
            transactionalId = reply.Request.TransactionalId!;
            BumpsEpoch = version >= FirstThatAdds;
        }

        public override bool TryVerify(long verification)
        {
            var producer = (Header.ProducerId, Header.ProducerEpoch);
            var partition = new TopicPartition(handle.Topic, handle.Index);
            transactions.Admit(transactionalId, producer, partition, BumpsEpoch, error => handle.Actor.Tell(new TransactionVerified(producer.ProducerId, verification, ForProduce(error)), ActorRefs.NoSender));
            return true;
        }

        // A coordinator's errors, as far as a client that produces in this version knows them.
        private ErrorCode ForProduce(ErrorCode error) => error switch
        {
            ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
            ErrorCode.TransactionAbortable when version < FirstWithAbortable => ErrorCode.InvalidTxnState,
            ErrorCode.ConcurrentTransactions when version < FirstThatAdds => ErrorCode.NotEnoughReplicas,
            ErrorCode.CoordinatorLoadInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator => ErrorCode.NotEnoughReplicas,
            _ => error,
        };
    }
}

/// <summary>Counts the appends of one request and answers after the last one.</summary>
internal sealed class ProduceReply(BrokerServices broker, RequestSlot slot, ProduceRequest request)
{
    // One for the handler itself, so that an append which ends at once does not answer before the others are told.
    private int open = 1;
    private string? refusal;

    public ProduceRequest Request { get; } = request;

    public ProduceResponse Response { get; } = new();

    public bool IsRefused => refusal is not null;

    /// <summary>Some of it is led by another broker, which the answer names.</summary>
    public bool IsElsewhere { get; set; }

    public void Await() => Interlocked.Increment(ref open);

    public void AllTold() => Arrived();

    public void Arrived()
    {
        if (Interlocked.Decrement(ref open) == 0) Answer();
    }

    /// <summary>The connection is closed without an answer, once appends that were told already have ended: until then they use the request's memory.</summary>
    public void Refuse(string why) => refusal = why;

    private void Answer()
    {
        if (refusal is not null)
        {
            slot.CloseConnection(refusal);
            return;
        }

        if (Request.Acks != 0)
        {
            if (IsElsewhere) LeaderHints.AddTo(Response, broker, slot);
            slot.Complete(Response);
            return;
        }

        foreach (var topic in Response.Responses)
        {
            foreach (var partition in topic.PartitionResponses)
            {
                if (partition.ErrorCode == ErrorCode.None) continue;
                slot.CloseConnection($"{topic.Name}-{partition.Index}: {partition.ErrorCode.Name()} with acks=0");
                return;
            }
        }

        slot.CompleteWithoutAnswer();
    }
}
