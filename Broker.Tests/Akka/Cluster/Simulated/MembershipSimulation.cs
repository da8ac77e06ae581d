using Akka.Actor;
using Akka.Simulation;
using Akka.Simulation.Faults;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>Ten nodes that crash, lose power, leave and come back while links are cut, slow and lossy and groups are parted; then all is healed and all have to agree.</summary>
internal static class MembershipSimulation
{
    private const int Size = 10;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly FaultPlan Plan = new()
    {
        Nodes = [.. Enumerable.Range(1, Size).Select(i => $"n{i:00}")],
        Kinds = [FaultKind.Crash, FaultKind.PowerLoss, FaultKind.Pause, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break, FaultKind.ClockJump],
        Count = 8,
        Within = TimeSpan.FromSeconds(40),
        Longest = TimeSpan.FromSeconds(15),
    };

    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, Body, (options ?? new SimulationOptions()) with { Plan = Plan, Replay = "AKKASTREAM_CLUSTER_SEED={0} dotnet test --filter ClusterSimulationTests" });

    private static async Task Body(SimulatedWorld sim)
    {
        var world = new ClusterWorld(sim, Size);
        var dice = sim.NewRandom();
        for (var end = sim.Now + (40 * Second); sim.Now < end;)
        {
            await sim.Delay(TimeSpan.FromMilliseconds(dice.Next(500, 8000)));
            if (dice.Next(3) == 0) await PartForAWhile(world, dice);
            else LeaveSomewhere(sim, dice);
        }

        sim.Heal();
        await world.Formed(90 * Second);
    }

    private static void LeaveSomewhere(SimulatedWorld sim, Random dice)
    {
        var up = sim.Nodes.Where(node => node.IsUp && !node.IsPaused).ToList();
        if (up.Count < Size - 2) return;
        _ = CoordinatedShutdown.Get(up[dice.Next(up.Count)].System).Run(CoordinatedShutdown.ClrExitReason.Instance);
    }

    private static async Task PartForAWhile(ClusterWorld world, Random dice)
    {
        var few = dice.Next(1, Size - 1);
        world.Part(world.Names.Take(few), world.Names.Skip(few));
        await world.Sim.Delay(TimeSpan.FromSeconds(dice.Next(1, 25)));
        world.Sim.Network.Heal();
    }
}
