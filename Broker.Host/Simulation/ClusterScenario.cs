using System.Globalization;
using System.Text;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// Three brokers as one cluster, a topic of three partitions with three replicas and <c>min.insync.replicas=2</c>, producers with acks=all (idempotent ones and one that is not), readers that read along, while brokers crash,
/// stand still, and the network fails. Judged by <see cref="ClusterHistory"/>; after healing every partition has a leader, all replicas are in sync, and hold the same bytes.
/// With an even seed a crash takes what was not flushed, and records are flushed before they are acknowledged (<c>flush.mode=group</c>); with an odd one processes end and machines go on, with every second of
/// those disks are full now and then.
/// </summary>
public static class ClusterScenario
{
    private const string Topic = "records";
    private const int Partitions = 3;
    private const int Brokers = 3;
    private const int Records = 120;
    private const int CompareBytes = 1 << 20;
    private static readonly TimeSpan Faulty = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Healing = TimeSpan.FromMinutes(2);
    private static readonly string[] Producers = ["p1", "p2", "plain"];

    private static readonly FaultKind[] Kinds = [FaultKind.Crash, FaultKind.Pause, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break];

    /// <summary>From which faults a run's own are drawn.</summary>
    public static FaultPlan PlanOf(ulong seed) => new()
    {
        Nodes = ["broker1", "broker2", "broker3"],
        Linked = ["broker1", "broker2", "broker3", "client", "reader"],
        Kinds = (seed % 4) switch { 0 or 2 => [.. Kinds, FaultKind.PowerLoss], 1 => [.. Kinds, FaultKind.DiskFull], _ => Kinds },
        Count = 6,
        Within = Faulty,
        Longest = TimeSpan.FromSeconds(15),
    };

    /// <summary>Runs it. Throws <see cref="SimulationFailedException"/> where a promise was broken.</summary>
    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
    {
        options ??= new SimulationOptions { Replay = "dotnet run --project Broker.Host -- simulate cluster --seed {0}" };
        return SimulatedWorld.Run(seed, sim => Body(sim, seed), options with { Plan = options.Schedule is null ? PlanOf(seed) : options.Plan });
    }

    private static async Task Body(SimulatedWorld sim, ulong seed)
    {
        var brokers = SimulatedBroker.AddCluster(sim, Brokers, new Dictionary<string, string>
        {
            ["log.flush.mode"] = seed % 2 == 0 ? "group" : "interval",
            ["min.insync.replicas"] = "2",
            ["auto.create.topics.enable"] = "false",
            // A snapshot of the controller's log after every few decisions.
            ["metadata.log.max.record.bytes.between.snapshots"] = "1500",
        }, losesUnflushed: seed % 2 == 0);
        var history = new ClusterHistory();
        var client = sim.AddNode("client");
        await using var cluster = Connect(client, brokers, TimeSpan.FromMinutes(5));
        await Create(sim, cluster);
        var reader = new ClusterReader(sim.AddNode("reader"), node => Connect(node, brokers, TimeSpan.FromSeconds(5)), Topic, Partitions, history);
        var reading = reader.Run();
        var producing = Producers.Select(name => Produce(sim, client, brokers, name, history)).ToList();
        await sim.Delay(Faulty);
        sim.Heal();
        await Task.WhenAll(producing);
        await sim.Until(() => brokers.All(b => b.Broker is not null && b.Node.IsUp), "all brokers run", Healing);
        try
        {
            await sim.Until(() => AllInSync(brokers), "every partition has a leader and all replicas are in sync", Healing);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}: {StateOf(brokers)}", late);
        }

        reader.Stop();
        await reading;
        var stored = await reader.ReadAll(cluster);
        history.Check(stored, producer => producer != "plain");
        await sim.Until(() => AreEqual(brokers), "all replicas hold the same bytes", Healing);
        sim.Trace(string.Create(CultureInfo.InvariantCulture, $"{history.Acknowledged} of {Producers.Length * Records} acknowledged, {stored.Values.Sum(log => log.Count)} stored"));
    }

    private static ClusterClient Connect(SimulatedNode node, IReadOnlyList<SimulatedBroker> brokers, TimeSpan patience)
        => new(new SimulatedTransport(node, brokers.Select(b => b.Address).ToList()), new ClusterOptions { Time = node.Time, OperationTimeout = patience });

    private static async Task Create(SimulatedWorld sim, ClusterClient cluster)
    {
        var admin = new AdminClient(cluster);
        while (true)
        {
            try
            {
                var results = await admin.CreateTopicsAsync([new NewTopic(Topic) { Partitions = Partitions, ReplicationFactor = Brokers }]);
                if (results[0].Error is ErrorCode.None or ErrorCode.TopicAlreadyExists) return;
            }
            catch (Exception e) when (e is BrokerException or TransportException)
            {
                // The cluster is coming up, or going down already.
                sim.Trace($"the topic is not there yet: {e.Message}");
            }

            await sim.Delay(TimeSpan.FromMilliseconds(300));
        }
    }

    private static async Task Produce(SimulatedWorld sim, SimulatedNode client, IReadOnlyList<SimulatedBroker> brokers, string name, ClusterHistory history)
    {
        await using var cluster = Connect(client, brokers, TimeSpan.FromMinutes(5));
        var options = new ProducerOptions { Dice = sim.NewRandom(), Idempotence = name != "plain", Batching = new AccumulatorOptions { LingerMs = 5 }, RequestTimeout = TimeSpan.FromSeconds(5) };
        await using var producer = new RecordProducer(cluster, options);
        var sends = new List<Task>();
        for (var i = 0; i < Records; i++)
        {
            sends.Add(Send(producer, i % Partitions, string.Create(CultureInfo.InvariantCulture, $"{name}:{i}"), history));
            await sim.Delay(Faulty / Records);
        }

        await Task.WhenAll(sends);
    }

    private static async Task Send(RecordProducer producer, int partition, string record, ClusterHistory history)
    {
        try
        {
            var where = await producer.SendAsync(new ProducerRecord(Topic, Encoding.ASCII.GetBytes(record)) { Partition = partition });
            history.Sent(new TopicPartition(Topic, partition), where.Offset, record);
        }
        catch (Exception e) when (e is BrokerException or TransportException)
        {
            // Not acknowledged: it may be stored or not.
        }
    }

    private static bool AllInSync(IReadOnlyList<SimulatedBroker> brokers) => brokers.All(broker =>
        broker.Broker!.Services.Metadata.Image.Topics.TryGetValue(Topic, out var topic) && topic.Partitions.All(p => p.Leader >= 0 && p.InSync.Count == Brokers));

    private static string StateOf(IReadOnlyList<SimulatedBroker> brokers) => string.Join("; ", brokers.Select(broker =>
    {
        var services = broker.Broker!.Services;
        if (!services.Metadata.Image.Topics.TryGetValue(Topic, out var topic)) return $"{broker.Node.Name} knows of no topic";
        var brokersThere = string.Join(' ', services.Metadata.Image.Brokers.Values.OrderBy(b => b.Id).Select(b => $"{b.Id}{(b.IsFenced ? " fenced" : "")}"));
        return $"{broker.Node.Name} at {services.Metadata.Image.Offset} knows brokers {brokersThere} and " + string.Join(", ", topic.Partitions.Select(p =>
            $"{p.Index}: leader {p.Leader} epochs {p.LeaderEpoch} {p.PartitionEpoch} in sync [{string.Join(' ', p.InSync)}] end {services.Partitions.Find(Topic, p.Index)?.Log.View.EndOffset}"));
    }));

    private static bool AreEqual(IReadOnlyList<SimulatedBroker> brokers)
    {
        for (var partition = 0; partition < Partitions; partition++)
        {
            var logs = brokers.Select(broker => broker.Broker!.Services.Partitions.Find(Topic, partition)?.Log).ToList();
            if (logs.Any(log => log is null) || logs.Select(log => (log!.View.HighWatermark, log.View.EndOffset)).Distinct().Count() > 1) return false;
            if (logs.Select(log => Convert.ToHexString(Bytes(log!))).Distinct(StringComparer.Ordinal).Count() > 1) throw new InvalidOperationException($"{Topic}-{partition} is not the same on all brokers");
        }

        return true;
    }

    private static byte[] Bytes(PartitionLog log)
    {
        using var read = log.Read(log.View.StartOffset, CompareBytes, ReadLimit.HighWatermark, minOneBatch: true);
        return read.Error == ErrorCode.None ? read.ReadBytes() : throw new InvalidOperationException($"a replica cannot be read: {read.Error.Name()}");
    }
}
