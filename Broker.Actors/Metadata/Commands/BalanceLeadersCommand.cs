using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// Gives preferred leaders their partitions back (<c>auto.leader.rebalance.enable</c>, every <c>leader.imbalance.check.interval.seconds</c>). At most
/// <see cref="Limits.ElectionsPerBalance"/> at a time.
/// </summary>
/// <param name="done">Gets how many leaders changed; where it is as many as there may be, there may be more to do. -1 where the journal did not take it.</param>
public sealed class BalanceLeadersCommand(Action<int> done) : ControllerCommand
{
    private int elections;

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var work = new PartitionWork(context);
        foreach (var topic in context.Image.Topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                if (work.Events.Count >= Limits.ElectionsPerBalance) break;
                if (partition.Leader == partition.Preferred || !context.IsActive(partition.Preferred) || !partition.IsInSync(partition.Preferred)) continue;
                var decision = work.Decision(topic, partition);
                decision.Election = Election.Preferred;
                work.Take(partition, decision, out _);
            }
        }

        elections = work.Events.Count;
        return work.Events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(elections);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(-1);
}
