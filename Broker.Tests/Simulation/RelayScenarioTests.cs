using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Simulation;

/// <summary>Groups of both protocols and transactions, and what goes wrong between them and their coordinators, by seeds.</summary>
public sealed class RelayScenarioTests
{
    private const int Seeds = 15;

    [Fact]
    public void Every_token_makes_every_hop_once()
    {
        for (var seed = 1ul; seed <= Seeds; seed++) RelayScenario.Run(seed);
    }

    [Fact]
    public async Task A_seed_gives_the_same_run_in_two_processes()
    {
        var there = SecondProcess.HashesThere("relay", 1, 2);
        Assert.Equal(SecondProcess.HashesHere("relay", 1, 2), await there);
    }
}
