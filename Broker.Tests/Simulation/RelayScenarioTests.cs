using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Simulation;

/// <summary>Groups of both protocols and transactions, and what goes wrong between them and their coordinators, by seeds.</summary>
public sealed class RelayScenarioTests(ITestOutputHelper output)
{
    private const int Seeds = 15;
    private const int ClusterSeeds = 5;
    private const int Crashes = 1000;

    [Fact]
    public void Every_token_makes_every_hop_once()
    {
        for (var seed = 1ul; seed <= Seeds; seed++) RelayScenario.Run(seed);
    }

    [Fact]
    public void Every_token_makes_every_hop_once_while_coordinators_move()
    {
        for (var seed = 1ul; seed <= ClusterSeeds; seed++) RelayScenario.RunCluster(seed);
    }

    /// <summary>The exactly-once copy over a thousand crashes of anything, on one broker and on three: behind AKKASTREAM_NIGHTLY.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_copy_is_exact_over_a_thousand_crashes(bool isCluster)
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is not "1") return;
        var crashes = 0;
        var seed = 0ul;
        while (crashes < Crashes)
        {
            seed++;
            if (isCluster) RelayScenario.RunCluster(seed, crashed: count => crashes += count);
            else RelayScenario.Run(seed, crashed: count => crashes += count);
        }

        output.WriteLine($"{crashes} crashes in {seed} seeds");
    }

    [Fact]
    public async Task A_seed_gives_the_same_run_in_two_processes()
    {
        var there = SecondProcess.HashesThere("relay", 1, 2);
        Assert.Equal(SecondProcess.HashesHere("relay", 1, 2), await there);
    }
}
