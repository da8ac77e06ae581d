using Akka.Actor;
using AkkaStream.Actors.Clients;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Peers;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Transactions;

namespace AkkaStream.Actors.Requests;

/// <summary>What request handlers work with. One per broker.</summary>
public sealed class BrokerServices
{
    private BrokerConfig config;

    /// <summary>The services of a broker that starts with this configuration.</summary>
    public BrokerServices(BrokerConfig config) => this.config = config;

    /// <summary>What the controller decided.</summary>
    public required MetadataCache Metadata { get; init; }

    /// <summary>The partitions of this broker.</summary>
    public required PartitionRegistry Partitions { get; init; }

    /// <summary>The way to the coordinators of groups and transactions.</summary>
    public required CoordinatorFactory Coordinators { get; init; }

    /// <summary>The log directories, in the order of the configuration.</summary>
    public required IReadOnlyList<LogDirectory> Directories { get; init; }

    /// <summary>Who opens, moves and closes the partitions.</summary>
    public required PartitionHost Host { get; init; }

    /// <summary>The controller: takes <see cref="ControllerCommand"/>s.</summary>
    public required IActorRef Controller { get; init; }

    /// <summary>The way to the controller for whoever is no client.</summary>
    public required IControllerGate Gate { get; init; }

    /// <summary>What has to do with transactions.</summary>
    public required TransactionServices Transactions { get; init; }

    /// <summary>Time and timers.</summary>
    public required IScheduler Scheduler { get; init; }

    /// <summary>What is served.</summary>
    public required AdvertisedVersions Versions { get; init; }

    /// <summary>Where clients of a listener find this broker.</summary>
    public required Func<ClientConnection, (string Host, int Port)> Advertised { get; init; }

    /// <summary>What the log cleaner did and where it stands.</summary>
    public CleanerStatus Cleaner { get; } = new();

    /// <summary>The clients that are actors.</summary>
    public ActorClients ActorClients { get; } = new();

    /// <summary>Which other brokers are out of reach.</summary>
    public ReachablePeers Reachable { get; } = new();

    /// <summary>The configuration now, with what was set while the broker ran.</summary>
    public BrokerConfig Config
    {
        get => Volatile.Read(ref config);
        internal set => Volatile.Write(ref config, value);
    }

    /// <summary>Milliseconds since 1970.</summary>
    public long NowMs => Scheduler.Now.ToUnixTimeMilliseconds();
}
