using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Simulation;
using Akka.Simulation.Faults;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>
/// Thirty entities in ten shards over five nodes, with senders on all of them, while nodes crash, leave, stand still for a moment and are parted, and shards move: no entity is
/// there twice, what one sender sends to one incarnation comes in order, and in the end all answer from everywhere.
/// </summary>
internal static class ShardingSimulation
{
    private const int Size = 5;
    private const int Entities = 30;
    private const int Shards = 10;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>The faults of five nodes with shards.</summary>
    public static readonly FaultPlan Plan = new()
    {
        Nodes = [.. Enumerable.Range(1, Size).Select(i => $"n{i:00}")],
        Kinds = [FaultKind.Crash, FaultKind.PowerLoss, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break, FaultKind.ClockJump],
        Count = 4,
        Within = TimeSpan.FromSeconds(40),
        Longest = TimeSpan.FromSeconds(20),
    };

    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, Body, (options ?? new SimulationOptions()) with { Plan = Plan, Replay = "AKKASTREAM_CLUSTER_SEED={0} dotnet test --filter ClusterSimulationTests" });

    private static async Task Body(SimulatedWorld sim)
    {
        var world = new ClusterWorld(sim, Size, Start, "akka.cluster.sharding { rebalance-interval = 3s, handoff-timeout = 10s, least-shard-allocation-strategy.rebalance-relative-limit = 0.5 }");
        var dice = sim.NewRandom();
        for (var end = sim.Now + (45 * Second); sim.Now < end; world.Check())
        {
            await sim.Delay(TimeSpan.FromMilliseconds(dice.Next(1000, 10000)));
            await Disturb(world, dice);
        }

        sim.Heal();
        await world.Formed(90 * Second);
        foreach (var node in sim.Nodes) await AllAnswer(world, node);
        world.Check();
        sim.Trace($"{world.Beginnings} incarnations");
    }

    /// <summary>Something happens to the nodes: a parting, a leave, a crash, a standstill.</summary>
    public static async Task Disturb(ClusterWorld world, Random dice)
    {
        var sim = world.Sim;
        var up = sim.Nodes.Where(node => node.IsUp && !node.IsPaused).ToList();
        var one = up[dice.Next(up.Count)];
        switch (dice.Next(4))
        {
            case 0:
                var few = dice.Next(1, Size);
                var order = world.Names.OrderBy(_ => dice.Next()).ToList();
                world.Part(order.Take(few), order.Skip(few));
                await sim.Delay(TimeSpan.FromSeconds(dice.Next(1, 30)));
                sim.Network.Heal();
                break;
            case 1 when up.Count > 3:
                _ = CoordinatedShutdown.Get(one.System).Run(CoordinatedShutdown.ClrExitReason.Instance);
                break;
            case 2 when up.Count > 3:
                one.Crash(dice.Next(2) == 0);
                sim.Schedule(TimeSpan.FromSeconds(dice.Next(1, 20)), one.Restart);
                break;
            case 3 when up.Count > 3:
                one.Pause();
                sim.Schedule(TimeSpan.FromMilliseconds(dice.Next(10, 2000)), one.Resume);
                break;
        }
    }

    private static async Task AllAnswer(ClusterWorld world, SimulatedNode node)
    {
        for (var i = 0; i < Entities; i++)
        {
            var id = i.ToString(CultureInfo.InvariantCulture);
            for (var attempt = 0; ; attempt++)
            {
                world.Check();
                try
                {
                    // A node that was about to leave may end meanwhile, and its questions with it.
                    await world.Sim.Until(() => node.IsUp && !global::Akka.Cluster.Cluster.Get(node.System).IsTerminated, "it is up", 30 * Second);
                    var region = ClusterSharding.Get(node.System).ShardRegion("kind");
                    await region.Ask<string>(new ShardingEnvelope(id, "?"), 2 * Second).WaitAsync(3 * Second, world.Sim.Time);
                    break;
                }
                catch (Exception e) when (e is AskTimeoutException or TimeoutException && attempt < 15)
                {
                    // A message to a shard that moves may be lost.
                    world.Sim.Trace($"{id} does not answer {node.Name}");
                }
            }
        }
    }

    private static void Start(ClusterWorld world, SimulatedNode node)
    {
        var sharding = ClusterSharding.Get(node.System);
        var region = sharding.Start("kind", id => Props.Create(() => new Entity(world, node, id)), sharding.Settings, HashCodeMessageExtractor.Create(Shards, _ => null));
        node.System.ActorOf(Props.Create(() => new Sender($"{node.Name}.{node.Incarnation}", region, node.NewRandom())));
    }

    private sealed class Entity(ClusterWorld world, SimulatedNode node, string id) : UntypedActor
    {
        private readonly Dictionary<string, int> _last = [];

        protected override void PreStart() => world.Began("entity " + id, node);

        protected override void PostStop() => world.Ended("entity " + id, node);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "?":
                    Sender.Tell(node.Name, Self);
                    break;
                case "rest":
                    Context.Parent.Tell(new Passivate(PoisonPill.Instance), Self);
                    break;
                case string numbered:
                    Take(numbered.Split(' '));
                    break;
            }
        }

        private void Take(string[] parts)
        {
            var number = int.Parse(parts[1], CultureInfo.InvariantCulture);
            if (_last.TryGetValue(parts[0], out var last) && number <= last) world.Violate($"entity {id} on {node.Name} gets message {number} of {parts[0]} after {last}");
            _last[parts[0]] = number;
        }
    }

    private sealed class Sender(string name, IActorRef region, Random dice) : UntypedActor, IWithTimers
    {
        private int _number;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromMilliseconds(200));

        protected override void OnReceive(object message)
        {
            // A few at a time to one: they may meet a shard that moves.
            var id = dice.Next(Entities).ToString(CultureInfo.InvariantCulture);
            for (var i = 0; i < 4; i++) region.Tell(new ShardingEnvelope(id, string.Create(CultureInfo.InvariantCulture, $"{name} {++_number}")), Self);
            if (dice.Next(10) == 0) region.Tell(new ShardingEnvelope(id, "rest"), Self);
        }
    }
}
