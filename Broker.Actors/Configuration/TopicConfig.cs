using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Configuration;

/// <summary>What happens to old segments of a log.</summary>
[Flags]
public enum CleanupPolicy : byte
{
    /// <summary>They stay.</summary>
    None = 0,

    /// <summary>They are deleted by time and size.</summary>
    Delete = 1,

    /// <summary>Of each key the last record stays.</summary>
    Compact = 2,
}

/// <summary>When the records of a log are forced to disk.</summary>
public enum FlushMode : byte
{
    /// <summary>After so many records or so much time.</summary>
    Interval = 0,

    /// <summary>Before each acknowledgement, once for all that wait.</summary>
    Group = 1,
}

/// <summary>
/// Everything a topic is configured with: its own values over the broker's defaults. Immutable once made; topics that set nothing share one.
/// </summary>
public sealed class TopicConfig
{
    private TopicConfig()
    {
    }

    /// <summary>What happens to old segments.</summary>
    public CleanupPolicy CleanupPolicy { get; private set; }

    /// <summary>Codec in which batches are stored; null keeps what the producer chose.</summary>
    public CompressionType? CompressionType { get; private set; }

    /// <summary>Level of gzip, 1 to 9; -1: the codec's own.</summary>
    public int CompressionGzipLevel { get; private set; }

    /// <summary>Level of lz4, 1 to 17.</summary>
    public int CompressionLz4Level { get; private set; }

    /// <summary>Level of zstd, up to 22.</summary>
    public int CompressionZstdLevel { get; private set; }

    /// <summary>How long, in ms, tombstones stay.</summary>
    public long DeleteRetentionMs { get; private set; }

    /// <summary>Replicas that take no more than <c>follower.replication.throttled.rate</c> while they are not in sync.</summary>
    public ThrottledReplicas FollowerThrottled { get; private set; } = ThrottledReplicas.None;

    /// <summary>Leaders that send no more than <c>leader.replication.throttled.rate</c> to replicas that are not in sync.</summary>
    public ThrottledReplicas LeaderThrottled { get; private set; } = ThrottledReplicas.None;

    /// <summary>How long, in ms, a deleted segment's file stays.</summary>
    public long FileDeleteDelayMs { get; private set; }

    /// <summary>Records after which the log is forced to disk.</summary>
    public long FlushMessages { get; private set; }

    /// <summary>Time in ms after which new records are forced to disk.</summary>
    public long FlushMs { get; private set; }

    /// <summary>When records are forced to disk.</summary>
    public FlushMode FlushMode { get; private set; }

    /// <summary>Bytes between two index entries.</summary>
    public int IndexIntervalBytes { get; private set; }

    /// <summary>Longest time in ms without compaction.</summary>
    public long MaxCompactionLagMs { get; private set; }

    /// <summary>Largest batch in bytes.</summary>
    public int MaxMessageBytes { get; private set; }

    /// <summary>How far, in ms, timestamps may lie ahead.</summary>
    public long MessageTimestampAfterMaxMs { get; private set; }

    /// <summary>How far, in ms, timestamps may lie behind.</summary>
    public long MessageTimestampBeforeMaxMs { get; private set; }

    /// <summary>Whose timestamps records have.</summary>
    public TimestampType MessageTimestampType { get; private set; }

    /// <summary>Share of uncompacted bytes, 0 to 1, from which a log is cleaned.</summary>
    public double MinCleanableDirtyRatio { get; private set; }

    /// <summary>Least time in ms without compaction.</summary>
    public long MinCompactionLagMs { get; private set; }

    /// <summary>Replicas needed for acks=all.</summary>
    public int MinInsyncReplicas { get; private set; }

    /// <summary>Whether a segment's file gets its size at once.</summary>
    public bool Preallocate { get; private set; }

    /// <summary>Bytes of a partition that are kept; -1: no limit.</summary>
    public long RetentionBytes { get; private set; }

    /// <summary>Time in ms that records are kept; -1: no limit.</summary>
    public long RetentionMs { get; private set; }

    /// <summary>Largest size in bytes of a segment (<c>internal.segment.bytes</c> where that is set).</summary>
    public int SegmentBytes => internalSegmentBytes ?? segmentBytes;

    /// <summary>Largest size in bytes of an index file.</summary>
    public int SegmentIndexBytes { get; private set; }

    /// <summary>Most ms by which a roll comes early.</summary>
    public long SegmentJitterMs { get; private set; }

    /// <summary>Time in ms after which a segment is rolled.</summary>
    public long SegmentMs { get; private set; }

    /// <summary>Whether an out-of-sync replica may lead.</summary>
    public bool UncleanLeaderElectionEnable { get; private set; }

    /// <summary>Time in ms after which a partition forgets an idle producer id: the broker's, for no topic has its own.</summary>
    public long ProducerIdExpirationMs { get; private set; }

    /// <summary>How often, in ms, a partition looks for producer ids to forget: the broker's.</summary>
    public long ProducerIdExpirationCheckMs { get; private set; }

    /// <summary>Whether the first batch of a transaction is checked against its coordinator: the broker's.</summary>
    public bool VerifiesTransactions { get; private set; }

    /// <summary>Whether tiered storage was asked for.</summary>
    public bool RemoteStorageEnable { get; private set; }

    /// <summary>What the log takes of it, once it was asked for. Whoever makes it at the same time makes the same.</summary>
    internal LogConfig? ForLog { get; set; }

    /// <summary>What the judgement of records takes of it, once it was asked for.</summary>
    internal RecordRules? ForRecords { get; set; }

    private int segmentBytes;
    private int? internalSegmentBytes;

    /// <summary>The configuration of a topic. Values must have been checked.</summary>
    /// <param name="own">What is set on the topic.</param>
    /// <param name="broker">What holds for the rest.</param>
    public static TopicConfig Create(IReadOnlyDictionary<string, string> own, BrokerConfig broker)
    {
        if (own.Count == 0) return broker.TopicDefaults;
        var config = (TopicConfig)broker.TopicDefaults.MemberwiseClone();
        (config.ForLog, config.ForRecords) = (null, null);
        foreach (var (key, value) in own) config.Set(key, value.Trim());
        return config;
    }

    /// <summary>The value that the broker gives a topic key, as DescribeConfigs shows it; null where there is none.</summary>
    public static string? DefaultOf(ConfigKey key, BrokerConfig broker)
    {
        foreach (var synonym in key.BrokerSynonyms)
        {
            var value = broker.Explicit(synonym.Name);
            if (value is not null) return synonym.Factor == 1 ? key.Canonical(value) : Scaled(value, synonym.Factor);
        }

        return key.Default;
    }

    /// <summary>Null, or a sentence that tells which values contradict each other.</summary>
    internal string? Conflict()
    {
        if (MinCompactionLagMs > MaxCompactionLagMs)
        {
            return $"conflict topic config setting min.compaction.lag.ms ({MinCompactionLagMs}) > max.compaction.lag.ms ({MaxCompactionLagMs})";
        }

        return RemoteStorageEnable ? "remote.storage.enable: there is no tiered storage on this broker" : null;
    }

    internal static TopicConfig DefaultsOf(BrokerConfig broker)
    {
        var config = new TopicConfig
        {
            ProducerIdExpirationMs = broker.ProducerIdExpirationMs,
            ProducerIdExpirationCheckMs = broker.ProducerIdExpirationCheckIntervalMs,
            VerifiesTransactions = broker.TransactionPartitionVerificationEnable,
        };
        foreach (var key in ConfigTable.Topic.All)
        {
            if (DefaultOf(key, broker) is { } value) config.Set(key.Name, value);
        }

        return config;
    }

    private static string Scaled(string value, long factor)
    {
        var number = ConfigText.Long(value);
        return ConfigText.Canonical(ConfigType.Long, (number < 0 ? number : number * factor).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private void Set(string key, string value)
    {
        if (!SetNumber(key, value)) SetOther(key, value);
    }

    private bool SetNumber(string key, string value)
    {
        switch (key)
        {
            case "compression.gzip.level": CompressionGzipLevel = Int(value); break;
            case "compression.lz4.level": CompressionLz4Level = Int(value); break;
            case "compression.zstd.level": CompressionZstdLevel = Int(value); break;
            case "delete.retention.ms": DeleteRetentionMs = ConfigText.Long(value); break;
            case "file.delete.delay.ms": FileDeleteDelayMs = ConfigText.Long(value); break;
            case "flush.messages": FlushMessages = ConfigText.Long(value); break;
            case "flush.ms": FlushMs = ConfigText.Long(value); break;
            case "index.interval.bytes": IndexIntervalBytes = Int(value); break;
            case "internal.segment.bytes": internalSegmentBytes = Int(value); break;
            case "max.compaction.lag.ms": MaxCompactionLagMs = ConfigText.Long(value); break;
            case "max.message.bytes": MaxMessageBytes = Int(value); break;
            case "message.timestamp.after.max.ms": MessageTimestampAfterMaxMs = ConfigText.Long(value); break;
            case "message.timestamp.before.max.ms": MessageTimestampBeforeMaxMs = ConfigText.Long(value); break;
            case "min.cleanable.dirty.ratio": MinCleanableDirtyRatio = ConfigText.Double(value); break;
            case "min.compaction.lag.ms": MinCompactionLagMs = ConfigText.Long(value); break;
            case "min.insync.replicas": MinInsyncReplicas = Int(value); break;
            case "retention.bytes": RetentionBytes = ConfigText.Long(value); break;
            case "retention.ms": RetentionMs = ConfigText.Long(value); break;
            case "segment.bytes": segmentBytes = Int(value); break;
            case "segment.index.bytes": SegmentIndexBytes = Int(value); break;
            case "segment.jitter.ms": SegmentJitterMs = ConfigText.Long(value); break;
            case "segment.ms": SegmentMs = ConfigText.Long(value); break;
            default: return false;
        }

        return true;
    }

    private void SetOther(string key, string value)
    {
        switch (key)
        {
            case "cleanup.policy": CleanupPolicy = PolicyOf(value); break;
            case "compression.type": CompressionType = CodecOf(value); break;
            case "flush.mode": FlushMode = value == "group" ? FlushMode.Group : FlushMode.Interval; break;
            case "follower.replication.throttled.replicas": FollowerThrottled = ThrottledReplicas.Of(value); break;
            case "leader.replication.throttled.replicas": LeaderThrottled = ThrottledReplicas.Of(value); break;
            case "message.timestamp.type": MessageTimestampType = value == "LogAppendTime" ? TimestampType.LogAppendTime : TimestampType.CreateTime; break;
            case "preallocate": Preallocate = ConfigText.Boolean(value); break;
            case "unclean.leader.election.enable": UncleanLeaderElectionEnable = ConfigText.Boolean(value); break;
            case "remote.storage.enable": RemoteStorageEnable = ConfigText.Boolean(value); break;
        }
    }

    private static int Int(string value) => (int)ConfigText.Long(value);

    private static CleanupPolicy PolicyOf(string value)
    {
        var policy = CleanupPolicy.None;
        foreach (var element in ConfigText.List(value)) policy |= element == "compact" ? CleanupPolicy.Compact : CleanupPolicy.Delete;
        return policy;
    }

    private static CompressionType? CodecOf(string value) => value switch
    {
        "uncompressed" => Client.Compression.CompressionType.None,
        "gzip" => Client.Compression.CompressionType.Gzip,
        "snappy" => Client.Compression.CompressionType.Snappy,
        "lz4" => Client.Compression.CompressionType.Lz4,
        "zstd" => Client.Compression.CompressionType.Zstd,
        _ => null,
    };
}
