namespace AkkaStream.Actors.Groups;

/// <summary>Everybody gets as much as anybody, and keeps of what it had as much as that allows.</summary>
internal static class UniformSpread
{
    /// <summary>All members read the same topics.</summary>
    public static Dictionary<string, PartitionMap> Even(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions, PartitionRacks? racks)
    {
        var topics = members[0].Topics;
        var total = topics.Sum(t => partitions[t]);
        var share = total / members.Count;
        var extra = total % members.Count;
        var taken = new HashSet<(Guid, int)>();
        var given = new List<(Guid, int)>[members.Count];
        var unfilled = new List<int>();
        for (var i = 0; i < members.Count; i++)
        {
            given[i] = [];
            var quota = share + (extra > 0 ? 1 : 0);
            foreach (var (topic, partition) in members[i].Previous.All)
            {
                if (given[i].Count < quota && topics.Contains(topic) && partition < partitions[topic] && taken.Add((topic, partition))) given[i].Add((topic, partition));
            }

            if (given[i].Count > share) extra--;
            else unfilled.Add(i);
        }

        if (racks is not null && members.Any(m => m.Rack is not null)) MatchRacks(members, given, unfilled, (share, extra), Free(topics, partitions, taken).ToList(), racks, taken);
        extra = total % members.Count - given.Count(g => g.Count > share);
        var free = Free(topics, partitions, taken).GetEnumerator();
        foreach (var i in unfilled)
        {
            var quota = share + (extra > 0 ? 1 : 0);
            var had = given[i].Count;
            while (given[i].Count < quota && free.MoveNext()) given[i].Add(free.Current);
            if (given[i].Count > share && had <= share) extra--;
        }

        return Maps(members, given);
    }

    // Members that have room get free partitions with a replica in their rack, those with the least first.
    private static void MatchRacks(
        IReadOnlyList<AssignorMember> members, List<(Guid, int)>[] given, List<int> unfilled, (int Share, int Extra) quota, List<(Guid Topic, int Partition)> free, PartitionRacks racks, HashSet<(Guid, int)> taken)
    {
        var extra = quota.Extra;
        foreach (var partition in free)
        {
            if (racks(partition.Topic)?[partition.Partition] is not { Count: > 0 } near) continue;
            var best = -1;
            foreach (var i in unfilled)
            {
                if (members[i].Rack is not { } rack || !near.Contains(rack) || given[i].Count >= quota.Share + (extra > 0 ? 1 : 0)) continue;
                if (best < 0 || given[i].Count < given[best].Count) best = i;
            }

            if (best < 0) continue;
            taken.Add(partition);
            given[best].Add(partition);
            if (given[best].Count > quota.Share) extra--;
        }
    }

    /// <summary>Members read different topics.</summary>
    public static Dictionary<string, PartitionMap> Mixed(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        var readers = new Dictionary<Guid, List<int>>();
        var owner = new Dictionary<(Guid Topic, int Partition), int>();
        var load = new int[members.Count];
        for (var i = 0; i < members.Count; i++)
        {
            foreach (var topic in members[i].Topics)
            {
                if (!readers.TryGetValue(topic, out var list)) readers.Add(topic, list = []);
                list.Add(i);
            }

            foreach (var (topic, partition) in members[i].Previous.All)
            {
                if (members[i].Topics.Contains(topic) && partition < partitions[topic] && owner.TryAdd((topic, partition), i)) load[i]++;
            }
        }

        // Topics with few readers first: they leave the least choice.
        foreach (var (topic, list) in readers.OrderBy(r => r.Value.Count).ThenBy(r => r.Key))
        {
            for (var partition = 0; partition < partitions[topic]; partition++)
            {
                if (owner.ContainsKey((topic, partition))) continue;
                var least = Least(list, load);
                owner.Add((topic, partition), least);
                load[least]++;
            }
        }

        Balance(owner, readers, load);
        new ChainMoves(owner, readers, load).Run();
        var given = new List<(Guid, int)>[members.Count];
        for (var i = 0; i < given.Length; i++) given[i] = [];
        foreach (var (partition, member) in owner) given[member].Add(partition);
        return Maps(members, given);
    }

    // Moves a partition wherever that evens out two members, until nothing does. Each move lessens the sum of the squares, so it ends.
    private static void Balance(Dictionary<(Guid Topic, int Partition), int> owner, Dictionary<Guid, List<int>> readers, int[] load)
    {
        var order = owner.Keys.OrderBy(p => p.Topic).ThenBy(p => p.Partition).ToList();
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var partition in order)
            {
                var from = owner[partition];
                var to = Least(readers[partition.Topic], load);
                if (load[from] <= load[to] + 1) continue;
                owner[partition] = to;
                load[from]--;
                load[to]++;
                moved = true;
            }
        }
    }

    private static int Least(List<int> members, int[] load)
    {
        var least = members[0];
        foreach (var member in members)
        {
            if (load[member] < load[least]) least = member;
        }

        return least;
    }

    private static IEnumerable<(Guid, int)> Free(IReadOnlyCollection<Guid> topics, IReadOnlyDictionary<Guid, int> partitions, HashSet<(Guid, int)> taken)
    {
        foreach (var topic in topics)
        {
            for (var partition = 0; partition < partitions[topic]; partition++)
            {
                if (!taken.Contains((topic, partition))) yield return (topic, partition);
            }
        }
    }

    private static Dictionary<string, PartitionMap> Maps(IReadOnlyList<AssignorMember> members, List<(Guid, int)>[] given)
    {
        var maps = new Dictionary<string, PartitionMap>(members.Count, StringComparer.Ordinal);
        for (var i = 0; i < given.Length; i++) maps.Add(members[i].Id, PartitionMap.Of(given[i]));
        return maps;
    }
}
