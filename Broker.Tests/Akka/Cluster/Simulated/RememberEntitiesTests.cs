using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Simulation;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>Entities that are remembered, one case at a time.</summary>
public sealed class RememberEntitiesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void After_a_crash_they_run_elsewhere_without_a_message_and_passivated_ones_do_not()
        => Run(async world =>
        {
            for (var i = 0; i < 30; i++) Tell(world, i, "go on");
            await world.Sim.Until(() => world.Running.Count() == 30, "all run", 10 * Second);
            for (var i = 0; i < 10; i++) Tell(world, i, "rest");
            await world.Sim.Until(() => world.Running.Count() == 20, "ten have passivated", 10 * Second);
            await world.Sim.Delay(Second);

            // The coordinator's node first: what it knew is on record too.
            foreach (var name in new[] { "n01", "n02" })
            {
                Assert.Contains(world.Running, what => world.HolderOf(what)!.Name == name);
                world.Sim.Node(name).Crash();
                await world.Sim.Delay(Second);
                await world.Sim.Until(() => world.Running.Count() == 20, "they run elsewhere", 10 * Second);
                world.Check();
            }

            await world.Sim.Delay(20 * Second);
            Assert.Equal(Enumerable.Range(10, 20).Select(Entity), world.Running.Order(StringComparer.Ordinal));
        });

    [Fact]
    public void When_all_nodes_were_down_they_come_back_with_them()
        => Run(async world =>
        {
            for (var i = 0; i < 30; i++) Tell(world, i, "go on");
            await world.Sim.Until(() => world.Running.Count() == 30, "all run", 10 * Second);
            foreach (var node in world.Sim.Nodes) node.Crash(silently: true);
            await world.Sim.Delay(60 * Second);
            Assert.Empty(world.Running);
            foreach (var node in world.Sim.Nodes) node.Restart();
            await world.Formed(60 * Second);
            await world.Sim.Until(() => world.Running.Count() == 30, "all run again", 10 * Second);
        });

    [Fact]
    public void One_that_moves_in_order_is_there_again_and_one_that_passivates_meanwhile_is_not()
        => Run(async world =>
        {
            for (var i = 0; i < 30; i++) Tell(world, i, "go on");
            await world.Sim.Until(() => world.Running.Count() == 30, "all run", 10 * Second);
            var leaves = world.Sim.Node("n02");
            var there = world.Running.Where(what => world.HolderOf(what) == leaves).Order(StringComparer.Ordinal).ToList();
            Assert.InRange(there.Count, 2, 29);
            Region(leaves).Tell(new ShardingEnvelope(there[0].Split(' ')[1], "rest"), ActorRefs.NoSender);
            _ = CoordinatedShutdown.Get(leaves.System).Run(CoordinatedShutdown.ClrExitReason.Instance);
            await world.Sim.Delay(20 * Second);
            Assert.Equal(Enumerable.Range(0, 30).Select(Entity).Except([there[0]]).Order(StringComparer.Ordinal), world.Running.Order(StringComparer.Ordinal));
            world.Check();
        });

    [Fact]
    public void One_that_ends_by_itself_is_started_again_after_a_while_or_with_the_next_message()
        => Run(async world =>
        {
            Tell(world, 1, "go on");
            Tell(world, 2, "go on");
            await world.Sim.Until(() => world.Running.Count() == 2, "they run", 10 * Second);
            Tell(world, 1, "end");
            Tell(world, 2, "end");
            await world.Sim.Until(() => !world.Running.Any(), "they have ended", Second);
            var ended = world.Sim.Now;
            Tell(world, 2, "go on");
            await world.Sim.Until(() => world.Runs(Entity(2)), "the message has it started", Second);
            Assert.False(world.Runs(Entity(1)));
            await world.Sim.Until(() => world.Runs(Entity(1)), "it is started again", 10 * Second);
            Assert.InRange(world.Sim.Now - ended, TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(2.2));
        });

    [Fact]
    public void While_the_journal_is_away_new_ones_wait_and_others_go_on()
        => Run(async (world, events) =>
        {
            Tell(world, 1, "go on");
            await world.Sim.Until(() => world.Runs(Entity(1)), "it runs", 10 * Second);
            events.FailuresInHundred = 100;
            for (var i = 0; i < 30; i++) Tell(world, i, "go on");
            await world.Sim.Delay(20 * Second);
            Assert.Equal([Entity(1)], world.Running);
            Assert.Equal(1, world.Beginnings);
            events.FailuresInHundred = 0;
            await world.Sim.Until(() => world.Running.Count() == 30, "the messages were kept", 10 * Second);
        });

    [Fact]
    public void They_may_be_started_a_few_at_a_time()
        => Run(async world =>
        {
            for (var i = 0; i < 30; i++) Tell(world, i, "go on");
            await world.Sim.Until(() => world.Running.Count() == 30, "all run", 10 * Second);
            foreach (var node in world.Sim.Nodes) node.Crash();
            foreach (var node in world.Sim.Nodes) node.Restart();
            await world.Sim.Until(() => world.Running.Any(), "the first runs", 60 * Second);
            var first = world.Sim.Now;
            await world.Sim.Until(() => world.Running.Count() == 30, "all run again", 30 * Second);

            // Ten in each of three shards, one a second.
            Assert.InRange(world.Sim.Now - first, 6 * Second, 15 * Second);
        }, "akka.cluster.sharding { rebalance-interval = 1h, entity-recovery-strategy = constant, entity-recovery-constant-rate-strategy { frequency = 1s, number-of-entities = 1 } }", shards: 3);

    [Fact]
    public void Only_the_journal_remembers()
        => Run(world =>
        {
            var sharding = ClusterSharding.Get(world.Sim.Node("n01").System);
            var extractor = HashCodeMessageExtractor.Create(3, _ => null);
            var settings = sharding.Settings.WithStore(RememberEntitiesStore.DData).WithRememberEntities(true).WithJournalPluginId("j").WithSnapshotPluginId("s");
            Assert.True(settings.RememberEntities);
            Assert.Equal(("j", "s"), (settings.JournalPluginId, settings.SnapshotPluginId));
            Assert.Throws<ConfigurationException>((Action)(() => sharding.Start("other", Props.Empty, settings, extractor)));
            Assert.False(settings.WithRememberEntities(false).RememberEntities);
            return Task.CompletedTask;
        });

    private static void Run(Func<ClusterWorld, Task> body, string config = "", int shards = 8) => Run((world, _) => body(world), config, shards);

    private static void Run(Func<ClusterWorld, SharedEvents, Task> body, string config = "", int shards = 8)
        => SimulatedWorld.Run(1, async sim =>
        {
            var events = new SharedEvents(sim);
            var all = $$"""
                {{config}}
                akka.cluster.sharding { remember-entities = on, entity-restart-backoff = 2s, shard-failure-backoff = 1s, coordinator-failure-backoff = 1s, snapshot-after = 3 }
                {{SharedEvents.Config}}
                """;
            var world = new ClusterWorld(sim, 5, (world, node) => Start(world, node, shards), all, events);
            await world.Formed(20 * Second);

            // All regions are known to the coordinator by then.
            await sim.Delay(Second);
            await body(world, events);
            world.Check();
            Assert.Null(events.Violation);
        });

    private static void Start(ClusterWorld world, SimulatedNode node, int shards)
    {
        var sharding = ClusterSharding.Get(node.System);
        sharding.Start("kind", id => Props.Create(() => new Recorded(world, node, id)), sharding.Settings, HashCodeMessageExtractor.Create(shards, _ => null));
    }

    private static string Entity(int number) => string.Create(CultureInfo.InvariantCulture, $"entity {number:00}");

    private static IActorRef Region(SimulatedNode node) => ClusterSharding.Get(node.System).ShardRegion("kind");

    private static void Tell(ClusterWorld world, int number, string what) => Region(world.Sim.Node("n03")).Tell(new ShardingEnvelope(number.ToString("00", CultureInfo.InvariantCulture), what), ActorRefs.NoSender);

    private sealed class Recorded(ClusterWorld world, SimulatedNode node, string id) : UntypedActor
    {
        protected override void PreStart() => world.Began("entity " + id, node);

        protected override void PostStop() => world.Ended("entity " + id, node);

        protected override void OnReceive(object message)
        {
            if (message is "rest") Context.Parent.Tell(new Passivate(PoisonPill.Instance), Self);
            if (message is "end") Context.Stop(Self);
        }
    }
}
