using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Simulation;

/// <summary>Leaders and followers of three brokers and what goes wrong between them, by seeds.</summary>
public sealed class ReplicaScenarioTests
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is "1" ? 5000 : 40;

    [Fact]
    public void Nothing_acknowledged_is_lost_and_all_replicas_become_the_same()
    {
        for (var seed = 1ul; seed <= (ulong)Seeds; seed++) ReplicaScenario.Run(seed);
    }

    /// <summary>Seeds that found something once.</summary>
    [Theory]
    [InlineData(898)]
    public void What_was_found_once_stays_mended(ulong seed) => ReplicaScenario.Run(seed);

    [Fact]
    public async Task A_seed_gives_the_same_run_in_two_processes()
    {
        var there = SecondProcess.HashesThere("replicas", 1, 2);
        Assert.Equal(SecondProcess.HashesHere("replicas", 1, 2), await there);
    }
}
