using Akka.Actor;
using Akka.Configuration;
using Akka.Remote;
using Akka.Simulation;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>The partitions of one broker of a simulated cluster, on a disk that outlives crashes, without the rest of the broker.</summary>
internal sealed class ReplicaNode : IInSyncProposals
{
    private const string Directory = "/data";
    private const int Port = 2552;
    private readonly ReplicaController controller;
    private readonly Random dice;
    private readonly bool hearsOfBreaks;
    private readonly BrokerConfig config;
    private readonly KeepingDisk disk;
    private PartitionRegistry? registry;
    private PartitionHost? host;
    private MetadataImage image = MetadataImage.Empty;
    private long brokerEpoch = -1;

    public ReplicaNode(SimulatedWorld sim, ReplicaController controller, int id, bool keepsAll, bool hearsOfBreaks)
    {
        this.controller = controller;
        this.hearsOfBreaks = hearsOfBreaks;
        Id = id;
        dice = sim.NewRandom();
        config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = $"{id}", ["log.dirs"] = Directory, ["listeners"] = $"PLAINTEXT://n{id}:9092" });
        disk = new KeepingDisk(new SimulatedDisk(Directory, sim.NewRandom()), () => !keepsAll || controller.MayLose(id));
        controller.Add(this);
        Node = sim.AddNode($"n{id}", Start);
    }

    public int Id { get; }

    public SimulatedNode Node { get; private set; } = null!;

    /// <summary>A partition, as far as the node is up and has it.</summary>
    public PartitionHandle? Partition(int index) => Node.IsUp ? registry?.Find(ReplicaController.Topic, index) : null;

    /// <summary>The controller's word.</summary>
    public void Apply(MetadataImage next)
    {
        host!.Apply(image, next, config);
        image = next;
    }

    /// <summary>This life is registered.</summary>
    public void Registered(long epoch)
    {
        brokerEpoch = epoch;
        host!.Join(image);
    }

    /// <inheritdoc/>
    public void Propose(InSyncProposal proposal, Action<InSyncAnswer> done) => controller.Propose(this, proposal, done);

    private void Start(SimulatedNode node)
    {
        Node = node;
        node.Attach(disk);
        var remoting = $$"""
            akka {
              actor.provider = remote
              remote.dot-netty.tcp { hostname = {{node.Name}}, port = {{Port}}, maximum-frame-size = 4 MiB }
            }
            """;
        var system = node.StartSystem("replicas", ConfigurationFactory.ParseString(remoting).WithFallback(ConfigurationFactory.ParseString(ReplicationSetup.Config)));
        brokerEpoch = -1;
        image = MetadataImage.Empty;
        registry = new PartitionRegistry();
        var means = new ReplicationMeans { BrokerId = Id, BrokerEpoch = () => brokerEpoch, ReplicasOf = id => system.ActorSelection($"akka.tcp://replicas@n{id}:{Port}/user/{ReplicasActor.Name}"), Proposals = this, LagTimeMaxMs = 2000 };
        host = new PartitionHost(system, [LogDirectory.Open(disk.Files, Directory, null)], registry, NewId, new CoordinatorFactory(registry), static work =>
        {
            foreach (var piece in work) piece();
        }, null, means);
        var door = system.ActorOf(Props.Create(typeof(ReplicasActor), registry), ReplicasActor.Name);
        if (hearsOfBreaks) system.EventStream.Subscribe(system.ActorOf(Props.Create(typeof(Listener), door)), typeof(DisassociatedEvent));
        host.Open(image, config);
        controller.Register(this);
    }

    private Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        dice.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>Tells the replicas which broker's connections broke.</summary>
    private sealed class Listener(IActorRef door) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is DisassociatedEvent { RemoteAddress.Host: { } from }) door.Tell(new PeerLost(from[^1] - '0'), Self);
        }
    }
}
