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
    private readonly long _snapshotBytes;
    private readonly Func<IDisk, IDisk> _sees;

    /// <summary>A world.</summary>
    /// <param name="sim">The simulation.</param>
    /// <param name="size">How many brokers.</param>
    /// <param name="voters">How many of them vote.</param>
    /// <param name="snapshotBytes">Bytes of the log after which voters take a snapshot.</param>
    /// <param name="sees">What a broker sees of its disk; the disk itself where it is null.</param>
    public ControllerWorld(SimulatedWorld sim, int size, int voters, long snapshotBytes = 20 << 20, Func<IDisk, IDisk>? sees = null)
    {
        _snapshotBytes = snapshotBytes;
        _sees = sees ?? (disk => disk);
        _voters = new VoterSet([.. Enumerable.Range(1, voters).Select(id => new QuorumMember(id, Guid.Empty, string.Create(CultureInfo.InvariantCulture, $"n{id:00}"), 2552))]);
        Cluster = new ClusterWorld(sim, size, Start, "akka { cluster.roles = [broker, controller], remote.dot-netty.tcp.maximum-frame-size = 20m }");
    }

    public ClusterWorld Cluster { get; }

    /// <summary>Waits until every broker has registered and takes part, as far as each of them knows.</summary>
    public Task AllTakePart()
        => Sim.Until(
            () => Brokers.Count() == Cluster.Names.Count && Brokers.All(b => b.Image.Brokers.Count == Cluster.Names.Count && b.Image.Brokers.Values.All(known => known.IsActive)),
            "all brokers are registered and take part",
            TimeSpan.FromSeconds(30));

    public SimulatedWorld Sim => Cluster.Sim;

    /// <summary>Names of topics whose creation was acknowledged.</summary>
    public HashSet<string> Acknowledged { get; } = [];

    /// <summary>Whether the last topic is being asked for.</summary>
    public bool IsLastAsked { get; set; }

    /// <summary>The node whose controller has the highest epoch of those that run; null where there is none.</summary>
    public SimulatedNode? ControllerNode => Brokers.Where(b => b.Epoch >= 0).MaxBy(b => b.Epoch)?.Node;

    /// <summary>The highest epoch that was had.</summary>
    public int Epochs => Brokers.Max(b => b.Epoch);

    public IEnumerable<Broker> Brokers => _brokers.Values.Where(b => b.Node.IsUp && b.Node.Incarnation == b.Incarnation);

    public Broker? On(string node) => _brokers.TryGetValue(node, out var broker) && broker.Node.IsUp && broker.Node.Incarnation == broker.Incarnation ? broker : null;

    /// <summary>Whether every broker that runs has the same image, with all that was acknowledged.</summary>
    public bool HaveConverged()
    {
        var all = Brokers.ToList();
        if (all.Count != Cluster.Names.Count || all.Exists(b => b.Image.Offset != all[0].Image.Offset)) return false;
        return Acknowledged.All(all[0].Image.Topics.ContainsKey);
    }

    /// <summary>Whether every voter that runs holds the same bytes from where all their logs have begun, and whether snapshot and log of each say what brokers know.</summary>
    public bool HaveEqualLogs()
    {
        var logs = Brokers.Where(b => _voters.Find(b.Id) is not null).Select(b => b.Log!).ToList();
        if (logs.Exists(log => log.EndOffset != logs[0].EndOffset)) return false;
        var start = logs.Max(log => log.Start.Offset);
        var first = Contents(logs[0], start);
        if (logs.Exists(log => !Contents(log, start).AsSpan().SequenceEqual(first))) Cluster.Violate("two voters hold different logs");
        foreach (var log in logs)
        {
            if (TopicsOf(ImageOf(log)) != TopicsOf(Brokers.First().Image)) Cluster.Violate("a voter's snapshot and log say something else than brokers know");
            Snapshots += log.Snapshots.Count;
        }

        return true;
    }

    /// <summary>How many snapshots voters had in the end, and how many wholes brokers got.</summary>
    public int Snapshots { get; private set; }

    private static string TopicsOf(MetadataImage image) => string.Join(' ', image.Topics.Values.Select(t => $"{t.Name}={t.Id}").Order(StringComparer.Ordinal));

    private static MetadataImage ImageOf(IQuorumLog log)
    {
        var image = log.Newest() is { } newest ? SnapshotBatches.ToImage(SnapshotBatches.Pieces(log, newest), newest.End) : MetadataImage.Empty;
        var contents = Contents(log, image.Offset + 1);
        var walker = new global::AkkaStream.Client.Records.RecordBatchWalker(contents);
        while (walker.MoveNext()) image = image.With([.. QuorumBatches.Decode(walker.Header, walker.Records).Where(e => e is not VotersRecord)], walker.Header.LastOffset);
        return image;
    }

    private static byte[] Contents(IQuorumLog log, long from)
    {
        var bytes = new List<byte>();
        for (var offset = from; offset < log.EndOffset;)
        {
            var piece = log.Read(offset, 1 << 20);
            bytes.AddRange(piece);
            var walker = new global::AkkaStream.Client.Records.RecordBatchWalker(piece);
            while (walker.MoveNext()) offset = walker.Header.NextOffset;
        }

        return [.. bytes];
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

    /// <summary>Asks the controller from a node, and waits for the answer.</summary>
    public Task<ControllerReply> Ask(string node, IApiMessage request, short version, bool isRepeatable = false)
    {
        var heard = new TaskCompletionSource<ControllerReply>();
        On(node)!.Parts!.Link.Tell(new ControllerRequest(request, version, TimeSpan.FromSeconds(30), heard.SetResult) { IsRepeatable = isRepeatable }, global::Akka.Actor.ActorRefs.NoSender);
        return heard.Task;
    }

    /// <summary>Id of a node's disk.</summary>
    public Guid DiskOf(string node) => _brokers[node].Disk;

    private void Start(ClusterWorld world, SimulatedNode node)
    {
        try
        {
            StartOn(node);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (error.Message.Contains("no whole snapshot", StringComparison.Ordinal)) Cluster.Violate($"{node.Name}: {error.Message}");
            Again(node);
        }
    }

    // As under a supervisor of processes, it is tried again.
    private void Again(SimulatedNode node)
    {
        var incarnation = node.Incarnation;
        node.Crash();
        Sim.Schedule(TimeSpan.FromSeconds(1), () =>
        {
            if (node.Incarnation == incarnation) node.Restart();
        });
    }

    private void StartOn(SimulatedNode node)
    {
        if (!_disks.TryGetValue(node.Name, out var disk))
        {
            disk = new SimulatedDisk("/data", node.NewRandom());
            _disks.Add(node.Name, disk);
            node.Attach(disk);
        }

        var id = int.Parse(node.Name.AsSpan(1), CultureInfo.InvariantCulture);
        var dice = node.NewRandom();
        var broker = new Broker(node, node.Incarnation, id);
        _brokers[node.Name] = broker;
        long NowMs() => node.System.Scheduler.Now.ToUnixTimeMilliseconds();
        var files = _sees(disk.Files);
        var log = PartitionLog.Open(new LogOpening { Disk = files, Directory = Directory, NowMs = NowMs(), Config = LogConfig.Default with { RetentionMs = -1, DeletesByRetention = false, FileDeleteDelayMs = 0 } });
        Guid NewId()
        {
            var bytes = new byte[16];
            dice.NextBytes(bytes);
            return new Guid(bytes);
        }

        var promises = new QuorumPromiseFile(files, Directory, NewId);
        broker.Disk = promises.Disk;
        broker.Log = new SmallPieces(new PartitionQuorumLog(files, log, NowMs));
        broker.Parts = global::AkkaStream.Actors.Controller.ControllerNode.Start(node.System, new ControllerNodeParts
        {
            Quorum = new QuorumParts
            {
                Id = id,
                SnapshotBytes = _snapshotBytes,
                Configured = _voters.Find(id) is null ? _voters.With(new QuorumMember(id, Guid.Empty, node.Name, 2552)) : _voters,
                Log = broker.Log,
                Promises = promises,
                NewId = NewId,
                Dice = dice.Next,
            },
            Setup = new ClusterControllerSetup(id, _ => Config, NewId),
            Apply = (before, after) => Applied(broker, before, after),
            Dice = dice.Next,
        });
        Live(broker, dice);
    }

    private static void Live(Broker broker, Random dice)
    {
        var directory = new byte[16];
        dice.NextBytes(directory);
        var registration = new BrokerRegistrationRequest
        {
            BrokerId = broker.Id,
            ClusterId = "c",
            IncarnationId = new Guid(directory),
            Listeners = [new() { Name = "PLAINTEXT", Host = broker.Node.Name, Port = 9092 }, new() { Name = BrokerImage.AkkaListener, Host = broker.Node.Name, Port = 2552 }],
            LogDirs = [broker.Disk],
            Rack = null,
        };
        var life = new BrokerLife { Registration = registration, Link = broker.Parts!.Link, MetadataOffset = () => broker.Image.Offset, Registered = epoch => broker.BrokerEpoch = epoch };
        broker.Life = broker.Node.System.ActorOf(global::Akka.Actor.Props.Create(typeof(BrokerLifecycleActor), life), BrokerLifecycleActor.Name);
    }

    // Whatever two brokers have up to an offset is the same.
    private void Applied(Broker broker, MetadataImage before, MetadataImage after)
    {
        if (before.Offset >= after.Offset) Cluster.Violate($"{broker.Node.Name} goes from event {before.Offset} to {after.Offset}");
        var topics = string.Join(' ', after.Topics.Values.Select(t => $"{t.Name}={t.Id}").Order(StringComparer.Ordinal));
        if (_topics.TryGetValue(after.Offset, out var others) && others != topics) Cluster.Violate($"{broker.Node.Name} has another image at {after.Offset} than others had");
        _topics[after.Offset] = topics;
        if (after.Topics.Keys.FirstOrDefault(name => !before.Topics.ContainsKey(name) && !after.Touched.Contains(name)) is { } untold) Cluster.Violate($"{broker.Node.Name} has {untold} at {after.Offset}, and nobody is told that it came");
        broker.Image = after;
    }

    /// <summary>Gives one batch of a snapshot at a time, so that it takes several messages.</summary>
    private sealed class SmallPieces(IQuorumLog inner) : IQuorumLog
    {
        public LogEnd Start => inner.Start;

        public long EndOffset => inner.EndOffset;

        public IReadOnlyList<EpochStart> Epochs => inner.Epochs;

        public IReadOnlyList<QuorumSnapshot> Snapshots => inner.Snapshots;

        public byte[] Read(long offset, int maxBytes) => inner.Read(offset, maxBytes);

        public byte[]? ReadSnapshot(LogEnd snapshot, long position, int maxBytes) => inner.ReadSnapshot(snapshot, position, 1);

        public bool TryAppend(ReadOnlyMemory<byte> batches) => inner.TryAppend(batches);

        public bool TryTruncate(long offset) => inner.TryTruncate(offset);

        public QuorumSnapshot? TrySave(LogEnd snapshot, VoterSet? voters, IEnumerable<IApiMessage> events) => inner.TrySave(snapshot, voters, events);

        public void Saved(QuorumSnapshot snapshot) => inner.Saved(snapshot);

        public bool TryStage(long position, ReadOnlyMemory<byte> bytes) => inner.TryStage(position, bytes);

        public bool TryInstall(QuorumSnapshot snapshot) => inner.TryInstall(snapshot);
    }

    internal sealed class Broker(SimulatedNode node, int incarnation, int id)
    {
        public int Id => id;

        public Guid Disk { get; set; }

        public int Epoch => QuorumExtension.Of(node.System).Epoch;

        public IQuorumLog? Log { get; set; }

        public long BrokerEpoch { get; set; } = -1;

        public global::Akka.Actor.IActorRef? Life { get; set; }

        public SimulatedNode Node => node;

        public int Incarnation => incarnation;

        public ControllerNode? Parts { get; set; }

        public MetadataImage Image { get; set; } = MetadataImage.Empty;
    }
}
