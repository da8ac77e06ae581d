using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Partitions;

/// <summary>A topic's configuration, as its log and the judgement of its records take it.</summary>
internal static class TopicSettings
{
    /// <summary>What the log acts on; one for all partitions with that configuration.</summary>
    public static LogConfig ToLogConfig(this TopicConfig topic) => topic.ForLog ??= MakeLogConfig(topic);

    /// <summary>What records are judged by; one for all partitions with that configuration.</summary>
    public static RecordRules ToRecordRules(this TopicConfig topic) => topic.ForRecords ??= MakeRecordRules(topic);

    private static LogConfig MakeLogConfig(TopicConfig topic) => new()
    {
        SegmentBytes = topic.SegmentBytes,
        SegmentMs = topic.SegmentMs,
        SegmentIndexBytes = topic.SegmentIndexBytes,
        IndexIntervalBytes = topic.IndexIntervalBytes,
        RetentionMs = topic.RetentionMs,
        RetentionBytes = topic.RetentionBytes,
        DeletesByRetention = topic.CleanupPolicy.HasFlag(CleanupPolicy.Delete),
        Compacts = topic.CleanupPolicy.HasFlag(CleanupPolicy.Compact),
        DeleteRetentionMs = topic.DeleteRetentionMs,
        MinCompactionLagMs = topic.MinCompactionLagMs,
        MaxCompactionLagMs = topic.MaxCompactionLagMs,
        MinCleanableDirtyRatio = topic.MinCleanableDirtyRatio,
        FileDeleteDelayMs = topic.FileDeleteDelayMs,
        FlushMessages = topic.FlushMessages,
        FlushMs = topic.FlushMs,
        ProducerIdExpirationMs = topic.ProducerIdExpirationMs,
        ProducerIdExpirationCheckMs = topic.ProducerIdExpirationCheckMs,
        VerifiesTransactions = topic.VerifiesTransactions,
    };

    private static RecordRules MakeRecordRules(TopicConfig topic) => new()
    {
        MaxMessageBytes = topic.MaxMessageBytes,
        Compression = topic.CompressionType,
        CompressionLevel = topic.CompressionType switch
        {
            CompressionType.Gzip => topic.CompressionGzipLevel,
            CompressionType.Lz4 => topic.CompressionLz4Level,
            CompressionType.Zstd => topic.CompressionZstdLevel,
            _ => null,
        },
        TimestampType = topic.MessageTimestampType,
        TimestampBeforeMaxMs = topic.MessageTimestampBeforeMaxMs,
        TimestampAfterMaxMs = topic.MessageTimestampAfterMaxMs,
        Compacted = topic.CleanupPolicy.HasFlag(CleanupPolicy.Compact),
    };
}
