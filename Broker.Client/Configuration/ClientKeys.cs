using AkkaStream.Client.Compression;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;
using static AkkaStream.Client.Configuration.ClientValue;

namespace AkkaStream.Client.Configuration;

/// <summary>The table of keys. Each stands here once; defaults stand where the options are.</summary>
internal static class ClientKeys
{
    private const string Milliseconds = "milliseconds, 0 or more";
    private const string Whole = "a whole number, 1 or more";
    private const string YesOrNo = "true or false";
    private const string AnyText = "a name";

    public static readonly ClientKey[] All = [.. OfClient(), .. OfProducer(), .. OfConsumer()];

    public static readonly Dictionary<string, ClientKey> ByName = All.ToDictionary(k => k.Name, StringComparer.OrdinalIgnoreCase);

    private static ClientKey Key(ClientKeyScope scope, string name, string expected, Func<ClientSettings, string, ClientSettings> apply) => new(scope, name, expected, apply);

    private static ClientKey Producer(string name, string expected, Func<ProducerOptions, string, ProducerOptions> apply) => Key(ClientKeyScope.Producer, name, expected, (s, v) => s with { Producer = apply(s.Producer, v) });

    private static ClientKey Batching(string name, string expected, Func<AccumulatorOptions, string, AccumulatorOptions> apply) => Producer(name, expected, (p, v) => p with { Batching = apply(p.Batching, v) });

    private static ClientKey Consumer(string name, string expected, Func<ConsumerOptions, string, ConsumerOptions> apply) => Key(ClientKeyScope.Consumer, name, expected, (s, v) => s with { Consumer = apply(s.Consumer, v) });

    private static ClientSettings Bootstrap(ClientSettings settings, string value)
    {
        if (!ActorAddresses.AreActors(value)) return settings with { BootstrapServers = BrokerAddress.ParseList(value), BrokerSystem = null };
        var (system, brokers) = ActorAddresses.Parse(value);
        return settings with { BootstrapServers = brokers, BrokerSystem = system };
    }

    private static IEnumerable<ClientKey> OfClient() =>
    [
        Key(ClientKeyScope.All, "bootstrap.servers", "host:port, several separated by commas, or akka.tcp://system@host:port for every one of them", Bootstrap),
        Key(ClientKeyScope.All, "client.id", AnyText, (s, v) => s with { Wire = s.Wire with { ClientId = v } }),
        Key(ClientKeyScope.All, "client.dns.lookup", "use_all_dns_ips: every address of a name is tried", (s, v) => v == "use_all_dns_ips" ? s : throw new FormatException(v)),
        Key(ClientKeyScope.All, "security.protocol", "PLAINTEXT or SSL", (s, v) => s with { Wire = s.Wire with { Tls = v.ToUpperInvariant() switch { "PLAINTEXT" => null, "SSL" => s.Wire.Tls ?? new(), _ => throw new FormatException(v) } } }),
        Key(ClientKeyScope.All, "socket.connection.setup.timeout.ms", Milliseconds, (s, v) => s with { Wire = s.Wire with { ConnectTimeout = Time(v, 1) } }),
        Key(ClientKeyScope.All, "request.timeout.ms", Milliseconds, (s, v) => s with { Cluster = s.Cluster with { RequestTimeout = Time(v, 1) }, Producer = s.Producer with { RequestTimeout = Time(v, 1) } }),
        Key(ClientKeyScope.All, "default.api.timeout.ms", Milliseconds, (s, v) => s with { Cluster = s.Cluster with { OperationTimeout = Time(v, 1) } }),
        Key(ClientKeyScope.All, "retry.backoff.ms", Milliseconds, (s, v) => s with { Cluster = s.Cluster with { RetryBackoff = Time(v) }, Producer = s.Producer with { RetryBackoff = Time(v) } }),
        Key(ClientKeyScope.All, "retry.backoff.max.ms", Milliseconds, (s, v) => s with { Cluster = s.Cluster with { RetryBackoffMax = Time(v) }, Producer = s.Producer with { RetryBackoffMax = Time(v) } }),
        Key(ClientKeyScope.All, "reconnect.backoff.ms", Milliseconds, (s, v) => s with { Cluster = s.Cluster with { ReconnectBackoff = Time(v) } }),
        Key(ClientKeyScope.All, "reconnect.backoff.max.ms", Milliseconds, (s, v) => s with { Cluster = s.Cluster with { ReconnectBackoffMax = Time(v) } }),
        Key(ClientKeyScope.All, "metadata.max.age.ms", Milliseconds, (s, v) => s with { Cluster = s.Cluster with { MetadataMaxAge = Time(v) }, Consumer = s.Consumer with { MetadataMaxAge = Time(v) } }),
    ];

    private static IEnumerable<ClientKey> OfProducer() =>
    [
        Producer("acks", "all, 1 or 0", (p, v) => p with { Acks = v switch { "all" or "-1" => Acks.All, "1" => Acks.Leader, "0" => Acks.None, _ => throw new FormatException(v) } }),
        Producer("enable.idempotence", YesOrNo, (p, v) => p with { Idempotence = Bool(v) }),
        Producer("max.in.flight.requests.per.connection", "1 to 5", (p, v) => p with { MaxInFlight = Int(v, 1, 5) }),
        Producer("transactional.id", AnyText, (p, v) => p with { TransactionalId = Text(v) }),
        Producer("transaction.timeout.ms", Milliseconds, (p, v) => p with { TransactionTimeout = Time(v, 1) }),
        Producer("retries", "a whole number, 0 or more", (p, v) => p with { Retries = Int(v, 0, int.MaxValue) }),
        Producer("max.block.ms", Milliseconds, (p, v) => p with { MaxBlock = Time(v) }),
        Producer("partitioner.class", "nothing, or RoundRobinPartitioner (with or without Kafka's package before it)", (p, v) => p with { Partitioner = v.Length == 0 ? null : v.EndsWith("RoundRobinPartitioner", StringComparison.Ordinal) ? new RoundRobin() : throw new FormatException(v) }),
        Producer("partitioner.ignore.keys", YesOrNo, (p, v) => p with { IgnoreKeys = Bool(v) }),
        Producer("partitioner.adaptive.partitioning.enable", YesOrNo, (p, v) => p with { AdaptivePartitioning = Bool(v) }),
        Batching("batch.size", "bytes, 0 or more", (b, v) => b with { BatchSize = Int(v, 0, int.MaxValue) }),
        Batching("linger.ms", Milliseconds, (b, v) => b with { LingerMs = Long(v, 0, int.MaxValue) }),
        Batching("buffer.memory", "bytes, 0 or more", (b, v) => b with { BufferMemory = Long(v, 0, long.MaxValue) }),
        Batching("max.request.size", "bytes, 0 or more", (b, v) => b with { MaxRequestSize = Int(v, 0, int.MaxValue) }),
        Batching("delivery.timeout.ms", Milliseconds, (b, v) => b with { DeliveryTimeoutMs = Long(v, 0, int.MaxValue) }),
        Batching("compression.type", "none, gzip, snappy, lz4 or zstd", (b, v) => b with { Compression = Codec(v), CompressionLevel = null }),
        Level("gzip", CompressionType.Gzip, 1, 9),
        Level("lz4", CompressionType.Lz4, 1, 17),
        Level("zstd", CompressionType.Zstd, -131072, 22),
    ];

    private static IEnumerable<ClientKey> OfConsumer() =>
    [
        Consumer("group.id", AnyText, (c, v) => c with { GroupId = Text(v) }),
        Consumer("group.protocol", "classic or consumer", (c, v) => c with { GroupProtocol = v.ToLowerInvariant() switch { "classic" => GroupProtocol.Classic, "consumer" => GroupProtocol.Consumer, _ => throw new FormatException(v) } }),
        Consumer("group.instance.id", AnyText, (c, v) => c with { GroupInstanceId = Text(v) }),
        Consumer("group.remote.assignor", AnyText, (c, v) => c with { GroupRemoteAssignor = Text(v) }),
        Consumer("partition.assignment.strategy", "range, roundrobin, sticky and cooperative-sticky, separated by commas", (c, v) => c with { Assignors = [.. v.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Assignor)] }),
        Consumer("session.timeout.ms", Milliseconds, (c, v) => c with { SessionTimeout = Time(v, 1) }),
        Consumer("heartbeat.interval.ms", Milliseconds, (c, v) => c with { HeartbeatInterval = Time(v, 1) }),
        Consumer("max.poll.interval.ms", Milliseconds, (c, v) => c with { MaxPollInterval = Time(v, 1) }),
        Consumer("max.poll.records", Whole, (c, v) => c with { MaxPollRecords = Int(v, 1, int.MaxValue) }),
        Consumer("enable.auto.commit", YesOrNo, (c, v) => c with { EnableAutoCommit = Bool(v) }),
        Consumer("auto.commit.interval.ms", "milliseconds, 1 or more", (c, v) => c with { AutoCommitInterval = Time(v, 1) }),
        Consumer("auto.offset.reset", "earliest, latest, none, or by_duration: and a duration such as PT1H", (c, v) => c with { AutoOffsetReset = AutoOffsetReset.Parse(v) }),
        Consumer("isolation.level", "read_uncommitted or read_committed", (c, v) => c with { IsolationLevel = v switch { "read_uncommitted" => Isolation.ReadUncommitted, "read_committed" => Isolation.ReadCommitted, _ => throw new FormatException(v) } }),
        Consumer("allow.auto.create.topics", YesOrNo, (c, v) => c with { AllowAutoCreateTopics = Bool(v) }),
        Consumer("fetch.min.bytes", "bytes, 0 or more", (c, v) => c with { FetchMinBytes = Int(v, 0, int.MaxValue) }),
        Consumer("fetch.max.wait.ms", Milliseconds, (c, v) => c with { FetchMaxWait = Time(v) }),
        Consumer("fetch.max.bytes", "bytes, 0 or more", (c, v) => c with { FetchMaxBytes = Int(v, 0, int.MaxValue) }),
        Consumer("max.partition.fetch.bytes", "bytes, 0 or more", (c, v) => c with { MaxPartitionFetchBytes = Int(v, 0, int.MaxValue) }),
        Consumer("client.rack", AnyText, (c, v) => c with { ClientRack = Text(v) }),
    ];

    // A level counts where its codec is the one that is used; codecs are read before levels.
    private static ClientKey Level(string name, CompressionType codec, int from, int to)
        => Producer($"compression.{name}.level", $"{from} to {to}", (p, v) => Int(v, from, to) is var level && p.Batching.Compression == codec ? p with { Batching = p.Batching with { CompressionLevel = level } } : p);

    private static CompressionType Codec(string text)
        => text.ToLowerInvariant() switch { "none" => CompressionType.None, "gzip" => CompressionType.Gzip, "snappy" => CompressionType.Snappy, "lz4" => CompressionType.Lz4, "zstd" => CompressionType.Zstd, _ => throw new FormatException(text) };

    private static GroupAssignor Assignor(string text)
    {
        var name = text[(text.LastIndexOf('.') + 1)..];
        return name switch
        {
            "range" or "RangeAssignor" => new RangeAssignor(),
            "roundrobin" or "RoundRobinAssignor" => new RoundRobinAssignor(),
            "sticky" or "StickyAssignor" => new StickyAssignor(),
            "cooperative-sticky" or "CooperativeStickyAssignor" => new CooperativeStickyAssignor(),
            _ => throw new FormatException(text),
        };
    }
}
