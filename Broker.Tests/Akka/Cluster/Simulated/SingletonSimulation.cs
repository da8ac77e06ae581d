using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Simulation;
using Akka.Simulation.Faults;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>A singleton over five nodes while they crash, leave, stand still for a moment and are parted: never two at a time, and one again in the end.</summary>
internal static class SingletonSimulation
{
    private const int Size = 5;
    private const string One = "the singleton";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly FaultPlan Plan = new()
    {
        Nodes = [.. Enumerable.Range(1, Size).Select(i => $"n{i:00}")],
        Kinds = [FaultKind.Crash, FaultKind.PowerLoss, FaultKind.Cut, FaultKind.CutOneWay, FaultKind.Slow, FaultKind.Break, FaultKind.ClockJump],
        Count = 5,
        Within = TimeSpan.FromSeconds(60),
        Longest = TimeSpan.FromSeconds(25),
    };

    public static SimulationReport Run(ulong seed, SimulationOptions? options = null)
        => SimulatedWorld.Run(seed, Body, (options ?? new SimulationOptions()) with { Plan = Plan, Replay = "AKKASTREAM_CLUSTER_SEED={0} dotnet test --filter ClusterSimulationTests" });

    /// <summary>Starts a node's manager, as soon as it is up.</summary>
    public static void Start(ClusterWorld world, SimulatedNode node)
    {
        var props = Props.Create(() => new Recorded(world, node));
        node.System.ActorOf(ClusterSingletonManager.Props(props, ClusterSingletonManagerSettings.Create(node.System)), "manager");
    }

    private static async Task Body(SimulatedWorld sim)
    {
        var world = new ClusterWorld(sim, Size, Start);
        var dice = sim.NewRandom();
        await sim.Until(() => world.Runs(One), "the first one runs", 20 * Second);
        for (var end = sim.Now + (60 * Second); sim.Now < end; world.Check())
        {
            await sim.Delay(TimeSpan.FromMilliseconds(dice.Next(1000, 15000)));
            var up = sim.Nodes.Where(node => node.IsUp && !node.IsPaused).ToList();
            switch (dice.Next(4))
            {
                case 0:
                    var few = dice.Next(1, Size);
                    var order = world.Names.OrderBy(_ => dice.Next()).ToList();
                    world.Part(order.Take(few), order.Skip(few));
                    await sim.Delay(TimeSpan.FromSeconds(dice.Next(1, 40)));
                    sim.Network.Heal();
                    break;
                case 1 when up.Count > 3:
                    _ = CoordinatedShutdown.Get(up[dice.Next(up.Count)].System).Run(CoordinatedShutdown.ClrExitReason.Instance);
                    break;
                case 2 when world.HolderOf(One) is { } holder && up.Count > 3:
                    holder.Crash(dice.Next(2) == 0);
                    sim.Schedule(TimeSpan.FromSeconds(dice.Next(1, 20)), holder.Restart);
                    break;
                case 3 when up.Count > 3:
                    var still = up[dice.Next(up.Count)];
                    still.Pause();
                    sim.Schedule(TimeSpan.FromMilliseconds(dice.Next(10, 2000)), still.Resume);
                    break;
            }
        }

        sim.Heal();
        await world.Formed(90 * Second);
        await sim.Until(() => world.Runs(One) || world.Violation is not null, "one runs again", 30 * Second);
        world.Check();
        sim.Trace($"{world.Beginnings} in all");
    }

    private sealed class Recorded(ClusterWorld world, SimulatedNode node) : UntypedActor
    {
        protected override void PreStart() => world.Began(One, node);

        protected override void PostStop() => world.Ended(One, node);

        protected override void OnReceive(object message)
        {
        }
    }
}
