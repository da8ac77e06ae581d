using System.Globalization;
using Akka.Actor;
using Akka.Simulation;
using Akka.Simulation.Faults;
using AkkaStream.Actors.Storage;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Actors.Controller;

/// <summary>
/// A cluster's controller while its nodes crash, lose their power, leave, stand still and are parted, and clients on all of them ask for topics: what was acknowledged is there in the end, on every
/// broker and every voter's disk alike, and no two brokers ever had different images at one event.
/// </summary>
internal static class ControllerSimulation
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // A snapshot after every few decisions.
    private const int SnapshotBytes = 1500;

    /// <summary>Runs it. Throws <see cref="SimulationFailedException"/> where a promise was broken.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="sees">What brokers see of their disks: a mistake that is to be found.</param>
    public static SimulationReport Run(ulong seed, SimulationOptions? options = null, Func<IDisk, IDisk>? sees = null)
    {
        var size = seed % 4 == 0 ? 5 : 3;
        FaultKind[] kinds = [FaultKind.Crash, FaultKind.PowerLoss, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break, FaultKind.ClockJump];
        var plan = new FaultPlan
        {
            Nodes = [.. Enumerable.Range(1, size).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i:00}"))],
            Kinds = seed % 3 == 0 ? [.. kinds, FaultKind.DiskFull, FaultKind.DiskFailing] : kinds,
            Count = 7,
            Within = TimeSpan.FromSeconds(40),
            Longest = TimeSpan.FromSeconds(12),
        };
        return SimulatedWorld.Run(seed, sim => Body(sim, size, sees), (options ?? new SimulationOptions()) with { Plan = plan, Replay = "AKKASTREAM_CONTROLLER_SEED={0} dotnet test --filter ControllerSimulationTests" });
    }

    private static async Task Body(SimulatedWorld sim, int size, Func<IDisk, IDisk>? sees)
    {
        var world = new ControllerWorld(sim, size, size == 5 && sim.Seed % 8 == 0 ? 3 : size, SnapshotBytes, sees);
        var dice = sim.NewRandom();
        var asked = 0;
        for (var end = sim.Now + (45 * Second); sim.Now < end; world.Cluster.Check())
        {
            await sim.Delay(TimeSpan.FromMilliseconds(dice.Next(20, 1000)));
            if (dice.Next(12) == 0) Disturb(world, dice);
            else world.TryCreate(world.Cluster.Names[dice.Next(size)], string.Create(CultureInfo.InvariantCulture, $"t{asked++}"));
        }

        sim.Heal();
        await world.Cluster.Formed(120 * Second);
        var before = world.Acknowledged.Count;
        await sim.Until(() => Last(world, dice.Next(size)) && (world.Acknowledged.Contains("last") || world.Cluster.Violation is not null), "a command is answered again", 60 * Second);
        await sim.Until(() => (world.HaveConverged() && world.HaveEqualLogs()) || world.Cluster.Violation is not null, "all brokers have the same image and the same log", 60 * Second);
        world.Cluster.Check();
        sim.Trace($"{before} of {asked} topics were acknowledged, {world.Epochs} epochs, {world.Snapshots} snapshots in the end");
        if (world.Snapshots == 0) throw new InvalidOperationException("no snapshot was taken");
    }

    private static bool Last(ControllerWorld world, int node)
    {
        if (world.Acknowledged.Contains("last") || world.IsLastAsked) return true;
        world.IsLastAsked = world.TryCreate(world.Cluster.Names[node], "last", reply =>
        {
            world.IsLastAsked = false;
            if (reply.Response is AkkaStream.Client.Protocol.CreateTopicsResponse { Topics: [{ ErrorCode: AkkaStream.Client.Protocol.ErrorCode.TopicAlreadyExists }] }) world.Acknowledged.Add("last");
        });
        return true;
    }

    private static void Disturb(ControllerWorld world, Random dice)
    {
        var sim = world.Sim;
        var up = sim.Nodes.Where(node => node.IsUp && !node.IsPaused).ToList();
        if (up.Count <= (world.Cluster.Names.Count / 2) + 1) return;
        var node = world.ControllerNode is { } holder && dice.Next(2) == 0 ? holder : up[dice.Next(up.Count)];
        switch (dice.Next(3))
        {
            case 0:
                node.Crash(dice.Next(2) == 0);
                sim.Schedule(TimeSpan.FromMilliseconds(dice.Next(100, 15_000)), node.Restart);
                break;
            case 1:
                _ = CoordinatedShutdown.Get(node.System).Run(CoordinatedShutdown.ClrExitReason.Instance);
                break;
            default:
                node.Pause();
                sim.Schedule(TimeSpan.FromMilliseconds(dice.Next(10, 8000)), node.Resume);
                break;
        }
    }
}
