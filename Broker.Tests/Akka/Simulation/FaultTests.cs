using Akka.Simulation;
using Akka.Simulation.Faults;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Simulation;

/// <summary>Schedules of faults: drawn, written, read, shrunk.</summary>
public sealed class FaultTests
{
    private static readonly FaultPlan Plan = new() { Nodes = Gossip.Names, Count = 40 };

    [Fact]
    public void A_seed_always_draws_the_same_faults()
    {
        Assert.Equal(Plan.Draw(5).ToString(), Plan.Draw(5).ToString());
        Assert.NotEqual(Plan.Draw(5).ToString(), Plan.Draw(6).ToString());
        Assert.Equal(Enum.GetValues<FaultKind>().Length, Enumerable.Range(0, 20).SelectMany(seed => Plan.Draw((ulong)seed)).Select(fault => fault.Kind).Distinct().Count());
    }

    [Fact]
    public void A_written_schedule_is_read_again()
    {
        var schedule = Plan.Draw(7);
        Assert.Equal(schedule, FaultSchedule.Parse("# as it was drawn\n\n" + schedule));
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("1s Explode n1")]
    [InlineData("1 Crash n1")]
    [InlineData("1s Cut n1 n2 n3")]
    [InlineData("99999999999s Crash n1")]
    public void What_is_no_fault_is_refused(string line) => Assert.Contains(line, Assert.Throws<FormatException>(() => FaultSchedule.Parse(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_node_alone_has_no_faults_of_links()
        => Assert.DoesNotContain(new FaultPlan { Nodes = ["n1"], Count = 200 }.Draw(1), fault => fault.Peer.Length > 0);

    [Fact]
    public void A_schedule_shrinks_to_what_the_failure_needs()
    {
        var schedule = Plan.Draw(8);
        var needed = new[] { schedule[3], schedule[17], schedule[36] };
        var runs = 0;
        var fewest = schedule.Minimize(fewer =>
        {
            runs++;
            return needed.All(fault => fewer.Contains(fault));
        });
        Assert.Equal(needed, fewest);
        Assert.InRange(runs, 1, 120);
    }

    [Fact]
    public void A_failed_run_is_told_with_the_fewest_faults()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => SimulatedWorld.Run(
            11,
            async sim =>
            {
                sim.AddNode("a");
                sim.AddNode("b");
                await sim.Delay(TimeSpan.FromSeconds(40));
                if (sim.Node("b").Incarnation > 1) throw new InvalidOperationException("b crashed");
            },
            new SimulationOptions { Plan = new FaultPlan { Nodes = ["a", "b"], Count = 30 }, Minimize = true }));
        Assert.Equal("b", Assert.Single(failure.Report.Faults).Node);
        Assert.Contains("b crashed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_faults_that_show_another_failure_are_not_taken()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => SimulatedWorld.Run(
            11,
            async sim =>
            {
                sim.AddNode("a");
                sim.AddNode("b");
                await sim.Delay(TimeSpan.FromSeconds(40));
                if (sim.Faults.Count >= 3) throw new InvalidOperationException($"lost {sim.Faults.Count} records");
                if (sim.Faults.Count > 0) throw new InvalidOperationException("something else");
            },
            new SimulationOptions { Plan = new FaultPlan { Nodes = ["a", "b"], Count = 10 }, Minimize = true }));
        Assert.Equal(3, failure.Report.Faults.Count);
        Assert.Contains("lost 3 records", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"replay: dotnet test --filter FullyQualifiedName~{nameof(Fewer_faults_that_show_another_failure_are_not_taken)}, where it runs seed 11", failure.Message, StringComparison.Ordinal);
    }
}
