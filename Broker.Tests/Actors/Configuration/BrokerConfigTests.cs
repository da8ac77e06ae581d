using System.Net;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Configuration;

/// <summary>What a broker makes of the values it is started with.</summary>
public sealed class BrokerConfigTests
{
    [Fact]
    public void Nothing_given_is_a_whole_configuration()
    {
        var config = BrokerConfig.Create(new Dictionary<string, string>());
        Assert.Equal(1, config.NodeId);
        Assert.Equal(["./data"], config.LogDirs);
        Assert.Equal([new Listener("PLAINTEXT", SecurityProtocol.Plaintext, "", 9092)], config.Listeners);
        Assert.Equal(config.Listeners, config.AdvertisedListeners);
        Assert.Equal(104_857_600, config.SocketRequestMaxBytes);
        Assert.Equal(604_800_000, config.TopicDefaults.RetentionMs);
        Assert.Equal(long.MaxValue, config.TopicDefaults.FlushMs);
        Assert.Null(config.TopicDefaults.CompressionType);
        Assert.Equal(CleanupPolicy.Delete, config.TopicDefaults.CleanupPolicy);
        Assert.Equal(1 << 30, config.TopicDefaults.SegmentBytes);
    }

    [Theory]
    [InlineData("log.retention.ms", "5000", 5000)]
    [InlineData("log.retention.minutes", "2", 120_000)]
    [InlineData("log.retention.hours", "1", 3_600_000)]
    [InlineData("log.retention.hours", "-1", -1)]
    public void Retention_is_read_from_three_keys(string key, string value, long expected)
        => Assert.Equal(expected, Of((key, value)).TopicDefaults.RetentionMs);

    [Fact]
    public void The_finest_unit_of_retention_wins()
        => Assert.Equal(7, Of(("log.retention.hours", "1"), ("log.retention.minutes", "2"), ("log.retention.ms", "7")).TopicDefaults.RetentionMs);

    [Fact]
    public void A_topics_own_values_lie_over_the_brokers()
    {
        var broker = Of(("log.segment.bytes", "2000000"), ("compression.type", "lz4"), ("log.message.timestamp.type", "LogAppendTime"));
        var topic = TopicConfig.Create(new Dictionary<string, string> { ["compression.type"] = "uncompressed", ["cleanup.policy"] = "compact, delete" }, broker);
        Assert.Equal(2_000_000, topic.SegmentBytes);
        Assert.Equal(CompressionType.None, topic.CompressionType);
        Assert.Equal(CompressionType.Lz4, broker.TopicDefaults.CompressionType);
        Assert.Equal(CleanupPolicy.Compact | CleanupPolicy.Delete, topic.CleanupPolicy);
        Assert.Equal(TimestampType.LogAppendTime, topic.MessageTimestampType);
        Assert.Same(broker.TopicDefaults, TopicConfig.Create(new Dictionary<string, string>(), broker));
    }

    [Fact]
    public void What_is_set_while_running_lies_over_the_start()
    {
        var started = Of(("log.retention.hours", "1"), ("max.connections", "10"));
        var running = started.WithDynamic(new Dictionary<string, string> { ["log.retention.ms"] = "9", ["max.connections"] = "20" }, new Dictionary<string, string> { ["max.connections"] = "30" });
        Assert.Equal(9, running.TopicDefaults.RetentionMs);
        Assert.Equal(30, running.MaxConnections);
        Assert.Equal(10, started.MaxConnections);
    }

    [Fact]
    public void Listeners_have_names_and_protocols()
    {
        var config = Of(("listeners", "INSIDE://[::1]:9093,OUTSIDE://0.0.0.0:9094"), ("listener.security.protocol.map", "inside:PLAINTEXT,OUTSIDE:SSL"),
            ("advertised.listeners", "OUTSIDE://broker.example:443"), ("listener.name.outside.ssl.keystore.location", "key.pem"));
        Assert.Equal(new Listener("INSIDE", SecurityProtocol.Plaintext, "::1", 9093), config.Listeners[0]);
        Assert.Equal("INSIDE://[::1]:9093", config.Listeners[0].ToString());
        Assert.True(config.Listeners[1].IsTls);
        Assert.Equal([new Listener("OUTSIDE", SecurityProtocol.Ssl, "broker.example", 443)], config.AdvertisedListeners);
        Assert.Equal("key.pem", config.String(config.Listeners[1], "ssl.keystore.location"));
        Assert.Null(config.String(config.Listeners[0], "ssl.keystore.location"));
    }

    [Fact]
    public void Addresses_may_have_limits_of_their_own()
    {
        var config = Of(("max.connections.per.ip", "5"), ("max.connections.per.ip.overrides", "10.0.0.1:7,[::1]:9"));
        Assert.Equal(7, config.MaxConnectionsFrom(IPAddress.Parse("::ffff:10.0.0.1")));
        Assert.Equal(9, config.MaxConnectionsFrom(IPAddress.IPv6Loopback));
        Assert.Equal(5, config.MaxConnectionsFrom(IPAddress.Loopback));
    }

    [Theory]
    [InlineData("log.retenton.ms", "1", "did you mean log.retention.ms?")]
    [InlineData("zookeeper.connect", "x", "no ZooKeeper")]
    [InlineData("cleanup.policy", "delete", "did you mean log.cleanup.policy?")]
    [InlineData("max.message.bytes", "1", "message.max.bytes")]
    [InlineData("num.partitions", "0", "Value must be at least 1")]
    [InlineData("num.partitions", "many", "expected int 1.., default '1'")]
    [InlineData("listeners", "localhost:9092", "expected NAME://host:port")]
    [InlineData("listeners", "MINE://localhost:9092", "which protocol the listener MINE speaks")]
    [InlineData("listeners", "PLAINTEXT://a:1,PLAINTEXT://a:2", "stands twice")]
    [InlineData("listeners", "PLAINTEXT://:70000", "expected NAME://host:port")]
    [InlineData("advertised.listeners", "PLAINTEXT://0.0.0.0:9092", "name a host")]
    [InlineData("log.dirs", "", "must not be empty")]
    [InlineData("broker.id", "2", "they mean the same")]
    [InlineData("queued.max.request.bytes", "1000", "socket.request.max.bytes")]
    [InlineData("log.cleaner.min.compaction.lag.ms", "9223372036854775807", null)]
    [InlineData("group.min.session.timeout.ms", "1800001", "more than group.max.session.timeout.ms")]
    [InlineData("max.connections.per.ip.overrides", "10.0.0.1", "is not host:count")]
    [InlineData("log.cleaner.max.compaction.lag.ms", "0", "at least 1")]
    public void What_cannot_be_used_is_told_in_a_sentence(string key, string value, string? sentence)
    {
        var given = new Dictionary<string, string> { ["node.id"] = "1", [key] = value };
        if (sentence is null)
        {
            BrokerConfig.Create(given);
            return;
        }

        Assert.Contains(sentence, Assert.Throws<ConfigException>(() => BrokerConfig.Create(given)).Message);
    }

    private static BrokerConfig Of(params (string Key, string Value)[] values) => BrokerConfig.Create(values.ToDictionary(v => v.Key, v => v.Value));
}
