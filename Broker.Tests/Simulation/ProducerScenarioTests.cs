using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Simulation;

/// <summary>A broker, its client and what goes wrong between them, by seeds.</summary>
public sealed class ProducerScenarioTests
{
    private const int Seeds = 60;

    [Fact]
    public void Nothing_acknowledged_is_lost_doubled_or_out_of_order()
    {
        for (var seed = 1ul; seed <= Seeds; seed++) ProducerScenario.Run(seed);
    }

    [Fact]
    public async Task A_seed_gives_the_same_run_in_two_processes()
    {
        var there = SecondProcess.HashesThere("producer", 1, 3);
        Assert.Equal(SecondProcess.HashesHere("producer", 1, 3), await there);
    }
}
