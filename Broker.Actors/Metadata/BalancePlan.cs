namespace AkkaStream.Actors.Metadata;

/// <summary>A partition that is to be elsewhere.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="Now">Its replicas now, those excepted that a move under way takes away.</param>
/// <param name="Target">Its replicas as they shall be, the preferred leader first.</param>
public sealed record PartitionMove(string Topic, int Partition, IReadOnlyList<int> Now, IReadOnlyList<int> Target);

/// <summary>
/// Spreads partitions over brokers with as few moves as it can: replicas leave brokers that shall have none, no rack has two of a partition while another has none, each broker gets about as many
/// replicas and as many leaders as the others. What asks for another order only moves no data. Plain: a machine for one plan.
/// </summary>
public sealed class BalancePlan
{
    private readonly Dictionary<int, Spot> spots = [];
    private readonly List<Placed> chosen = [];

    private BalancePlan(ControllerContext context, IReadOnlyCollection<int> brokers, Func<string, bool> takes)
    {
        foreach (var id in brokers.Order()) spots.Add(id, new Spot(id, context.Brokers.TryGetValue(id, out var known) ? known.Rack ?? "" : ""));
        foreach (var topic in context.Image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            foreach (var partition in topic.Partitions)
            {
                var now = partition.Replicas.Where(r => !PartitionImage.Contains(partition.Removing, r)).ToList();
                Count(now, 1);
                if (takes(topic.Name)) chosen.Add(new Placed(topic.Name, partition.Index, now, [.. now]));
            }
        }
    }

    /// <summary>The moves; none where all is well.</summary>
    /// <param name="context">What is known.</param>
    /// <param name="brokers">Brokers that may have replicas; at least as many as any partition has.</param>
    /// <param name="takes">Which topics may be moved; all count.</param>
    /// <exception cref="ArgumentException">A partition has more replicas than there are brokers; the message names it.</exception>
    public static IReadOnlyList<PartitionMove> Of(ControllerContext context, IReadOnlyCollection<int> brokers, Func<string, bool> takes)
    {
        var plan = new BalancePlan(context, brokers, takes);
        if (plan.chosen.Find(p => p.Target.Count > brokers.Count) is { } large) throw new ArgumentException($"{large.Topic}-{large.Partition} has {large.Target.Count} replicas, and there would be {brokers.Count} brokers for them");
        foreach (var partition in plan.chosen) plan.LeaveStrangers(partition);
        foreach (var partition in plan.chosen) plan.SpreadRacks(partition);
        plan.SpreadReplicas();
        plan.SpreadLeaders();
        return [.. plan.chosen.Where(p => !p.Target.SequenceEqual(p.Now)).Select(p => new PartitionMove(p.Topic, p.Partition, p.Now, p.Target))];
    }

    private void Count(IReadOnlyList<int> replicas, int by)
    {
        for (var i = 0; i < replicas.Count; i++)
        {
            if (!spots.TryGetValue(replicas[i], out var spot)) continue;
            spot.Replicas += by;
            if (i == 0) spot.Leaders += by;
        }
    }

    private void LeaveStrangers(Placed partition)
    {
        for (var i = 0; i < partition.Target.Count; i++)
        {
            if (!spots.ContainsKey(partition.Target[i])) Replace(partition, i, Best(partition, i));
        }
    }

    private void SpreadRacks(Placed partition)
    {
        for (var i = partition.Target.Count - 1; i >= 0; i--)
        {
            if (InRack(partition, spots[partition.Target[i]].Rack, except: i) == 0) continue;
            var best = Best(partition, i);
            if (best >= 0 && InRack(partition, spots[best].Rack, except: i) == 0) Replace(partition, i, best);
        }
    }

    // From the broker with most to the one with least, while that makes the difference smaller.
    private void SpreadReplicas()
    {
        for (var left = chosen.Sum(p => p.Target.Count); left > 0; left--)
        {
            if (!MoveOne()) return;
        }
    }

    private bool MoveOne()
    {
        var byLoad = spots.Values.OrderBy(s => s.Replicas).ThenBy(s => s.Id).ToList();
        for (var high = byLoad.Count - 1; high > 0; high--)
        {
            foreach (var low in byLoad)
            {
                if (byLoad[high].Replicas - low.Replicas < 2) break;
                if (MoveOne(byLoad[high], low)) return true;
            }
        }

        return false;
    }

    private bool MoveOne(Spot from, Spot to)
    {
        foreach (var partition in chosen)
        {
            var at = partition.Target.IndexOf(from.Id);
            if (at < 0 || partition.Target.Contains(to.Id) || InRack(partition, to.Rack, at) > InRack(partition, from.Rack, at)) continue;
            Replace(partition, at, to.Id);
            return true;
        }

        return false;
    }

    // Another order costs nothing but an election.
    private void SpreadLeaders()
    {
        for (var left = chosen.Count; left > 0; left--)
        {
            if (!HandOverOne()) return;
        }
    }

    private bool HandOverOne()
    {
        Placed? best = null;
        var (place, gain) = (0, 1);
        foreach (var partition in chosen)
        {
            if (partition.Target.Count < 2 || !spots.TryGetValue(partition.Target[0], out var leader)) continue;
            for (var i = 1; i < partition.Target.Count; i++)
            {
                var difference = leader.Leaders - spots[partition.Target[i]].Leaders;
                if (difference > gain) (best, place, gain) = (partition, i, difference);
            }
        }

        if (best is null) return false;
        Count(best.Target, -1);
        (best.Target[0], best.Target[place]) = (best.Target[place], best.Target[0]);
        Count(best.Target, 1);
        return true;
    }

    // A rack that has none of the partition, then the broker with the fewest.
    private int Best(Placed partition, int at)
        => spots.Values.Where(s => !partition.Target.Contains(s.Id)).OrderBy(s => InRack(partition, s.Rack, at)).ThenBy(s => at == 0 ? s.Leaders : 0).ThenBy(s => s.Replicas).ThenBy(s => s.Id).Select(s => s.Id).FirstOrDefault(-1);

    private int InRack(Placed partition, string rack, int except)
    {
        var count = 0;
        for (var i = 0; i < partition.Target.Count; i++)
        {
            if (i != except && spots.TryGetValue(partition.Target[i], out var spot) && spot.Rack == rack) count++;
        }

        return count;
    }

    private void Replace(Placed partition, int at, int broker)
    {
        Count(partition.Target, -1);
        partition.Target[at] = broker;
        Count(partition.Target, 1);
    }

    private sealed record Placed(string Topic, int Partition, List<int> Now, List<int> Target);

    private sealed class Spot(int id, string rack)
    {
        public int Id => id;

        public string Rack => rack;

        public int Leaders { get; set; }

        public int Replicas { get; set; }
    }
}
