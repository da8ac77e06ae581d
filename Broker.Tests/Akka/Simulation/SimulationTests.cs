using System.Diagnostics;
using Akka.Actor;
using Akka.Simulation;
using AkkaStream.Tests.Support;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Simulation;

/// <summary>Time, turns, crashes, and what a run says when it fails.</summary>
public sealed class SimulationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_thousand_seconds_pass_at_once()
    {
        var report = SimulatedWorld.Run(1, async sim =>
        {
            var before = sim.Time.GetUtcNow();
            await sim.Delay(1000 * Second);
            Assert.InRange((sim.Time.GetUtcNow() - before).TotalSeconds, 1000, 1000.1);
        });
        Assert.InRange(report.VirtualTime.TotalSeconds, 1000, 1000.1);
        Assert.InRange(report.Steps, 1, 10);
    }

    [Fact]
    public void Actors_answer_on_the_simulations_thread()
    {
        var thread = 0;
        SimulatedWorld.Run(2, async sim =>
        {
            thread = Environment.CurrentManagedThreadId;
            var node = sim.AddNode("a", node => node.StartSystem().ActorOf(Props.Create(() => new Echo()), "echo"));
            var echo = node.System.ActorSelection("/user/echo");
            Assert.Equal("x", await echo.Ask<string>("x", Second));
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
            await Assert.ThrowsAsync<AskTimeoutException>(() => node.System.DeadLetters.Ask<string>("x", Second));
            await node.System.Terminate();
        });
        Assert.NotEqual(thread, Environment.CurrentManagedThreadId);
    }

    [Fact]
    public async Task Fifty_seeds_give_the_same_hashes_in_two_processes()
    {
        const int seeds = 50;
        var there = SecondProcess.HashesThere("gossip", 1, seeds);
        var here = SecondProcess.HashesHere("gossip", 1, seeds).ToList();
        Assert.Equal(seeds, here.Distinct().Count());
        Assert.Equal(here, await there);
    }

    [Fact]
    public void A_crash_ends_all_that_a_node_has_to_do()
    {
        SimulatedWorld.Run(3, async sim =>
        {
            var ticks = new List<(int Incarnation, double At)>();
            var node = sim.AddNode("a", node =>
            {
                var incarnation = node.Incarnation;
                node.StartSystem().Scheduler.Advanced.ScheduleRepeatedly(Second, Second, () => ticks.Add((incarnation, Math.Round(sim.Now.TotalSeconds))));
            });
            await sim.Delay(3.5 * Second);
            node.Crash();
            Assert.False(node.IsUp);
            Assert.Throws<InvalidOperationException>(() => node.System);
            await sim.Delay(5 * Second);
            node.Restart();
            await sim.Delay(1.5 * Second);
            Assert.Equal([(1, 1), (1, 2), (1, 3), (2, 9.5)], ticks.Select(tick => (tick.Incarnation, tick.Incarnation == 1 ? tick.At : 9.5)));
            Assert.Equal(2, node.Incarnation);
        });
    }

    [Fact]
    public void A_paused_node_does_later_what_came_meanwhile()
    {
        SimulatedWorld.Run(4, async sim =>
        {
            var node = sim.AddNode("a", node => node.StartSystem().ActorOf(Props.Create(() => new Echo()), "echo"));
            node.Pause();
            var answer = node.System.ActorSelection("/user/echo").Ask<string>("x", null, CancellationToken.None);
            await sim.Delay(10 * Second);
            Assert.False(answer.IsCompleted);
            node.Resume();
            Assert.Equal("x", await answer);
            Assert.True(sim.Now < 11 * Second);
        });
    }

    [Fact]
    public void A_nodes_clock_jumps_but_its_timers_do_not()
    {
        SimulatedWorld.Run(5, async sim =>
        {
            var node = sim.AddNode("a", node => node.StartSystem());
            node.ClockSkew = TimeSpan.FromHours(-1);
            Assert.Equal(-3600, (node.Time.GetUtcNow() - sim.Time.GetUtcNow()).TotalSeconds);
            Assert.Equal(node.Time.GetUtcNow(), node.System.Scheduler.Now);
            await node.Delay(Second);
            Assert.InRange(sim.Now.TotalSeconds, 1, 1.1);
        });
    }

    [Fact]
    public void A_failure_names_seed_time_events_and_the_command_that_replays_it()
    {
        var failure = Assert.Throws<SimulationFailedException>(() => SimulatedWorld.Run(
            77,
            async sim =>
            {
                sim.AddNode("a");
                await sim.Delay(2 * Second);
                sim.Trace("so far so good");
                throw new InvalidOperationException("lost a record");
            },
            new SimulationOptions { Replay = "simulate --seed {0}" }));
        Assert.StartsWith("seed 77, at 2.0000", failure.Message, StringComparison.Ordinal);
        Assert.Contains("lost a record", failure.Message, StringComparison.Ordinal);
        Assert.Contains("replay: simulate --seed 77", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a: starts", failure.Message, StringComparison.Ordinal);
        Assert.Contains("body: so far so good", failure.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(failure.InnerException);
        Assert.Equal(77ul, failure.Report.Seed);
    }

    [Fact]
    public void Waiting_for_what_never_comes_fails()
        => Assert.Contains("nothing will bring about", Fails(_ => new TaskCompletionSource().Task), StringComparison.Ordinal);

    [Fact]
    public void Taking_longer_than_the_time_limit_fails()
        => Assert.Contains("time limit", Fails(sim => sim.Delay(TimeSpan.FromDays(1))), StringComparison.Ordinal);

    [Fact]
    public void Going_on_in_the_thread_pool_fails() => Assert.Contains("another thread", Fails(async sim =>
    {
        var elsewhere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sim.Schedule(Second, elsewhere.SetResult);
        await elsewhere.Task;
        await sim.Delay(Second);
    }), StringComparison.Ordinal);

    [Fact]
    public void An_idle_cluster_costs_next_to_nothing()
    {
        var watch = Stopwatch.StartNew();
        var report = SimulatedWorld.Run(6, async sim =>
        {
            foreach (var name in Gossip.Names) sim.AddNode(name, node => node.StartSystem());
            await sim.Delay(1000 * Second);
        });
        Assert.InRange(report.Steps, 1, 200);
        Assert.True(watch.Elapsed < Eventually.Patience);
    }

    private static string Fails(Func<SimulatedWorld, Task> body) => Assert.Throws<SimulationFailedException>(() => SimulatedWorld.Run(9, body)).Message;

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
