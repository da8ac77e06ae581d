using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// Gives preferred leaders their partitions back (<c>auto.leader.rebalance.enable</c>, every <c>leader.imbalance.check.interval.seconds</c>): those of brokers for which others lead more
/// than <c>leader.imbalance.per.broker.percentage</c> of them. At most <see cref="Limits.ElectionsPerBalance"/> at a time.
/// </summary>
/// <param name="done">Gets how many leaders changed; where it is as many as there may be, there may be more to do. -1 where the journal did not take it.</param>
public sealed class BalanceLeadersCommand(Action<int> done) : ControllerCommand
{
    private int elections;

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var work = new PartitionWork(context);
        var imbalanced = Imbalanced(context);
        if (imbalanced.Count == 0) return work.Events;
        foreach (var topic in context.Image.Topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                if (work.Events.Count >= Limits.ElectionsPerBalance) break;
                if (partition.Leader == partition.Preferred || !imbalanced.Contains(partition.Preferred) || !partition.IsInSync(partition.Preferred)) continue;
                var decision = work.Decision(topic, partition);
                decision.Election = Election.Preferred;
                work.Take(partition, decision, out _);
            }
        }

        elections = work.Events.Count;
        return work.Events;
    }

    // Brokers that are there, and for which others lead too many.
    private static HashSet<int> Imbalanced(ControllerContext context)
    {
        var counts = new Dictionary<int, (int Preferred, int Away)>();
        foreach (var topic in context.Image.Topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                var (preferred, away) = counts.GetValueOrDefault(partition.Preferred);
                counts[partition.Preferred] = (preferred + 1, partition.Leader == partition.Preferred ? away : away + 1);
            }
        }

        var most = context.Config.Int("leader.imbalance.per.broker.percentage");
        return counts.Where(c => context.IsActive(c.Key) && 100L * c.Value.Away > (long)most * c.Value.Preferred).Select(c => c.Key).ToHashSet();
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(elections);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(-1);
}
