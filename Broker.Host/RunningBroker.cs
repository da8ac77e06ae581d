using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Actor.Setup;
using AkkaStream.Actors;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Requests;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Embedded;
using AkkaStream.Host.Kafka;
using AkkaStream.Host.Pbm;

namespace AkkaStream.Host;

/// <summary>A whole broker: actor system, node and door. What the host runs, and what a program that embeds a broker holds.</summary>
public sealed class RunningBroker : IAsyncDisposable
{
    private readonly BrokerConfig config;
    private readonly ActorSystem system;
    private readonly KafkaDoor? door;
    private readonly CancellationTokenSource embedded = new();
    private readonly TaskCompletionSource<string> failed;
    private DirectoryLocks? locks;
    private int stopped;

    private RunningBroker(BrokerConfig config, ActorSystem system, BrokerNode node, KafkaDoor? door, TaskCompletionSource<string> failed)
    {
        this.failed = failed;
        this.config = config;
        this.system = system;
        this.door = door;
        Node = node;
    }

    /// <summary>The broker without its door.</summary>
    public BrokerNode Node { get; }

    /// <summary>What it runs on.</summary>
    internal ActorSystem System => system;

    /// <summary>Its door for Kafka's protocol; null where it was started without one.</summary>
    public KafkaDoor? Door => door;

    /// <summary>Port of the first listener, as it was bound.</summary>
    public int Port => door?.Bound[0].Port ?? 0;

    /// <summary>Ends, with a sentence, when the broker can serve nothing any more (every log directory is offline): who runs it should stop it.</summary>
    public Task<string> Failed => failed.Task;

    /// <summary>Starts a broker: when this returns, clients are served.</summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="disk">Where its files lie; the disk of this machine where it is null.</param>
    /// <param name="withDoor">Whether it listens; without a door it is reached by <see cref="Connect"/> alone.</param>
    /// <param name="log">Takes the door's lines: whether it is a warning, and a sentence.</param>
    /// <param name="setup">How its actor system is set up; the engine's defaults where it is null.</param>
    /// <exception cref="IOException">A listener or a log directory cannot be used; the message says why.</exception>
    /// <exception cref="ConfigException">The configuration cannot be served; the message names the key.</exception>
    public static RunningBroker Start(BrokerConfig config, IDisk? disk = null, bool withDoor = true, Action<bool, string>? log = null, ActorSystemSetup? setup = null)
    {
        // The ports first: a second broker on the same directory or port must not touch a file.
        var door = withDoor ? KafkaDoor.Bind(DoorOptions.Of(config, log)) : null;
        var system = setup is null ? ActorSystem.Create("akkastream") : ActorSystem.Create("akkastream", setup);
        DirectoryLocks? locks = null;
        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (disk is null) locks = DirectoryLocks.Take(config.LogDirs);
            if (door is not null) LoopDispatcherConfigurator.Register(system.Dispatchers);
            var node = BrokerNode.Start(new BrokerParts
            {
                Config = config,
                System = system,
                Disk = disk ?? new LocalDisk(),
                Advertised = client => AdvertisedTo(config, door, client),
                Dice = new Random(),
                Fatal = why => failed.TrySetResult(why),
                RunAll = Parallel,
                PartitionDispatcher = door is null ? null : LoopDispatcherConfigurator.Id,
            });
            door?.Open(node, node.Services.Versions);
            return new RunningBroker(config, system, node, door, failed) { locks = locks };
        }
        catch
        {
            _ = door?.DisposeAsync().AsTask();
            _ = system.Terminate();
            locks?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Lets <c>pbm</c> look into this broker: starts a Petabridge.Cmd host where the configuration of its actor system says (<c>petabridge.cmd.host</c> and
    /// <c>petabridge.cmd.port</c>; 127.0.0.1:9110 where it says nothing). A port that is taken is told in the log. A second call does nothing.
    /// </summary>
    public void ServeConsoles() => ConsoleHost.Start(this);

    /// <summary>A transport that hands requests to this broker without a socket.</summary>
    public EmbeddedTransport Connect() => new(Node, Node.Services.Versions, config.Listeners[0].Name, stopping: embedded.Token);

    /// <summary>
    /// Stops: accepts nothing more, answers what was asked, closes the logs, and writes the checkpoints that make the next start quick.
    /// </summary>
    /// <returns>What went wrong; <see cref="ErrorCode.None"/> after a clean stop.</returns>
    public async Task<ErrorCode> StopAsync()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 1) return ErrorCode.None;
        if (door is not null) await door.StopAsync(TimeSpan.FromMilliseconds(config.ShutdownTimeoutMs));
        var error = await Node.StopAsync();
        // As the door does with its connections: what was not answered will not be any more.
        await embedded.CancelAsync();
        await system.Terminate();
        locks?.Dispose();
        return error;
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    // Logs of a start are opened on all cores: most of it is waiting for the disk.
    private static void Parallel(IReadOnlyList<Action> work)
    {
        if (work.Count < 2)
        {
            foreach (var piece in work) piece();
            return;
        }

        try
        {
            global::System.Threading.Tasks.Parallel.ForEach(work, static piece => piece());
        }
        catch (AggregateException several)
        {
            // Whoever starts a broker knows what a single piece throws, and not that they ran together.
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }
    }

    private static (string Host, int Port) AdvertisedTo(BrokerConfig config, KafkaDoor? door, ClientConnection client)
    {
        for (var i = 0; i < config.AdvertisedListeners.Count; i++)
        {
            var advertised = config.AdvertisedListeners[i];
            if (advertised.Name != client.Listener) continue;
            var port = advertised.Port != 0 ? advertised.Port : BoundPort(config, door, advertised.Name);
            return (advertised.Host.Length > 0 ? advertised.Host : client.LocalAddress.Address.ToString(), port);
        }

        return (client.LocalAddress.Address.ToString(), client.LocalAddress.Port);
    }

    private static int BoundPort(BrokerConfig config, KafkaDoor? door, string listener)
    {
        for (var i = 0; i < config.Listeners.Count; i++)
        {
            if (config.Listeners[i].Name == listener) return door?.Bound[i].Port ?? config.Listeners[i].Port;
        }

        return 0;
    }
}
