using Akka.Simulation.Network;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Simulation;

/// <summary>Connections: order, delay, cuts, losses, crashes, room.</summary>
public sealed class NetworkTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Messages_of_a_connection_stay_in_order_and_those_of_two_do_not(int seed) => SimulatedWorld.Run((ulong)seed, async sim =>
    {
        var (a, b) = (sim.AddNode("a"), sim.AddNode("b"));
        var all = new List<int>();
        sim.Network.Listen(b, 1, () => new End { OnMessage = message => all.Add((int)message) });
        var (one, two) = (new End(), new End());
        sim.Network.Connect(a, "b", 1, one);
        sim.Network.Connect(a, "b", 1, two);
        await sim.Until(() => one.Connection is not null && two.Connection is not null, "both are open", Second);
        for (var i = 0; i < 100; i++)
        {
            one.Connection!.Send(i, 1);
            two.Connection!.Send(1000 + i, 1);
        }

        await sim.Until(() => all.Count == 200, "all arrive", 10 * Second);
        Assert.Equal(Enumerable.Range(0, 100), all.Where(n => n < 1000));
        Assert.Equal(Enumerable.Range(1000, 100), all.Where(n => n >= 1000));
        Assert.NotEqual(all.Order(), all);
    });

    [Fact]
    public void A_cut_link_keeps_what_waits_and_gives_up_in_the_end() => SimulatedWorld.Run(4, async sim =>
    {
        var (near, far) = await Connected(sim);
        sim.Network.Cut("a", "b", bothWays: false);
        near.Connection!.Send("late", 4);
        far.Connection!.Send("the other way", 4);
        await sim.Delay(5 * Second);
        Assert.Equal(["the other way"], near.Got);
        Assert.Empty(far.Got);
        sim.Network.Mend("a", "b", bothWays: false);
        await sim.Until(() => far.Got.Count == 1, "it arrives", Second);
        sim.Network.Cut("a", "b");
        near.Connection!.Send("never", 5);
        await sim.Until(() => near.Ended == SimulatedClose.Unreachable, "it gives up", 20 * Second);
        Assert.Null(far.Ended);
        Assert.Single(far.Got);
    });

    [Fact]
    public void A_crash_resets_the_peers_connections_and_a_power_loss_says_nothing() => SimulatedWorld.Run(5, async sim =>
    {
        var (near, _) = await Connected(sim);
        sim.Node("b").Crash();
        await sim.Until(() => near.Ended == SimulatedClose.Reset, "the peer hears of it", Second);
        Assert.Equal(SimulatedClose.Refused, await Dial(sim));
        sim.Node("b").Restart();
        var (again, _) = await Connected(sim);
        sim.Node("b").Crash(silently: true);
        await sim.Delay(30 * Second);
        Assert.Null(again.Ended);
        again.Connection!.Send("anybody?", 8);
        await sim.Until(() => again.Ended == SimulatedClose.Unreachable, "nobody answers", 20 * Second);
        Assert.Equal(SimulatedClose.Unreachable, await Dial(sim));
    });

    [Fact]
    public void Broken_connections_lose_what_was_under_way() => SimulatedWorld.Run(6, async sim =>
    {
        var (near, far) = await Connected(sim);
        near.Connection!.Send("lost", 4);
        sim.Network.Break("b", "a");
        await sim.Until(() => near.Ended == SimulatedClose.Reset && far.Ended == SimulatedClose.Reset, "both hear", Second);
        Assert.Empty(far.Got);
        await Connected(sim);
    });

    [Fact]
    public void What_was_sent_before_the_close_arrives() => SimulatedWorld.Run(7, async sim =>
    {
        var (near, far) = await Connected(sim);
        for (var i = 0; i < 10; i++) near.Connection!.Send(i, 1);
        near.Connection!.Close();
        await sim.Until(() => far.Ended == SimulatedClose.PeerClosed, "the peer hears", Second);
        Assert.Equal(10, far.Got.Count);
        Assert.Equal(SimulatedClose.Closed, near.Ended);
    });

    [Fact]
    public void A_receiver_that_stands_still_fills_the_connection() => SimulatedWorld.Run(8, async sim =>
    {
        var (near, far) = await Connected(sim);
        sim.Node("b").Pause();
        var sent = 0;
        while (near.Connection!.Send(sent, 100_000)) sent++;
        Assert.InRange(sent, 5, 11);
        await sim.Delay(10 * Second);
        Assert.Equal(0, near.Writables);
        sim.Node("b").Resume();
        await sim.Until(() => far.Got.Count == sent && near.Writables == 1, "there is room again", Second);
    });

    [Fact]
    public void A_slow_link_is_slow_in_its_direction() => SimulatedWorld.Run(9, async sim =>
    {
        var (near, far) = await Connected(sim);
        sim.Network.Slow("a", "b", 3 * Second);
        var start = sim.Now;
        near.Connection!.Send("slow", 4);
        far.Connection!.Send("fast", 4);
        await sim.Until(() => near.Got.Count == 1, "it comes", Second);
        await sim.Until(() => far.Got.Count == 1, "it comes", 4 * Second);
        Assert.InRange((sim.Now - start).TotalSeconds, 3, 3.1);
    });

    private static async Task<(End Near, End Far)> Connected(SimulatedWorld sim)
    {
        if (!sim.Nodes.Any())
        {
            sim.AddNode("a");
            sim.AddNode("b");
        }

        var (near, far) = (new End(), new End());
        var port = sim.Network.Listen(sim.Node("b"), 0, () => far);
        sim.Network.Connect(sim.Node("a"), "b", port, near);
        await sim.Until(() => near.Connection is not null && far.Connection is not null, "it is open", TimeSpan.FromSeconds(2));
        return (near, far);
    }

    private static async Task<SimulatedClose> Dial(SimulatedWorld sim)
    {
        var end = new End();
        sim.Network.Connect(sim.Node("a"), "b", 1, end);
        await sim.Until(() => end.Ended is not null, "it fails", 20 * Second);
        return end.Ended!.Value;
    }

    private sealed class End : ISimulatedEnd
    {
        public SimulatedConnection? Connection { get; private set; }

        public SimulatedClose? Ended { get; private set; }

        public List<object> Got { get; } = [];

        public int Writables { get; private set; }

        public Action<object>? OnMessage { get; init; }

        public void Opened(SimulatedConnection connection) => Connection = connection;

        public void Received(object message)
        {
            Got.Add(message);
            OnMessage?.Invoke(message);
        }

        public void Writable() => Writables++;

        public void Closed(SimulatedClose reason) => Ended = reason;
    }
}
