using AkkaStream.Client.Protocol;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Host.Kafka;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Embedded;

/// <summary>A whole broker in this process, in memory.</summary>
public sealed class EmbeddedBrokerTests
{
    [Fact]
    public async Task It_serves_without_a_socket()
    {
        await using var broker = await EmbeddedBroker.StartAsync();
        Assert.Null(broker.BootstrapServers);
        await using var connection = await broker.Transport.ConnectAsync(broker.Transport.Bootstrap[0]);
        var create = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "t", NumPartitions = 3, ReplicationFactor = 1 }] };
        using var created = await connection.SendAsync(create, Eventually.Patience);
        Assert.Equal(ErrorCode.None, created.As<CreateTopicsResponse>().Topics.Single().ErrorCode);
        using var metadata = await connection.SendAsync(new MetadataRequest { Topics = [new() { Name = "t" }] }, Eventually.Patience);
        Assert.Equal(3, metadata.As<MetadataResponse>().Topics.Single().Partitions.Count);
    }

    [Fact]
    public async Task It_listens_where_it_is_told_to()
    {
        await using var broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Listen = true });
        Assert.Equal($"127.0.0.1:{broker.Running.Port}", broker.BootstrapServers);
        using var client = new RawClient(broker.Running.Door!.Bound[0]);
        var header = new RequestHeader(ApiKey.Metadata, 12, 7, "raw");
        client.Send(header.Frame());
        var answer = client.Receive<MetadataResponse>(header);
        Assert.Equal(("127.0.0.1", broker.Running.Port), (answer.Brokers.Single().Host, answer.Brokers.Single().Port));
    }
}
