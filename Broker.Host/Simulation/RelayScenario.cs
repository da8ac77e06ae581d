using System.Globalization;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// Groups and transactions under faults. Three members of one group pass tokens on: each reads tokens of its partitions (only committed ones), writes each
/// with one hop more to another partition of the same topic, and commits both in one transaction, or aborts on a whim, or crashes. <see cref="Run"/>: one broker, which dies between any two
/// writes. <see cref="RunCluster"/>: three brokers, and with them the coordinators go from one to another. The network fails in both. <see cref="RelayHistory"/> says what must never be seen; in the
/// end every token has every hop once.
/// </summary>
public static class RelayScenario
{
    internal const string Topic = "relay";
    internal const string Group = "relayers";
    internal const int Partitions = 4;
    internal const int Hops = 4;
    private const int Tokens = 12;
    private const int Brokers = 3;
    private static readonly string[] Members = ["m1", "m2", "m3"];
    private static readonly FaultKind[] Kinds = [FaultKind.Crash, FaultKind.Pause, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break];

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["num.partitions"] = "4",
        ["offsets.topic.num.partitions"] = "1",
        ["transaction.state.log.num.partitions"] = "1",
        ["group.initial.rebalance.delay.ms"] = "100",
        ["group.min.session.timeout.ms"] = "1000",
        ["group.consumer.min.session.timeout.ms"] = "1000",
        ["group.consumer.session.timeout.ms"] = "3000",
        ["group.consumer.min.heartbeat.interval.ms"] = "100",
        ["group.consumer.heartbeat.interval.ms"] = "500",
        ["group.consumer.assignment.interval.ms"] = "200",
        ["transaction.abort.timed.out.transaction.cleanup.interval.ms"] = "1000",
    };

    /// <summary>From which faults a run's own are drawn.</summary>
    public static FaultPlan Plan { get; } = new()
    {
        Nodes = ["broker", .. Members],
        Linked = ["broker", .. Members, "observer"],
        Kinds = [.. Kinds, FaultKind.PowerLoss],
        Count = 10,
        Within = TimeSpan.FromSeconds(30),
        Longest = TimeSpan.FromSeconds(8),
    };

    /// <summary>The same for three brokers. With an even seed a crash takes what was not flushed, and records are flushed before they are acknowledged.</summary>
    public static FaultPlan ClusterPlanOf(ulong seed) => Plan with
    {
        Nodes = ["broker1", "broker2", "broker3", .. Members],
        Linked = ["broker1", "broker2", "broker3", .. Members, "observer"],
        Kinds = seed % 2 == 0 ? [.. Kinds, FaultKind.PowerLoss] : Kinds,
        Longest = TimeSpan.FromSeconds(12),
    };

    /// <summary>Runs it. Throws <see cref="SimulationFailedException"/> where a promise was broken.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="options">How; the plan's faults and none of them left out by default.</param>
    /// <param name="crashed">Told how often brokers and members ended before their time.</param>
    public static SimulationReport Run(ulong seed, SimulationOptions? options = null, Action<int>? crashed = null)
        => SimulatedWorld.Run(seed, sim => Body(sim, One(sim), Plan, crashed), options ?? new SimulationOptions { Plan = Plan, Replay = "dotnet run --project Broker.Host -- simulate relay --seed {0}" });

    /// <summary>Runs it with three brokers, as <see cref="Run"/>.</summary>
    public static SimulationReport RunCluster(ulong seed, SimulationOptions? options = null, Action<int>? crashed = null)
    {
        options ??= new SimulationOptions { Replay = "dotnet run --project Broker.Host -- simulate relay-cluster --seed {0}" };
        var plan = ClusterPlanOf(seed);
        return SimulatedWorld.Run(seed, sim => Body(sim, Three(sim, seed), plan, crashed), options with { Plan = options.Schedule is null ? plan : options.Plan });
    }

    // Its lives are short, and end between any two things that it writes.
    private static IReadOnlyList<SimulatedBroker> One(SimulatedWorld sim)
    {
        var lives = sim.NewRandom();
        return [SimulatedBroker.Add(sim, "broker", new Dictionary<string, string>(Settings) { ["log.flush.mode"] = "group" }, () => 50 + lives.Next(500))];
    }

    private static IReadOnlyList<SimulatedBroker> Three(SimulatedWorld sim, ulong seed) => SimulatedBroker.AddCluster(sim, Brokers, new Dictionary<string, string>(Settings)
    {
        ["log.flush.mode"] = seed % 2 == 0 ? "group" : "interval",
        ["min.insync.replicas"] = "2",
        ["auto.create.topics.enable"] = "false",
        ["offsets.topic.replication.factor"] = "3",
        ["transaction.state.log.replication.factor"] = "3",
        ["transaction.state.log.min.isr"] = "2",
    }, losesUnflushed: seed % 2 == 0);

    private static async Task Body(SimulatedWorld sim, IReadOnlyList<SimulatedBroker> brokers, FaultPlan plan, Action<int>? crashed)
    {
        var history = new RelayHistory(sim);
        var protocols = sim.NewRandom();
        var observer = sim.AddNode("observer");
        IBrokerTransport Connect(SimulatedNode from) => new SimulatedTransport(from, brokers.Select(b => b.Address).ToList());
        await using var cluster = new ClusterClient(Connect(observer), new ClusterOptions { Time = observer.Time, OperationTimeout = TimeSpan.FromMinutes(5) });
        // Faults do not wait for the topic, and meet members that do.
        var members = new List<SimulatedNode>();
        foreach (var name in Members)
        {
            var dice = sim.NewRandom();
            members.Add(sim.AddNode(name, node => _ = new Relayer(sim, node, Connect, history, dice, protocols.Next(3)).Run()));
        }

        await Create(sim, cluster, brokers.Count);
        history.HasTopic = true;
        var watching = new RelayObserver(observer, Connect, history);
        var offsets = Guarded(watching.WatchOffsets(), history);
        var records = Guarded(watching.WatchRecords(), history);
        await Begin(sim, cluster);
        // What hangs in the end is brought to its end by time-outs at the latest.
        sim.Schedule(plan.Within + plan.Longest, () =>
        {
            foreach (var broker in brokers) broker.DiesAfterChanges = null;
            sim.Heal();
        });
        await Finish(sim, cluster, history);
        // Whoever was put out and does not know may still be at work.
        await sim.Delay(TimeSpan.FromSeconds(15));
        if (history.Fault is { } fault) throw fault;
        history.Stop();
        await offsets;
        await records;
        if (history.Fault is { } late) throw late;
        history.CheckAtTheEnd(Tokens);
        crashed?.Invoke(brokers.Select(b => b.Node).Concat(members).Sum(node => node.Incarnation - 1));
        sim.Trace(history.ToString());
    }

    private static async Task Create(SimulatedWorld sim, ClusterClient cluster, int replicas)
    {
        var admin = new AdminClient(cluster);
        while (true)
        {
            try
            {
                var results = await admin.CreateTopicsAsync([new NewTopic(Topic) { Partitions = Partitions, ReplicationFactor = (short)replicas }]);
                if (results[0].Error is ErrorCode.None or ErrorCode.TopicAlreadyExists) return;
            }
            catch (Exception e) when (e is BrokerException or TransportException)
            {
                // A cluster is coming up, or going down already.
                sim.Trace($"the topic is not there yet: {e.Message}");
            }

            await sim.Delay(TimeSpan.FromMilliseconds(300));
        }
    }

    // What a watcher sees that must not be ends the run at once.
    private static async Task Guarded(Task watching, RelayHistory history)
    {
        try
        {
            await watching;
        }
        catch (Exception seen)
        {
            history.Fail(seen);
        }
    }

    private static async Task Finish(SimulatedWorld sim, ClusterClient cluster, RelayHistory history)
    {
        try
        {
            await sim.Until(() => history.Fault is not null || history.Seen >= Tokens * (Hops + 1), "every token has made every hop", TimeSpan.FromMinutes(5));
        }
        catch (TimeoutException late)
        {
            var admin = new AdminClient(cluster);
            var group = await admin.DescribeGroupAsync(Group);
            var offsets = await admin.ListGroupOffsetsAsync(Group);
            var partitions = Enumerable.Range(0, Partitions).Select(p => new TopicPartition(Topic, p)).ToList();
            var ends = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest));
            var stable = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest), Isolation.ReadCommitted);
            var state = string.Join("; ", group.Members.Select(m => $"{m.Id} {m.Epoch} has {string.Join(",", m.Partitions.Select(p => p.Partition))} is to have {string.Join(",", m.Target.Select(p => p.Partition))}"));
            var places = string.Join("; ", partitions.Select(p => $"{p}: {(offsets.TryGetValue(p, out var o) ? o.Offset : -1)} of {stable[p].Offset} of {ends[p].Offset}"));
            throw new TimeoutException($"{late.Message}; {history}; {group.Type} group {group.State} {group.Epoch} {group.TargetEpoch}: {state}; {places}", late);
        }
    }

    // The first hop of every token: acknowledged, each once.
    private static async Task Begin(SimulatedWorld sim, ClusterClient cluster)
    {
        await using var producer = new RecordProducer(cluster, new ProducerOptions { Dice = sim.NewRandom(), Batching = new AccumulatorOptions { LingerMs = 1 } });
        for (var token = 0; token < Tokens; token++)
        {
            await producer.SendAsync(new ProducerRecord(Topic, RelayHistory.Write(new Hop(token, 0, RelayHistory.Origin))) { Partition = token % Partitions });
            await sim.Delay(TimeSpan.FromMilliseconds(500));
        }
    }
}

/// <summary>A token at one of its hops.</summary>
/// <param name="Token">Which token.</param>
/// <param name="Number">The hop, from 0 on.</param>
/// <param name="By">The transaction that wrote it.</param>
internal readonly record struct Hop(int Token, int Number, string By)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"token {Token} hop {Number} by {By}");
}
