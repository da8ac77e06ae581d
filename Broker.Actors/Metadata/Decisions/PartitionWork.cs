using System.Diagnostics.CodeAnalysis;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Decisions;

/// <summary>Changes of single partitions that one request asks for: each sees those before it.</summary>
/// <param name="context">What is known before the request.</param>
internal sealed class PartitionWork(ControllerContext context)
{
    private readonly Dictionary<(Guid Topic, int Partition), PartitionImage> changed = [];
    private readonly Dictionary<Guid, TopicRules> rules = [];

    /// <summary>The events so far.</summary>
    public List<IApiMessage> Events { get; } = [];

    /// <summary>A partition as it is after the events so far.</summary>
    public bool TryFind(TopicImage topic, int index, [NotNullWhen(true)] out PartitionImage? partition)
    {
        partition = (uint)index < (uint)topic.Partitions.Length ? changed.GetValueOrDefault((topic.Id, index)) ?? topic.Partitions[index] : null;
        return partition is not null;
    }

    /// <summary>The next state of a partition.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="partition">The partition now.</param>
    /// <param name="except">A broker that cannot lead it, or -1.</param>
    public PartitionDecision Decision(TopicImage topic, PartitionImage partition, int except = PartitionImage.NoLeader)
        => new(topic.Id, partition, broker => broker != except && context.IsActive(broker), RulesOf(topic).MinInSync) { Election = RulesOf(topic).AllowsUnclean ? Election.Unclean : Election.Online };

    /// <summary>The topic's rules.</summary>
    public TopicRules RulesOf(TopicImage topic)
    {
        if (!rules.TryGetValue(topic.Id, out var found)) rules.Add(topic.Id, found = TopicRules.Of(topic, context.Config));
        return found;
    }

    /// <summary>Takes a decision and gives the partition after it: as it was, where nothing changes.</summary>
    public PartitionImage Take(PartitionImage partition, PartitionDecision decision, out bool changes)
    {
        var change = decision.Build();
        changes = change is not null;
        if (change is null) return partition;
        Events.Add(change);
        return changed[(change.TopicId, change.PartitionId)] = partition.With(change);
    }
}
