using System.Globalization;
using Akka.Simulation;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Controller;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Akka.Cluster.Simulated;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Actors.Controller;

/// <summary>Brokers of a simulated cluster, with everything about the controller and nothing else: disks that crash, voters, the singleton, subscribers, and somebody on each who asks for topics.</summary>
internal sealed class ControllerWorld
{
    private const string Directory = "/data/__cluster_metadata-0";
    private static readonly BrokerConfig Config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://h:9092" });

    private readonly Dictionary<string, SimulatedDisk> _disks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Broker> _brokers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _topics = [];
    private readonly VoterSet _voters;

    public ControllerWorld(SimulatedWorld sim, int size, int voters)
    {
        _voters = new VoterSet([.. Enumerable.Range(1, voters).Select(id => new QuorumMember(id, Guid.Empty, string.Create(CultureInfo.InvariantCulture, $"n{id:00}"), 2552))]);
        Cluster = new ClusterWorld(sim, size, Start, "akka { cluster.roles = [broker, controller], remote.dot-netty.tcp.maximum-frame-size = 20m }");
    }

    public ClusterWorld Cluster { get; }

    public SimulatedWorld Sim => Cluster.Sim;

    /// <summary>Names of topics whose creation was acknowledged.</summary>
    public HashSet<string> Acknowledged { get; } = [];

    public IEnumerable<Broker> Brokers => _brokers.Values.Where(b => b.Node.IsUp && b.Node.Incarnation == b.Incarnation);

    public Broker? On(string node) => _brokers.TryGetValue(node, out var broker) && broker.Node.IsUp && broker.Node.Incarnation == broker.Incarnation ? broker : null;

    /// <summary>Whether every broker that runs has the same image, with all that was acknowledged.</summary>
    public bool HaveConverged()
    {
        var all = Brokers.ToList();
        if (all.Count != Cluster.Names.Count || all.Exists(b => b.Image.Offset != all[0].Image.Offset)) return false;
        return Acknowledged.All(all[0].Image.Topics.ContainsKey);
    }

    /// <summary>Asks on a node for a topic; what comes of it is written down.</summary>
    public bool TryCreate(string node, string topic, Action<ControllerReply>? heard = null)
    {
        if (On(node) is not { } broker) return false;
        var request = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }] };
        broker.Parts!.Link.Tell(
            new ControllerRequest(request, 7, TimeSpan.FromSeconds(10), reply =>
            {
                if (reply.Response is CreateTopicsResponse { Topics: [{ ErrorCode: ErrorCode.None }] })
                {
                    Acknowledged.Add(topic);
                    if (broker.Image.Offset >= reply.Offset && !broker.Image.Topics.ContainsKey(topic)) Cluster.Violate($"{node} is told that {topic} is there, and does not have it");
                }

                heard?.Invoke(reply);
            }),
            global::Akka.Actor.ActorRefs.NoSender);
        return true;
    }

    private void Start(ClusterWorld world, SimulatedNode node)
    {
        if (!_disks.TryGetValue(node.Name, out var disk))
        {
            disk = new SimulatedDisk("/data", node.NewRandom());
            _disks.Add(node.Name, disk);
            node.Attach(disk);
        }

        var id = int.Parse(node.Name.AsSpan(1), CultureInfo.InvariantCulture);
        var dice = node.NewRandom();
        var broker = new Broker(node, node.Incarnation);
        _brokers[node.Name] = broker;
        long NowMs() => node.System.Scheduler.Now.ToUnixTimeMilliseconds();
        var log = PartitionLog.Open(new LogOpening { Disk = disk.Files, Directory = Directory, NowMs = NowMs(), Config = LogConfig.Default with { RetentionMs = -1, DeletesByRetention = false } });
        Guid NewId()
        {
            var bytes = new byte[16];
            dice.NextBytes(bytes);
            return new Guid(bytes);
        }

        broker.Parts = ControllerNode.Start(node.System, new ControllerNodeParts
        {
            Quorum = new QuorumParts
            {
                Id = id,
                Configured = _voters.Find(id) is null ? _voters.With(new QuorumMember(id, Guid.Empty, node.Name, 2552)) : _voters,
                Log = new PartitionQuorumLog(log, NowMs),
                Promises = new QuorumPromiseFile(disk.Files, Directory, NewId),
                NewId = NewId,
                Dice = dice.Next,
            },
            Setup = new ClusterControllerSetup(id, _ => Config, NewId),
            Apply = (before, after) => Applied(broker, before, after),
            Dice = dice.Next,
        });
    }

    // Whatever two brokers have up to an offset is the same.
    private void Applied(Broker broker, MetadataImage before, MetadataImage after)
    {
        if (before.Offset >= after.Offset) Cluster.Violate($"{broker.Node.Name} goes from event {before.Offset} to {after.Offset}");
        var topics = string.Join(' ', after.Topics.Values.Select(t => $"{t.Name}={t.Id}").Order(StringComparer.Ordinal));
        if (_topics.TryGetValue(after.Offset, out var others) && others != topics) Cluster.Violate($"{broker.Node.Name} has another image at {after.Offset} than others had");
        _topics[after.Offset] = topics;
        broker.Image = after;
    }

    internal sealed class Broker(SimulatedNode node, int incarnation)
    {
        public SimulatedNode Node => node;

        public int Incarnation => incarnation;

        public ControllerNode? Parts { get; set; }

        public MetadataImage Image { get; set; } = MetadataImage.Empty;
    }
}
