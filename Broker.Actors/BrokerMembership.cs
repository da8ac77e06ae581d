using System.Globalization;
using Akka.Actor;
using Akka.Remote;
using AkkaStream.Actors.Clients;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Controller;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Peers;
using AkkaStream.Actors.Requests;
using AkkaStream.Actors.Sharding;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors;

/// <summary>What makes a broker a member of a cluster, beside its configuration.</summary>
/// <param name="Cluster">Who it is and who votes. The actor system's provider is the cluster's, with the roles of <see cref="ClusterRoles"/>.</param>
/// <param name="Endpoints">Where clients find it, by listener.</param>
public sealed record MemberParts(ClusterConfig Cluster, IReadOnlyList<BrokerEndpoint> Endpoints);

/// <summary>
/// A broker's life in its cluster: its vote, its way to the controller and to other brokers, and what it hears from them. The registration comes first; until the
/// controller has let the broker in, it leads nothing.
/// </summary>
internal sealed class BrokerMembership
{
    private static readonly TimeSpan ForMetadata = TimeSpan.FromSeconds(30);
    private readonly BrokerParts parts;
    private readonly MemberParts member;
    private readonly MetadataCache cache;
    // Goes on where it is completed: a simulation has one thread.
    private readonly TaskCompletionSource started = new();
    private readonly LateProposals proposals = new();
    private ControllerNode? controller;
    private IActorRef? lifecycle;
    private IActorRef? calls;
    private IActorRef? led;
    private IActorRef? troubles;
    private long brokerEpoch = -1;

    public BrokerMembership(BrokerParts parts, MemberParts member, MetadataCache cache)
    {
        this.parts = parts;
        this.member = member;
        this.cache = cache;
        Gate = new MemberControllerGate(() => controller!.Link, member.Cluster.NodeId, () => BrokerEpoch, () => new ImageConfigState(cache.Image, parts.Config, member.Cluster.NodeId));
        Peers = new PeerGate(cache, () => calls!);
        Replication = new ReplicationMeans
        {
            BrokerId = member.Cluster.NodeId,
            BrokerEpoch = () => Volatile.Read(ref brokerEpoch),
            ReplicasOf = id => ActorOf(id, ReplicasActor.Name),
            Proposals = proposals,
            LagTimeMaxMs = parts.Config.Long("replica.lag.time.max.ms"),
            // Partitions have no role, and nothing to tell, before there is the way.
            Troubled = trouble => Volatile.Read(ref troubles)?.Tell(trouble, ActorRefs.NoSender),
        };
    }

    /// <summary>The way to the controller.</summary>
    public IControllerGate Gate { get; }

    /// <summary>The way to other brokers.</summary>
    public PeerGate Peers { get; }

    /// <summary>What makes partitions replicas.</summary>
    public ReplicationMeans Replication { get; }

    /// <summary>The door for other brokers, to which <see cref="BrokerDoorActor"/> hands on what they ask.</summary>
    public IActorRef? PeerDoor { get; private set; }

    /// <summary>Done when the controller has let the broker in for the first time.</summary>
    public Task Started => started.Task;

    /// <summary>The registration of this life; -1 before there is one.</summary>
    public long BrokerEpoch => Volatile.Read(ref brokerEpoch);

    /// <summary>Begins: everything that messages from other brokers meet is there.</summary>
    /// <param name="node">Handles requests of other brokers.</param>
    /// <param name="services">The broker's.</param>
    /// <param name="quorum">Its vote; null where it has none.</param>
    /// <param name="setup">For a controller that runs here.</param>
    /// <param name="apply">Takes each image with the one before it.</param>
    /// <param name="registration">What it says of itself.</param>
    public void Begin(IRequestHandler node, BrokerServices services, QuorumParts? quorum, ClusterControllerSetup setup, Action<MetadataImage, MetadataImage> apply, BrokerRegistrationRequest registration)
    {
        var system = parts.System;
        PeerSerializer.AddTo(system);
        var replicas = system.ActorOf(Props.Create(typeof(ReplicasActor), services.Partitions), ReplicasActor.Name);
        system.EventStream.Subscribe(system.ActorOf(Props.Create(typeof(LostPeers), cache, replicas), "lost-peers"), typeof(DisassociatedEvent));
        calls = system.ActorOf(Props.Create(typeof(PeerCallsActor), member.Cluster.NodeId, new Func<int, ICanTell?>(id => ActorOf(id, BrokerDoorActor.Name))), "peer-calls");
        PeerDoor = system.ActorOf(Props.Create(typeof(PeerDoorActor), node, services.Versions, parts.Config.Listeners[0].Name), "peer-door");
        system.ActorOf(Props.Create(typeof(ReachablePeersActor), services.Reachable), "reachable-peers");
        controller = ControllerNode.Start(system, new ControllerNodeParts { Quorum = quorum, Setup = setup, Apply = apply, Dice = quorum?.Dice ?? (_ => 0) });
        led = system.ActorOf(Props.Create(typeof(LedShardsActor), PartitionShards.Start(system, ClusterRoles.Broker, cache, services.Partitions)), "led-shards");
        proposals.Way = new InSyncProposals(system, member.Cluster.NodeId, () => BrokerEpoch, controller.Link);
        Volatile.Write(ref troubles, system.ActorOf(Props.Create(typeof(ReplicaTroublesActor), member.Cluster.NodeId, new Func<long>(() => BrokerEpoch), controller.Link), ReplicaTroublesActor.Name));
        lifecycle = system.ActorOf(Props.Create(typeof(BrokerLifecycleActor), new BrokerLife
        {
            Registration = registration,
            Link = controller.Link,
            MetadataOffset = () => cache.Image.Offset,
            OfflineLogDirs = () => Ids(services.Directories.Where(d => d.IsOffline)),
            CordonedLogDirs = () => Ids(services.Directories.Where(d => d.IsCordoned)),
            HeartbeatInterval = TimeSpan.FromMilliseconds(parts.Config.Int("broker.heartbeat.interval.ms")),
            Registered = epoch => Registered(epoch, services.Host),
            Fenced = Fenced,
        }), BrokerLifecycleActor.Name);
    }

    /// <summary>An image is in force: the entities of what this broker leads now are to run here.</summary>
    public void Applied(MetadataImage before, MetadataImage after)
    {
        if (LedShardsActor.Between(before, after, member.Cluster.NodeId) is { } changed) led?.Tell(changed, ActorRefs.NoSender);
    }

    /// <summary>Asks that other brokers take over what this one leads.</summary>
    /// <param name="timeout">How long they may take.</param>
    /// <param name="done">Told once, whether they did.</param>
    public void Leave(TimeSpan timeout, Action<bool> done)
    {
        if (lifecycle is null || BrokerEpoch < 0) done(true);
        else lifecycle.Tell(new BeginShutdown(timeout, done), ActorRefs.NoSender);
    }

    /// <summary>What the broker says of itself when it registers.</summary>
    /// <param name="clusterId">The cluster's id.</param>
    /// <param name="incarnation">This life of the process.</param>
    /// <param name="directories">Its log directories.</param>
    /// <param name="previousEpoch">The registration of the life that ended in order, or -1.</param>
    public BrokerRegistrationRequest Registration(string clusterId, Guid incarnation, IEnumerable<Guid> directories, long previousEpoch)
    {
        var cluster = member.Cluster;
        var request = new BrokerRegistrationRequest
        {
            BrokerId = cluster.NodeId,
            ClusterId = clusterId,
            IncarnationId = incarnation,
            Rack = parts.Config.Rack,
            LogDirs = [.. directories],
            PreviousBrokerEpoch = previousEpoch,
            Listeners = [new() { Name = BrokerImage.AkkaListener, Host = cluster.Host, Port = (ushort)cluster.Port }],
        };
        foreach (var endpoint in member.Endpoints) request.Listeners.Add(new() { Name = endpoint.Listener, Host = endpoint.Host, Port = (ushort)endpoint.Port, SecurityProtocol = endpoint.SecurityProtocol });
        return request;
    }

    /// <summary>The voters as the quorum takes them; a broker that is none counts itself in, and finds out that it is none.</summary>
    public VoterSet Voters()
    {
        var cluster = member.Cluster;
        return new VoterSet([.. cluster.Voters.Select(voter => new QuorumMember(voter.Id, Guid.Empty, voter.Host, voter.Port))]);
    }

    private static List<Guid> Ids(IEnumerable<LogDirectory> directories) => directories.Where(d => d.Identity is not null).Select(d => KafkaUuid.Parse(d.Identity!.DirectoryId)).ToList();

    private ActorSelection? ActorOf(int broker, string name)
    {
        if (!cache.Image.Brokers.TryGetValue(broker, out var known) || known.AkkaHost is not { } host) return null;
        return parts.System.ActorSelection(string.Create(CultureInfo.InvariantCulture, $"akka.tcp://{parts.System.Name}@{host}:{known.AkkaPort}/user/{name}"));
    }

    // The image may have the registration already, or get it later: then applying it joins.
    private void Registered(long epoch, PartitionHost host)
    {
        Volatile.Write(ref brokerEpoch, epoch);
        controller!.Metadata.Tell(new WaitForMetadata(epoch, ForMetadata, isThere =>
        {
            if (isThere) host.Join(cache.Image);
        }), ActorRefs.NoSender);
    }

    private void Fenced(bool isFenced)
    {
        if (!isFenced) started.TrySetResult();
    }

    /// <summary>Connections to a broker broke, and what was on its way with them: its followers and leaders here begin anew at once instead of waiting for an answer.</summary>
    private sealed class LostPeers(MetadataCache cache, IActorRef replicas) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not DisassociatedEvent { RemoteAddress: { } address }) return;
            foreach (var broker in cache.Image.Brokers.Values)
            {
                if (broker.AkkaHost == address.Host && broker.AkkaPort == address.Port) replicas.Tell(new PeerLost(broker.Id), Self);
            }
        }
    }

    // Partitions need the way before the controller's link is there; the first leads only afterwards.
    private sealed class LateProposals : IInSyncProposals
    {
        public IInSyncProposals? Way { get; set; }

        public void Propose(InSyncProposal proposal, Action<InSyncAnswer> done)
        {
            if (Way is { } way) way.Propose(proposal, done);
            else done(InSyncAnswer.Of(ErrorCode.RequestTimedOut));
        }
    }
}
