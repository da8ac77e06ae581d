using System.Globalization;
using System.Text;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// One broker with flush.mode=group, an idempotent producer with acks=all, and a consumer that reads along, while the broker crashes, loses its power, stands still and the
/// network fails. In the end every acknowledged record must be where the broker said, none twice, all in the order in which they were sent; and what the consumer read
/// must still be what it was.
/// </summary>
public static class ProducerScenario
{
    private const string Topic = "records";
    private const int Records = 300;
    private static readonly TimeSpan Faulty = TimeSpan.FromSeconds(30);

    /// <summary>From which faults a run's own are drawn.</summary>
    public static FaultPlan Plan { get; } = new()
    {
        Nodes = ["broker"],
        Linked = ["broker", "client", "reader"],
        Kinds = [FaultKind.Crash, FaultKind.PowerLoss, FaultKind.Pause, FaultKind.ClockJump, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break],
        Count = 8,
        Within = Faulty,
    };

    /// <summary>Runs it. Throws <see cref="SimulationFailedException"/> where a promise was broken.</summary>
    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, Body, options ?? new SimulationOptions { Plan = Plan, Replay = "dotnet run --project Broker.Host -- simulate --seed {0}" });

    private static async Task Body(SimulatedWorld sim)
    {
        var broker = SimulatedBroker.Add(sim, "broker", new Dictionary<string, string> { ["log.flush.mode"] = "group", ["num.partitions"] = "1" });
        var client = sim.AddNode("client");
        await using var cluster = new ClusterClient(broker.ConnectFrom(client), new ClusterOptions { Time = client.Time, OperationTimeout = TimeSpan.FromMinutes(5) });
        var reader = new Reader(sim.AddNode("reader"), broker);
        var reading = reader.Run();
        var acknowledged = await Produce(sim, cluster);
        sim.Heal();
        reader.Stop();
        await reading;
        await sim.Until(() => broker.Broker is not null, "the broker is back", TimeSpan.FromSeconds(30));
        var stored = await Read(cluster, acknowledged.Count == 0 ? 0 : acknowledged.Keys.Max() + 1);
        CheckThere(acknowledged, "acknowledged", stored);
        CheckThere(reader.Records, "read along", stored);
        CheckOrder(stored);
        sim.Trace($"{acknowledged.Count} of {Records} acknowledged, {stored.Count} stored, {reader.Records.Count} read along");
    }

    // The records come one by one over the faulty time and a little more; which of them share a batch, the delays decide.
    private static async Task<SortedDictionary<long, int>> Produce(SimulatedWorld sim, ClusterClient cluster)
    {
        var acknowledged = new SortedDictionary<long, int>();
        var options = new ProducerOptions { Dice = sim.NewRandom(), Batching = new AccumulatorOptions { LingerMs = 5 }, RequestTimeout = TimeSpan.FromSeconds(5) };
        await using var producer = new RecordProducer(cluster, options);
        var pause = (Faulty + TimeSpan.FromSeconds(2)) / Records;
        var sends = new List<Task>();
        for (var i = 0; i < Records; i++)
        {
            sends.Add(Send(producer, i, acknowledged));
            await sim.Delay(pause);
        }

        await Task.WhenAll(sends);
        return acknowledged;
    }

    private static async Task Send(RecordProducer producer, int number, SortedDictionary<long, int> acknowledged)
    {
        try
        {
            var where = await producer.SendAsync(new ProducerRecord(Topic, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))) { Partition = 0 });
            if (!acknowledged.TryAdd(where.Offset, number)) throw new InvalidOperationException($"offset {where.Offset} was given to record {acknowledged[where.Offset]} and to record {number}");
        }
        catch (Exception e) when (e is BrokerException or TransportException)
        {
            // Not acknowledged: it may be stored or not.
            acknowledged.Remove(-1);
        }
    }

    private static async Task<List<(long Offset, int Number)>> Read(ClusterClient cluster, long atLeast)
    {
        var stored = new List<(long, int)>();
        var partition = new TopicPartition(Topic, 0);
        await using var consumer = new PartitionConsumer(cluster);
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [partition] = 0 });
        while (true)
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromSeconds(5));
            foreach (var record in polled) stored.Add((record.Offset, int.Parse(record.Value!.Value.Span, CultureInfo.InvariantCulture)));
            if (polled.Count == 0 && consumer.Position(partition) >= atLeast) return stored;
            if (polled.Count == 0 && consumer.HighWatermark(partition) >= 0) throw new InvalidOperationException($"the log ends at {consumer.Position(partition)}, records were acknowledged up to {atLeast}");
        }
    }

    private static void CheckOrder(List<(long Offset, int Number)> stored)
    {
        for (var i = 1; i < stored.Count; i++)
        {
            if (stored[i].Number <= stored[i - 1].Number) throw new InvalidOperationException($"record {stored[i].Number} at offset {stored[i].Offset} comes after record {stored[i - 1].Number}");
        }
    }

    private static void CheckThere(IEnumerable<KeyValuePair<long, int>> seen, string how, List<(long Offset, int Number)> stored)
    {
        var numbers = stored.ToDictionary(record => record.Offset, record => record.Number);
        foreach (var (offset, number) in seen)
        {
            if (!numbers.TryGetValue(offset, out var found)) throw new InvalidOperationException($"record {number} was {how} at offset {offset} and is not there");
            if (found != number) throw new InvalidOperationException($"record {number} was {how} at offset {offset}, where record {found} is");
        }
    }

    /// <summary>Reads along, whatever happens, and remembers what it read.</summary>
    private sealed class Reader(SimulatedNode node, SimulatedBroker broker)
    {
        private readonly Dictionary<long, int> _read = [];
        private bool _stopped;

        public IReadOnlyDictionary<long, int> Records => _read;

        public void Stop() => _stopped = true;

        public async Task Run()
        {
            await using var cluster = new ClusterClient(broker.ConnectFrom(node), new ClusterOptions { Time = node.Time, OperationTimeout = TimeSpan.FromSeconds(5) });
            var partition = new TopicPartition(Topic, 0);
            while (!_stopped)
            {
                try
                {
                    await using var consumer = new PartitionConsumer(cluster);
                    await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [partition] = 0 });
                    while (!_stopped) await Poll(consumer);
                }
                catch (Exception e) when (e is BrokerException or TransportException)
                {
                    await node.Delay(TimeSpan.FromMilliseconds(200));
                }
            }
        }

        private async Task Poll(PartitionConsumer consumer)
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(500));
            foreach (var record in polled)
            {
                var number = int.Parse(record.Value!.Value.Span, CultureInfo.InvariantCulture);
                if (!_read.TryAdd(record.Offset, number) && _read[record.Offset] != number) throw new InvalidOperationException($"at offset {record.Offset} record {_read[record.Offset]} was read, and later record {number}");
            }
        }
    }
}
