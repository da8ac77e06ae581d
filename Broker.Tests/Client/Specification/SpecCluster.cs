using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AkkaStream.Client;
using AkkaStream.Client.Actors;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Specification;

/// <summary>A cluster that the client's specification runs against; one for each class of tests.</summary>
public abstract class SpecCluster : IAsyncLifetime
{
    private static int lastName;

    /// <summary>What every broker of the specification is told, so that groups settle at once.</summary>
    protected static Dictionary<string, string> Settings => new()
    {
        ["group.initial.rebalance.delay.ms"] = "0",
        ["group.min.session.timeout.ms"] = "100",
        ["group.consumer.min.heartbeat.interval.ms"] = "50",
        ["group.consumer.heartbeat.interval.ms"] = "50",
        ["group.consumer.assignment.interval.ms"] = "0",
        ["offsets.topic.num.partitions"] = "1",
        ["transaction.state.log.num.partitions"] = "1",
    };

    /// <summary>A name that no other test has.</summary>
    public static string Fresh(string prefix) => $"{prefix}-{Interlocked.Increment(ref lastName)}";

    /// <summary>A client of its own over this cluster's transport.</summary>
    public abstract AkkaStreamClient Connect();

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();
}

/// <summary>A broker in this process, reached without a socket.</summary>
public sealed class EmbeddedCluster : SpecCluster
{
    private EmbeddedBroker broker = null!;

    public override AkkaStreamClient Connect() => broker.Connect();

    public override async Task InitializeAsync() => broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = Settings });

    public override async Task DisposeAsync() => await broker.DisposeAsync();
}

/// <summary>A broker in this process, reached by Kafka's protocol over TCP.</summary>
public sealed class WireCluster : SpecCluster
{
    private EmbeddedBroker broker = null!;

    public override AkkaStreamClient Connect() => AkkaStreamClient.Connect(broker.BootstrapServers!);

    public override async Task InitializeAsync() => broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = Settings, Listen = true });

    public override async Task DisposeAsync() => await broker.DisposeAsync();
}

/// <summary>A broker in this process, reached over Akka.Remote by an actor system that is no member of its cluster.</summary>
public sealed class ActorCluster : SpecCluster
{
    private readonly ActorSystem system = ActorSystem.Create("app", Remote);
    private EmbeddedBroker broker = null!;

    /// <summary>A client's actor system, at a free port.</summary>
    public static string Remote => """
        akka {
          actor.provider = remote
          remote {
            reused-bodies = [7102]
            dot-netty.tcp {
              hostname = 127.0.0.1
              port = 0
            }
          }
          stdout-loglevel = OFF
          loggers = []
        }
        """;

    public override AkkaStreamClient Connect() => new(new ActorTransport(system, broker.ActorAddress!));

    public override async Task InitializeAsync() => broker = await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Settings = new Dictionary<string, string>(Settings) { ["cluster.listener"] = "127.0.0.1:0" } });

    public override async Task DisposeAsync()
    {
        await broker.DisposeAsync();
        await system.Terminate();
    }
}

/// <summary>A Kafka broker, reached by its protocol over TCP.</summary>
public sealed class KafkaCluster(string script) : SpecCluster
{
    private readonly string folder = Directory.CreateTempSubdirectory("spec-kafka").FullName;
    private readonly int port = FreePort();
    private Process? process;

    public override AkkaStreamClient Connect() => AkkaStreamClient.Connect($"127.0.0.1:{port}");

    public override async Task InitializeAsync()
    {
        var settings = Settings.Select(s => $"{s.Key}={s.Value}").Append("auto.create.topics.enable=true");
        var start = new ProcessStartInfo(script, ["run", $"{port}", Path.Combine(folder, "data"), "1", $"1@127.0.0.1:{port + 1000}", .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KAFKA_HEAP_OPTS"] = "-Xmx512m" },
        };
        process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await Eventually.Holds(() => process.HasExited || IsOpen(), "Kafka listens");
        Assert.False(process.HasExited, "Kafka did not start");
    }

    public override async Task DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private bool IsOpen()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        // Its controller takes the port a thousand above.
        for (var candidate = 22100; ; candidate++)
        {
            if (IsFree(candidate) && IsFree(candidate + 1000)) return candidate;
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
