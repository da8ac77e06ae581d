using Xunit.Abstractions;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Actors.Controller;

/// <summary>The controller of a simulated cluster, by seeds. <c>AKKASTREAM_CONTROLLER_SEEDS=N</c> runs N of them; <c>AKKASTREAM_CONTROLLER_SEED=N</c> that one alone, with its log.</summary>
public sealed class ControllerSimulationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_command_is_answered_and_every_broker_has_its_event()
    {
        var report = SimulatedWorld.Run(1, async sim =>
        {
            var world = new ControllerWorld(sim, 3, 3);
            await world.Cluster.Formed(20 * Second);
            Assert.True(world.TryCreate("n02", "orders"));
            await sim.Until(() => world.Acknowledged.Count == 1 && world.HaveConverged(), "the topic is everywhere", 10 * Second);
            world.Cluster.Check();
        });
        output.WriteLine($"{report.Steps} steps");
    }
}
