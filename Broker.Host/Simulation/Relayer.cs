using Akka.Simulation;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>One member of the relay, in one life of its node: joins, passes tokens on in transactions, and begins anew where it was put out.</summary>
/// <param name="sim">The simulation.</param>
/// <param name="node">Where it runs.</param>
/// <param name="connect">The way to the brokers from a node.</param>
/// <param name="history">What was seen.</param>
/// <param name="dice">Its whims.</param>
/// <param name="kind">How it belongs to the group: 0 and 1 by the classic protocol, 2 by the new one.</param>
internal sealed class Relayer(SimulatedWorld sim, SimulatedNode node, Func<SimulatedNode, IBrokerTransport> connect, RelayHistory history, Random dice, int kind)
{
    private string Name => $"{node.Name}/{node.Incarnation}";

    public async Task Run()
    {
        while (!history.HasTopic) await node.Delay(TimeSpan.FromMilliseconds(100));
        history.Started();
        var cluster = new ClusterClient(connect(node), new ClusterOptions { Time = node.Time, OperationTimeout = TimeSpan.FromSeconds(20), RequestTimeout = TimeSpan.FromSeconds(5) });
        for (var life = 1; !history.IsStopped; life++)
        {
            try
            {
                await Live(cluster, life);
            }
            catch (Exception e) when (e is BrokerException or TransportException or TransactionException or OperationCanceledException)
            {
                sim.Trace($"{Name} begins anew: {e.Message}");
                await node.Delay(TimeSpan.FromMilliseconds(200));
            }
            catch (Exception unexpected)
            {
                history.Fail(unexpected);
                return;
            }
        }
    }

    private async Task Live(ClusterClient cluster, int life)
    {
        await using var producer = new RecordProducer(cluster, new ProducerOptions
        {
            TransactionalId = node.Name,
            TransactionTimeout = TimeSpan.FromSeconds(10),
            Dice = sim.NewRandom(),
            RequestTimeout = TimeSpan.FromSeconds(5),
            Batching = new AccumulatorOptions { LingerMs = 1 },
        });
        await producer.InitTransactionsAsync();
        await using var consumer = new GroupConsumer(cluster, Options(), new FetchOptions { Isolation = Isolation.ReadCommitted });
        while (!history.IsStopped)
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(500));
            var read = new List<(TopicPartition Partition, long Offset, Hop Hop)>();
            foreach (var record in polled) read.Add((record.Partition, record.Offset, RelayHistory.Read(record.Value!.Value.Span)));
            if (read.Count > 0) await Pass(producer, consumer, read, $"{Name}/{life}");
        }
    }

    private async Task Pass(RecordProducer producer, GroupConsumer consumer, List<(TopicPartition Partition, long Offset, Hop Hop)> read, string member)
    {
        var standing = consumer.Metadata;
        foreach (var partition in read.Select(r => r.Partition).Distinct()) history.Owned(partition, standing.GenerationId, member);
        var transaction = history.Began(read.Select(r => r.Hop));
        producer.BeginTransaction();
        foreach (var (partition, _, hop) in read)
        {
            if (hop.Number == RelayScenario.Hops) continue;
            var next = new Hop(hop.Token, hop.Number + 1, transaction);
            history.Wrote(transaction, next);
            _ = await producer.EnqueueAsync(new ProducerRecord(RelayScenario.Topic, RelayHistory.Write(next)) { Partition = (partition.Partition + 1 + (hop.Token % (RelayScenario.Partitions - 1))) % RelayScenario.Partitions });
        }

        // Now and then it takes so long that others may have got its partitions meanwhile.
        if (dice.Next(8) == 0) await node.Delay(TimeSpan.FromSeconds(dice.Next(1, 6)));
        var offsets = read.GroupBy(r => r.Partition).ToDictionary(p => p.Key, p => new OffsetToCommit(p.Max(r => r.Offset) + 1));
        if (dice.Next(6) == 0)
        {
            await producer.AbortTransactionAsync();
            history.Aborted(transaction);
            // What it read is to be read again.
            foreach (var (partition, offset, _) in read.AsEnumerable().Reverse())
            {
                if (consumer.Partitions.Contains(partition)) consumer.Seek(partition, offset);
            }

            return;
        }

        await producer.SendOffsetsAsync(offsets, standing);
        if (dice.Next(8) == 0) await node.Delay(TimeSpan.FromSeconds(dice.Next(1, 6)));
        await producer.CommitTransactionAsync();
        history.Committed(transaction);
    }

    private GroupOptions Options() => new()
    {
        GroupId = RelayScenario.Group,
        Topics = [RelayScenario.Topic],
        Protocol = kind == 2 ? GroupProtocol.Consumer : GroupProtocol.Classic,
        Assignors = kind == 0 ? [new RangeAssignor()] : [new CooperativeStickyAssignor(), new RangeAssignor()],
        SessionTimeout = TimeSpan.FromSeconds(3),
        HeartbeatInterval = TimeSpan.FromMilliseconds(500),
        MaxPollInterval = TimeSpan.FromSeconds(6),
        AutoCommitInterval = TimeSpan.Zero,
        Reset = AutoOffsetReset.Earliest,
        Dice = sim.NewRandom(),
    };
}

/// <summary>Watches a relay from outside: committed offsets, and committed records.</summary>
internal sealed class RelayObserver(SimulatedNode node, Func<SimulatedNode, IBrokerTransport> connect, RelayHistory history)
{
    private ClusterOptions Impatient => new() { Time = node.Time, OperationTimeout = TimeSpan.FromSeconds(5), RequestTimeout = TimeSpan.FromSeconds(5) };

    public async Task WatchOffsets()
    {
        await using var cluster = new ClusterClient(connect(node), Impatient);
        var admin = new AdminClient(cluster);
        while (!history.IsStopped)
        {
            try
            {
                foreach (var (partition, offset) in await admin.ListGroupOffsetsAsync(RelayScenario.Group)) history.SawCommitted(partition, offset.Offset);
            }
            catch (Exception e) when (e is BrokerException or TransportException)
            {
                await node.Delay(TimeSpan.FromMilliseconds(300));
            }

            await node.Delay(TimeSpan.FromMilliseconds(100));
        }
    }

    public async Task WatchRecords()
    {
        await using var cluster = new ClusterClient(connect(node), Impatient);
        while (!history.IsStopped)
        {
            try
            {
                await using var consumer = new PartitionConsumer(cluster, new FetchOptions { Isolation = Isolation.ReadCommitted });
                await consumer.AssignAsync(Enumerable.Range(0, RelayScenario.Partitions).ToDictionary(p => new TopicPartition(RelayScenario.Topic, p), _ => 0L));
                while (!history.IsStopped) await Poll(consumer);
            }
            catch (Exception e) when (e is BrokerException or TransportException)
            {
                await node.Delay(TimeSpan.FromMilliseconds(300));
            }
        }
    }

    private async Task Poll(PartitionConsumer consumer)
    {
        using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(500));
        foreach (var record in polled) history.SawRecord(record.Partition, record.Offset, RelayHistory.Read(record.Value!.Value.Span));
    }
}
