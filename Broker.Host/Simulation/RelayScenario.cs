using System.Globalization;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// Groups and transactions under faults. Three members of one group pass tokens on: each reads tokens of its partitions (only committed ones), writes each
/// with one hop more to another partition of the same topic, and commits both in one transaction, or aborts on a whim, or crashes. The broker with the
/// coordinators dies between any two writes, and the network fails. <see cref="RelayHistory"/> says what must never be seen; in the end every token has every hop once.
/// </summary>
public static class RelayScenario
{
    internal const string Topic = "relay";
    internal const string Group = "relayers";
    internal const int Partitions = 4;
    internal const int Hops = 4;
    private const int Tokens = 12;
    private static readonly string[] Members = ["m1", "m2", "m3"];

    /// <summary>From which faults a run's own are drawn.</summary>
    public static FaultPlan Plan { get; } = new()
    {
        Nodes = ["broker", "m1", "m2", "m3"],
        Linked = ["broker", "m1", "m2", "m3", "observer"],
        Kinds = [FaultKind.Crash, FaultKind.PowerLoss, FaultKind.Pause, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break],
        Count = 10,
        Within = TimeSpan.FromSeconds(30),
        Longest = TimeSpan.FromSeconds(8),
    };

    /// <summary>Runs it. Throws <see cref="SimulationFailedException"/> where a promise was broken.</summary>
    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, Body, options ?? new SimulationOptions { Plan = Plan, Replay = "dotnet run --project Broker.Host -- simulate relay --seed {0}" });

    private static async Task Body(SimulatedWorld sim)
    {
        // Its lives are short, and end between any two things that it writes.
        var lives = sim.NewRandom();
        var broker = SimulatedBroker.Add(sim, "broker", new Dictionary<string, string>
        {
            ["log.flush.mode"] = "group",
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
        }, () => 50 + lives.Next(500));
        var history = new RelayHistory(sim);
        var protocols = sim.NewRandom();
        var observer = sim.AddNode("observer");
        await using var cluster = new ClusterClient(broker.ConnectFrom(observer), new ClusterOptions { Time = observer.Time, OperationTimeout = TimeSpan.FromMinutes(5) });
        await new AdminClient(cluster).CreateTopicsAsync([new NewTopic(Topic, Partitions)]);
        foreach (var name in Members)
        {
            var dice = sim.NewRandom();
            sim.AddNode(name, node => _ = new Relayer(sim, node, broker, history, dice, protocols.Next(3)).Run());
        }

        var watching = new RelayObserver(observer, broker, history);
        var offsets = Guarded(watching.WatchOffsets(), history);
        var records = Guarded(watching.WatchRecords(), history);
        await Begin(sim, cluster);
        // What hangs in the end is brought to its end by time-outs at the latest.
        sim.Schedule(Plan.Within + Plan.Longest, () =>
        {
            broker.DiesAfterChanges = null;
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
        sim.Trace(history.ToString());
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
