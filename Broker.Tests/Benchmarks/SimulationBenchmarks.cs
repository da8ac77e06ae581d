using System.Diagnostics;
using Akka.Simulation;
using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Akka.Simulation;
using Xunit.Abstractions;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>What virtual time costs: <c>AKKASTREAM_BENCH=simulation dotnet test -c Release --filter SimulationBenchmarks</c>. What it prints is never pass or fail.</summary>
public sealed class SimulationBenchmarks(ITestOutputHelper output)
{
    [Fact]
    public void Idle_nodes_gossip_and_the_broker()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") is not { } wanted || !wanted.Contains("simulation", StringComparison.Ordinal))
        {
            output.WriteLine("left out: AKKASTREAM_BENCH does not name simulation");
            return;
        }

        for (var round = 0; round < 3; round++)
        {
            Measure("five idle nodes, 1000 s", 1, _ => SimulatedWorld.Run(1, async sim =>
            {
                foreach (var name in Gossip.Names) sim.AddNode(name, node => node.StartSystem());
                await sim.Delay(TimeSpan.FromSeconds(1000));
            }));
            Measure("five idle nodes with a tick each 100 ms, 1000 s", 1, _ => SimulatedWorld.Run(1, async sim =>
            {
                foreach (var name in Gossip.Names) sim.AddNode(name, node => node.StartSystem().Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100), () => { }));
                await sim.Delay(TimeSpan.FromSeconds(1000));
            }));
            Measure("five nodes that gossip under 12 faults, a seed", 50, seed => Gossip.Run(seed));
            Measure("a broker and a producer under 8 faults, a seed", 50, seed => ProducerScenario.Run(seed));
        }
    }

    private void Measure(string what, int seeds, Func<ulong, SimulationReport> run)
    {
        var start = Stopwatch.GetTimestamp();
        var (steps, time) = (0L, TimeSpan.Zero);
        for (var seed = 1ul; seed <= (ulong)seeds; seed++)
        {
            var report = run(seed);
            steps += report.Steps;
            time += report.VirtualTime;
        }

        var took = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{what}: {took.TotalMilliseconds / seeds:0.0} ms, {steps / seeds} steps, {time.TotalSeconds / seeds:0} virtual s, {steps / took.TotalSeconds / 1e6:0.00} M steps/s");
    }
}
