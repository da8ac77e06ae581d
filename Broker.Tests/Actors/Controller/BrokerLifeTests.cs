using Akka.Actor;
using AkkaStream.Actors.Controller;
using AkkaStream.Client.Protocol;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Actors.Controller;

/// <summary>Brokers of a simulated cluster register, are fenced where they are gone, come back, and go in order.</summary>
public sealed class BrokerLifeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_broker_that_is_gone_leads_nothing_within_a_second_and_takes_part_again_when_it_is_back()
        => SimulatedWorld.Run(3, async sim =>
        {
            var world = new ControllerWorld(sim, 3, 3);
            await world.Cluster.Formed(20 * Second);
            await world.AllTakePart();
            await MakeTopic(world);
            var gone = sim.Node("n03");
            gone.Crash();
            await sim.Until(() => Leaders(world, "n01").All(leader => leader is 1 or 2), "its partitions are led elsewhere", Second);
            Assert.True(world.On("n01")!.Image.Brokers[3].IsFenced);
            gone.Restart();
            await world.AllTakePart();
            await sim.Until(() => world.HaveConverged(), "all have the same image", 10 * Second);
            world.Cluster.Check();
        });

    [Fact]
    public void The_controllers_own_broker_goes_too()
        => SimulatedWorld.Run(5, async sim =>
        {
            var world = new ControllerWorld(sim, 3, 3);
            await world.Cluster.Formed(20 * Second);
            await world.AllTakePart();
            await MakeTopic(world);
            var holder = world.ControllerNode!;
            var other = world.Cluster.Names.First(name => name != holder.Name);
            var id = world.On(holder.Name)!.Id;
            holder.Crash();
            await sim.Until(() => Leaders(world, other).All(leader => leader != id && leader >= 0), "its partitions are led elsewhere", Second);
            holder.Restart();
            await world.AllTakePart();
            world.Cluster.Check();
        });

    [Fact]
    public void One_that_stops_in_order_is_told_when_its_leaders_have_moved()
        => SimulatedWorld.Run(7, async sim =>
        {
            var world = new ControllerWorld(sim, 3, 3);
            await world.Cluster.Formed(20 * Second);
            await world.AllTakePart();
            await MakeTopic(world);
            var moved = new TaskCompletionSource<bool>();
            var began = sim.Now;
            world.On("n02")!.Life!.Tell(new BeginShutdown(10 * Second, moved.SetResult), ActorRefs.NoSender);
            Assert.True(await moved.Task);
            Assert.InRange((sim.Now - began).TotalSeconds, 0, 1);
            Assert.All(Leaders(world, "n01"), leader => Assert.NotEqual(2, leader));
            world.Cluster.Check();
        });

    private static async Task MakeTopic(ControllerWorld world)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "orders", NumPartitions = 9, ReplicationFactor = 3 }] };
        var reply = await world.Ask("n02", request, 7);
        Assert.Equal(ErrorCode.None, ((CreateTopicsResponse)reply.Response!).Topics[0].ErrorCode);
        await world.Sim.Until(() => world.HaveConverged(), "the topic is everywhere", 10 * Second);
        Assert.Equal([1, 2, 3], Leaders(world, "n01").Distinct().Order());
    }

    private static IEnumerable<int> Leaders(ControllerWorld world, string on) => world.On(on)!.Image.Topics["orders"].Partitions.Select(p => p.Leader);
}
