using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// Looks at every partition that nobody leads (<c>unclean.leader.election.interval.ms</c>): one whose topic allows it gets a leader that is not in sync.
/// </summary>
/// <param name="done">Told when it is done.</param>
public sealed class ElectOfflineLeadersCommand(Action? done = null) : ControllerCommand
{
    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var events = new List<IApiMessage>();
        new LeaderChanges(context) { IsActive = context.IsActive }.Elect(context.Image.Topics.Values, events);
        return events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done?.Invoke();

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done?.Invoke();
}
