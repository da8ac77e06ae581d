using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// BrokerHeartbeat: a broker says how far it is and what it wants. One that has its own registration is not fenced any more and may lead; one that wants to stop has its leaders
/// moved first, and is told when the others know.
/// </summary>
/// <param name="request">What the broker says.</param>
/// <param name="done">Gets the answer.</param>
public sealed class BrokerHeartbeatCommand(BrokerHeartbeatRequest request, Action<BrokerHeartbeatResponse> done) : ControllerCommand
{
    private BrokerHeartbeatResponse answer = new();

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (!context.IsRegistered(request.BrokerId, request.BrokerEpoch, out var broker))
        {
            answer = new() { ErrorCode = ErrorCode.StaleBrokerEpoch };
            return [];
        }

        context.Progress.Report(broker.Id, broker.Epoch, request.CurrentMetadataOffset);
        var events = new List<IApiMessage>();
        answer = new() { IsCaughtUp = request.CurrentMetadataOffset >= broker.Epoch, IsFenced = broker.IsFenced };
        var change = new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch, CordonedLogDirs = Cordoned(broker) };
        if (broker.IsFenced) Fenced(context, broker, change, events);
        else if (request.WantFence) Fence(context, change, events);
        else if (request.WantShutDown) ShutDown(context, broker, change, events);
        if (change.Fenced != 0 || change.InControlledShutdown != 0 || change.CordonedLogDirs is not null) events.Insert(0, change);
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new BrokerHeartbeatResponse { ErrorCode = error });

    private List<Guid>? Cordoned(BrokerImage broker)
        => request.CordonedLogDirs is { } cordoned && !cordoned.ToHashSet().SetEquals(broker.CordonedLogDirs) ? cordoned : null;

    private void Fenced(ControllerContext context, BrokerImage broker, BrokerRegistrationChangeRecord change, List<IApiMessage> events)
    {
        // A life that began to stop only ends.
        answer.ShouldShutDown = request.WantShutDown;
        if (request.WantFence || request.WantShutDown || broker.IsShuttingDown || !answer.IsCaughtUp) return;
        change.Fenced = -1;
        answer.IsFenced = false;
        new LeaderChanges(context) { IsActive = id => id == request.BrokerId || context.IsActive(id) }.Elect(context.Image.Topics.Values, events);
    }

    private void Fence(ControllerContext context, BrokerRegistrationChangeRecord change, List<IApiMessage> events)
    {
        change.Fenced = 1;
        (answer.IsFenced, answer.ShouldShutDown) = (true, request.WantShutDown);
        Leave(context, events);
    }

    private void ShutDown(ControllerContext context, BrokerImage broker, BrokerRegistrationChangeRecord change, List<IApiMessage> events)
    {
        if (!broker.IsShuttingDown)
        {
            change.InControlledShutdown = 1;
            Leave(context, events);
        }

        // Whoever asks another broker shall be sent to the new leaders, not back to this one.
        context.Progress.HandedOver(broker.Id, broker.Epoch, context.Image.Offset + (broker.IsShuttingDown ? 0 : 1 + events.Count));
        answer.ShouldShutDown = broker.IsShuttingDown && context.Progress.IsKnown(broker.Id, context.Image);
    }

    private void Leave(ControllerContext context, List<IApiMessage> events)
        => new LeaderChanges(context) { IsActive = id => id != request.BrokerId && context.IsActive(id) }.Leave(request.BrokerId, Departure.Away, events);
}
