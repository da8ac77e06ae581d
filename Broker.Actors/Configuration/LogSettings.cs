using AkkaStream.Actors.Storage;

namespace AkkaStream.Actors.Configuration;

/// <summary>What a log needs to know of its topic's configuration.</summary>
public static class LogSettings
{
    /// <summary>The settings of a topic's logs.</summary>
    /// <param name="topic">The topic's configuration.</param>
    /// <param name="broker">The broker's, for what is no topic's matter.</param>
    public static LogConfig Of(TopicConfig topic, BrokerConfig broker) => new()
    {
        SegmentBytes = topic.SegmentBytes,
        SegmentMs = topic.SegmentMs,
        SegmentIndexBytes = topic.SegmentIndexBytes,
        IndexIntervalBytes = topic.IndexIntervalBytes,
        RetentionMs = topic.RetentionMs,
        RetentionBytes = topic.RetentionBytes,
        DeletesByRetention = topic.CleanupPolicy.HasFlag(CleanupPolicy.Delete),
        Compacts = topic.CleanupPolicy.HasFlag(CleanupPolicy.Compact),
        FileDeleteDelayMs = topic.FileDeleteDelayMs,
        FlushMessages = topic.FlushMessages,
        FlushMs = topic.FlushMs,
        ProducerIdExpirationMs = broker.ProducerIdExpirationMs,
    };
}
