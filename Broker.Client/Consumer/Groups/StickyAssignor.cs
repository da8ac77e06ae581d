using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>As even as can be, and of what members had as much as that allows stays where it was. Members give everything back while they join again.</summary>
public class StickyAssignor : GroupAssignor
{
    /// <inheritdoc/>
    public override string Name => "sticky";

    /// <inheritdoc/>
    public override byte[]? UserData(IReadOnlyList<TopicPartition> owned, int generation)
    {
        using var writer = new MessageWriter(64);
        var topics = owned.GroupBy(p => p.Topic).ToList();
        writer.ArrayLength(topics.Count);
        foreach (var topic in topics)
        {
            writer.String(topic.Key);
            writer.ArrayLength(topic.Count());
            foreach (var partition in topic) writer.Int32(partition.Partition);
        }

        writer.Int32(generation);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<AssignedMember> members)
        => new StickySpread(partitions, members.Select(WithMemory).ToList()).Make();

    /// <summary>The member with what it had: this assignor's own data say it.</summary>
    protected virtual AssignedMember WithMemory(AssignedMember member)
    {
        var (owned, generation) = Remembered(member.UserData);
        return member with { Owned = owned, Generation = generation };
    }

    // Bytes of another assignor, or of a newer one, say nothing.
    private static (List<TopicPartition> Owned, int Generation) Remembered(ReadOnlyMemory<byte>? data)
    {
        if (data is not { Length: > 0 } bytes) return ([], -1);
        try
        {
            var reader = new MessageReader(bytes);
            var owned = new List<TopicPartition>();
            for (var topics = reader.ArrayLength(false, 6, 64); topics > 0; topics--)
            {
                var topic = reader.String();
                for (var count = reader.ArrayLength(false, 4, 16); count > 0; count--) owned.Add(new TopicPartition(topic, reader.Int32()));
            }

            return (owned, reader.Remaining >= sizeof(int) ? reader.Int32() : -1);
        }
        catch (MalformedMessageException)
        {
            return ([], -1);
        }
    }
}

/// <summary>
/// As <see cref="StickyAssignor"/>, while members keep what they have (KIP-429): a partition that goes from one to another is given to nobody in the
/// first round, and to its new owner in the next, when the former one has given it back.
/// </summary>
public sealed class CooperativeStickyAssignor : StickyAssignor
{
    /// <inheritdoc/>
    public override string Name => "cooperative-sticky";

    /// <inheritdoc/>
    public override bool IsCooperative => true;

    /// <inheritdoc/>
    public override byte[]? UserData(IReadOnlyList<TopicPartition> owned, int generation)
    {
        using var writer = new MessageWriter(4);
        writer.Int32(generation);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public override Dictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<AssignedMember> members)
    {
        var spread = new StickySpread(partitions, members.Select(WithMemory).ToList());
        var assignment = spread.Make();
        foreach (var (member, given) in assignment) given.RemoveAll(p => spread.FormerOwner(p) is { } former && former != member);
        return assignment;
    }

    /// <inheritdoc/>
    protected override AssignedMember WithMemory(AssignedMember member)
    {
        // Older members say their generation here, newer ones in the subscription itself.
        if (member.Generation >= 0 || member.UserData is not { Length: >= sizeof(int) } bytes) return member;
        return member with { Generation = new MessageReader(bytes).Int32() };
    }
}
