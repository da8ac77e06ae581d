using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;

namespace AkkaStream.Tests.Support;

/// <summary>Cluster nodes as processes of their own, and this process's node among them, on loopback: to be killed, stopped and asked to leave.</summary>
internal static class ClusterNodeProcess
{
    public const string Verb = "cluster-node";

    /// <summary>Ports that nobody listens on at the moment.</summary>
    public static int[] FreePorts(int count) => [.. Enumerable.Range(0, count).Select(_ => Processes.FreePort())];

    /// <summary>A node with entities, in this process.</summary>
    public static ActorSystem Node(int port, int seed, string config = "")
        => ActorSystem.Create("nodes", ConfigurationFactory.ParseString(config).WithFallback(string.Create(CultureInfo.InvariantCulture, $$"""
            akka {
              loglevel = OFF, stdout-loglevel = OFF, loggers = []
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = {{port}} }
              cluster.seed-nodes = ["akka.tcp://nodes@127.0.0.1:{{seed}}"]
            }
            """)));

    /// <summary>Its region: an entity answers everything with the number of its process.</summary>
    public static IActorRef Region(ActorSystem system)
    {
        var sharding = ClusterSharding.Get(system);
        return sharding.Start("kind", Props.Create(() => new Entity()), sharding.Settings, HashCodeMessageExtractor.Create(100, _ => null));
    }

    /// <summary>A node as a process of its own.</summary>
    public static Process Start(int port, int seed)
        => Dotnet(typeof(ClusterNodeProcess).Assembly.Location, [Verb, port.ToString(CultureInfo.InvariantCulture), seed.ToString(CultureInfo.InvariantCulture)], []);

    /// <summary>A program as a process of its own.</summary>
    public static Process Dotnet(string assembly, string[] args, (string Name, string Value)[] environment)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(dotnet, [assembly, .. args]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public static async Task Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGTERM has a system leave in order. The runtime itself has no handler for it any more (since .NET 10), so that the hook at the end of the process is not called.</summary>
    public static IDisposable LeavesOnTerm(ActorSystem system)
        => PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            _ = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance);
        });

    /// <summary>What a node's process does until it is told to leave.</summary>
    public static int Run(string[] args)
    {
        using var system = Node(int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        using var term = LeavesOnTerm(system);
        Region(system);
        system.WhenTerminated.GetAwaiter().GetResult();
        return 0;
    }

    private sealed class Entity : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(Environment.ProcessId, Self);
    }
}
