using AkkaStream.Host.Simulation;

namespace AkkaStream.Tests.Simulation;

/// <summary>Three whole brokers, their controller and clients, and what goes wrong between them, by seeds.</summary>
public sealed class ClusterScenarioTests
{
    private static readonly int Seeds = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is "1" ? 2000 : 10;

    [Fact]
    public void What_clients_saw_stays_and_all_replicas_become_the_same()
    {
        for (var seed = 1ul; seed <= (ulong)Seeds; seed++) ClusterScenario.Run(seed);
    }

    /// <summary>Seeds that found something once.</summary>
    [Theory]
    [InlineData(86)]
    [InlineData(220)]
    [InlineData(292)]
    public void What_was_found_once_stays_mended(ulong seed) => ClusterScenario.Run(seed);
}
