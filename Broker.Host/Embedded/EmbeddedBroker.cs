using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Embedded;

/// <summary>How a broker in this process is started.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>Folder of its data; null keeps everything in memory, and it is gone with the broker.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Whether other processes can reach it over Kafka's protocol, on <see cref="Port"/> of the loopback.</summary>
    public bool Listen { get; init; }

    /// <summary>Port to listen on; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Further configuration, by Kafka's names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Takes lines for the log: whether it is a warning, and a sentence.</summary>
    public Action<bool, string>? Log { get; init; }
}

/// <summary>A broker in this process, for tests and for programs that want a log without a server.</summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private EmbeddedBroker(RunningBroker running)
    {
        Running = running;
        Transport = running.Connect();
    }

    /// <summary>The whole broker.</summary>
    public RunningBroker Running { get; }

    /// <summary>What a client is given to speak with it; no socket, nothing encoded.</summary>
    public IBrokerTransport Transport { get; }

    /// <summary>What other clients are given as <c>bootstrap.servers</c>; null where it does not listen.</summary>
    public string? BootstrapServers => Running.Door is null ? null : $"127.0.0.1:{Running.Port}";

    /// <summary>What clients that are actors are given as address, <c>akka.tcp://akkastream@host:port</c>; null where the setting <c>cluster.listener</c> does not say where they reach it (<c>127.0.0.1:0</c> for a free port).</summary>
    public string? ActorAddress => Running.ActorAddress;

    /// <summary>Starts a broker; when the task ends, it serves.</summary>
    /// <exception cref="IOException">The folder or the port cannot be used; the message says why.</exception>
    /// <exception cref="ConfigException">A setting cannot be served; the message names it.</exception>
    public static Task<EmbeddedBroker> StartAsync(EmbeddedBrokerOptions? options = null) => Task.Run(() => Start(options ?? new EmbeddedBrokerOptions()));

    /// <summary>A client of this broker, without a socket. It may be disposed before the broker, or after it.</summary>
    /// <param name="options">How requests are repeated; the defaults where left out.</param>
    public AkkaStreamClient Connect(ClusterOptions? options = null) => new(Running.Connect(), options);

    /// <summary>Stops it.</summary>
    public ValueTask DisposeAsync() => Running.DisposeAsync();

    private static EmbeddedBroker Start(EmbeddedBrokerOptions options)
    {
        var settings = new Dictionary<string, string>(options.Settings)
        {
            ["listeners"] = $"PLAINTEXT://127.0.0.1:{options.Port}",
            ["log.dirs"] = options.DataFolder ?? "/embedded",
        };
        IDisk? disk = options.DataFolder is null ? new MemoryDisk() : null;
        return new EmbeddedBroker(RunningBroker.Start(BrokerConfig.Create(settings), disk, options.Listen, options.Log));
    }
}
