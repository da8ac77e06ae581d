using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;
using ClusterExtension = Akka.Cluster.Cluster;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// Clusters of processes on loopback: <c>AKKASTREAM_BENCH=cluster dotnet test -c Release --filter ClusterBenchmarks</c>. How long until three nodes are a cluster, until a sharded entity answers
/// again when its node is killed, leaves or stands still, how many entities start in a second, and what an idle node costs. What it prints is never pass or fail.
/// </summary>
public sealed class ClusterBenchmarks(ITestOutputHelper output)
{
    private const int Entities = 100_000;

    [Fact]
    public async Task Failover_start_and_idle()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") is not { } wanted || !wanted.Contains("cluster", StringComparison.Ordinal))
        {
            output.WriteLine("left out: AKKASTREAM_BENCH does not name cluster");
            return;
        }

        await Start();
        foreach (var signal in new[] { "KILL", "TERM", "STOP" }) await Failover(signal);
        await Idle();
    }

    private async Task Start()
    {
        for (var round = 1; round <= 3; round++)
        {
            var port = ClusterNodeProcess.FreePorts(1)[0];
            using var system = ClusterNodeProcess.Node(port, port);
            var region = ClusterNodeProcess.Region(system);
            await Eventually.Holds(() => ClusterExtension.Get(system).IsUp, "it is up");
            await region.Ask<int>(new ShardingEnvelope("x", "?"), Eventually.Patience);
            var done = new TaskCompletionSource();
            var watch = Stopwatch.StartNew();
            var counter = system.ActorOf(Props.Create(() => new Counter(Entities, done)));
            for (var i = 0; i < Entities; i++) region.Tell(new ShardingEnvelope(i.ToString(CultureInfo.InvariantCulture), "?"), counter);
            await done.Task.WaitAsync(TimeSpan.FromMinutes(1));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Entities} entities started and answered: {Entities / watch.Elapsed.TotalSeconds:0} a second"));
            await system.Terminate();
        }
    }

    private async Task Failover(string signal)
    {
        for (var round = 0; round < 3; round++)
        {
            var ports = ClusterNodeProcess.FreePorts(3);
            using var system = ClusterNodeProcess.Node(ports[0], ports[0]);
            var region = ClusterNodeProcess.Region(system);
            var cluster = ClusterExtension.Get(system);
            await Eventually.Holds(() => cluster.IsUp, "it is up");
            var watch = Stopwatch.StartNew();
            using var one = ClusterNodeProcess.Start(ports[1], ports[0]);
            using var two = ClusterNodeProcess.Start(ports[2], ports[0]);
            await Eventually.Holds(() => cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == 3, "all are up");
            var formed = watch.Elapsed;
            var there = await FindThere(region, one);
            watch.Restart();
            await ClusterNodeProcess.Signal(one, signal);
            var answers = await AnswersAgain(region, there, one.Id, watch);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"SIG{signal}: the entity answers again after {answers.TotalMilliseconds:0} ms (formed {formed.TotalSeconds:0.00} s after two processes were started)"));
            one.Kill();
            two.Kill();
            await system.Terminate();
        }
    }

    // An entity of that process.
    private static async Task<string> FindThere(IActorRef region, Process process)
    {
        for (var i = 0; ; i++)
        {
            var id = (i % 1000).ToString(CultureInfo.InvariantCulture);
            if (await region.Ask<int>(new ShardingEnvelope(id, "?"), Eventually.Patience) == process.Id) return id;
        }
    }

    private static async Task<TimeSpan> AnswersAgain(IActorRef region, string id, int former, Stopwatch watch)
    {
        while (true)
        {
            try
            {
                if (await region.Ask<int>(new ShardingEnvelope(id, "?"), TimeSpan.FromMilliseconds(50)) != former) return watch.Elapsed;
                await Task.Yield();
            }
            catch (AskTimeoutException) when (watch.Elapsed < TimeSpan.FromMinutes(1))
            {
                // Not yet.
            }
        }
    }

    private async Task Idle()
    {
        var ports = ClusterNodeProcess.FreePorts(3);
        using var system = ClusterNodeProcess.Node(ports[0], ports[0]);
        ClusterNodeProcess.Region(system);
        var cluster = ClusterExtension.Get(system);
        using var one = ClusterNodeProcess.Start(ports[1], ports[0]);
        using var two = ClusterNodeProcess.Start(ports[2], ports[0]);
        await Eventually.Holds(() => cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == 3, "all are up");
        var up = Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(10));
        for (var window = 0; window < 4; window++)
        {
            one.Refresh();
            var (before, watch, since) = (one.TotalProcessorTime, Stopwatch.StartNew(), up.Elapsed);
            await Task.Delay(TimeSpan.FromSeconds(20));
            one.Refresh();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"an idle node of three with sharding, {since.TotalSeconds:0} s after it was up: {(one.TotalProcessorTime - before) / watch.Elapsed:P2} of a core, {one.WorkingSet64 / 1e6:0} MB"));
        }

        one.Kill();
        two.Kill();
        await system.Terminate();
    }

    private sealed class Counter(int count, TaskCompletionSource done) : UntypedActor
    {
        private int _left = count;

        protected override void OnReceive(object message)
        {
            if (--_left == 0) done.TrySetResult();
        }
    }
}
