using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>A member of a group, as the member that assigns sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">Its instance id, or null.</param>
/// <param name="Topics">The topics that it reads.</param>
/// <param name="Owned">What it says it has.</param>
/// <param name="Generation">The generation in which it got that, or -1.</param>
/// <param name="UserData">What its assignor said besides, or null.</param>
public sealed record AssignedMember(string Id, string? InstanceId, IReadOnlyCollection<string> Topics, IReadOnlyList<TopicPartition> Owned, int Generation, ReadOnlyMemory<byte>? UserData)
{
    /// <summary>The rack that it runs in, or null.</summary>
    public string? Rack { get; init; }
}

/// <summary>A way of dividing partitions among the members of a group that all members know. Plain: the same members give the same answer.</summary>
public abstract class GroupAssignor
{
    /// <summary>The name that members vote with.</summary>
    public abstract string Name { get; }

    /// <summary>Members keep what they have while they join again, and give back only what goes elsewhere (KIP-429).</summary>
    public virtual bool IsCooperative => false;

    /// <summary>What a member says besides its subscription when it joins; null for nothing.</summary>
    /// <param name="owned">What it has, or had before the rebalance.</param>
    /// <param name="generation">The generation in which it got that, or -1.</param>
    public virtual byte[]? UserData(IReadOnlyList<TopicPartition> owned, int generation) => null;

    /// <summary>Divides partitions.</summary>
    /// <param name="partitions">How many partitions each topic has; topics that do not exist are not in it.</param>
    /// <param name="members">The members; at least one.</param>
    /// <returns>For each member what it is to have.</returns>
    public abstract Dictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<AssignedMember> members);

    /// <summary>The members in the order in which Kafka's assignors take them: those with an instance id first.</summary>
    protected static List<AssignedMember> Ordered(IEnumerable<AssignedMember> members)
        => [.. members.OrderBy(m => m.InstanceId is null).ThenBy(m => m.InstanceId ?? m.Id, StringComparer.Ordinal)];

    /// <summary>A list for each member.</summary>
    protected static Dictionary<string, List<TopicPartition>> Nothing(IReadOnlyList<AssignedMember> members)
    {
        var assignment = new Dictionary<string, List<TopicPartition>>(members.Count, StringComparer.Ordinal);
        foreach (var member in members) assignment.Add(member.Id, []);
        return assignment;
    }
}

/// <summary>Each topic by itself: its readers get neighbouring partitions, the first ones one more where it does not go even, of their own rack where racks are known.</summary>
public sealed class RangeAssignor : GroupAssignor
{
    /// <inheritdoc/>
    public override string Name => "range";

    /// <summary>The racks of the replicas of each partition of a topic, or null where they are not known; left out where there are none.</summary>
    public Func<string, IReadOnlyList<IReadOnlyCollection<string>>?>? PartitionRacks { get; init; }

    /// <inheritdoc/>
    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<AssignedMember> members)
    {
        var assignment = Nothing(members);
        var ordered = Ordered(members);
        var topics = partitions.OrderBy(p => p.Key, StringComparer.Ordinal).Select(t => new RangeTopic<string>(t.Key, t.Value, [.. Enumerable.Range(0, ordered.Count).Where(i => ordered[i].Topics.Contains(t.Key))], PartitionRacks?.Invoke(t.Key))).ToList();
        var given = RangeSpread.Divide([.. ordered.Select(m => m.Rack)], topics);
        for (var i = 0; i < given.Length; i++) assignment[ordered[i].Id].AddRange(given[i].Select(p => new TopicPartition(p.Topic, p.Partition)));
        return assignment;
    }
}

/// <summary>All partitions of all topics in turn, each to the next member that reads it.</summary>
public sealed class RoundRobinAssignor : GroupAssignor
{
    /// <inheritdoc/>
    public override string Name => "roundrobin";

    /// <inheritdoc/>
    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<AssignedMember> members)
    {
        var assignment = Nothing(members);
        var ordered = Ordered(members);
        var turn = 0;
        foreach (var (topic, count) in partitions.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (!ordered.Exists(m => m.Topics.Contains(topic))) continue;
            for (var partition = 0; partition < count; partition++)
            {
                while (!ordered[turn].Topics.Contains(topic)) turn = (turn + 1) % ordered.Count;
                assignment[ordered[turn].Id].Add(new TopicPartition(topic, partition));
                turn = (turn + 1) % ordered.Count;
            }
        }

        return assignment;
    }
}
