using Akka.Simulation;
using AkkaStream.Client;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Handling;
using AkkaStream.Client.Producer;
using AkkaStream.Host.Simulation;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Simulation;

/// <summary>The README's example of a simulated cluster, and what it promises.</summary>
public sealed class ApplicationExampleTests
{
    [Fact]
    public void Nothing_acknowledged_is_lost_when_the_broker_crashes() => SimulatedWorld.Run(seed: 7, async world =>
    {
        var broker = SimulatedBroker.Add(world, "broker", new Dictionary<string, string> { ["log.flush.mode"] = "group" });
        var app = world.AddNode("app");
        await using var client = new AkkaStreamClient(broker.ConnectFrom(app), new ClusterOptions { Time = app.Time });
        await using var producer = client.CreateProducer<string, int>(new ProducerOptions { Dice = world.NewRandom() });
        for (var i = 0; i < 50; i++)
        {
            await producer.SendAsync("numbers", $"key {i % 3}", i);
            if (i == 25) broker.Node.Crash();
            if (i == 25) world.Schedule(TimeSpan.FromSeconds(3), broker.Node.Restart);
        }

        await using var consumer = client.CreateConsumer<string, int>(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await consumer.AssignAsync([new TopicPartition("numbers", 0)]);
        var read = new List<int>();
        await foreach (var record in consumer.ConsumeAsync())
        {
            read.Add(record.Value);
            if (read.Count == 50) break;
        }

        Assert.Equal(Enumerable.Range(0, 50), read);
        Assert.InRange(world.Now.TotalSeconds, 3, 60);
    });

    [Fact]
    public void Commits_never_go_ahead_of_handlers_over_crashes_of_members_and_of_the_broker()
    {
        for (var seed = 1ul; seed <= 5; seed++) SimulatedWorld.Run(seed, HandleOverCrashes);
    }

    // Two members handle, side by side and with failures, while they and the broker crash; what is committed is looked at from outside all the time.
    private static async Task HandleOverCrashes(SimulatedWorld world)
    {
        const int Records = 120;
        var broker = SimulatedBroker.Add(world, "broker", new Dictionary<string, string> { ["log.flush.mode"] = "group", ["group.initial.rebalance.delay.ms"] = "0", ["offsets.topic.num.partitions"] = "1", ["num.partitions"] = "2" });
        var handled = new HashSet<(int Partition, long Offset)>();
        var dice = world.NewRandom();
        var observer = world.AddNode("observer");
        await using var client = new AkkaStreamClient(broker.ConnectFrom(observer), new ClusterOptions { Time = observer.Time });
        await using (var producer = client.CreateProducer<string, int>(new ProducerOptions { Dice = world.NewRandom() }))
        {
            for (var i = 0; i < Records; i++) await producer.EnqueueAsync("in", $"key {i % 7}", i);
            await producer.FlushAsync();
        }

        var nodes = new[] { "one", "two" }.Select(name => world.AddNode(name, node => _ = Member(node, broker, handled, dice))).ToList();
        var crashing = CrashNowAndThen(world, [broker.Node, .. nodes], dice);
        while (handled.Count < Records || !crashing.IsCompleted)
        {
            Assert.True(world.Now < TimeSpan.FromMinutes(10), $"{handled.Count} of {Records} are handled");
            await world.Delay(TimeSpan.FromMilliseconds(50));
            await CheckCommits(client, handled);
        }

        await crashing;
    }

    private static async Task CrashNowAndThen(SimulatedWorld world, IReadOnlyList<SimulatedNode> nodes, Random dice)
    {
        for (var round = 0; round < 5; round++)
        {
            await world.Delay(TimeSpan.FromMilliseconds(dice.Next(200, 3000)));
            var victim = nodes[dice.Next(nodes.Count)];
            if (!victim.IsUp) continue;
            victim.Crash();
            world.Schedule(TimeSpan.FromMilliseconds(dice.Next(100, 4000)), victim.Restart);
        }
    }

    private static async Task Member(SimulatedNode node, SimulatedBroker broker, HashSet<(int Partition, long Offset)> handled, Random dice)
    {
        var options = new ConsumerOptions { GroupId = "g", AutoOffsetReset = AutoOffsetReset.Earliest, SessionTimeout = TimeSpan.FromSeconds(6), AutoCommitInterval = TimeSpan.FromMilliseconds(200), HeartbeatInterval = TimeSpan.FromMilliseconds(500), Dice = node.NewRandom() };
        await using var client = new AkkaStreamClient(broker.ConnectFrom(node), new ClusterOptions { Time = node.Time });
        while (true)
        {
            await using var consumer = client.CreateConsumer<string, int>(options);
            consumer.Subscribe("in");
            try
            {
                await consumer.HandleAsync(async (record, _) =>
                {
                    await node.Delay(TimeSpan.FromMilliseconds(dice.Next(1, 150)));
                    if (dice.Next(10) == 0) throw new InvalidOperationException("now and then");
                    handled.Add((record.Partition.Partition, record.Offset));
                }, new HandlerOptions { Parallelism = 4, Retries = 1000 });
            }
            catch (Exception e) when (e is IClientError)
            {
                await node.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static async Task CheckCommits(AkkaStreamClient client, HashSet<(int Partition, long Offset)> handled)
    {
        foreach (var (partition, committed) in await client.Admin.ListGroupOffsetsAsync("g"))
        {
            for (var offset = 0L; offset < committed.Offset; offset++) Assert.Contains((partition.Partition, offset), handled);
        }
    }
}
