using Akka.Simulation;
using AkkaStream.Client;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Host.Simulation;

namespace AkkaStream.Tests.Simulation;

/// <summary>What an application sees of a cluster whose brokers are killed one after the other and come back.</summary>
public sealed class RollingRestartTests
{
    private const string Topic = "orders";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["offsets.topic.replication.factor"] = "3",
        ["offsets.topic.num.partitions"] = "1",
        ["group.initial.rebalance.delay.ms"] = "0",
    };

    [Theory]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public void A_producer_and_a_group_of_three_see_no_error_no_loss_and_nothing_twice(GroupProtocol protocol) => SimulatedCluster.Run(async cluster =>
    {
        await cluster.Create(Topic, null, [1, 2, 3], [2, 3, 1], [3, 1, 2]);
        var handled = new Dictionary<int, int>();
        var members = new[] { "one", "two", "three" }.Select(name => Read(Connect(cluster, name), cluster.World.NewRandom(), protocol, handled)).ToList();
        var (sent, isOver) = (0, false);
        var sending = Send();
        foreach (var broker in cluster.Brokers)
        {
            await cluster.World.Delay(TimeSpan.FromSeconds(3));
            broker.Node.Crash();
            await cluster.World.Delay(TimeSpan.FromSeconds(4));
            broker.Node.Restart();
            for (var partition = 0; partition < 3; partition++) await Whole(cluster, partition);
        }

        isOver = true;
        await sending;
        await cluster.Until(() => handled.Count == sent || members.Exists(m => m.IsCompleted), "everything is read");
        Assert.DoesNotContain(members, m => m.IsCompleted);
        Assert.Equal(Enumerable.Range(0, sent), handled.Keys.Order());
        Assert.All(handled, h => Assert.Equal(1, h.Value));

        async Task Send()
        {
            await using var client = Connect(cluster, "shop");
            await using var producer = client.CreateProducer<string, int>(new ProducerOptions { Dice = cluster.World.NewRandom(), RequestTimeout = TimeSpan.FromSeconds(5) });
            for (; !isOver; sent++)
            {
                await producer.SendAsync(Topic, $"customer {sent % 17}", sent);
                await cluster.World.Delay(TimeSpan.FromMilliseconds(40));
            }
        }
    }, Settings);

    private static AkkaStreamClient Connect(SimulatedCluster cluster, string name)
    {
        SimulatedNode node = cluster.World.AddNode(name);
        return new AkkaStreamClient(new SimulatedTransport(node, [.. cluster.Brokers.Select(b => b.Address)]), new ClusterOptions { Time = node.Time, RequestTimeout = TimeSpan.FromSeconds(5) });
    }

    // It ends only by an error.
    private static async Task Read(AkkaStreamClient client, Random dice, GroupProtocol protocol, Dictionary<int, int> handled)
    {
        await using var consumer = client.CreateConsumer<string, int>(new ConsumerOptions
        {
            GroupId = "billing",
            GroupProtocol = protocol,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            AutoCommitInterval = TimeSpan.FromMilliseconds(500),
            Dice = dice,
        });
        consumer.Subscribe(Topic);
        await foreach (var record in consumer.ConsumeAsync()) handled[record.Value] = handled.GetValueOrDefault(record.Value) + 1;
    }

    private static Task Whole(SimulatedCluster cluster, int partition)
        => cluster.Until(() => cluster.Partition(partition, Topic) is { Leader: >= 0 } p && p.InSync.Count == p.Replicas.Count, $"all replicas of {Topic}-{partition} are in sync");
}
