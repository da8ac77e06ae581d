using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>The cluster says that a broker is gone or cannot be reached: it leads nothing any more, until it is heard again.</summary>
/// <param name="brokerId">The broker.</param>
/// <param name="brokerEpoch">The life of it that is meant; -1 for whichever is registered.</param>
/// <param name="done">Told when it is so, or why it is not.</param>
public sealed class FenceBrokerCommand(int brokerId, long brokerEpoch = -1, Action<ErrorCode>? done = null) : ControllerCommand
{
    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (!context.Image.Brokers.TryGetValue(brokerId, out var broker) || broker.IsFenced || (brokerEpoch >= 0 && broker.Epoch != brokerEpoch)) return [];
        var events = new List<IApiMessage> { new BrokerRegistrationChangeRecord { BrokerId = brokerId, BrokerEpoch = broker.Epoch, Fenced = 1 } };
        new LeaderChanges(context) { IsActive = id => id != brokerId && context.IsActive(id) }.Leave(brokerId, Departure.Away, events);
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done?.Invoke(ErrorCode.None);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done?.Invoke(error);
}
