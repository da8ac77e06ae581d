using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Client.Protocol;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// A controller in the place of the real one, which never fails and decides as that does: fences brokers that it does not hear of, moves their leaderships to replicas in sync, judges
/// what leaders propose, and tells every broker that it reaches what it decided, sooner or later.
/// </summary>
internal sealed class ReplicaController
{
    public const string Topic = "records";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProposalLimit = TimeSpan.FromSeconds(2);
    private readonly SimulatedWorld sim;
    private readonly Random dice;
    private readonly List<Broker> brokers = [];
    private readonly List<Part> parts = [];
    private readonly IReadOnlyDictionary<string, string> configs;
    private long offset = 10;

    public ReplicaController(SimulatedWorld sim, int partitions, IReadOnlyDictionary<string, string> configs)
    {
        this.sim = sim;
        this.configs = configs;
        dice = sim.NewRandom();
        for (var i = 0; i < partitions; i++) parts.Add(new Part(i, i % 3));
        Image = Snapshot();
    }

    public static Guid TopicId { get; } = new(7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7);

    public MetadataImage Image { get; private set; }

    /// <summary>Whether brokers are cut off from the controller now and then.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>What a leader did that no history would show but with much bad luck; null where all was well.</summary>
    public string? Broken { get; private set; }

    public int LeaderOf(int partition) => parts[partition].Leader;

    /// <summary>Whether every replica is in sync and every partition led.</summary>
    public bool IsWhole => parts.TrueForAll(p => p.Leader >= 0 && p.InSync.Count == 3);

    public void Add(ReplicaNode node) => brokers.Add(new Broker(node));

    public void Begin() => sim.Schedule(Interval, Watch);

    /// <summary>
    /// Whether the disk of a node that crashes may lose what was not flushed: not where it may be the only one that has it. Where it may, the controller hears of the crash at once: were the others
    /// cut off from it before that, the one that lost its records would be the last in sync, and two failures at a time are more than was promised.
    /// </summary>
    public bool MayLose(int id)
    {
        if (!parts.TrueForAll(p => !p.InSync.Contains(id) || p.InSync.Exists(other => other != id && Of(other).Node.Node.IsUp))) return false;
        Fence(Of(id));
        return true;
    }

    /// <summary>A broker's new life wants to be known.</summary>
    public void Register(ReplicaNode node)
    {
        var life = node.Node.Incarnation;
        sim.Schedule(TimeSpan.FromMilliseconds(20 + dice.Next(300)), () =>
        {
            if (!node.Node.IsUp || node.Node.Incarnation != life) return;
            var broker = Of(node.Id);
            if (!Reaches(broker))
            {
                Register(node);
                return;
            }

            // What its former life was in sync with may be lost.
            Fence(broker);
            broker.Epoch = ++offset;
            broker.Life = life;
            Commit();
            node.Node.Post(() => node.Registered(broker.Epoch));
        });
    }

    /// <summary>A leader's proposal; its answer may be lost, whether it was done or not.</summary>
    public void Propose(ReplicaNode from, InSyncProposal proposal, Action<InSyncAnswer> done)
    {
        Look(from, proposal);
        var isLost = IsFaulty && dice.Next(10) == 0;
        sim.Schedule(TimeSpan.FromMilliseconds(1 + dice.Next(30)), () =>
        {
            var broker = Of(from.Id);
            var answer = Reaches(broker) ? Decide(broker, proposal) : InSyncAnswer.Of(ErrorCode.RequestTimedOut);
            isLost |= answer.Error == ErrorCode.RequestTimedOut;
            sim.Schedule(isLost ? ProposalLimit : TimeSpan.FromMilliseconds(1 + dice.Next(30)), () => from.Node.Post(() => done(isLost ? InSyncAnswer.Of(ErrorCode.RequestTimedOut) : answer)));
        });
    }

    // Who is proposed must have what readers were shown: seen in its own log, and not by what the leader takes it to have.
    private void Look(ReplicaNode from, InSyncProposal proposal)
    {
        var part = parts[proposal.Partition];
        if (proposal.LeaderEpoch != part.LeaderEpoch || from.Partition(part.Index) is not { IsLeader: true } leader) return;
        var shown = leader.Log.View.HighWatermark;
        foreach (var member in proposal.InSync)
        {
            var broker = Of(member.BrokerId);
            if (part.InSync.Contains(member.BrokerId) || broker.Epoch != member.BrokerEpoch || broker.Life != broker.Node.Node.Incarnation) continue;
            if (broker.Node.Partition(part.Index) is { } replica && replica.Log.View.EndOffset < shown)
            {
                Broken ??= $"partition {part.Index}: broker {member.BrokerId} is proposed for the in-sync set with a log that ends at {replica.Log.View.EndOffset}, behind the high watermark {shown} of broker {from.Id}";
            }
        }
    }

    private Broker Of(int id) => brokers.Find(b => b.Node.Id == id)!;

    private bool Reaches(Broker broker) => broker.Node.Node is { IsUp: true, IsPaused: false } && sim.Now >= broker.CutUntil;

    private void Watch()
    {
        foreach (var broker in brokers)
        {
            if (IsFaulty && dice.Next(600) == 0) broker.CutUntil = sim.Now + TimeSpan.FromMilliseconds(dice.Next(4000));
            if (!IsFaulty) broker.CutUntil = TimeSpan.Zero;
            var isThere = Reaches(broker) && broker.Life == broker.Node.Node.Incarnation;
            if (isThere) broker.SeenAt = sim.Now;
            if (!isThere && sim.Now - broker.SeenAt > TimeSpan.FromMilliseconds(600)) Fence(broker);
            if (isThere && broker.IsFenced && ReferenceEquals(broker.Told, Image)) Unfence(broker);
            if (Reaches(broker) && !ReferenceEquals(broker.Told, Image) && sim.Now >= broker.TellAt) Tell(broker);
        }

        sim.Schedule(Interval, Watch);
    }

    // The newest image, whatever it skips; broker by broker, each in its own time.
    private void Tell(Broker broker)
    {
        broker.TellAt = sim.Now + TimeSpan.FromMilliseconds(dice.Next(IsFaulty ? 400 : 60));
        broker.Told = Image;
        var image = Image;
        broker.Node.Node.Post(() => broker.Node.Apply(image));
    }

    private void Fence(Broker broker)
    {
        if (broker.IsFenced) return;
        broker.IsFenced = true;
        foreach (var part in parts)
        {
            if (part.InSync.Count > 1 && part.InSync.Contains(broker.Node.Id))
            {
                part.InSync = [.. part.InSync.Where(id => id != broker.Node.Id)];
                part.Epoch++;
            }

            if (part.Leader == broker.Node.Id) Lead(part);
        }

        Commit();
    }

    private void Unfence(Broker broker)
    {
        broker.IsFenced = false;
        foreach (var part in parts)
        {
            if (part.Leader < 0) Lead(part);
        }

        // A preferred leader gets its partition back now and then.
        var own = parts.Find(p => p.Replicas[0] == broker.Node.Id && p.Leader >= 0 && p.Leader != broker.Node.Id && p.InSync.Contains(broker.Node.Id));
        if (own is not null && dice.Next(2) == 0) Lead(own);
        Commit();
    }

    private void Lead(Part part)
    {
        // No broker has the number 0: none is found.
        var next = part.Replicas.Find(id => part.InSync.Contains(id) && !Of(id).IsFenced);
        if (next == 0) next = -1;
        if (next == part.Leader) return;
        part.Leader = next;
        part.LeaderEpoch++;
        part.Epoch++;
    }

    private InSyncAnswer Decide(Broker from, InSyncProposal proposal)
    {
        var part = parts[proposal.Partition];
        if (proposal.LeaderEpoch != part.LeaderEpoch || part.Leader != from.Node.Id) return InSyncAnswer.Of(ErrorCode.FencedLeaderEpoch);
        if (proposal.PartitionEpoch != part.Epoch) return InSyncAnswer.Of(ErrorCode.InvalidUpdateVersion);
        foreach (var member in proposal.InSync)
        {
            var broker = Of(member.BrokerId);
            if (broker.IsFenced || (member.BrokerEpoch >= 0 && member.BrokerEpoch != broker.Epoch)) return InSyncAnswer.Of(ErrorCode.IneligibleReplica);
        }

        part.InSync = [.. proposal.InSync.Select(m => m.BrokerId)];
        part.Epoch++;
        // Now and then the preferred one leads as soon as it may.
        if (part.InSync.Contains(part.Replicas[0]) && part.Leader != part.Replicas[0] && dice.Next(4) == 0) Lead(part);
        Commit();
        sim.Trace($"partition {part.Index} in sync {string.Join(',', part.InSync)} epoch {part.Epoch}");
        return new InSyncAnswer(ErrorCode.None, part.InSync, part.Epoch);
    }

    private void Commit()
    {
        offset++;
        Image = Snapshot();
    }

    private MetadataImage Snapshot()
    {
        var events = new List<IApiMessage> { new TopicRecord { Name = Topic, TopicId = TopicId } };
        foreach (var (name, value) in configs) events.Add(new ConfigRecord { ResourceType = (sbyte)AkkaStream.Actors.Configuration.ConfigResourceType.Topic, ResourceName = Topic, Name = name, Value = value });
        foreach (var part in parts)
        {
            events.Add(new PartitionRecord { TopicId = TopicId, PartitionId = part.Index, Replicas = part.Replicas, Isr = part.InSync, Leader = part.Leader, LeaderEpoch = part.LeaderEpoch, PartitionEpoch = part.Epoch });
        }

        return MetadataImage.Empty.With(events, offset);
    }

    private sealed class Broker(ReplicaNode node)
    {
        public ReplicaNode Node => node;

        public long Epoch { get; set; } = -1;

        public int Life { get; set; } = -1;

        public bool IsFenced { get; set; } = true;

        public TimeSpan SeenAt { get; set; }

        public TimeSpan CutUntil { get; set; }

        public TimeSpan TellAt { get; set; }

        public MetadataImage? Told { get; set; }
    }

    private sealed class Part(int index, int first)
    {
        public int Index => index;

        public List<int> Replicas { get; } = [1 + first, 1 + ((first + 1) % 3), 1 + ((first + 2) % 3)];

        public List<int> InSync { get; set; } = [1, 2, 3];

        public int Leader { get; set; } = -1;

        public int LeaderEpoch { get; set; }

        public int Epoch { get; set; }
    }
}
