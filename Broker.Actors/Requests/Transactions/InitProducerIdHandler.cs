using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Transactions;

/// <summary>InitProducerId: an idempotent producer gets a fresh id, a transactional one what its coordinator says.</summary>
/// <param name="producerIds">Fresh ids.</param>
/// <param name="transactions">The coordinators.</param>
/// <param name="settings">The settings of transactions now.</param>
public sealed class InitProducerIdHandler(ProducerIds producerIds, TransactionGate transactions, Func<TransactionSettings> settings) : IRequestHandler
{
    private const short FirstWithFenced = 4;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (InitProducerIdRequest)slot.Request;
        if (request.ProducerId >= 0 != request.ProducerEpoch >= 0 || request.TransactionalId is { Length: 0 })
        {
            Answer(slot, ProducerAnswer.Refused(ErrorCode.InvalidRequest));
            return;
        }

        // Judged before anyone asks whose coordinator this is, as in Kafka.
        if (request.TransactionalId is not null && !settings().Allows(request.TransactionTimeoutMs))
        {
            Answer(slot, ProducerAnswer.Refused(ErrorCode.InvalidTransactionTimeout));
            return;
        }

        if (request.TransactionalId is { } id) transactions.Tell(new InitProducer(id, request.TransactionTimeoutMs, request.ProducerId, request.ProducerEpoch, answer => Answer(slot, answer)));
        else producerIds.Take((error, producerId) => Answer(slot, error == ErrorCode.None ? new ProducerAnswer(error, producerId, 0) : ProducerAnswer.Refused(error)));
    }

    private static void Answer(RequestSlot slot, ProducerAnswer answer) => slot.Complete(new InitProducerIdResponse
    {
        ErrorCode = answer.Error.ForVersion(slot.Header.Version >= FirstWithFenced),
        ProducerId = answer.ProducerId,
        ProducerEpoch = answer.Epoch,
    });
}

/// <summary>Errors that older clients know by another name.</summary>
internal static class TransactionErrors
{
    /// <summary>PRODUCER_FENCED is what older versions of the requests call INVALID_PRODUCER_EPOCH.</summary>
    public static ErrorCode ForVersion(this ErrorCode error, bool knowsFenced) => error == ErrorCode.ProducerFenced && !knowsFenced ? ErrorCode.InvalidProducerEpoch : error;
}
