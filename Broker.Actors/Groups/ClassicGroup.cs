using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>States of a classic group.</summary>
internal enum ClassicState
{
    /// <summary>No members.</summary>
    Empty,

    /// <summary>Members are to join again.</summary>
    PreparingRebalance,

    /// <summary>Members joined, the leader's assignment is awaited.</summary>
    CompletingRebalance,

    /// <summary>Members have their assignment.</summary>
    Stable,
}

/// <summary>One way of assigning that a member knows, and what it says about itself in it.</summary>
/// <param name="Name">Its name, such as <c>range</c>.</param>
/// <param name="Metadata">The member's own bytes.</param>
internal readonly record struct ClassicProtocol(string Name, byte[] Metadata);

/// <summary>A member of a classic group.</summary>
internal sealed class ClassicMember(string id)
{
    public string Id => id;

    public string? InstanceId { get; init; }

    public required string ClientId { get; init; }

    public required string ClientHost { get; init; }

    public int RebalanceTimeoutMs { get; set; }

    public int SessionTimeoutMs { get; set; }

    public List<ClassicProtocol> Protocols { get; set; } = [];

    public byte[] Assignment { get; set; } = [];

    /// <summary>Its JoinGroup that waits.</summary>
    public JoinCall? Joining { get; set; }

    /// <summary>Its SyncGroup that waits.</summary>
    public SyncCall? Syncing { get; set; }

    /// <summary>Its heartbeat whose answer waits for something to say.</summary>
    public HeartbeatCall? Held { get; set; }

    /// <summary>It joined and is in no generation yet.</summary>
    public bool IsNew { get; set; }

    /// <summary>It has not asked for the assignment of this generation yet.</summary>
    public bool OwesSync { get; set; }

    /// <summary>What it says about itself in a protocol; empty where it does not know it.</summary>
    public byte[] MetadataOf(string? protocol)
    {
        foreach (var known in Protocols)
        {
            if (known.Name == protocol) return known.Metadata;
        }

        return [];
    }

    /// <summary>Whether these are the protocols that it came with.</summary>
    public bool Matches(List<JoinGroupRequest.JoinGroupRequestProtocol> protocols)
    {
        if (protocols.Count != Protocols.Count) return false;
        for (var i = 0; i < protocols.Count; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.Span.SequenceEqual(Protocols[i].Metadata)) return false;
        }

        return true;
    }
}

/// <summary>
/// A group whose members assign by themselves. It only keeps itself consistent; what happens when is decided by <see cref="ClassicGroups"/>.
/// </summary>
internal sealed class ClassicGroup(string id) : Group(id)
{
    private const string ConsumerProtocol = "consumer";
    private readonly Dictionary<string, string> staticMembers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> supported = new(StringComparer.Ordinal);
    private int joining;

    /// <summary>The members by id, in the order in which they came.</summary>
    public Dictionary<string, ClassicMember> Members { get; } = new(StringComparer.Ordinal);

    /// <summary>Ids that were given out and whose owners have not come back yet.</summary>
    public HashSet<string> PendingMembers { get; } = new(StringComparer.Ordinal);

    /// <summary>Its state.</summary>
    public ClassicState State { get; private set; }

    /// <summary>The state before that one.</summary>
    public ClassicState PreviousState { get; private set; }

    /// <summary>When the state was entered, milliseconds since 1970; -1 where it is not known.</summary>
    public long StateSinceMs { get; set; } = -1;

    /// <summary>Rises with every assignment.</summary>
    public int Generation { get; set; }

    /// <summary>What its members speak; null before the first.</summary>
    public string? ProtocolType { get; set; }

    /// <summary>The way of assigning in this generation; null where there is none.</summary>
    public string? Protocol { get; set; }

    /// <summary>The member that assigns; null where there is none.</summary>
    public string? Leader { get; set; }

    /// <summary>A member came since the last look, while the first assignment is waited for.</summary>
    public bool NewMemberCame { get; set; }

    /// <summary>When the last new member came, milliseconds since 1970.</summary>
    public long NewestMs { get; set; } = -1;

    /// <summary>New members that wait until the others have their assignment.</summary>
    public List<JoinCall> Newcomers { get; private set; } = [];

    /// <summary>New members wait no longer for this generation.</summary>
    public bool HasWaited { get; set; }

    /// <summary>Whether members are being given what the leader assigns, and would lose it by a rebalance now.</summary>
    public bool IsAssigning => State == ClassicState.CompletingRebalance || (State == ClassicState.Stable && OwedSyncs > 0);

    /// <summary>How much longer, in ms, the first assignment may be put off.</summary>
    public long InitialDelayLeftMs { get; set; }

    /// <summary>Members of this generation that have not asked for their assignment.</summary>
    public int OwedSyncs { get; private set; }

    /// <inheritdoc/>
    public override string TypeName => "classic";

    /// <inheritdoc/>
    public override string StateName => State.ToString();

    /// <inheritdoc/>
    public override string ProtocolTypeName => ProtocolType ?? "";

    /// <inheritdoc/>
    public override bool IsEmpty => State == ClassicState.Empty && Members.Count == 0;

    /// <summary>Whether its members are consumers, whose subscriptions can be read.</summary>
    public bool IsOfConsumers => ProtocolType == ConsumerProtocol;

    /// <summary>Whether every member has a JoinGroup waiting, and nobody is expected besides.</summary>
    public bool HasAllJoined => joining == Members.Count && PendingMembers.Count == 0;

    /// <summary>How many members have a JoinGroup waiting.</summary>
    public int JoiningCount => joining;

    /// <summary>The longest rebalance timeout among the members, ms.</summary>
    public int RebalanceTimeoutMs
    {
        get
        {
            var longest = 0;
            foreach (var member in Members.Values) longest = Math.Max(longest, member.RebalanceTimeoutMs);
            return longest;
        }
    }

    /// <summary>Takes the new members that wait.</summary>
    public List<JoinCall> TakeNewcomers()
    {
        var waited = Newcomers;
        Newcomers = [];
        return waited;
    }

    /// <summary>Goes into a state.</summary>
    public void Enter(ClassicState state, long nowMs)
    {
        PreviousState = State;
        State = state;
        StateSinceMs = nowMs;
    }

    /// <summary>The member with that instance id, or null.</summary>
    public ClassicMember? StaticMember(string? instanceId)
        => instanceId is not null && staticMembers.TryGetValue(instanceId, out var memberId) ? Members[memberId] : null;

    /// <summary>Takes in a member; the first one leads.</summary>
    public void Add(ClassicMember member)
    {
        Members.Add(member.Id, member);
        if (member.InstanceId is { } instance) staticMembers[instance] = member.Id;
        foreach (var protocol in member.Protocols) supported[protocol.Name] = supported.GetValueOrDefault(protocol.Name) + 1;
        Leader ??= member.Id;
        if (member.Joining is not null) joining++;
        PendingMembers.Remove(member.Id);
    }

    /// <summary>Lets a member go; the next one leads where it did.</summary>
    public void Remove(ClassicMember member)
    {
        if (!Members.Remove(member.Id)) return;
        if (member.InstanceId is { } instance && staticMembers.TryGetValue(instance, out var owner) && owner == member.Id) staticMembers.Remove(instance);
        Uncount(member.Protocols);
        if (member.Joining is not null) joining--;
        SetOwesSync(member, false);
        if (Leader != member.Id) return;
        Leader = null;
        foreach (var next in Members.Keys)
        {
            Leader = next;
            return;
        }
    }

    /// <summary>A member's own words changed.</summary>
    public void SetProtocols(ClassicMember member, List<ClassicProtocol> protocols)
    {
        Uncount(member.Protocols);
        member.Protocols = protocols;
        foreach (var protocol in protocols) supported[protocol.Name] = supported.GetValueOrDefault(protocol.Name) + 1;
    }

    /// <summary>A member's JoinGroup waits, or does not any more. Gives the one that waited before.</summary>
    public JoinCall? SetJoining(ClassicMember member, JoinCall? call)
    {
        var before = member.Joining;
        member.Joining = call;
        joining += (call is null ? 0 : 1) - (before is null ? 0 : 1);
        return before;
    }

    /// <summary>A member owes a SyncGroup, or does not any more.</summary>
    public void SetOwesSync(ClassicMember member, bool owes)
    {
        if (member.OwesSync == owes) return;
        member.OwesSync = owes;
        OwedSyncs += owes ? 1 : -1;
    }

    /// <summary>Whether a member with these protocols fits to the members there are.</summary>
    public bool Supports(string type, List<JoinGroupRequest.JoinGroupRequestProtocol> protocols)
    {
        if (Members.Count == 0) return type.Length > 0 && protocols.Count > 0;
        if (type != ProtocolType) return false;
        foreach (var protocol in protocols)
        {
            if (supported.GetValueOrDefault(protocol.Name) == Members.Count) return true;
        }

        return false;
    }

    /// <summary>The way of assigning that most members prefer among those that all know.</summary>
    public string ChooseProtocol()
    {
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in Members.Values)
        {
            foreach (var protocol in member.Protocols)
            {
                if (supported[protocol.Name] != Members.Count) continue;
                votes[protocol.Name] = votes.GetValueOrDefault(protocol.Name) + 1;
                break;
            }
        }

        string? chosen = null;
        foreach (var (name, count) in votes)
        {
            if (chosen is null || count > votes[chosen] || (count == votes[chosen] && PlaceOf(name) < PlaceOf(chosen))) chosen = name;
        }

        return chosen ?? throw new InvalidOperationException($"the members of group {Id} have no protocol in common");
    }

    // Among as many votes Kafka takes the one that comes first in a hash table of sixteen places: a group that moves between the two keeps its way of assigning.
    private static uint PlaceOf(string name)
    {
        var hash = 0u;
        foreach (var c in name) hash = (31 * hash) + c;
        return (hash ^ (hash >> 16)) & 15;
    }

    /// <summary>A leader among those who joined: the former one if it did. False where nobody did.</summary>
    public bool ElectLeader()
    {
        if (Leader is { } former && Members[former].Joining is not null) return true;
        foreach (var member in Members.Values)
        {
            if (member.Joining is null) continue;
            Leader = member.Id;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override bool IsSubscribedTo(string topic)
    {
        if (!IsOfConsumers || Protocol is null) return false;
        foreach (var member in Members.Values)
        {
            if (ConsumerMetadata.TopicsOf(member.MetadataOf(Protocol)) is { } topics && topics.Contains(topic)) return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override long? AgesFrom(TopicPartition partition, in CommittedOffset committed)
    {
        if (ProtocolType is null) return committed.CommitMs;
        if (IsEmpty) return StateSinceMs >= 0 ? StateSinceMs : committed.CommitMs;
        return State == ClassicState.Stable && IsOfConsumers && !IsSubscribedTo(partition.Topic) ? committed.CommitMs : null;
    }

    /// <summary>The group as the log has it.</summary>
    public GroupMetadataValue ToRecord()
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = ProtocolType ?? "",
            Generation = Generation,
            Protocol = Protocol,
            Leader = Protocol is null ? null : Leader,
            CurrentStateTimestamp = StateSinceMs,
            Members = new(Members.Count),
        };
        foreach (var member in Members.Values)
        {
            value.Members.Add(new()
            {
                MemberId = member.Id,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeout = member.RebalanceTimeoutMs,
                SessionTimeout = member.SessionTimeoutMs,
                Subscription = member.MetadataOf(Protocol),
                Assignment = member.Assignment,
            });
        }

        return value;
    }

    /// <summary>Becomes what the log has. Members' bytes are copied.</summary>
    public void Take(GroupMetadataValue value)
    {
        foreach (var member in Members.Values.ToList()) Remove(member);
        ProtocolType = value.ProtocolType.Length == 0 ? null : value.ProtocolType;
        Generation = value.Generation;
        Protocol = value.Protocol;
        foreach (var member in value.Members)
        {
            Add(new ClassicMember(member.MemberId)
            {
                InstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeoutMs = member.RebalanceTimeout < 0 ? member.SessionTimeout : member.RebalanceTimeout,
                SessionTimeoutMs = member.SessionTimeout,
                Protocols = [new ClassicProtocol(value.Protocol ?? "", member.Subscription.ToArray())],
                Assignment = member.Assignment.ToArray(),
            });
        }

        Leader = value.Leader is { } leader && Members.ContainsKey(leader) ? leader : Leader;
        Enter(Members.Count == 0 ? ClassicState.Empty : ClassicState.Stable, value.CurrentStateTimestamp);
    }

    private void Uncount(List<ClassicProtocol> protocols)
    {
        foreach (var protocol in protocols)
        {
            var left = supported.GetValueOrDefault(protocol.Name) - 1;
            if (left > 0) supported[protocol.Name] = left;
            else supported.Remove(protocol.Name);
        }
    }
}
