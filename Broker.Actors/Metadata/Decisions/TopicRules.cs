using AkkaStream.Actors.Configuration;

namespace AkkaStream.Actors.Metadata.Decisions;

/// <summary>What a topic's configuration says about who may lead its partitions.</summary>
/// <param name="MinInSync">Least number of in-sync replicas for an acknowledgement by all.</param>
/// <param name="AllowsUnclean">Whether a replica that is not in sync may lead where no other can.</param>
internal readonly record struct TopicRules(int MinInSync, bool AllowsUnclean)
{
    /// <summary>The rules of a topic: its own, or the broker's defaults.</summary>
    public static TopicRules Of(TopicImage topic, BrokerConfig config)
    {
        var min = topic.Configs.TryGetValue("min.insync.replicas", out var own) ? (int)ConfigText.Long(own) : config.TopicDefaults.MinInsyncReplicas;
        var unclean = topic.Configs.TryGetValue("unclean.leader.election.enable", out own) ? ConfigText.Boolean(own) : config.TopicDefaults.UncleanLeaderElectionEnable;
        return new(min, unclean);
    }
}
