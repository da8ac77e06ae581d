using System.Diagnostics;
using System.Globalization;
using AkkaStream.Tests.Cluster;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Akka.Cluster.Processes;

/// <summary>
/// Three nodes as processes, killed, stopped, asked to leave and cut off from each other: never two singletons and never two entities with one id at a time, nothing is served where it does not live any
/// more, and everything answers again. The settings are the defaults. A node that is stopped counts as not living while it stands still; it learns that it was given up when it goes on. Long ones run with
/// <c>AKKASTREAM_NIGHTLY=1</c>.
/// </summary>
public sealed class NodeProcessTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(90);

    private static bool IsNightly => Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1";

    [Fact]
    public async Task One_that_stands_still_for_a_second_keeps_all_and_what_a_killed_one_and_one_that_leaves_had_answers_again()
    {
        if (OperatingSystem.IsWindows()) return;
        using var nodes = OnLoopback();
        var (a, b, c) = await Formed(nodes);
        var kept = NodeProcesses.HeldBy(b);
        await b.Signal("STOP");
        await Passed(1);
        var goesOn = NodeProcesses.Now;
        await b.Signal("CONT");
        await nodes.Until(() => nodes.AllServedSince(goesOn, a, b, c), "all answer");
        Say("SIGSTOP for 1 s: the last of them served again after SIGCONT", NodeProcesses.SlowestAfter(goesOn, kept, b));
        Assert.Equal(kept, NodeProcesses.HeldBy(b));
        nodes.Check();

        // The oldest one: the singleton and the coordinator of shards go with it.
        var had = NodeProcesses.HeldBy(a);
        Assert.Contains(NodeProgram.Singleton, had);
        var killed = a.Kill();
        await nodes.Until(() => nodes.AllServedSince(killed, b, c), "all answer after the kill");
        Say($"kill -9 of the node of the coordinator and {had.Count - 1} entities: the last of them served again", NodeProcesses.SlowestAfter(killed, had, b, c));
        nodes.Check();

        had = NodeProcesses.HeldBy(b);
        var leaves = await b.Signal("TERM");
        await b.Exited();
        await nodes.Until(() => nodes.AllServedSince(leaves, c), "all answer after the leave");
        Say($"SIGTERM of the node of the coordinator and {had.Count - 1} entities: the last of them served again", NodeProcesses.SlowestAfter(leaves, had, c));
        nodes.Check();
    }

    [Fact]
    public async Task One_that_stands_still_for_half_a_minute_is_given_up_begins_nothing_when_it_goes_on_and_ends()
    {
        if (OperatingSystem.IsWindows() || !IsNightly) return;
        foreach (var oldest in new[] { false, true })
        {
            using var nodes = OnLoopback();
            var (a, b, c) = await Formed(nodes);
            var (still, others) = oldest ? (a, new[] { b, c }) : (b, [a, c]);
            var had = NodeProcesses.HeldBy(still);
            var stopped = await still.StopForGood();
            await nodes.Until(() => nodes.AllServedSince(stopped, others), "all answer without it");
            Say($"SIGSTOP of {(oldest ? "the coordinator's" : "another")} node with {had.Count} of them: the last of them served again", NodeProcesses.SlowestAfter(stopped, had, others));
            await Passed(30 - Stopwatch.GetElapsedTime(stopped).TotalSeconds);
            await still.GoesOn();
            await still.Exited();
            Say("SIGCONT: it ended itself", Stopwatch.GetElapsedTime(still.WentOn!.Value));
            Say("SIGCONT: it served what it had in hand, the last of it", still.ServedOnFor);
            nodes.Check();
        }
    }

    [Fact]
    public async Task The_larger_part_goes_on_the_smaller_one_ends_and_comes_back_when_all_is_healed()
    {
        if (!Namespaces.CanBeMade || !IsNightly) return;
        using var spaces = new Namespaces(3);
        using var nodes = new NodeProcesses(number => (spaces.Inside(number), Namespaces.ForBrokers(number), 22_100 + number));
        var (a, b, c) = await Formed(nodes);
        var had = NodeProcesses.HeldBy(a);
        var cut = NodeProcesses.Now;
        spaces.Cut(1);
        await a.Exited();
        Say("cut off with the coordinator: the smaller part has ended", Stopwatch.GetElapsedTime(cut));
        await nodes.Until(() => nodes.AllServedSince(cut, b, c), "the larger part serves all");
        Say($"the last of {had.Count} served again by the larger part", NodeProcesses.SlowestAfter(cut, had, b, c));
        nodes.Check();

        spaces.Heal(1);
        var healed = NodeProcesses.Now;
        var again = nodes.Start(1, 2, 3);
        await nodes.Until(() => NodeProcesses.HeldBy(again).Count > 0, "it has entities again");
        await nodes.Until(() => nodes.AllServedSince(healed, again, b, c), "all answer");
        nodes.Check();
    }

    private static NodeProcesses OnLoopback()
    {
        // In order: whoever is left last has the highest address, and would lose against one that seems to have crashed.
        var ports = ClusterNodeProcess.FreePorts(3).Order().ToArray();
        return new NodeProcesses(number => ([], "127.0.0.1", ports[number - 1]));
    }

    private static async Task Passed(double seconds)
    {
        var since = NodeProcesses.Now;
        await Eventually.Holds(() => Stopwatch.GetElapsedTime(since).TotalSeconds >= seconds, "real time passes", Long);
    }

    private static async Task<(NodeProcesses.Node A, NodeProcesses.Node B, NodeProcesses.Node C)> Formed(NodeProcesses nodes)
    {
        // The first one is the oldest: what is there once only is on it.
        var a = nodes.Start(1, 1, 2);
        var (b, c) = (nodes.Start(2, 1, 2), nodes.Start(3, 1, 2));
        await nodes.Until(() => NodeProcesses.HeldBy(a).Count + NodeProcesses.HeldBy(b).Count + NodeProcesses.HeldBy(c).Count == NodeProgram.Entities + 1, "all run");
        await nodes.Until(() => new[] { a, b, c }.All(node => NodeProcesses.HeldBy(node).Count > 0), "all have something");
        await nodes.Until(() => nodes.AllServedSince(0, a, b, c), "all are served");
        return (a, b, c);
    }

    private void Say(string what, TimeSpan time) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} after {time.TotalSeconds:0.000} s"));
}
