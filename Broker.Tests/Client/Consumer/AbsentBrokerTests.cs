using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaStream.Client;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Serialization;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>A consumer whose only broker is away for longer than any operation may take: it waits, and goes on.</summary>
public sealed class AbsentBrokerTests : IDisposable
{
    private const int Each = 10;
    private static readonly TimeSpan Operation = TimeSpan.FromMilliseconds(200);

    private static readonly ClusterOptions Impatient = new()
    {
        OperationTimeout = Operation,
        RetryBackoff = TimeSpan.FromMilliseconds(10),
        RetryBackoffMax = TimeSpan.FromMilliseconds(50),
        ReconnectBackoffMax = TimeSpan.FromMilliseconds(50),
    };

    private readonly string folder = Directory.CreateTempSubdirectory("absent").FullName;
    private readonly int port = Processes.FreePort();
    private readonly ConcurrentDictionary<string, int> seen = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    [InlineData(null)]
    public async Task It_goes_on_when_the_broker_comes_back(GroupProtocol? protocol)
    {
        await using var client = AkkaStreamClient.Connect($"127.0.0.1:{port}", options: Impatient);
        using var stop = new CancellationTokenSource();
        Task reading;
        var watch = new Stopwatch();
        await using (await Start())
        {
            await Produce(0);
            reading = Read(client, protocol, stop.Token);
            await Eventually.Holds(() => seen.Count == Each || reading.IsCompleted, "the first come");
        }

        watch.Start();
        await Eventually.Holds(() => watch.Elapsed > Operation * 6 || reading.IsCompleted, "several operations could have been given up");
        Assert.False(reading.IsCompleted, reading.Exception?.ToString());
        await using (await Start())
        {
            await Produce(Each);
            await Eventually.Holds(() => seen.Count == 2 * Each || reading.IsCompleted, "the others come");
            await stop.CancelAsync();
            await reading;
        }

        Assert.Equal(2 * Each, seen.Count);
    }

    private async Task<EmbeddedBroker> Start() => await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions
    {
        DataFolder = folder,
        Listen = true,
        Port = port,
        Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0", ["group.consumer.min.heartbeat.interval.ms"] = "50", ["group.consumer.heartbeat.interval.ms"] = "50", ["offsets.topic.num.partitions"] = "1" },
    });

    private async Task Produce(int from)
    {
        await using var client = AkkaStreamClient.Connect($"127.0.0.1:{port}");
        await using var producer = client.CreateProducer<Nothing, string>();
        for (var i = from; i < from + Each; i++) await producer.SendAsync(new("t", default, $"{i}"));
    }

    private async Task Read(AkkaStreamClient client, GroupProtocol? protocol, CancellationToken stopping)
    {
        await using var consumer = client.CreateConsumer<Nothing, string>(new ConsumerOptions
        {
            GroupId = protocol is null ? null : "g",
            GroupProtocol = protocol ?? GroupProtocol.Classic,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            HeartbeatInterval = TimeSpan.FromMilliseconds(50),
            AutoCommitInterval = TimeSpan.FromMilliseconds(50),
        });
        if (protocol is null) await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new("t", 0)] = 0 }, stopping);
        else consumer.Subscribe("t");
        await foreach (var record in consumer.ConsumeAsync(stopping)) seen[record.Value] = 1;
    }
}
