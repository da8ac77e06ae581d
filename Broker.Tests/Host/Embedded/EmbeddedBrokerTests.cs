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
    public async Task Many_are_apart_in_memory_and_in_folders_and_a_folder_keeps_what_was_written()
    {
        var folder = Directory.CreateTempSubdirectory("embedded-").FullName;
        var brokers = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { DataFolder = i % 2 == 0 ? null : Path.Combine(folder, $"{i}"), Listen = i % 3 == 0 })));
        try
        {
            foreach (var (broker, i) in brokers.Select((b, i) => (b, i)))
            {
                await using var client = broker.Connect();
                await using var producer = client.CreateProducer<string, int>();
                Assert.Equal(0, (await producer.SendAsync("same", "k", i)).Offset);
            }
        }
        finally
        {
            foreach (var broker in brokers) await broker.DisposeAsync();
        }

        await using (var again = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { DataFolder = Path.Combine(folder, "1") }))
        {
            await using var client = again.Connect();
            await using var producer = client.CreateProducer<string, int>();
            Assert.Equal(1, (await producer.SendAsync("same", "k", 7)).Offset);
        }

        Directory.Delete(folder, recursive: true);
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
