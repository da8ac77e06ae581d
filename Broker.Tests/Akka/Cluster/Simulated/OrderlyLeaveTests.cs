using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Simulation;
using Xunit.Abstractions;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>How long a sharded entity does not answer while the node that has it leaves in order, in virtual time: what timers and round trips cost, without what a machine does.</summary>
public sealed class OrderlyLeaveTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("n01")]
    [InlineData("n02")]
    [InlineData("n03")]
    public void An_entity_of_a_node_that_leaves_answers_again_soon(string leaves)
    {
        SimulatedWorld.Run(1, async sim =>
        {
            var world = new ClusterWorld(sim, 3, Start);
            await world.Formed(20 * Second);
            var asker = sim.Nodes.Last(node => node.Name != leaves);
            var region = ClusterSharding.Get(asker.System).ShardRegion("kind");
            var (id, from) = ("", "");
            for (var i = 0; from != leaves; i++) from = await region.Ask<string>(new ShardingEnvelope(id = i.ToString(CultureInfo.InvariantCulture), "?"), 5 * Second);
            var left = sim.Now;
            _ = CoordinatedShutdown.Get(sim.Nodes.First(node => node.Name == leaves).System).Run(CoordinatedShutdown.ClrExitReason.Instance);
            while (from == leaves)
            {
                try
                {
                    from = await region.Ask<string>(new ShardingEnvelope(id, "?"), TimeSpan.FromMilliseconds(50));
                }
                catch (AskTimeoutException)
                {
                    // It moves.
                }

                await sim.Delay(TimeSpan.FromMilliseconds(1));
            }

            Assert.InRange(sim.Now - left, TimeSpan.Zero, TimeSpan.FromMilliseconds(100));
            output.WriteLine($"{leaves} leaves: {(sim.Now - left).TotalMilliseconds:0} ms");
        }, new SimulationOptions { LogLevel = "DEBUG" });
    }

    private static void Start(ClusterWorld world, SimulatedNode node)
    {
        var sharding = ClusterSharding.Get(node.System);
        sharding.Start("kind", _ => Props.Create(() => new Entity(node.Name)), sharding.Settings, HashCodeMessageExtractor.Create(10, _ => null));
    }

    private sealed class Entity(string where) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(where, Self);
    }
}
