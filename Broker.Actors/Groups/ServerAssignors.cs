using AkkaStream.Client.Consumer.Groups;

namespace AkkaStream.Actors.Groups;

/// <summary>One member, as an assignor sees it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="InstanceId">Its instance id, or null.</param>
/// <param name="Topics">The topics that it reads and that exist.</param>
/// <param name="Previous">What it had as its target before.</param>
/// <param name="Rack">The rack that it runs in, or null.</param>
internal readonly record struct AssignorMember(string Id, string? InstanceId, IReadOnlyCollection<Guid> Topics, PartitionMap Previous, string? Rack = null);

/// <summary>The racks of the replicas of each partition of a topic; null where none is known.</summary>
internal delegate IReadOnlyList<IReadOnlyCollection<string>>? PartitionRacks(Guid topic);

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
    /// <param name="racks">Where they are; null where that is not known.</param>
    public static Dictionary<string, PartitionMap> Assign(string name, IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions, PartitionRacks? racks = null)
    {
        if (name == Range) return AssignRanges(members, partitions, racks);
        return HaveOneSubscription(members) ? UniformSpread.Even(members, partitions, racks) : UniformSpread.Mixed(members, partitions);
    }

    private static Dictionary<string, PartitionMap> AssignRanges(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions, PartitionRacks? racks)
    {
        var ordered = members.OrderBy(m => m.InstanceId is null).ThenBy(m => m.InstanceId ?? m.Id, StringComparer.Ordinal).ToList();
        var readers = new Dictionary<Guid, List<int>>();
        for (var i = 0; i < ordered.Count; i++)
        {
            foreach (var topic in ordered[i].Topics)
            {
                if (!readers.TryGetValue(topic, out var list)) readers.Add(topic, list = []);
                list.Add(i);
            }
        }

        var given = RangeSpread.Divide([.. ordered.Select(m => m.Rack)], [.. readers.Select(r => new RangeTopic<Guid>(r.Key, partitions[r.Key], r.Value, racks?.Invoke(r.Key)))]);
        var maps = new Dictionary<string, PartitionMap>(members.Count, StringComparer.Ordinal);
        for (var i = 0; i < given.Length; i++) maps.Add(ordered[i].Id, PartitionMap.Of(given[i]));
        return maps;
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
