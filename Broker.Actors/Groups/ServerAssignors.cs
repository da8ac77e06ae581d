namespace AkkaStream.Actors.Groups;

/// <summary>One member, as an assignor sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">Its instance id, or null.</param>
/// <param name="Topics">The topics that it reads and that exist.</param>
/// <param name="Previous">What it had as its target before.</param>
internal readonly record struct AssignorMember(string Id, string? InstanceId, IReadOnlyCollection<Guid> Topics, PartitionMap Previous);

/// <summary>The coordinator's ways of dividing partitions among members (KIP-848).</summary>
internal static class ServerAssignors
{
    public const string Uniform = "uniform";
    public const string Range = "range";

    /// <summary>Whether the name is one of them.</summary>
    public static bool IsKnown(string name) => name is Uniform or Range;

    /// <summary>What each member is to have; a member that gets nothing is there with nothing.</summary>
    /// <param name="name">One of the known names.</param>
    /// <param name="members">The members.</param>
    /// <param name="partitions">How many partitions each topic has.</param>
    public static Dictionary<string, PartitionMap> Assign(string name, IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        if (name == Range) return AssignRanges(members, partitions);
        return HaveOneSubscription(members) ? UniformSpread.Even(members, partitions) : UniformSpread.Mixed(members, partitions);
    }

    // Each topic by itself: its readers, in order, get neighbouring partitions, the first ones one more where it does not go even.
    private static Dictionary<string, PartitionMap> AssignRanges(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        var given = members.ToDictionary(m => m.Id, _ => new List<(Guid, int)>(), StringComparer.Ordinal);
        var ordered = members.OrderBy(m => m.InstanceId is null).ThenBy(m => m.InstanceId ?? m.Id, StringComparer.Ordinal).ToList();
        var readers = new Dictionary<Guid, List<string>>();
        foreach (var member in ordered)
        {
            foreach (var topic in member.Topics)
            {
                if (!readers.TryGetValue(topic, out var list)) readers.Add(topic, list = []);
                list.Add(member.Id);
            }
        }

        foreach (var (topic, list) in readers)
        {
            var count = partitions[topic];
            var (share, extra) = (count / list.Count, count % list.Count);
            var next = 0;
            for (var i = 0; i < list.Count; i++)
            {
                for (var end = next + share + (i < extra ? 1 : 0); next < end; next++) given[list[i]].Add((topic, next));
            }
        }

        return given.ToDictionary(g => g.Key, g => PartitionMap.Of(g.Value), StringComparer.Ordinal);
    }

    private static bool HaveOneSubscription(IReadOnlyList<AssignorMember> members)
    {
        var first = members[0].Topics.ToHashSet();
        for (var i = 1; i < members.Count; i++)
        {
            if (members[i].Topics.Count != first.Count || !members[i].Topics.All(first.Contains)) return false;
        }

        return true;
    }
}

/// <summary>Everybody gets as much as anybody, and keeps of what it had as much as that allows.</summary>
internal static class UniformSpread
{
    /// <summary>All members read the same topics.</summary>
    public static Dictionary<string, PartitionMap> Even(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions)
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

        var free = Free(topics, partitions, taken).GetEnumerator();
        foreach (var i in unfilled)
        {
            var quota = share + (extra > 0 ? 1 : 0);
            while (given[i].Count < quota && free.MoveNext()) given[i].Add(free.Current);
            if (given[i].Count > share) extra--;
        }

        return Maps(members, given);
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
