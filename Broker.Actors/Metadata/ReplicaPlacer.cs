using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>
/// Finds brokers for new replicas: no rack has two replicas of a partition while another has none, and every broker gets as many leaders and as many replicas as the others, as
/// far as racks allow. Brokers that are fenced or shutting down lead nothing, and get a replica only where there are not enough others; cordoned ones get none.
/// What it places counts for what it places next.
/// </summary>
public sealed class ReplicaPlacer
{
    private readonly Dictionary<int, Spot> spots = [];
    private readonly Spot[] ring;
    private readonly IReadOnlyDictionary<int, BrokerImage> brokers;

    /// <summary>A placer that knows what each broker has.</summary>
    /// <param name="context">The brokers and their partitions.</param>
    /// <param name="except">A broker that gets nothing, or -1.</param>
    public ReplicaPlacer(ControllerContext context, int except = -1)
    {
        brokers = context.Brokers;
        foreach (var broker in brokers.Values.OrderBy(b => b.Id))
        {
            if (!broker.IsCordoned && broker.Id != except) spots.Add(broker.Id, new Spot(broker.Id, RackOf(broker.Id), broker.IsActive, spots.Count));
        }

        ring = [.. spots.Values.OrderBy(s => s.Place)];
        if (ring.Length < 2) return;
        foreach (var topic in context.Image.Topics.Values)
        {
            foreach (var partition in topic.Partitions) Count(partition.Replicas);
        }
    }

    /// <summary>Takes into account what was placed by hand.</summary>
    /// <param name="replicas">Broker ids, the preferred leader first.</param>
    public void Count(IReadOnlyList<int> replicas)
    {
        for (var i = 0; i < replicas.Count; i++)
        {
            if (!spots.TryGetValue(replicas[i], out var spot)) continue;
            spot.Replicas++;
            if (i == 0) spot.Leaders++;
        }
    }

    /// <summary>Takes out of account what goes.</summary>
    /// <param name="replicas">Broker ids, the preferred leader first.</param>
    public void Uncount(IReadOnlyList<int> replicas)
    {
        for (var i = 0; i < replicas.Count; i++)
        {
            if (!spots.TryGetValue(replicas[i], out var spot)) continue;
            spot.Replicas--;
            if (i == 0) spot.Leaders--;
        }
    }

    /// <summary>Whether partitions can have so many replicas.</summary>
    /// <returns><see cref="ErrorCode.InvalidReplicationFactor"/> and a sentence where they cannot.</returns>
    public (ErrorCode Error, string? Why) Check(int factor)
    {
        if (factor is 0 or < -1) return (ErrorCode.InvalidReplicationFactor, $"the replication factor {factor} is not above 0");
        if (factor > brokers.Count) return (ErrorCode.InvalidReplicationFactor, $"{factor} replicas were asked for, but there {(brokers.Count == 1 ? "is 1 broker" : $"are {brokers.Count} brokers")}");
        if (factor > ring.Length) return (ErrorCode.InvalidReplicationFactor, $"{factor} replicas were asked for, but {brokers.Count - ring.Length} of {brokers.Count} brokers take no new partitions");
        return ring.Any(s => s.IsActive) ? (ErrorCode.None, null) : (ErrorCode.InvalidReplicationFactor, "all brokers are fenced or shut down");
    }

    /// <summary>Brokers for one new partition, the leader first; <see cref="Check"/> said that there are enough.</summary>
    public List<int> Next(int factor)
    {
        var leader = ring.Where(s => s.IsActive).MinBy(s => (s.Leaders, s.Replicas, s.Id))!;
        var replicas = new List<int>(factor) { leader.Id };
        while (replicas.Count < factor) replicas.Add(Follower(replicas));
        Count(replicas);
        return replicas;
    }

    /// <summary>One more broker for a partition that has these replicas, or -1 where there is none.</summary>
    public int Follower(IReadOnlyList<int> replicas)
    {
        // Equal ones are taken in a ring that begins behind the leader, each time one further on: so the followers of a broker are spread.
        var first = replicas.Count > 0 && spots.TryGetValue(replicas[0], out var leader) ? leader.Place + 1 + (ring.Length > 1 ? leader.Leaders % (ring.Length - 1) : 0) : 0;
        Spot? best = null;
        var bestKey = default((bool, int, int, int));
        foreach (var spot in ring)
        {
            if (PartitionImage.Contains(replicas, spot.Id)) continue;
            var key = (!spot.IsActive, InRack(spot.Rack, replicas), spot.Replicas, (spot.Place - first + ring.Length + ring.Length) % ring.Length);
            if (best is not null && key.CompareTo(bestKey) >= 0) continue;
            (best, bestKey) = (spot, key);
        }

        return best?.Id ?? -1;
    }

    private int InRack(string rack, IReadOnlyList<int> replicas)
    {
        var count = 0;
        for (var i = 0; i < replicas.Count; i++)
        {
            if (RackOf(replicas[i]) == rack) count++;
        }

        return count;
    }

    // Those that name no rack are in one together.
    private string RackOf(int broker) => brokers.TryGetValue(broker, out var known) ? known.Rack ?? "" : "";

    private sealed class Spot(int id, string rack, bool isActive, int place)
    {
        public int Id => id;

        public string Rack => rack;

        public bool IsActive => isActive;

        public int Place => place;

        public int Leaders { get; set; }

        public int Replicas { get; set; }
    }
}
