using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Decisions;

/// <summary>What follows for leaders where the configuration changes.</summary>
internal static class ConfigConsequences
{
    private const string MinInSync = "min.insync.replicas";
    private const string Unclean = "unclean.leader.election.enable";

    /// <summary>Adds what has to be in force together with the changes.</summary>
    /// <param name="context">What is known before them.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="events">Their events; takes what follows.</param>
    public static void Add(ControllerContext context, List<ConfigChange> changes, List<IApiMessage> events)
    {
        var named = changes.Where(c => c.Key is MinInSync or Unclean).ToList();
        if (named.Count == 0) return;
        var after = After(context, events);
        IEnumerable<string> names = named.Any(c => c.Resource.Type != ConfigResourceType.Topic) ? after.Image.Topics.Keys : named.Select(c => c.Resource.Name).Distinct();
        var topics = names.Select(n => after.Image.Topics.GetValueOrDefault(n)).OfType<TopicImage>().ToList();
        foreach (var topic in topics)
        {
            if (TopicRules.Of(topic, after.Config).MinInSync < TopicRules.Of(context.Image.Topics[topic.Name], context.Config).MinInSync) Ineligible(topic, events);
        }

        if (!named.Exists(c => c.Key == Unclean)) return;
        after = After(context, events);
        new LeaderChanges(after) { IsActive = after.IsActive }.Elect(topics.Select(t => after.Image.Topics[t.Name]), events);
    }

    // With fewer that have to be in sync the high watermark may move on at once, and those that left may lack what it passes.
    private static void Ineligible(TopicImage topic, List<IApiMessage> events)
    {
        foreach (var partition in topic.Partitions)
        {
            if (partition.Elr.Count > 0) events.Add(new PartitionChangeRecord { TopicId = topic.Id, PartitionId = partition.Index, EligibleLeaderReplicas = [] });
        }
    }

    private static ControllerContext After(ControllerContext context, List<IApiMessage> events)
    {
        var image = context.Image.With(events, context.Image.Offset);
        var cluster = image.Configs.GetValueOrDefault(new ConfigResource(ConfigResourceType.Broker, ""));
        return new(image, cluster is null ? context.Config : context.Config.WithDynamic(cluster, context.Config.DynamicBroker), context.BrokerId, context.NewId) { IsCluster = context.IsCluster };
    }
}
