using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaStream.Lighthouse;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;
using ClusterExtension = Akka.Cluster.Cluster;

namespace AkkaStream.Tests.Cluster;

/// <summary>Lighthouses as processes on loopback, seen by a node of this process: they form a cluster, are killed, stand still, and leave.</summary>
public sealed class LighthouseTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string SystemName = "lights";

    private readonly List<Process> _processes = [];
    private readonly List<string> _events = [];
    private ActorSystem? _observer;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            process.Dispose();
        }

        if (_observer is not null) await _observer.Terminate();
    }

    [Fact]
    public async Task Three_form_a_cluster_one_is_killed_and_one_leaves()
    {
        if (OperatingSystem.IsWindows()) return;
        var cluster = await Form();

        // A killed one's machine says so: it is missed for a moment and no longer.
        _processes[1].Kill();
        await Eventually.Holds(() => Up(cluster) == 3, "the killed one is removed");
        await ClusterNodeProcess.Signal(_processes[2], "TERM");
        await Eventually.Holds(() => Up(cluster) == 2, "the one that leaves is removed");
        await _processes[2].WaitForExitAsync().WaitAsync(Eventually.Patience);
        Assert.Equal(0, _processes[2].ExitCode);
        await Eventually.Holds(() => Heard("Down") && Heard("Exiting"), "both removals are heard of");

        // One that is given up is to be started again, and says so.
        cluster.Down(cluster.State.Members.Single(member => member.HasRole("lighthouse")).Address);
        await _processes[0].WaitForExitAsync().WaitAsync(Eventually.Patience);
        Assert.Equal(1, _processes[0].ExitCode);
    }

    [Fact]
    public async Task One_that_stands_still_for_a_second_keeps_its_place_and_for_long_loses_it()
    {
        // Half a minute of real time.
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") != "1") return;
        var cluster = await Form();
        await ClusterNodeProcess.Signal(_processes[2], "STOP");
        await Passed(1);
        await ClusterNodeProcess.Signal(_processes[2], "CONT");
        await Passed(6);
        Assert.Equal(4, Up(cluster));
        Assert.Empty(cluster.State.Unreachable);
        await ClusterNodeProcess.Signal(_processes[2], "STOP");
        var watch = Stopwatch.StartNew();
        await Eventually.Holds(() => Up(cluster) == 3, "the silent one is removed");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"removed {watch.Elapsed.TotalSeconds:0.0} s after SIGSTOP"));
        await Eventually.Holds(() => watch.Elapsed.TotalSeconds > 30, "half a minute is over");
        await ClusterNodeProcess.Signal(_processes[2], "CONT");

        // It learns that it was given up, and ends.
        await _processes[2].WaitForExitAsync().WaitAsync(Eventually.Patience);
        Assert.Equal(3, Up(cluster));
    }

    [Theory]
    [InlineData("ACTORSYSTEM", "bad name", "ACTORSYSTEM is 'bad name': a system's name is of letters and digits")]
    [InlineData("CLUSTER_PORT", "abc", "CLUSTER_PORT is 'abc': a port is a number from 1 to 65535")]
    [InlineData("CLUSTER_IP", "bad/host", "CLUSTER_IP is 'bad/host': it is the name or the address by which others reach this machine")]
    [InlineData("CLUSTER_SEEDS", "nowhere", "CLUSTER_SEEDS holds 'nowhere': a seed is an address such as akka.tcp://lighthouse@")]
    public void A_setting_that_makes_no_sense_is_named(string name, string value, string said)
        => Assert.StartsWith(said, Assert.Throws<FormatException>(() => LighthouseOptions.FromEnvironment(asked => asked == name ? value : null)).Message);

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_a_sentence()
    {
        using var taken = new Socket(SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Any, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
        _processes.Add(ClusterNodeProcess.Dotnet(typeof(LighthouseOptions).Assembly.Location, [], [("CLUSTER_IP", "127.0.0.1"), ("CLUSTER_PORT", port)]));
        await _processes[0].WaitForExitAsync().WaitAsync(Eventually.Patience);
        Assert.Equal(1, _processes[0].ExitCode);
    }

    private static async Task Passed(int seconds)
    {
        var watch = Stopwatch.StartNew();
        await Eventually.Holds(() => watch.Elapsed.TotalSeconds >= seconds, "real time passes");
    }

    private static int Up(ClusterExtension cluster) => cluster.State.Members.Count(member => member.Status == MemberStatus.Up);

    private async Task<ClusterExtension> Form()
    {
        var ports = ClusterNodeProcess.FreePorts(7);
        var seeds = string.Join(',', ports.Take(2).Select(Address));
        for (var i = 0; i < 3; i++)
        {
            _processes.Add(ClusterNodeProcess.Dotnet(typeof(LighthouseOptions).Assembly.Location, [],
                [("ACTORSYSTEM", SystemName), ("CLUSTER_IP", "127.0.0.1"), ("CLUSTER_PORT", ports[i].ToString(CultureInfo.InvariantCulture)), ("CLUSTER_SEEDS", seeds), ("PETABRIDGE_CMD_PORT", ports[3 + i].ToString(CultureInfo.InvariantCulture))]));
        }

        var watch = Stopwatch.StartNew();
        _observer = ActorSystem.Create(SystemName, ConfigurationFactory.ParseString(string.Create(CultureInfo.InvariantCulture, $$"""
            akka {
              loglevel = OFF, stdout-loglevel = OFF, loggers = []
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = {{ports[6]}} }
              cluster.seed-nodes = ["{{seeds.Replace(",", "\", \"", StringComparison.Ordinal)}}"]
            }
            """)));
        var cluster = ClusterExtension.Get(_observer);
        _observer.ActorOf(Props.Create(() => new Observer(_events)));
        await Eventually.Holds(() => Up(cluster) == 4, "three lighthouses and the observer are up");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"formed {watch.Elapsed.TotalSeconds:0.00} s after the processes were started"));
        return cluster;
    }

    private bool Heard(string what)
    {
        lock (_events) return _events.Contains(what);
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"akka.tcp://{SystemName}@127.0.0.1:{port}");

    private sealed class Observer(List<string> events) : UntypedActor
    {
        protected override void PreStart() => ClusterExtension.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.MemberRemoved));

        protected override void OnReceive(object message)
        {
            if (message is not ClusterEvent.MemberRemoved removed) return;
            lock (events) events.Add(removed.PreviousStatus.ToString());
        }
    }
}
