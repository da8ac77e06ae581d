using AkkaStream.Client.Compression;
using AkkaStream.Client.Configuration;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;

namespace AkkaStream.Tests.Client.Configuration;

/// <summary>Keys by Kafka's names.</summary>
public sealed class ClientSettingsTests
{
    [Fact]
    public void Keys_set_what_they_name()
    {
        var read = ClientSettings.Read(new Dictionary<string, string?>
        {
            ["bootstrap.servers"] = "a:1, b",
            ["compression.zstd.level"] = "9",
            ["compression.type"] = "zstd",
            ["linger.ms"] = "7",
            ["acks"] = "-1",
            ["group.protocol"] = "consumer",
            ["partition.assignment.strategy"] = "org.apache.kafka.clients.consumer.RoundRobinAssignor,sticky",
            ["auto.offset.reset"] = "by_duration:PT2H",
            ["isolation.level"] = "read_committed",
            ["request.timeout.ms"] = "5000",
        });
        Assert.Equal([new BrokerAddress("a", 1), new BrokerAddress("b", 9092)], read.BootstrapServers);
        Assert.Equal((CompressionType.Zstd, 9, 7L), (read.Producer.Batching.Compression, read.Producer.Batching.CompressionLevel, read.Producer.Batching.LingerMs));
        Assert.Equal((Acks.All, GroupProtocol.Consumer, Isolation.ReadCommitted), (read.Producer.Acks, read.Consumer.GroupProtocol, read.Consumer.IsolationLevel));
        Assert.Equal(["roundrobin", "sticky"], read.Consumer.Assignors.Select(a => a.Name));
        Assert.Equal(AutoOffsetReset.ByDuration(TimeSpan.FromHours(2)), read.Consumer.AutoOffsetReset);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)), (read.Cluster.RequestTimeout, read.Producer.RequestTimeout));
        Assert.Empty(read.Contradictions());
    }

    [Fact]
    public void Addresses_of_actors_are_taken_and_a_mixed_list_is_refused_with_what_to_do()
    {
        var read = ClientSettings.Read([new("bootstrap.servers", "akka.tcp://akkastream@a:1, akka.tcp://akkastream@[::1]:2")]);
        Assert.Equal("akkastream", read.BrokerSystem);
        Assert.Equal([new BrokerAddress("a", 1), new BrokerAddress("::1", 2)], read.BootstrapServers);
        Assert.Empty(read.Contradictions());
        Assert.Contains("enable-ssl", Assert.Single(ClientSettings.Read([new("bootstrap.servers", "akka.tcp://akkastream@a:1"), new("security.protocol", "SSL")]).Contradictions()));
        foreach (var servers in new[] { "a:1,akka.tcp://akkastream@b:2", "akka.tcp://x@a:1,akka.tcp://y@b:2", "akka.tcp://akkastream@a" })
        {
            Assert.Contains("akka.tcp://system@host:port for every one of them", Assert.Throws<ClientConfigException>(() => ClientSettings.Read([new("bootstrap.servers", servers)])).Message);
        }
    }

    [Fact]
    public void Every_key_refuses_nonsense_with_a_sentence()
    {
        foreach (var key in ClientKey.All.Where(k => k.Expected != "a name" && k.Name != "bootstrap.servers"))
        {
            var refused = Assert.Throws<ClientConfigException>(() => ClientSettings.Read([new(key.Name, "no:such:value!")]));
            Assert.Equal($"{key.Name}=no:such:value!: expected {key.Expected}", refused.Message);
        }
    }

    [Theory]
    [InlineData("linger.ms", "5")]
    [InlineData("batch.size", "16384")]
    [InlineData("buffer.memory", "33554432")]
    [InlineData("delivery.timeout.ms", "120000")]
    [InlineData("max.request.size", "1048576")]
    [InlineData("max.block.ms", "60000")]
    [InlineData("acks", "all")]
    [InlineData("enable.idempotence", "true")]
    [InlineData("max.in.flight.requests.per.connection", "5")]
    [InlineData("retries", "2147483647")]
    [InlineData("retry.backoff.max.ms", "1000")]
    [InlineData("reconnect.backoff.ms", "50")]
    [InlineData("reconnect.backoff.max.ms", "1000")]
    [InlineData("metadata.max.age.ms", "300000")]
    [InlineData("request.timeout.ms", "30000")]
    [InlineData("default.api.timeout.ms", "60000")]
    [InlineData("transaction.timeout.ms", "60000")]
    [InlineData("session.timeout.ms", "45000")]
    [InlineData("heartbeat.interval.ms", "3000")]
    [InlineData("max.poll.interval.ms", "300000")]
    [InlineData("max.poll.records", "500")]
    [InlineData("auto.commit.interval.ms", "5000")]
    [InlineData("enable.auto.commit", "true")]
    [InlineData("fetch.min.bytes", "1")]
    [InlineData("fetch.max.wait.ms", "500")]
    [InlineData("fetch.max.bytes", "52428800")]
    [InlineData("max.partition.fetch.bytes", "1048576")]
    [InlineData("auto.offset.reset", "latest")]
    [InlineData("isolation.level", "read_uncommitted")]
    [InlineData("group.protocol", "classic")]
    [InlineData("socket.connection.setup.timeout.ms", "10000")]
    [InlineData("partitioner.adaptive.partitioning.enable", "true")]
    [InlineData("partitioner.ignore.keys", "false")]
    public void Kafkas_default_is_ours(string key, string value)
    {
        var set = ClientSettings.Read([new(key, value)]);
        Assert.Equal(ClientSettings.Default.Producer, set.Producer);
        Assert.Equal(ClientSettings.Default.Cluster with { RetryBackoffMax = set.Cluster.RetryBackoffMax }, set.Cluster);
        Assert.Equal(ClientSettings.Default.Wire, set.Wire);
        Assert.Equal(ClientSettings.Default.Consumer, set.Consumer);
    }
}
