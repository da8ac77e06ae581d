using System.Globalization;
using Akka.Configuration;
using Akka.Simulation;
using AkkaStream.Actors;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Cluster;
using AkkaStream.Host.Embedded;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// A broker on a node of a simulation: the whole one behind its doors, on a disk in memory that outlives crashes. It starts with its node, and again after each crash.
/// Clients reach it over the simulated network by <see cref="ConnectFrom"/>.
/// </summary>
public sealed class SimulatedBroker
{
    private const int Port = 9092;
    private const int ClusterPort = 9093;
    private const string Directory = "/data";
    private static readonly TimeSpan StartsAgainAfter = TimeSpan.FromSeconds(1);

    private readonly BrokerConfig config;
    private readonly SimulatedDisk disk;

    private SimulatedBroker(SimulatedWorld simulation, BrokerConfig config)
    {
        this.config = config;
        disk = new SimulatedDisk(Directory, simulation.NewRandom());
    }

    /// <summary>Its node.</summary>
    public SimulatedNode Node { get; private set; } = null!;

    /// <summary>The broker of the node's present life; null while it is down or could not start.</summary>
    public BrokerNode? Broker { get; private set; }

    /// <summary>Gives the number of changes of its disk after which its next life ends, in the middle of whatever it does; null where it does not end so.</summary>
    public Func<int>? DiesAfterChanges { get; set; }

    /// <summary>Whether a crash takes what was not flushed, as a loss of power does; otherwise only the process ends.</summary>
    private bool LosesUnflushed { get; init; } = true;

    /// <summary>What the broker sees of its disk; the disk itself where it is null.</summary>
    private Func<IDisk, IDisk>? Sees { get; init; }

    /// <summary>Its address in the simulated network.</summary>
    public BrokerAddress Address => new(Node.Name, Port);

    /// <summary>Adds a node with a broker.</summary>
    /// <param name="simulation">The simulation.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="settings">Configuration by Kafka's names; node id, directory and listener are given.</param>
    /// <param name="diesAfterChanges">The first value of <see cref="DiesAfterChanges"/>.</param>
    /// <exception cref="ConfigException">A setting cannot be served; the message names it.</exception>
    public static SimulatedBroker Add(SimulatedWorld simulation, string name, IReadOnlyDictionary<string, string>? settings = null, Func<int>? diesAfterChanges = null)
    {
        return Add(simulation, name, 1, "", settings, diesAfterChanges);
    }

    /// <summary>Adds nodes with brokers that are one cluster, every one of them a voter: <c>broker1</c> and on.</summary>
    /// <param name="simulation">The simulation.</param>
    /// <param name="count">How many.</param>
    /// <param name="settings">Configuration of all of them by Kafka's names; node id, listener and voters are given, and the directory where it does not stand here.</param>
    /// <param name="losesUnflushed">Whether a crash takes what was not flushed, as a loss of power does; otherwise only the process ends.</param>
    /// <param name="sees">What a broker, by its id, sees of its disk in each of its lives; the disk itself where it is null.</param>
    public static IReadOnlyList<SimulatedBroker> AddCluster(SimulatedWorld simulation, int count, IReadOnlyDictionary<string, string>? settings = null, bool losesUnflushed = true, Func<int, IDisk, IDisk>? sees = null)
    {
        var voters = string.Join(',', Enumerable.Range(1, count).Select(id => string.Create(CultureInfo.InvariantCulture, $"{id}@broker{id}:{ClusterPort}")));
        return Enumerable.Range(1, count).Select(id => Add(simulation, string.Create(CultureInfo.InvariantCulture, $"broker{id}"), id, voters, settings, null, losesUnflushed, sees is null ? null : disk => sees(id, disk))).ToList();
    }

    private static SimulatedBroker Add(SimulatedWorld simulation, string name, int id, string voters, IReadOnlyDictionary<string, string>? settings, Func<int>? diesAfterChanges, bool losesUnflushed = true, Func<IDisk, IDisk>? sees = null)
    {
        var given = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["node.id"] = id.ToString(CultureInfo.InvariantCulture),
            ["log.dirs"] = settings?.GetValueOrDefault("log.dirs") ?? Directory,
            ["listeners"] = $"PLAINTEXT://{name}:{Port}",
        };
        if (voters.Length > 0) given["controller.quorum.voters"] = voters;
        var broker = new SimulatedBroker(simulation, BrokerConfig.Create(given)) { DiesAfterChanges = diesAfterChanges, LosesUnflushed = losesUnflushed, Sees = sees };
        broker.Node = simulation.AddNode(name, broker.Start);
        return broker;
    }

    /// <summary>The way to it of a client that runs on another node.</summary>
    public IBrokerTransport ConnectFrom(SimulatedNode client) => new SimulatedTransport(client, [Address]);

    private void Start(SimulatedNode node)
    {
        Broker = null;
        if (node.Incarnation == 1) node.Attach(LosesUnflushed ? disk : new KeepingDisk(disk, static () => false));
        var cluster = ClusterConfig.Of(config);
        IDisk files = DiesAfterChanges is { } changes ? new MortalDisk(disk.Files, changes(), () => node.Simulation.Schedule(TimeSpan.Zero, () => Again(node))) : Sees is null ? disk.Files : Sees(disk.Files);
        try
        {
            Broker = BrokerNode.Start(new BrokerParts
            {
                Config = config,
                System = cluster is null ? node.StartSystem(ClusterSystem.Name) : node.StartSystem(ClusterSystem.Name, ConfigurationFactory.ParseString($"akka.remote.dot-netty.tcp.hostname = {node.Name}").WithFallback(ConfigurationFactory.ParseString(ClusterSystem.Hocon(cluster)))),
                Disk = files,
                Advertised = client => (node.Name, client.Listener == BrokerImage.AkkaListener ? ClusterPort : Port),
                Dice = node.NewRandom(),
                Member = cluster is null ? null : new MemberParts(cluster, [new BrokerEndpoint(config.Listeners[0].Name, node.Name, Port, 0)]),
            });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The disk fails: as under a supervisor of processes, it is tried again.
            node.Simulation.Trace($"{node.Name} cannot start: {fault.Message}");
            Again(node);
            return;
        }

        var (broker, incarnation) = (Broker, node.Incarnation);
        if (cluster is null) Open(node, broker);
        else broker.Started.ContinueWith(_ => OpenIfAlive(node, broker, incarnation), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Current);
        // A broker that its cluster went on without begins anew, as its process does.
        if (cluster is not null) node.System.WhenTerminated.ContinueWith(_ => AgainIfAlive(node, incarnation), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Current);
    }

    private void Open(SimulatedNode node, BrokerNode broker)
    {
        var versions = broker.Services.Versions;
        var door = new EmbeddedTransport(broker, versions, config.Listeners[0].Name, node.Time);
        node.Simulation.Network.Listen(node, Port, () => new SimulatedDoor(door, versions));
    }

    private void OpenIfAlive(SimulatedNode node, BrokerNode broker, int incarnation)
    {
        if (node.IsUp && node.Incarnation == incarnation) Open(node, broker);
    }

    private static void AgainIfAlive(SimulatedNode node, int incarnation)
    {
        if (node.IsUp && node.Incarnation == incarnation) node.Simulation.Schedule(TimeSpan.Zero, () => Again(node));
    }

    private static void Again(SimulatedNode node)
    {
        var incarnation = node.Incarnation;
        node.Crash();
        node.Simulation.Schedule(StartsAgainAfter, () =>
        {
            if (node.Incarnation == incarnation) node.Restart();
        });
    }
}
