using System.Runtime.ExceptionServices;
using Akka;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote;
using AkkaStream.Actors;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Requests;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Cluster;
using AkkaStream.Host.Embedded;
using AkkaStream.Host.Kafka;
using AkkaStream.Host.Pbm;

namespace AkkaStream.Host;

/// <summary>A whole broker: actor system, node and door. What the host runs, and what a program that embeds a broker holds.</summary>
public sealed class RunningBroker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(5);
    private readonly BrokerConfig config;
    private readonly ActorSystem system;
    private readonly KafkaDoor? door;
    private readonly CancellationTokenSource embedded = new();
    private readonly TaskCompletionSource<string> failed;
    private DirectoryLocks? locks;
    private bool isMember;
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

    /// <summary>Whether it is a member of a cluster.</summary>
    internal bool IsMember => isMember;

    /// <summary>Whether its actor system is a cluster's node: a member's is, and that of a process with one broker that is alone.</summary>
    internal bool HasCluster => Node.HasCluster;

    /// <summary>Its door for Kafka's protocol; null where it was started without one.</summary>
    public KafkaDoor? Door => door;

    /// <summary>Port of the first listener, as it was bound.</summary>
    public int Port => door?.Bound[0].Port ?? 0;

    /// <summary>What clients that are actors are given as address, <c>akka.tcp://akkastream@host:port</c>; null where they cannot reach it (<c>cluster.listener</c> of a broker that is alone is not set).</summary>
    public string? ActorAddress
    {
        get
        {
            var (host, port) = ActorsOf(system);
            return host.Length == 0 || (!isMember && ClusterConfig.ListenerOfOne(config) is null) ? null : ClusterSystem.AddressOf(host, port);
        }
    }

    /// <summary>Ends, with a sentence, when the broker can serve nothing any more (every log directory is offline): who runs it should stop it.</summary>
    public Task<string> Failed => failed.Task;

    /// <summary>Ends when its actor system has: after a stop, or because the cluster went on without this broker. Then the process has to be started anew.</summary>
    public Task Ended => system.WhenTerminated;

    /// <summary>
    /// Starts a broker that is alone: when this returns, clients are served. Where its actor system's provider is the cluster's, it is a cluster of one.
    /// </summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="disk">Where its files lie; the disk of this machine where it is null.</param>
    /// <param name="withDoor">Whether it listens; without a door it is reached by <see cref="Connect"/> alone.</param>
    /// <param name="log">Takes the door's lines: whether it is a warning, and a sentence.</param>
    /// <param name="setup">How its actor system is set up; the engine's defaults where it is null.</param>
    /// <exception cref="IOException">A listener or a log directory cannot be used; the message says why.</exception>
    /// <exception cref="ConfigException">The configuration cannot be served; the message names the key.</exception>
    public static RunningBroker Start(BrokerConfig config, IDisk? disk = null, bool withDoor = true, Action<bool, string>? log = null, ActorSystemSetup? setup = null)
    {
        if (ClusterConfig.Of(config) is not null) throw new ConfigException("controller.quorum.voters", "controller.quorum.voters names other brokers: a member of a cluster is started by StartAsync");
        var broker = Make(config, null, disk, withDoor, log, setup);
        broker.door?.Open(broker.Node, broker.Node.Services.Versions);
        return broker;
    }

    /// <summary>
    /// Starts a broker, also as a member of a cluster (<c>controller.quorum.voters</c> names others): ends when clients are served, which for a member is when the controller has let it in.
    /// </summary>
    /// <param name="config">Its configuration.</param>
    /// <param name="disk">Where its files lie; the disk of this machine where it is null.</param>
    /// <param name="log">Takes the door's lines: whether it is a warning, and a sentence.</param>
    /// <param name="setup">How its actor system is set up, with <c>ClusterSystem</c>'s configuration for a member; the engine's defaults where it is null.</param>
    /// <param name="cancellation">Gives up waiting: the broker is stopped again.</param>
    /// <exception cref="PutOutException">The cluster gave this broker up before it had come up.</exception>
    /// <exception cref="IOException">A listener or a log directory cannot be used; the message says why.</exception>
    /// <exception cref="ConfigException">The configuration cannot be served; the message names the key.</exception>
    public static async Task<RunningBroker> StartAsync(BrokerConfig config, IDisk? disk = null, Action<bool, string>? log = null, ActorSystemSetup? setup = null, CancellationToken cancellation = default)
    {
        var broker = Make(config, ClusterConfig.Of(config), disk, true, log, setup);
        try
        {
            while (!broker.Node.Started.IsCompleted)
            {
                await Task.WhenAny(broker.Node.Started, broker.Ended, Task.Delay(Patience, cancellation));
                cancellation.ThrowIfCancellationRequested();
                if (broker.Ended.IsCompleted) throw new PutOutException();
                if (!broker.Node.Started.IsCompleted) log?.Invoke(true, "waiting for the cluster: a majority of controller.quorum.voters has to run, and to be reached from here");
            }

            broker.door!.Open(broker.Node, broker.Node.Services.Versions);
            return broker;
        }
        catch
        {
            await broker.StopAsync();
            throw;
        }
    }

    // The ports first: a second broker on the same directory or port must not touch a file.
    private static RunningBroker Make(BrokerConfig config, ClusterConfig? cluster, IDisk? disk, bool withDoor, Action<bool, string>? log, ActorSystemSetup? setup)
    {
        var door = withDoor ? KafkaDoor.Bind(DoorOptions.Of(config, log)) : null;
        ActorSystem? system = null;
        DirectoryLocks? locks = null;
        var failed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (disk is null) locks = DirectoryLocks.Take(config.LogDirs);
            setup ??= SetupOf(config, cluster);
            system = setup is null ? ActorSystem.Create(ClusterSystem.Name) : ActorSystem.Create(ClusterSystem.Name, setup);
            if (door is not null) LoopDispatcherConfigurator.Register(system.Dispatchers);
            var node = BrokerNode.Start(new BrokerParts
            {
                Config = config,
                System = system,
                Disk = disk ?? new LocalDisk(),
                Advertised = client => client.Listener == BrokerImage.AkkaListener ? ActorsOf(system) : AdvertisedTo(config, door, client),
                Dice = new Random(),
                Fatal = why => failed.TrySetResult(why),
                RunAll = Parallel,
                PartitionDispatcher = door is null ? null : LoopDispatcherConfigurator.Id,
                Member = cluster is null ? null : new MemberParts(cluster, Endpoints(config, cluster, door)),
            });
            // Whatever ends the system, an order of the cluster's too: its logs are closed before.
            if (cluster is not null) CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "close-logs", () => CloseLogs(node));
            return new RunningBroker(config, system, node, door, failed) { locks = locks, isMember = cluster is not null };
        }
        catch (Exception fault)
        {
            _ = door?.DisposeAsync().AsTask();
            _ = system?.Terminate();
            locks?.Dispose();
            if (fault is RemoteTransportException) throw new IOException($"other brokers and actors cannot be listened for at {(cluster is null ? config.String("cluster.listener") : $"{cluster.Host}:{cluster.Port}")}: {fault.Message}", fault);
            throw;
        }
    }

    private static ActorSystemSetup? SetupOf(BrokerConfig config, ClusterConfig? cluster)
    {
        var hocon = cluster is not null ? ClusterSystem.Hocon(cluster) : ClusterConfig.ListenerOfOne(config) is { } listener ? ClusterSystem.HoconOfEmbedded(listener) : null;
        return hocon is null ? null : ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(hocon)));
    }

    // Clients that came to its actors find it by the address of its actor system.
    private static (string Host, int Port) ActorsOf(ActorSystem system)
    {
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return (address.Host ?? "", address.Port ?? 0);
    }

    private static async Task<Done> CloseLogs(BrokerNode node)
    {
        await node.StopAsync();
        return Done.Instance;
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
        // Clients of what others lead by then are told so while they are still connected.
        if (isMember && !Ended.IsCompleted) await Node.LeaveAsync(LeaveWithin);
        if (door is not null) await door.StopAsync(TimeSpan.FromMilliseconds(config.ShutdownTimeoutMs));
        if (!Ended.IsCompleted) await Task.WhenAny(Node.EndSessionsAsync(), Task.Delay(TimeSpan.FromMilliseconds(config.ShutdownTimeoutMs)));
        // A member leaves its cluster before its logs are closed: until then it votes and follows.
        if (isMember) await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance);
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

    // Where nothing else is said, clients find a broker at the host where other brokers do.
    private static List<BrokerEndpoint> Endpoints(BrokerConfig config, ClusterConfig cluster, KafkaDoor? door)
        => config.AdvertisedListeners.Select(listener => new BrokerEndpoint(
            listener.Name,
            listener.Host.Length > 0 ? listener.Host : cluster.Host,
            listener.Port != 0 ? listener.Port : BoundPort(config, door, listener.Name),
            (short)listener.Protocol)).ToList();

    private static int BoundPort(BrokerConfig config, KafkaDoor? door, string listener)
    {
        for (var i = 0; i < config.Listeners.Count; i++)
        {
            if (config.Listeners[i].Name == listener) return door?.Bound[i].Port ?? config.Listeners[i].Port;
        }

        return 0;
    }
}
