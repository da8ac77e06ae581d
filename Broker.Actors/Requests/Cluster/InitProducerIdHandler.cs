using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>InitProducerId for idempotent producers: ids come from a block that the controller gave; transactional ids are not served yet.</summary>
public sealed class InitProducerIdHandler(BrokerServices broker) : IRequestHandler
{
    private readonly Lock gate = new();
    private readonly Queue<RequestSlot> waiting = new();
    private long next;
    private long end;
    private bool asking;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var error = ErrorOf((InitProducerIdRequest)slot.Request);
        if (error != ErrorCode.None)
        {
            slot.Complete(Refused(error));
            return;
        }

        long id;
        bool ask;
        lock (gate)
        {
            id = next < end ? next++ : -1;
            if (id < 0) waiting.Enqueue(slot);
            ask = id < 0 && !asking;
            asking |= ask;
        }

        if (id >= 0) slot.Complete(Given(id));
        else if (ask) broker.Controller.Tell(new ProducerIdsCommand(Block), Akka.Actor.ActorRefs.NoSender);
    }

    private ErrorCode ErrorOf(InitProducerIdRequest request)
    {
        if (request.ProducerId >= 0 != request.ProducerEpoch >= 0) return ErrorCode.InvalidRequest;
        if (request.TransactionalId is null) return ErrorCode.None;
        if (request.TransactionalId.Length == 0) return ErrorCode.InvalidRequest;
        var isTimeout = request.TransactionTimeoutMs > 0 && request.TransactionTimeoutMs <= broker.Config.Int("transaction.max.timeout.ms");
        return isTimeout ? ErrorCode.CoordinatorNotAvailable : ErrorCode.InvalidTransactionTimeout;
    }

    private static InitProducerIdResponse Given(long id) => new() { ProducerId = id, ProducerEpoch = 0 };

    private static InitProducerIdResponse Refused(ErrorCode error) => new() { ErrorCode = error, ProducerId = -1, ProducerEpoch = -1 };

    // A block came: those that waited are served in order, and the next block is asked for where it was not enough.
    private void Block(ErrorCode error, long first, int count)
    {
        var served = new List<(RequestSlot Slot, long Id)>();
        bool more;
        lock (gate)
        {
            if (error == ErrorCode.None) (next, end) = (first, first + count);
            while (waiting.Count > 0 && (error != ErrorCode.None || next < end)) served.Add((waiting.Dequeue(), error == ErrorCode.None ? next++ : -1));
            more = waiting.Count > 0;
            asking = more;
        }

        foreach (var (slot, id) in served) slot.Complete(id >= 0 ? Given(id) : Refused(error));
        if (more) broker.Controller.Tell(new ProducerIdsCommand(Block), Akka.Actor.ActorRefs.NoSender);
    }
}
