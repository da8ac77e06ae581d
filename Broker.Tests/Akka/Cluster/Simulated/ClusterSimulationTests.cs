using System.Diagnostics;
using System.Globalization;
using Akka.Simulation;
using AkkaStream.Tests.Akka.Persistence;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>
/// Whole clusters on one thread, by seeds. <c>AKKASTREAM_NIGHTLY=1</c> runs a thousand of each, <c>AKKASTREAM_CLUSTER_SEEDS=N</c> the first N, <c>=FROM-TO</c> those; <c>AKKASTREAM_CLUSTER_SEED=N</c> runs that one
/// alone, with the fewest faults that still fail.
/// </summary>
public sealed class ClusterSimulationTests(ITestOutputHelper output)
{
    private const int MostSeedsToFindOut = 50;

    [Fact]
    public void Ten_nodes_agree_in_the_end_whatever_happened() => Seeds(4, MembershipSimulation.Run);

    [Fact]
    public void There_are_never_two_singletons() => Seeds(12, SingletonSimulation.Run);

    [Fact]
    public void No_entity_is_there_twice_and_messages_come_in_order() => Seeds(8, ShardingSimulation.Run);

    [Fact]
    public void No_persisted_event_is_lost_or_out_of_order() => Seeds(6, PersistenceSimulation.Run);

    [Theory]
    [InlineData("/data/journal")]
    [InlineData("/data/snapshots")]
    public void A_store_of_events_or_snapshots_that_is_not_durable_is_found_out(string folder)
    {
        var found = Enumerable.Range(1, MostSeedsToFindOut).First(seed =>
        {
            try
            {
                PersistenceSimulation.Run((ulong)seed, disk => new ForgetfulDisk(disk, folder));
                return false;
            }
            catch (SimulationFailedException e)
            {
                output.WriteLine(e.Message.Split('\n')[0]);
                return true;
            }
        });
        output.WriteLine($"found out by seed {found}");
    }

    [Fact]
    public void What_is_remembered_runs_again_without_a_message_and_never_twice() => Seeds(3, RememberSimulation.Run);

    [Fact]
    public async Task A_seed_gives_the_same_run_in_two_processes()
    {
        foreach (var scenario in new[] { "singleton", "sharding" })
        {
            var there = SecondProcess.HashesThere(scenario, 1, 2);
            Assert.Equal(SecondProcess.HashesHere(scenario, 1, 2), await there);
        }
    }

    /// <summary>What an idle cluster of five costs; the number is in akka/README.md.</summary>
    [Fact]
    public void An_idle_cluster_of_five_costs_little_and_nobody_is_missed()
    {
        foreach (var how in new[] { "cold", "warm" })
        {
            var (watch, used) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var report = SimulatedWorld.Run(1, async sim =>
            {
                var world = new ClusterWorld(sim, 5);
                await world.Formed(TimeSpan.FromSeconds(10));
                await sim.Delay(TimeSpan.FromSeconds(1000));
                Assert.True(world.AllAgree());
                Assert.All(sim.Nodes, node => Assert.Equal(1, node.Incarnation));
            });
            used = Environment.CpuUsage.TotalTime - used;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"1,000 virtual seconds of five idle nodes, {how}: {watch.Elapsed.TotalSeconds:0.00} s, {used.TotalSeconds:0.00} s of CPU, {report.Steps} steps"));
            Assert.InRange(report.Steps, 1, 3_000_000);
        }
    }

    /// <summary>Runs as many seeds as asked for: a few, a thousand, or the given one.</summary>
    private void Seeds(int few, Func<ulong, SimulationOptions?, SimulationReport> run)
    {
        if (ulong.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_CLUSTER_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var one))
        {
            run(one, new SimulationOptions { Minimize = true, LogLevel = "INFO" });
            return;
        }

        var (first, last) = Range(Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1" ? 1000 : few);
        var watch = Stopwatch.StartNew();
        var failed = new List<string>();
        for (var seed = first; seed <= last; seed++)
        {
            try
            {
                run(seed, null);
            }
            catch (SimulationFailedException e)
            {
                failed.Add(e.Message.Length > 12_000 ? e.Message[..2000] + "\n...\n" + e.Message[^10_000..] : e.Message);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seeds {first} to {last} in {watch.Elapsed.TotalSeconds:0.0} s, {failed.Count} failed"));
        Assert.True(failed.Count == 0, $"{failed.Count} of the seeds {first} to {last} failed: {string.Join(", ", failed.Select(f => f[..f.IndexOf(',', StringComparison.Ordinal)]))}\n{(failed.Count > 0 ? failed[0] : "")}");
    }

    private static (ulong First, ulong Last) Range(int count)
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_CLUSTER_SEEDS") is not { Length: > 0 } wanted) return (1, (ulong)count);
        var ends = Array.ConvertAll(wanted.Split('-'), text => ulong.Parse(text, CultureInfo.InvariantCulture));
        return ends.Length > 1 ? (ends[0], ends[1]) : (1, ends[0]);
    }
}
