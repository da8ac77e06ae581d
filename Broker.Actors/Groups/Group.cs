using AkkaStream.Client.Cluster;

namespace AkkaStream.Actors.Groups;

/// <summary>What a group committed for a partition.</summary>
/// <param name="Offset">The offset that comes next.</param>
/// <param name="LeaderEpoch">Of the last record read, or -1.</param>
/// <param name="Metadata">The client's own words.</param>
/// <param name="CommitMs">When, milliseconds since 1970.</param>
/// <param name="ExpireMs">When it is to go, or -1: only very old clients said so.</param>
/// <param name="TopicId">The topic's id, or zero where it was not known.</param>
/// <param name="Order">Later commits have greater numbers; not kept in the log.</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommitMs, long ExpireMs, Guid TopicId, long Order);

/// <summary>A group of either protocol: its id and what it committed.</summary>
internal abstract class Group(string id)
{
    private Dictionary<TopicPartition, CommittedOffset> offsets = [];

    /// <summary>Its id.</summary>
    public string Id => id;

    /// <summary>What it committed.</summary>
    public Dictionary<TopicPartition, CommittedOffset> Offsets => offsets;

    /// <summary>What open transactions will commit, by producer; null while there are none.</summary>
    public Dictionary<long, Dictionary<TopicPartition, CommittedOffset>>? Pending { get; set; }

    /// <summary><c>classic</c> or <c>consumer</c>.</summary>
    public abstract string TypeName { get; }

    /// <summary>Its state's name, as clients are told.</summary>
    public abstract string StateName { get; }

    /// <summary>What its members speak.</summary>
    public abstract string ProtocolTypeName { get; }

    /// <summary>Whether it has no members.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>Whether a member reads that topic, as far as the group knows.</summary>
    public abstract bool IsSubscribedTo(string topic);

    /// <summary>From when on a committed offset grows old, milliseconds since 1970; null while it does not.</summary>
    public abstract long? AgesFrom(TopicPartition partition, in CommittedOffset committed);

    /// <summary>Whether an open transaction has an offset for the partition.</summary>
    public bool IsPending(TopicPartition partition)
    {
        if (Pending is null) return false;
        foreach (var written in Pending.Values)
        {
            if (written.ContainsKey(partition)) return true;
        }

        return false;
    }

    /// <summary>Takes over what another group of the same id committed: it becomes this one.</summary>
    public void TakeOffsetsOf(Group other)
    {
        offsets = other.offsets;
        Pending = other.Pending;
    }
}
