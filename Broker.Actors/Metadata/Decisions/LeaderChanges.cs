using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Decisions;

/// <summary>How a broker leaves.</summary>
internal enum Departure
{
    /// <summary>It is fenced, stops or is forgotten: its logs are as they were.</summary>
    Away,

    /// <summary>It came back after an orderly stop, with all it had.</summary>
    CleanRestart,

    /// <summary>It came back after a stop that was not orderly: its logs may lack what they had.</summary>
    UncleanRestart,

    /// <summary>It came back with none of its directories.</summary>
    EmptyRestart,
}

/// <summary>
/// What follows for partitions where a broker comes or goes. Looks at every partition: a hundred thousand take milliseconds, and that happens when a broker's state changes
/// only.
/// </summary>
/// <param name="context">What is known, before the change.</param>
internal sealed class LeaderChanges(ControllerContext context)
{
    /// <summary>Which brokers may lead once the events are in force.</summary>
    public required Func<int, bool> IsActive { get; init; }

    /// <summary>A broker goes: it leads nothing any more, and leaves each in-sync set that somebody else can stand for.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="how">How it goes.</param>
    /// <param name="events">Takes the events.</param>
    public void Leave(int broker, Departure how, List<IApiMessage> events)
    {
        var isUnclean = how is Departure.UncleanRestart or Departure.EmptyRestart;
        foreach (var topic in context.Image.Topics.Values)
        {
            TopicRules? rules = null;
            foreach (var partition in topic.Partitions)
            {
                var counts = partition.Leader == broker || partition.IsInSync(broker) || (isUnclean && PartitionImage.Contains(partition.Elr, broker));
                if (!counts) continue;
                var decision = Decision(topic, partition, rules ??= TopicRules.Of(topic, context.Config));
                decision.Leave(broker);
                if (isUnclean) (decision.Unclean, decision.IsEmpty) = (broker, how == Departure.EmptyRestart);
                if (how == Departure.CleanRestart) decision.Returned = broker;
                if (decision.Build() is { } change) events.Add(change);
            }
        }
    }

    /// <summary>Partitions that nobody leads get a leader where somebody can lead them now.</summary>
    /// <param name="topics">Which topics.</param>
    /// <param name="events">Takes the events.</param>
    public void Elect(IEnumerable<TopicImage> topics, List<IApiMessage> events)
    {
        foreach (var topic in topics)
        {
            TopicRules? rules = null;
            foreach (var partition in topic.Partitions)
            {
                if (partition.Leader != PartitionImage.NoLeader) continue;
                if (Decision(topic, partition, rules ??= TopicRules.Of(topic, context.Config)).Build() is { } change) events.Add(change);
            }
        }
    }

    /// <summary>The next state of a partition, with the topic's rules on who may lead.</summary>
    public PartitionDecision Decision(TopicImage topic, PartitionImage partition, TopicRules rules)
        => new(topic.Id, partition, IsActive, rules.MinInSync) { Election = rules.AllowsUnclean ? Election.Unclean : Election.Online };
}
