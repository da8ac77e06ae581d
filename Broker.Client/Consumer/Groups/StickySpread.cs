using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>One division of partitions: even, and with as little moved as that allows.</summary>
internal sealed class StickySpread
{
    private readonly IReadOnlyDictionary<string, int> partitions;
    private readonly IReadOnlyList<AssignedMember> members;
    private readonly Dictionary<string, List<TopicPartition>> owned = new(StringComparer.Ordinal);
    private readonly Dictionary<TopicPartition, string> owners = [];
    private readonly HashSet<TopicPartition> contested = [];

    public StickySpread(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<AssignedMember> members)
    {
        this.partitions = partitions;
        this.members = members;
        var byId = members.ToDictionary(m => m.Id, StringComparer.Ordinal);
        foreach (var member in members)
        {
            owned.Add(member.Id, []);
            foreach (var partition in member.Owned) Claim(byId, member, partition);
        }
    }

    /// <summary>Who had a partition before; null where nobody did.</summary>
    public string? FormerOwner(TopicPartition partition) => owners.GetValueOrDefault(partition);

    /// <summary>What each member is to have.</summary>
    public Dictionary<string, List<TopicPartition>> Make() => HaveOneSubscription() ? Even() : Mixed();

    // Two members of one generation that claim the same are both wrong; of two generations the later one is right.
    private void Claim(Dictionary<string, AssignedMember> byId, AssignedMember member, TopicPartition partition)
    {
        if (!partitions.TryGetValue(partition.Topic, out var count) || (uint)partition.Partition >= (uint)count || !member.Topics.Contains(partition.Topic)) return;
        if (!owners.TryGetValue(partition, out var other))
        {
            owned[member.Id].Add(partition);
            owners[partition] = member.Id;
            return;
        }

        var theirs = byId[other].Generation;
        if (member.Generation == theirs)
        {
            contested.Add(partition);
            owned[other].Remove(partition);
        }
        else if (member.Generation > theirs)
        {
            owned[other].Remove(partition);
            owned[member.Id].Add(partition);
            owners[partition] = member.Id;
        }
    }

    private bool HaveOneSubscription()
    {
        var first = members[0].Topics.ToHashSet(StringComparer.Ordinal);
        return members.All(m => m.Topics.Count == first.Count && first.IsSupersetOf(m.Topics));
    }

    private Dictionary<string, List<TopicPartition>> Even()
    {
        var topics = members[0].Topics.Where(partitions.ContainsKey).Distinct().Order(StringComparer.Ordinal).ToList();
        var total = topics.Sum(t => partitions[t]);
        var (share, withMore) = (total / members.Count, total % members.Count);
        var most = share + (withMore > 0 ? 1 : 0);
        var assignment = new Dictionary<string, List<TopicPartition>>(members.Count, StringComparer.Ordinal);
        var (below, atShare) = (new List<string>(), new List<string>());
        var above = 0;
        // Kafka goes through members in the order of its hash table; the same order here makes the same choice among equals.
        foreach (var id in HashOrder.Of(members.Select(m => m.Id)))
        {
            var has = owned[id].FindAll(p => !contested.Contains(p));
            var keeps = has.Count < share ? has.Count : has.Count >= most && above < withMore ? most : share;
            assignment.Add(id, has.GetRange(0, keeps));
            if (has.Count < share) below.Add(id);
            else if (keeps > share) above++;
            else if (above < withMore) atShare.Add(id);
        }

        if (withMore > 0 && above == withMore) atShare.Clear();
        below.Sort(StringComparer.Ordinal);
        atShare.Sort(StringComparer.Ordinal);
        Fill(topics, assignment, share, below, new Queue<string>(atShare));
        return assignment;
    }

    // Round the members that have too little, then one more to as many as there are partitions left.
    private void Fill(List<string> topics, Dictionary<string, List<TopicPartition>> assignment, int share, List<string> below, Queue<string> atShare)
    {
        var taken = assignment.Values.SelectMany(p => p).ToHashSet();
        var turn = 0;
        foreach (var partition in topics.SelectMany(t => Enumerable.Range(0, partitions[t]).Select(p => new TopicPartition(t, p))))
        {
            if (taken.Contains(partition)) continue;
            if (below.Count == 0)
            {
                assignment[atShare.Dequeue()].Add(partition);
                continue;
            }

            if (turn >= below.Count) turn = 0;
            var id = below[turn];
            assignment[id].Add(partition);
            if (assignment[id].Count < share)
            {
                turn++;
                continue;
            }

            below.RemoveAt(turn);
            atShare.Enqueue(id);
        }
    }

    // Members read different topics: what was had stays, the rest goes where least is, then whatever evens out two members moves.
    private Dictionary<string, List<TopicPartition>> Mixed()
    {
        var readers = partitions.Keys.ToDictionary(t => t, t => members.Where(m => m.Topics.Contains(t)).Select(m => m.Id).Order(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var holder = new Dictionary<TopicPartition, string>();
        var load = members.ToDictionary(m => m.Id, _ => 0, StringComparer.Ordinal);
        foreach (var (id, has) in owned)
        {
            foreach (var partition in has.Where(p => !contested.Contains(p) && holder.TryAdd(p, id))) load[id]++;
        }

        foreach (var (topic, ids) in readers.Where(r => r.Value.Count > 0).OrderBy(r => r.Value.Count).ThenBy(r => r.Key, StringComparer.Ordinal))
        {
            for (var i = 0; i < partitions[topic]; i++)
            {
                var partition = new TopicPartition(topic, i);
                if (holder.ContainsKey(partition)) continue;
                var least = ids.MinBy(id => load[id])!;
                holder[partition] = least;
                load[least]++;
            }
        }

        Balance(holder, readers, load);
        var assignment = members.ToDictionary(m => m.Id, _ => new List<TopicPartition>(), StringComparer.Ordinal);
        foreach (var (partition, id) in holder.OrderBy(h => h.Key.Topic, StringComparer.Ordinal).ThenBy(h => h.Key.Partition)) assignment[id].Add(partition);
        return assignment;
    }

    private static void Balance(Dictionary<TopicPartition, string> holder, Dictionary<string, List<string>> readers, Dictionary<string, int> load)
    {
        var order = holder.Keys.OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition).ToList();
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var partition in order)
            {
                var from = holder[partition];
                var to = readers[partition.Topic].MinBy(id => load[id])!;
                if (load[from] <= load[to] + 1) continue;
                holder[partition] = to;
                load[from]--;
                load[to]++;
                moved = true;
            }
        }
    }
}

/// <summary>The order in which a hash table of Java's goes through its keys.</summary>
internal static class HashOrder
{
    private const int FirstCapacity = 16;

    /// <summary>The keys in that order.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> keys)
    {
        var all = keys.ToList();
        var capacity = FirstCapacity;
        while (all.Count > capacity * 3L / 4) capacity *= 2;
        return all.OrderBy(key => Spread(key) & (capacity - 1));
    }

    private static int Spread(string key)
    {
        var hash = 0;
        foreach (var c in key) hash = unchecked((31 * hash) + c);
        return hash ^ (hash >>> 16);
    }
}
