using Akka.Simulation;
using AkkaStream.Client;
using AkkaStream.Client.Actors;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Host.Simulation;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Simulation;

/// <summary>A client that reaches three brokers over Akka.Remote, while what it reaches them by and the brokers themselves fail.</summary>
public sealed class ActorClientTests
{
    private const int Partitions = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_broker_that_cannot_be_reached_for_a_minute_is_found_again_without_a_restart_of_either(bool bothWays) => SimulatedWorld.Run(seed: 5, async world =>
    {
        var (brokers, app) = await Cluster(world);
        await using var client = Connect(app);
        await using var producer = client.CreateProducer<string, int>(new ProducerOptions { Dice = world.NewRandom() });
        await Create(client);
        var sent = 0;
        foreach (var broker in brokers)
        {
            for (var i = 0; i < Partitions; i++) await producer.SendAsync(new Message<string, int>("numbers", "k", sent++) { Partition = i });
            world.Network.Cut(broker.Node.Name, "app", bothWays);
            world.Schedule(TimeSpan.FromMinutes(1), () => world.Network.Mend(broker.Node.Name, "app", bothWays));
            var begin = world.Now;
            var waiting = Enumerable.Range(0, Partitions).Select(i => producer.SendAsync(new Message<string, int>("numbers", "k", sent++) { Partition = i }).AsTask()).ToList();
            await Task.WhenAll(waiting);
            Assert.InRange((world.Now - begin).TotalSeconds, 59, 90);
            Assert.Equal(3, brokers.Count(b => b.Node.Incarnation == 1));
        }

        await Check(client, sent);
    });

    [Fact]
    public void Nothing_is_lost_or_doubled_over_crashes_of_brokers_and_cuts()
    {
        var seeds = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is "1" ? 200ul : 4;
        for (var seed = 1ul; seed <= seeds; seed++) SimulatedWorld.Run(seed, SendOverFaults);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sessions_of_a_client_that_crashes_end_and_what_it_had_is_free(bool silently) => SimulatedWorld.Run(seed: 6, async world =>
    {
        var (brokers, app) = await Cluster(world);
        var client = Connect(app);
        await Create(client);
        var consumer = client.CreateConsumer<string, int>(new ConsumerOptions { FetchMaxWait = TimeSpan.FromMinutes(20) });
        await consumer.AssignAsync(Enumerable.Range(0, Partitions).ToDictionary(i => new TopicPartition("numbers", i), _ => 0L));
        _ = consumer.ConsumeAsync().GetAsyncEnumerator().MoveNextAsync().AsTask();
        await world.Until(() => brokers.All(b => b.Broker!.Services.ActorClients.Sessions > 0), "it reads from all brokers", Patience);
        app.Crash(silently);
        var begin = world.Now;
        await world.Until(() => brokers.All(b => b.Broker!.Services.ActorClients is { Sessions: 0, RequestBytes: 0 }), "no session is left", Patience);
        Assert.InRange((world.Now - begin).TotalSeconds, 0, silently ? 25 : 6);
    });

    private static async Task SendOverFaults(SimulatedWorld world)
    {
        const int Records = 90;
        var (brokers, app) = await Cluster(world);
        var dice = world.NewRandom();
        await using var client = Connect(app);
        await using (var producer = client.CreateProducer<string, int>(new ProducerOptions { Dice = world.NewRandom(), RequestTimeout = TimeSpan.FromSeconds(5) }))
        {
            await Create(client);
            var faults = Faults(world, brokers, dice);
            for (var i = 0; i < Records; i++)
            {
                await producer.SendAsync(new Message<string, int>("numbers", "k", i) { Partition = i % Partitions });
                await world.Delay(TimeSpan.FromMilliseconds(dice.Next(600)));
            }

            await faults;
        }

        await Check(client, Records);
    }

    // One at a time: with two of three brokers gone nobody can be promised anything.
    private static async Task Faults(SimulatedWorld world, IReadOnlyList<SimulatedBroker> brokers, Random dice)
    {
        for (var round = 0; round < 5; round++)
        {
            await world.Delay(TimeSpan.FromMilliseconds(dice.Next(500, 3000)));
            var broker = brokers[dice.Next(brokers.Count)];
            switch (dice.Next(3))
            {
                case 0:
                    broker.Node.Crash(silently: dice.Next(2) == 0);
                    await world.Delay(TimeSpan.FromMilliseconds(dice.Next(100, 8000)));
                    if (!broker.Node.IsUp) broker.Node.Restart();
                    break;
                case 1:
                    var bothWays = dice.Next(2) == 0;
                    world.Network.Cut(broker.Node.Name, "app", bothWays);
                    await world.Delay(TimeSpan.FromMilliseconds(dice.Next(100, 30_000)));
                    world.Network.Mend(broker.Node.Name, "app", bothWays);
                    break;
                default:
                    world.Network.Break(broker.Node.Name, "app");
                    break;
            }

            await world.Until(() => brokers.All(b => b.Broker is { Started.IsCompleted: true } up && up.Services.Metadata.Image.Topics["numbers"].Partitions.All(p => p.InSync.Count == 3)), "all is in sync again", Patience);
        }
    }

    private static async Task<(IReadOnlyList<SimulatedBroker> Brokers, SimulatedNode App)> Cluster(SimulatedWorld world)
    {
        var brokers = SimulatedBroker.AddCluster(world, 3, new Dictionary<string, string> { ["min.insync.replicas"] = "2", ["auto.create.topics.enable"] = "false" }, losesUnflushed: false);
        await world.Until(() => brokers.All(b => b.Broker?.Services.Metadata.Image.Brokers.Values.Count(known => !known.IsFenced) == 3), "three brokers are one cluster", Patience);
        return (brokers, world.AddNode("app", node => node.StartSystem("app", "akka { actor.provider = remote, remote.dot-netty.tcp.hostname = app }")));
    }

    private static AkkaStreamClient Connect(SimulatedNode app)
        => new(new ActorTransport(app.System, "akka.tcp://akkastream@broker1:9093", new ActorTransportOptions { Time = app.Time }), new ClusterOptions { Time = app.Time, OperationTimeout = Patience });

    private static async Task Create(AkkaStreamClient client)
    {
        (await client.Admin.CreateTopicsAsync([new NewTopic("numbers", Partitions, 3)]))[0].ThrowIfFailed();
        Assert.All((await client.Admin.ListBrokersAsync()).Select(b => b.Port), port => Assert.Equal(9093, port));
    }

    // Each is there once, and those of a partition are in the order in which they were sent.
    private static async Task Check(AkkaStreamClient client, int count)
    {
        await using var consumer = client.CreateConsumer<string, int>(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
        await consumer.AssignAsync(Enumerable.Range(0, Partitions).Select(i => new TopicPartition("numbers", i)).ToList());
        var read = new List<(int Partition, int Value)>();
        await foreach (var record in consumer.ConsumeAsync())
        {
            read.Add((record.Partition.Partition, record.Value));
            if (read.Count == count) break;
        }

        Assert.Equal(Enumerable.Range(0, count), read.Select(r => r.Value).Order());
        Assert.All(read.GroupBy(r => r.Partition), partition => Assert.Equal(partition.Select(r => r.Value).Order(), partition.Select(r => r.Value)));
    }
}
