using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>UnregisterBroker: a broker that will not come back is forgotten. One that runs has to be stopped first: it would only register again.</summary>
/// <param name="request">What is asked.</param>
/// <param name="done">Gets the answer.</param>
public sealed class UnregisterBrokerCommand(UnregisterBrokerRequest request, Action<UnregisterBrokerResponse> done) : ControllerCommand
{
    private UnregisterBrokerResponse answer = new() { ErrorMessage = null };

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (!context.Brokers.TryGetValue(request.BrokerId, out var broker))
        {
            answer = new() { ErrorCode = ErrorCode.BrokerIdNotRegistered, ErrorMessage = $"there is no broker {request.BrokerId}" };
            return [];
        }

        if (!broker.IsFenced)
        {
            answer = new() { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = context.Brokers.Count == 1 ? $"broker {broker.Id} runs and is the only one: stop it instead" : $"broker {broker.Id} runs: stop it first" };
            return [];
        }

        context.Progress.Forget(broker.Id);
        var events = new List<IApiMessage> { new UnregisterBrokerRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch } };
        new LeaderChanges(context) { IsActive = id => id != broker.Id && context.IsActive(id) }.Leave(broker.Id, Departure.Away, events);
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new UnregisterBrokerResponse { ErrorCode = error, ErrorMessage = null });
}
