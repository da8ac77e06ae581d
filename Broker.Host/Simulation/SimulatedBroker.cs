using Akka.Simulation;
using AkkaStream.Actors;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Transport;
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
        var given = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
        {
            ["node.id"] = "1",
            ["log.dirs"] = Directory,
            ["listeners"] = $"PLAINTEXT://{name}:{Port}",
        };
        var broker = new SimulatedBroker(simulation, BrokerConfig.Create(given)) { DiesAfterChanges = diesAfterChanges };
        broker.Node = simulation.AddNode(name, broker.Start);
        return broker;
    }

    /// <summary>The way to it of a client that runs on another node.</summary>
    public IBrokerTransport ConnectFrom(SimulatedNode client) => new SimulatedTransport(client, [Address]);

    private void Start(SimulatedNode node)
    {
        Broker = null;
        if (node.Incarnation == 1) node.Attach(disk);
        IDisk files = DiesAfterChanges is { } changes ? new MortalDisk(disk.Files, changes(), () => node.Simulation.Schedule(TimeSpan.Zero, () => Again(node))) : disk.Files;
        try
        {
            Broker = BrokerNode.Start(new BrokerParts
            {
                Config = config,
                System = node.StartSystem("akkastream"),
                Disk = files,
                Advertised = _ => (node.Name, Port),
                Dice = node.NewRandom(),
            });
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The disk fails: as under a supervisor of processes, it is tried again.
            node.Simulation.Trace($"{node.Name} cannot start: {fault.Message}");
            Again(node);
            return;
        }

        var versions = Broker.Services.Versions;
        var door = new EmbeddedTransport(Broker, versions, config.Listeners[0].Name, node.Time);
        node.Simulation.Network.Listen(node, Port, () => new SimulatedDoor(door, versions));
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
