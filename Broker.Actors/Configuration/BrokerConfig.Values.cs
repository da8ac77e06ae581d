using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace AkkaStream.Actors.Configuration;

/// <content>The values that this version acts on, typed.</content>
public sealed partial class BrokerConfig
{
    /// <summary>Largest request in bytes (<c>socket.request.max.bytes</c>).</summary>
    public int SocketRequestMaxBytes { get; private set; }

    /// <summary>Receive buffer of a client's socket in bytes; -1: the system's choice.</summary>
    public int SocketReceiveBufferBytes { get; private set; }

    /// <summary>Send buffer of a client's socket in bytes; -1: the system's choice.</summary>
    public int SocketSendBufferBytes { get; private set; }

    /// <summary>Connections that may wait to be accepted.</summary>
    public int SocketListenBacklogSize { get; private set; }

    /// <summary>Memory in bytes for requests that are read or handled (<c>queued.max.request.bytes</c>, else <c>request.memory.max.bytes</c>).</summary>
    public long RequestMemoryMaxBytes { get; private set; }

    /// <summary>Idle time in ms after which a connection is closed; negative: never.</summary>
    public long ConnectionsMaxIdleMs { get; private set; }

    /// <summary>Most connections of the broker.</summary>
    public int MaxConnections { get; private set; }

    /// <summary>Most connections from one address; see <see cref="MaxConnectionsFrom"/>.</summary>
    public int MaxConnectionsPerIp { get; private set; }

    /// <summary>Time in ms that a stopping broker gives the requests in flight.</summary>
    public long ShutdownTimeoutMs { get; private set; }

    /// <summary>Most bytes of a fetch answer.</summary>
    public int FetchMaxBytes { get; private set; }

    /// <summary>Most incremental fetch sessions.</summary>
    public int MaxIncrementalFetchSessionCacheSlots { get; private set; }

    /// <summary>Most partitions in one answer to DescribeTopicPartitions.</summary>
    public int MaxRequestPartitionSizeLimit { get; private set; }

    /// <summary>Whether unknown topics come into being when asked about.</summary>
    public bool AutoCreateTopicsEnable { get; private set; }

    /// <summary>Whether topics can be deleted.</summary>
    public bool DeleteTopicEnable { get; private set; }

    /// <summary>Partitions of a topic where nobody says how many.</summary>
    public int NumPartitions { get; private set; }

    /// <summary>Replicas of a topic where nobody says how many.</summary>
    public int DefaultReplicationFactor { get; private set; }

    /// <summary>How often, in ms, retention is looked after.</summary>
    public long LogRetentionCheckIntervalMs { get; private set; }

    /// <summary>Pause, in ms, between two walks of the scrubber; -1 for none.</summary>
    public long LogScrubIntervalMs { get; private set; }

    /// <summary>How often, in ms, recovery points are written.</summary>
    public long LogFlushOffsetCheckpointIntervalMs { get; private set; }

    /// <summary>How often, in ms, log start offsets are written.</summary>
    public long LogFlushStartOffsetCheckpointIntervalMs { get; private set; }

    /// <summary>How often, in ms, high watermarks are written.</summary>
    public long ReplicaHighWatermarkCheckpointIntervalMs { get; private set; }

    /// <summary>Time in ms after which an idle producer id is forgotten.</summary>
    public long ProducerIdExpirationMs { get; private set; }

    /// <summary>Whether compacted logs are cleaned.</summary>
    public bool LogCleanerEnable { get; private set; }

    /// <summary>Logs that are cleaned at the same time.</summary>
    public int LogCleanerThreads { get; private set; }

    /// <summary>Memory in bytes for the maps of keys of all cleanings together.</summary>
    public long LogCleanerDedupeBufferSize { get; private set; }

    /// <summary>How full a map of keys may become, 0 to 1.</summary>
    public double LogCleanerIoBufferLoadFactor { get; private set; }

    /// <summary>Memory in bytes for reading and writing of all cleanings together.</summary>
    public int LogCleanerIoBufferSize { get; private set; }

    /// <summary>Most bytes a second that all cleanings together read and write.</summary>
    public double LogCleanerIoMaxBytesPerSecond { get; private set; }

    /// <summary>Pause in ms before the cleaner looks for work again.</summary>
    public long LogCleanerBackoffMs { get; private set; }

    /// <summary>How often, in ms, partitions look for producer ids to forget.</summary>
    public long ProducerIdExpirationCheckIntervalMs { get; private set; }

    /// <summary>Whether a transactional write is checked against its coordinator.</summary>
    public bool TransactionPartitionVerificationEnable { get; private set; }

    /// <summary>Rack of this broker; null where none is set.</summary>
    public string? Rack { get; private set; }

    /// <summary>Most connections from one address, exceptions included (<c>max.connections.per.ip.overrides</c>).</summary>
    public int MaxConnectionsFrom(IPAddress address)
    {
        if (ConnectionOverrides.Count == 0) return MaxConnectionsPerIp;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return ConnectionOverrides.GetValueOrDefault(plain.ToString(), MaxConnectionsPerIp);
    }

    /// <summary>Most connections from each address that has a limit of its own.</summary>
    public IReadOnlyDictionary<string, int> ConnectionOverrides { get; private set; } = FrozenDictionary<string, int>.Empty;

    private void ReadNetwork()
    {
        SocketRequestMaxBytes = Int("socket.request.max.bytes");
        SocketReceiveBufferBytes = Int("socket.receive.buffer.bytes");
        SocketSendBufferBytes = Int("socket.send.buffer.bytes");
        SocketListenBacklogSize = Int("socket.listen.backlog.size");
        var queued = Long("queued.max.request.bytes");
        RequestMemoryMaxBytes = queued > 0 ? queued : Long("request.memory.max.bytes");
        ConnectionsMaxIdleMs = Long("connections.max.idle.ms");
        MaxConnections = Int("max.connections");
        MaxConnectionsPerIp = Int("max.connections.per.ip");
        ConnectionOverrides = ReadOverrides(String("max.connections.per.ip.overrides")!);
        ShutdownTimeoutMs = Long("shutdown.timeout.ms");
        FetchMaxBytes = Int("fetch.max.bytes");
        MaxIncrementalFetchSessionCacheSlots = Int("max.incremental.fetch.session.cache.slots");
        MaxRequestPartitionSizeLimit = Int("max.request.partition.size.limit");
        Rack = String("broker.rack");
    }

    private void ReadTopics()
    {
        AutoCreateTopicsEnable = Boolean("auto.create.topics.enable");
        DeleteTopicEnable = Boolean("delete.topic.enable");
        NumPartitions = Int("num.partitions");
        DefaultReplicationFactor = Int("default.replication.factor");
        LogRetentionCheckIntervalMs = Long("log.retention.check.interval.ms");
        LogScrubIntervalMs = Long("log.scrub.interval.ms");
        LogFlushOffsetCheckpointIntervalMs = Long("log.flush.offset.checkpoint.interval.ms");
        LogFlushStartOffsetCheckpointIntervalMs = Long("log.flush.start.offset.checkpoint.interval.ms");
        ReplicaHighWatermarkCheckpointIntervalMs = Long("replica.high.watermark.checkpoint.interval.ms");
        ProducerIdExpirationMs = Long("producer.id.expiration.ms");
        ProducerIdExpirationCheckIntervalMs = Long("producer.id.expiration.check.interval.ms");
        TransactionPartitionVerificationEnable = Boolean("transaction.partition.verification.enable");
    }

    private void ReadCleaner()
    {
        LogCleanerEnable = Boolean("log.cleaner.enable");
        LogCleanerThreads = Int("log.cleaner.threads");
        LogCleanerDedupeBufferSize = Long("log.cleaner.dedupe.buffer.size");
        LogCleanerIoBufferLoadFactor = Double("log.cleaner.io.buffer.load.factor");
        LogCleanerIoBufferSize = Int("log.cleaner.io.buffer.size");
        LogCleanerIoMaxBytesPerSecond = Double("log.cleaner.io.max.bytes.per.second");
        LogCleanerBackoffMs = Long("log.cleaner.backoff.ms");
    }

    // Pairs of values that are fine by themselves and not together.
    internal void CheckTogether()
    {
        var queued = Long("queued.max.request.bytes");
        if (queued > 0 && queued < SocketRequestMaxBytes)
        {
            throw new ConfigException("queued.max.request.bytes", $"queued.max.request.bytes is {queued}, less than the one request of {SocketRequestMaxBytes} bytes that socket.request.max.bytes lets in");
        }

        NotAbove("group.min.session.timeout.ms", "group.max.session.timeout.ms");
        foreach (var kind in (ReadOnlySpan<string>)["consumer", "share", "streams"])
        {
            foreach (var value in (ReadOnlySpan<string>)["session.timeout.ms", "heartbeat.interval.ms"])
            {
                NotAbove($"group.{kind}.min.{value}", $"group.{kind}.{value}");
                NotAbove($"group.{kind}.{value}", $"group.{kind}.max.{value}");
            }
        }

        if (TopicDefaults.Conflict() is { } conflict) throw new ConfigException(null, conflict);
    }

    private void NotAbove(string lower, string upper)
    {
        if (Long(lower) > Long(upper)) throw new ConfigException(lower, $"{lower} is {Long(lower)}, which is more than {upper} with {Long(upper)}");
    }

    private static IReadOnlyDictionary<string, int> ReadOverrides(string text)
    {
        if (text.Length == 0) return FrozenDictionary<string, int>.Empty;
        var overrides = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var pair in ConfigText.List(text))
        {
            var colon = pair.LastIndexOf(':');
            if (colon <= 0 || !int.TryParse(pair.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                throw new ConfigException("max.connections.per.ip.overrides", $"max.connections.per.ip.overrides: '{pair}' is not host:count");
            }

            overrides[pair[..colon].Trim('[', ']')] = count;
        }

        return overrides;
    }
}
