using System.Diagnostics.CodeAnalysis;
using System.Text;
using Akka.Actor;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// The partitions of three brokers as leaders and followers, with real logs on simulated disks, under a controller that does as the real one: producers with acks=all, idempotent and not,
/// and readers at leaders and followers, while brokers crash, lose what was not flushed, stand still and the network fails. In the end nothing acknowledged may be missing or doubled, all
/// replicas must be the same, and whatever a reader saw must be there.
/// </summary>
public static class ReplicaScenario
{
    private const int Partitions = 2;
    private const int Producers = 3;
    private static readonly TimeSpan Faulty = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>From which faults a run's own are drawn.</summary>
    public static FaultPlan Plan { get; } = new()
    {
        Nodes = ["n1", "n2", "n3"],
        Kinds = [FaultKind.Crash, FaultKind.Crash, FaultKind.PowerLoss, FaultKind.Pause, FaultKind.ClockJump, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break],
        Count = 9,
        Within = Faulty,
        Longest = TimeSpan.FromSeconds(4),
    };

    /// <summary>Runs it. Throws <see cref="SimulationFailedException"/> where a promise was broken.</summary>
    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, Body, options ?? new SimulationOptions { Plan = Plan, Replay = "dotnet run --project Broker.Host -- simulate replicas --seed {0}" });

    private static async Task Body(SimulatedWorld sim)
    {
        var dice = sim.NewRandom();
        var isGroup = dice.Next(3) == 0;
        var configs = new Dictionary<string, string> { ["min.insync.replicas"] = dice.Next(2) == 0 ? "1" : "2", ["flush.mode"] = isGroup ? "group" : "interval" };
        var controller = new ReplicaController(sim, Partitions, configs);
        var hearsOfBreaks = dice.Next(4) != 0;
        // Without fsync before an acknowledgement, it is other replicas that keep what one loses.
        var nodes = Enumerable.Range(1, 3).Select(id => new ReplicaNode(sim, controller, id, keepsAll: !isGroup, hearsOfBreaks)).ToList();
        controller.Begin();
        var histories = Enumerable.Range(0, Partitions).Select(p => new ReplicaHistory(p)).ToList();
        var world = new World(sim, controller, nodes, histories);
        var running = Enumerable.Range(0, Producers * Partitions).Select(world.Produce).ToList();
        var reading = world.Read(sim.NewRandom());
        await sim.Delay(Faulty + TimeSpan.FromSeconds(5));
        controller.IsFaulty = false;
        sim.Heal();
        world.IsOver = true;
        await sim.Until(() => running.TrueForAll(t => t.IsCompleted), "the producers are answered", Patience);
        await Task.WhenAll(running);
        if (controller.Broken is { } broken) throw new InvalidOperationException(broken);
        await sim.Until(() => controller.IsWhole, "every replica is in sync", Patience);
        for (var p = 0; p < Partitions; p++) await world.ProduceLast(p);
        await sim.Until(() => Enumerable.Range(0, Partitions).All(p => AreAlike(nodes, p)), "all replicas have the same end and high watermark", Patience);
        world.HasEnded = true;
        await reading;
        for (var p = 0; p < Partitions; p++) histories[p].Check([.. nodes.Select(n => n.Partition(p)!)], World.IsIdempotent);
        sim.Trace(string.Join("; ", histories.Select(h => $"{h.Acknowledged} acknowledged, {h.Seen} read")));
    }

    private static bool AreAlike(List<ReplicaNode> nodes, int partition)
    {
        var views = nodes.Select(n => n.Partition(partition)!.Log.View).ToList();
        return views.TrueForAll(v => v.EndOffset == views[0].EndOffset && v.HighWatermark == v.EndOffset);
    }

    /// <summary>Whoever writes and reads in a run.</summary>
    private sealed class World(SimulatedWorld sim, ReplicaController controller, List<ReplicaNode> nodes, List<ReplicaHistory> histories)
    {
        private const int LastProducer = 99;

        /// <summary>Nothing new is sent.</summary>
        public bool IsOver { get; set; }

        /// <summary>Nothing is read any more.</summary>
        public bool HasEnded { get; set; }

        public static bool IsIdempotent(int producer) => producer % Producers != 0;

        public async Task Produce(int producer)
        {
            var dice = sim.NewRandom();
            var partition = producer / Producers;
            var number = 0;
            while (!IsOver)
            {
                var values = new List<string>();
                for (var left = 1 + dice.Next(3); left > 0; left--) values.Add(ReplicaHistory.Value(producer, number++));
                await Send(dice, partition, producer, values, number - values.Count);
                await sim.Delay(TimeSpan.FromMilliseconds(dice.Next(60)));
            }
        }

        public Task ProduceLast(int partition) => Send(sim.NewRandom(), partition, LastProducer, [ReplicaHistory.Value(LastProducer, 0)], 0, untilAnswered: true);

        public async Task Read(Random dice)
        {
            var next = new long[Partitions];
            while (!HasEnded)
            {
                await sim.Delay(TimeSpan.FromMilliseconds(dice.Next(20)));
                var p = dice.Next(Partitions);
                var node = nodes[dice.Next(nodes.Count)];
                if (node.Node.IsPaused || node.Partition(p) is not { } handle) continue;
                if (dice.Next(20) == 0) next[p] = dice.Next((int)next[p] + 1);
                next[p] = histories[p].Read(handle, next[p]);
            }
        }

        // An idempotent producer sends until it is answered; another does not know what became of what it is not told of.
        private async Task Send(Random dice, int partition, int producer, List<string> values, int sequence, bool untilAnswered = false)
        {
            while (true)
            {
                var append = await Try(dice, partition, Batch(producer, values, sequence, sim.Time.GetUtcNow().ToUnixTimeMilliseconds()));
                if (append is { Error: ErrorCode.None })
                {
                    histories[partition].Acknowledge(append.Value.BaseOffset, values);
                    return;
                }

                // One that does not know yet that it leads no more knows less than the producer has been told.
                var isWrong = append is { Error: ErrorCode.OutOfOrderSequenceNumber or ErrorCode.InvalidProducerEpoch or ErrorCode.UnknownProducerId };
                if (isWrong && controller.IsWhole && IsOver) throw new InvalidOperationException($"partition {partition}: producer {producer} is told {append!.Value.Error} for sequence {sequence}: what it was acknowledged is forgotten");
                if (IsOver && sim.Now > Faulty * 3) sim.Trace($"partition {partition} producer {producer} sequence {sequence} at {controller.LeaderOf(partition)}: {append?.Error} {append?.Message}");
                if (!IsIdempotent(producer) && !untilAnswered) return;
                await sim.Delay(TimeSpan.FromMilliseconds(20 + dice.Next(100)));
            }
        }

        private async Task<AppendOutcome?> Try(Random dice, int partition, byte[] batch)
        {
            var leader = dice.Next(12) == 0 ? 1 + dice.Next(nodes.Count) : controller.LeaderOf(partition);
            if (nodes.Find(n => n.Id == leader)?.Partition(partition) is not { } handle) return null;
            var append = new Append(batch);
            handle.Actor.Tell(append, ActorRefs.NoSender);
            var end = sim.Now + TimeSpan.FromSeconds(3);
            // A node that crashed never answers.
            while (append.Outcome is null && sim.Now < end) await sim.Delay(TimeSpan.FromMilliseconds(5));
            return append.Outcome;
        }

        private static byte[] Batch(int producer, List<string> values, int sequence, long nowMs)
        {
            using var builder = new RecordBatchBuilder();
            foreach (var value in values) builder.Append(nowMs, default, false, Encoding.ASCII.GetBytes(value), true);
            var fields = new RecordBatchFields();
            if (IsIdempotent(producer)) fields = fields with { ProducerId = 1000 + producer, ProducerEpoch = 0, BaseSequence = sequence };
            return builder.Build(fields).ToArray();
        }
    }

    private sealed class Append : PartitionAppend
    {
        [SetsRequiredMembers]
        public Append(byte[] batch)
        {
            RecordBatchHeader.TryParse(batch, out var header);
            (Batch, Header) = (batch, header);
            TimeoutMs = 2000;
        }

        public AppendOutcome? Outcome { get; private set; }

        public override void Completed(in AppendOutcome outcome) => Outcome = outcome;
    }
}
