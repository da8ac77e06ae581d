using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>UnregisterBroker, on a cluster of one: this broker runs and keeps all there is, and no other is known.</summary>
public sealed class UnregisterBrokerHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var asked = ((UnregisterBrokerRequest)slot.Request).BrokerId;
        slot.Complete(asked == broker.Metadata.BrokerId
            ? new UnregisterBrokerResponse { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = $"broker {asked} runs and is the only one: stop it instead" }
            : new UnregisterBrokerResponse { ErrorCode = ErrorCode.BrokerIdNotRegistered, ErrorMessage = $"there is no broker {asked}" });
    }
}
