using AkkaStream.Client.Cluster;

namespace AkkaStream.Actors.Groups;

/// <summary>What a member of a consumer group is busy with; the numbers stand in the log.</summary>
internal enum ConsumerMemberState : sbyte
{
    /// <summary>It has what it is to have.</summary>
    Stable = 0,

    /// <summary>It is to give partitions back.</summary>
    Unrevoked = 1,

    /// <summary>It waits for partitions that others have still.</summary>
    Unreleased = 2,
}

/// <summary>What a member that speaks the classic protocol said of itself.</summary>
/// <param name="SessionTimeoutMs">Its session timeout.</param>
/// <param name="Protocols">The ways of assigning that it knows.</param>
internal sealed record ClassicSide(int SessionTimeoutMs, IReadOnlyList<ClassicProtocol> Protocols);

/// <summary>A member of a consumer group. Immutable: what changes is made anew.</summary>
internal sealed record ConsumerMember(string Id)
{
    /// <summary>Epoch of a static member that went for a while.</summary>
    public const int AwayEpoch = -2;

    public string? InstanceId { get; init; }

    public string? RackId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    /// <summary>The topics that it names, in order.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>Its pattern; null or empty for none.</summary>
    public string? Pattern { get; init; }

    public string? Assignor { get; init; }

    public int RebalanceTimeoutMs { get; init; } = -1;

    /// <summary>Set where it speaks the classic protocol.</summary>
    public ClassicSide? Classic { get; init; }

    public int Epoch { get; init; }

    public int PreviousEpoch { get; init; }

    public ConsumerMemberState State { get; init; }

    /// <summary>What it may read.</summary>
    public PartitionMap Assigned { get; init; } = PartitionMap.Empty;

    /// <summary>What it is to give back.</summary>
    public PartitionMap Revoking { get; init; } = PartitionMap.Empty;

    public bool HasPattern => !string.IsNullOrEmpty(Pattern);

    /// <summary>Whether what it says of itself is as the other says.</summary>
    public bool SaysTheSame(ConsumerMember other)
        => InstanceId == other.InstanceId && RackId == other.RackId && ClientId == other.ClientId && ClientHost == other.ClientHost && Topics.SequenceEqual(other.Topics)
            && (Pattern ?? "") == (other.Pattern ?? "") && Assignor == other.Assignor && RebalanceTimeoutMs == other.RebalanceTimeoutMs && IsSameClassic(other.Classic);

    private bool IsSameClassic(ClassicSide? other)
    {
        if (Classic is null || other is null) return Classic is null && other is null;
        return Classic.SessionTimeoutMs == other.SessionTimeoutMs && Classic.Protocols.Count == other.Protocols.Count
            && Classic.Protocols.Zip(other.Protocols).All(p => p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));
    }
}

/// <summary>A pattern and what it stands for.</summary>
/// <param name="Topics">The topics, in order.</param>
/// <param name="Version">Of the metadata that it was matched against.</param>
/// <param name="AtMs">When, milliseconds since 1970.</param>
internal sealed record ResolvedPattern(IReadOnlyList<string> Topics, long Version, long AtMs);

/// <summary>A group whose coordinator assigns (KIP-848). It keeps itself consistent; <see cref="ConsumerGroups"/> decides what happens when.</summary>
internal sealed class ConsumerGroup(string id) : Group(id)
{
    private readonly Dictionary<string, string> staticMembers = new(StringComparer.Ordinal);
    private readonly Dictionary<(Guid Topic, int Partition), string> owners = [];

    /// <summary>The members by id.</summary>
    public Dictionary<string, ConsumerMember> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>What each member is to have in the end.</summary>
    public Dictionary<string, PartitionMap> Target { get; } = new(StringComparer.Ordinal);

    /// <summary>The patterns of its members.</summary>
    public Dictionary<string, ResolvedPattern> Patterns { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// A group without members: its epochs begin at 1 as Kafka's do, so that its first member is told 2; where one of the classic protocol was there, they
    /// go on behind its generations.
    /// </summary>
    public static ConsumerGroup Begun(string id, int generation) => new(id) { Epoch = Math.Max(1, generation), TargetEpoch = Math.Max(1, generation) };

    /// <summary>Rises with every change of members, subscriptions or topics.</summary>
    public int Epoch { get; set; }

    /// <summary>The epoch that the target belongs to.</summary>
    public int TargetEpoch { get; set; }

    /// <summary>When the target was made, milliseconds since 1970; 0 where it was not.</summary>
    public long AssignedAtMs { get; set; }

    /// <summary>Stands for the topics that members read, as they were at the last look.</summary>
    public long TopicsHash { get; set; }

    /// <summary>The topics as they were at the last look; not in the log.</summary>
    public object? SeenTopics { get; set; }

    /// <inheritdoc/>
    public override string TypeName => "consumer";

    /// <inheritdoc/>
    public override string ProtocolTypeName => "consumer";

    /// <inheritdoc/>
    public override bool IsEmpty => Members.Count == 0;

    /// <inheritdoc/>
    public override string StateName
    {
        get
        {
            if (Members.Count == 0) return "Empty";
            if (Epoch > TargetEpoch) return "Assigning";
            return Members.Values.All(m => m.State == ConsumerMemberState.Stable && m.Epoch == TargetEpoch) ? "Stable" : "Reconciling";
        }
    }

    /// <summary>The member with that instance id, or null.</summary>
    public ConsumerMember? StaticMember(string? instanceId)
        => instanceId is not null && staticMembers.TryGetValue(instanceId, out var member) ? Members[member] : null;

    /// <summary>Takes in a member, or what changed of it.</summary>
    public void Put(ConsumerMember member)
    {
        if (Members.TryGetValue(member.Id, out var before)) Release(before);
        Members[member.Id] = member;
        if (member.InstanceId is { } instance) staticMembers[instance] = member.Id;
        foreach (var partition in member.Assigned.All) owners[partition] = member.Id;
        foreach (var partition in member.Revoking.All) owners[partition] = member.Id;
    }

    /// <summary>Lets a member go.</summary>
    public void Remove(string memberId)
    {
        Target.Remove(memberId);
        if (!Members.Remove(memberId, out var member)) return;
        Release(member);
        if (member.InstanceId is { } instance && staticMembers.GetValueOrDefault(instance) == memberId) staticMembers.Remove(instance);
    }

    /// <summary>Whether a partition belongs to another member still.</summary>
    public bool IsTaken(Guid topic, int partition, string forMember) => owners.TryGetValue((topic, partition), out var owner) && owner != forMember;

    /// <summary>All topics that a member reads, by name and by pattern.</summary>
    public IEnumerable<string> TopicsOf(ConsumerMember member)
    {
        if (!member.HasPattern || !Patterns.TryGetValue(member.Pattern!, out var resolved)) return member.Topics;
        return member.Topics.Count == 0 ? resolved.Topics : member.Topics.Union(resolved.Topics, StringComparer.Ordinal);
    }

    /// <summary>All topics that the group reads, in order.</summary>
    public SortedSet<string> AllTopics()
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var member in Members.Values) all.UnionWith(TopicsOf(member));
        return all;
    }

    /// <inheritdoc/>
    public override bool IsSubscribedTo(string topic)
    {
        foreach (var member in Members.Values)
        {
            if (TopicsOf(member).Contains(topic)) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override long? AgesFrom(TopicPartition partition, in CommittedOffset committed) => IsSubscribedTo(partition.Topic) ? null : committed.CommitMs;

    private void Release(ConsumerMember member)
    {
        foreach (var partition in member.Assigned.All) ReleaseOne(partition, member.Id);
        foreach (var partition in member.Revoking.All) ReleaseOne(partition, member.Id);
    }

    private void ReleaseOne((Guid Topic, int Partition) partition, string memberId)
    {
        if (owners.TryGetValue(partition, out var owner) && owner == memberId) owners.Remove(partition);
    }
}
