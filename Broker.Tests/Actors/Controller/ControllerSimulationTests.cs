using System.Diagnostics;
using System.Globalization;
using Akka.Simulation;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;
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
            await world.AllTakePart();
            Assert.True(world.TryCreate("n02", "orders"));
            await sim.Until(() => world.Acknowledged.Count == 1 && world.HaveConverged(), "the topic is everywhere", 10 * Second);
            world.Cluster.Check();
        });
        output.WriteLine($"{report.Steps} steps");
    }

    [Fact]
    public void What_was_acknowledged_is_on_every_broker_in_the_end()
    {
        if (ulong.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_CONTROLLER_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var one))
        {
            ControllerSimulation.Run(one, new SimulationOptions { Minimize = true, LogLevel = "INFO" });
            return;
        }

        var count = int.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_CONTROLLER_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : 6;
        var watch = Stopwatch.StartNew();
        var failed = new List<string>();
        for (var seed = 1ul; seed <= (ulong)count; seed++)
        {
            try
            {
                ControllerSimulation.Run(seed);
            }
            catch (SimulationFailedException e)
            {
                failed.Add(e.Message.Length > 9_000 ? e.Message[..2000] + "\n...\n" + e.Message[^7000..] : e.Message);
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} seeds in {watch.Elapsed.TotalSeconds:0.0} s, {failed.Count} failed"));
        Assert.True(failed.Count == 0, $"{failed.Count} of {count} seeds failed: {string.Join("; ", failed.Select(f => f[..f.IndexOf('\n', StringComparison.Ordinal)]))}\n{(failed.Count > 0 ? failed[0] : "")}");
    }

    /// <summary>Proof that the simulation would find it: the log goes before the snapshot that has its events is durable.</summary>
    [Fact]
    public void A_log_that_goes_before_its_snapshot_is_durable_is_found()
    {
        for (var seed = 1ul; seed <= 40; seed++)
        {
            try
            {
                ControllerSimulation.Run(seed, sees: disk => new ForgetfulDisk(disk, ".image"));
            }
            catch (SimulationFailedException e)
            {
                output.WriteLine(e.Message[..e.Message.IndexOf('\n', StringComparison.Ordinal)]);
                return;
            }
        }

        Assert.Fail("not found in 40 seeds");
    }

    /// <summary>From the crash of the controller's node to the first command that is answered, in virtual time.</summary>
    [Fact]
    public void A_crash_of_the_controller_is_over_in_well_under_a_second()
    {
        var longest = TimeSpan.Zero;
        for (var seed = 1ul; seed <= 20; seed++)
        {
            SimulatedWorld.Run(seed, async sim =>
            {
                var world = new ControllerWorld(sim, 3, 3);
                await world.AllTakePart();
                world.TryCreate("n02", "before");
                await sim.Until(() => world.HaveConverged() && world.Acknowledged.Count == 1, "the topic is everywhere", 10 * Second);
                await sim.Delay(5 * Second);
                var holder = world.ControllerNode!;
                var other = world.Cluster.Names.First(name => name != holder.Name);
                holder.Crash();
                var crashed = sim.Now;
                var heard = await world.Ask(other, new AllocateProducerIdsRequest { BrokerId = world.On(other)!.Id, BrokerEpoch = world.On(other)!.BrokerEpoch }, 0, isRepeatable: true);
                Assert.Equal(ErrorCode.None, heard.Error);
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, (sim.Now - crashed).Ticks));
            });
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"longest of 20: {longest.TotalMilliseconds:0} ms"));
        Assert.InRange(longest.TotalMilliseconds, 0, 1000);
    }

    [Fact]
    public void Voters_come_and_go_one_at_a_time()
    {
        SimulatedWorld.Run(1, async sim =>
        {
            var world = new ControllerWorld(sim, 3, 1);
            await world.AllTakePart();
            var added = await world.Ask("n02", new AddRaftVoterRequest { VoterId = 2, VoterDirectoryId = world.DiskOf("n02"), TimeoutMs = 5000, Listeners = [new() { Name = "AKKA", Host = "n02", Port = 2552 }] }, 1);
            Assert.Equal(ErrorCode.None, ((AddRaftVoterResponse)added.Response!).ErrorCode);
            added = await world.Ask("n01", new AddRaftVoterRequest { VoterId = 3, VoterDirectoryId = world.DiskOf("n03"), TimeoutMs = 5000, Listeners = [new() { Name = "AKKA", Host = "n03", Port = 2552 }] }, 1);
            Assert.Equal(ErrorCode.None, ((AddRaftVoterResponse)added.Response!).ErrorCode);
            added = await world.Ask("n03", new AddRaftVoterRequest { VoterId = 3, VoterDirectoryId = world.DiskOf("n03"), TimeoutMs = 5000, Listeners = [new() { Name = "AKKA", Host = "n03", Port = 2552 }] }, 1);
            Assert.Equal(ErrorCode.DuplicateVoter, ((AddRaftVoterResponse)added.Response!).ErrorCode);
            var quorum = ((DescribeQuorumResponse)(await world.Ask("n03", new DescribeQuorumRequest(), 2)).Response!).Topics[0].Partitions[0];
            Assert.Equal([1, 2, 3], quorum.CurrentVoters.Select(v => v.ReplicaId));

            // One of three is away: a set of two, one of which is that one, would have no majority.
            sim.Node("n03").Crash();
            await sim.Delay(2 * Second);
            var removed = await world.Ask("n02", new RemoveRaftVoterRequest { VoterId = 2, VoterDirectoryId = world.DiskOf("n02") }, 0);
            Assert.Equal(ErrorCode.RequestTimedOut, ((RemoveRaftVoterResponse)removed.Response!).ErrorCode);
            removed = await world.Ask("n02", new RemoveRaftVoterRequest { VoterId = 3, VoterDirectoryId = world.DiskOf("n03") }, 0);
            Assert.Equal(ErrorCode.None, ((RemoveRaftVoterResponse)removed.Response!).ErrorCode);
            world.TryCreate("n02", "orders");
            await sim.Until(() => world.Acknowledged.Count == 1, "two are enough", 10 * Second);
            world.Cluster.Check();
        });
    }
}
