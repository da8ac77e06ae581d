using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using AkkaStream.Tests.Akka.Remote;
using AkkaStream.Tests.Support;
using ClusterExtension = global::Akka.Cluster.Cluster;

namespace AkkaStream.Tests.Akka.Cluster.Singleton;

/// <summary>A singleton over whole systems in one process, which moves to the next one when its node leaves.</summary>
public sealed class HandOverTests : RemoteFixture
{
    private readonly ConcurrentQueue<string> _history = new();

    [Fact]
    public async Task A_node_that_leaves_hands_its_singleton_over()
    {
        var systems = await Nodes(2);
        var proxy = Proxy(systems[1]);
        Assert.Equal("n1", await proxy.Ask<string>("where", Patience));

        // Its end takes no longer than its phases need: nothing waits for a time limit.
        await CoordinatedShutdown.Get(systems[0]).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);
        await Eventually.Holds(async () => await Where(proxy) == "n2", "the next one runs it");
        Assert.Equal(["n1 begins", "n1 ends", "n2 begins"], _history);
    }

    [Fact]
    public async Task A_killed_nodes_singleton_is_there_again_on_the_next_one_and_the_last_one_ends_with_its_node()
    {
        var systems = await Nodes(3);
        var proxy = Proxy(systems[2]);
        Assert.Equal("n1", await proxy.Ask<string>("where", Patience));
        Network.Kill(AddressOf(systems[0]).Host!, AddressOf(systems[0]).Port!.Value);
        await Eventually.Holds(async () => await Where(proxy) == "n2", "the next one runs it");
        foreach (var system in systems.Skip(1)) await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);
        Assert.Contains("n3 ends", _history);
    }

    [Fact]
    public async Task Of_two_nodes_each_may_leave_and_the_other_goes_on()
    {
        foreach (var leaver in new[] { 0, 1 })
        {
            var systems = await Nodes(2, $"l{leaver}");
            var (leaving, staying) = (systems[leaver], systems[1 - leaver]);
            var stays = ClusterExtension.Get(staying);
            var removed = Inlet(staying);
            stays.Subscribe(removed.Ref, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));
            await ClusterExtension.Get(leaving).LeaveAsync().WaitAsync(Patience);
            await leaving.WhenTerminated.WaitAsync(Patience);
            Assert.Equal(MemberStatus.Exiting, Assert.IsType<ClusterEvent.MemberRemoved>(await removed.Next()).PreviousStatus);
            Assert.True(stays.IsUp);
            Assert.Equal([AddressOf(staying)], stays.State.Members.Select(member => member.Address));
        }
    }

    private async Task<List<ActorSystem>> Nodes(int count, string prefix = "n")
    {
        var systems = new List<ActorSystem>();
        for (var i = 1; i <= count; i++)
        {
            var host = $"{prefix}{i}";
            var system = Start(host, provider: "cluster");
            systems.Add(system);
            var cluster = ClusterExtension.Get(system);
            cluster.JoinSeedNodes([AddressOf(systems[0])]);
            system.ActorOf(ClusterSingletonManager.Props(Props.Create(() => new Recorded(host, _history)), ClusterSingletonManagerSettings.Create(system)), "manager");
            await Eventually.Holds(() => cluster.IsUp, "it is up");
        }

        await Eventually.Holds(() => systems.TrueForAll(system => ClusterExtension.Get(system).State.Members.Count(member => member.Status == MemberStatus.Up) == count), "all know of all");
        return systems;
    }

    private static IActorRef Proxy(ActorSystem system) => system.ActorOf(ClusterSingletonProxy.Props("/user/manager", ClusterSingletonProxySettings.Create(system)), "proxy");

    // What is on its way to a singleton that ends is lost, as any message may be.
    private static async Task<string?> Where(IActorRef proxy)
    {
        try
        {
            return await proxy.Ask<string>("where", TimeSpan.FromMilliseconds(200));
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private sealed class Recorded(string host, ConcurrentQueue<string> history) : UntypedActor
    {
        protected override void PreStart() => history.Enqueue($"{host} begins");

        protected override void PostStop() => history.Enqueue($"{host} ends");

        protected override void OnReceive(object message) => Sender.Tell(host, Self);
    }
}
