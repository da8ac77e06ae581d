using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Simulation;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>
/// Entities that are remembered, in a journal that all five nodes reach and that fails now and then, while nodes crash, leave, stand still and are parted, and shards move: no entity is there twice,
/// no two stores write for one shard, and when all is healed whatever ran runs again without a message; what has passivated does not, also when all nodes lose their power at once.
/// </summary>
internal static class RememberSimulation
{
    private const int Size = 5;
    private const int Lasting = 20;
    private const int Entities = 30;
    private const int Shards = 8;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly string Config = $$"""
        akka.cluster.sharding {
          remember-entities = on
          rebalance-interval = 3s, handoff-timeout = 10s, least-shard-allocation-strategy.rebalance-relative-limit = 0.5
          snapshot-after = 5, shard-failure-backoff = 500ms, coordinator-failure-backoff = 500ms, entity-restart-backoff = 2s
        }
        {{SharedEvents.Config}}
        """;

    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, Body, (options ?? new SimulationOptions()) with { Plan = ShardingSimulation.Plan, Replay = "AKKASTREAM_CLUSTER_SEED={0} dotnet test --filter ClusterSimulationTests" });

    private static async Task Body(SimulatedWorld sim)
    {
        var events = new SharedEvents(sim) { FailuresInHundred = 3 };
        var players = new Players();
        var world = new ClusterWorld(sim, Size, (world, node) => Start(world, node, players), Config, events);
        var dice = sim.NewRandom();
        for (var end = sim.Now + (40 * Second); sim.Now < end; Check(world, events))
        {
            await sim.Delay(TimeSpan.FromMilliseconds(dice.Next(1000, 10000)));
            await ShardingSimulation.Disturb(world, dice);
        }

        // From here on nobody says anything to an entity but what stands here.
        players.AreQuiet = true;
        events.FailuresInHundred = 0;
        sim.Heal();
        await world.Formed(90 * Second);
        await AllRun(world, events, players);
        await Rest(world, players.Seen.Where(id => int.Parse(id, CultureInfo.InvariantCulture) >= Lasting).ToList());
        await LoseSome(world, dice);
        await world.Formed(90 * Second);
        await AllRun(world, events, players);
        await sim.Delay(20 * Second);
        Check(world, events);
        Assert.DoesNotContain(Enumerable.Range(Lasting, Entities - Lasting).Select(Name), id => world.Runs("entity " + id));
        sim.Trace($"{world.Beginnings} incarnations, {players.Seen.Count} entities");
    }

    private static async Task AllRun(ClusterWorld world, SharedEvents events, Players players)
    {
        var lasting = players.Seen.Where(id => int.Parse(id, CultureInfo.InvariantCulture) < Lasting).ToList();
        try
        {
            await world.Sim.Until(() => world.Violation is not null || events.Violation is not null || lasting.TrueForAll(id => world.Runs("entity " + id)), "all that is remembered runs", 60 * Second);
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"{fault.Message}: of {lasting.Count} these do not: {string.Join(", ", lasting.Where(id => !world.Runs("entity " + id)))}", fault);
        }

        Check(world, events);
    }

    // One that has ended and is about to be started again gets the message too, and begins with it.
    private static async Task Rest(ClusterWorld world, List<string> ids)
    {
        for (var attempt = 0; ids.Count > 0; attempt++)
        {
            if (attempt > 10) throw new TimeoutException($"these do not passivate: {string.Join(", ", ids)}");
            foreach (var id in ids) ClusterSharding.Get(world.Sim.Nodes.First().System).ShardRegion("kind").Tell(new ShardingEnvelope(id, "rest"), ActorRefs.NoSender);
            await world.Sim.Delay(4 * Second);
            ids = ids.FindAll(id => world.Runs("entity " + id));
        }
    }

    private static async Task LoseSome(ClusterWorld world, Random dice)
    {
        var lost = dice.Next(2) == 0 ? world.Sim.Nodes.ToList() : [.. world.Sim.Nodes.Where(_ => dice.Next(3) == 0)];
        foreach (var node in lost) node.Crash(dice.Next(2) == 0);
        await world.Sim.Delay(TimeSpan.FromSeconds(dice.Next(1, 20)));
        foreach (var node in lost) node.Restart();
    }

    private static void Check(ClusterWorld world, SharedEvents events)
    {
        if (events.Violation is { } violation) world.Violate(violation);
        world.Check();
    }

    private static string Name(int i) => i.ToString(CultureInfo.InvariantCulture);

    private static void Start(ClusterWorld world, SimulatedNode node, Players players)
    {
        var sharding = ClusterSharding.Get(node.System);
        var region = sharding.Start("kind", id => Props.Create(() => new Entity(world, node, id, players)), sharding.Settings, HashCodeMessageExtractor.Create(Shards, _ => null));
        node.System.ActorOf(Props.Create(() => new Sender(players, region, node.NewRandom())));
    }

    /// <summary>What the test knows of entities.</summary>
    private sealed class Players
    {
        /// <summary>Those that ran at some time: they were on record before.</summary>
        public SortedSet<string> Seen { get; } = new(StringComparer.Ordinal);

        public bool AreQuiet { get; set; }
    }

    private sealed class Entity(ClusterWorld world, SimulatedNode node, string id, Players players) : UntypedActor
    {
        protected override void PreStart()
        {
            world.Began("entity " + id, node);
            players.Seen.Add(id);
        }

        protected override void PostStop() => world.Ended("entity " + id, node);

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "rest":
                    Context.Parent.Tell(new Passivate(PoisonPill.Instance), Self);
                    break;
                case "end":
                    Context.Stop(Self);
                    break;
            }
        }
    }

    private sealed class Sender(Players players, IActorRef region, Random dice) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromMilliseconds(300));

        protected override void OnReceive(object message)
        {
            if (players.AreQuiet) return;
            var number = dice.Next(Entities);
            var what = dice.Next(6) switch { 0 when number >= Lasting => "rest", 1 => "end", _ => "go on" };
            for (var i = 0; i < 2; i++) region.Tell(new ShardingEnvelope(Name(number), what), Self);
        }
    }
}
