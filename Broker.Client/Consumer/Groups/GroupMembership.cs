using System.Text.RegularExpressions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>
/// One member of a classic group.
/// <code>
/// Unjoined --JoinGroup--> (leader: Assigning) --SyncGroup--> Stable --"rebalance"--> Revoking --let go--> Unjoined
/// </code>
/// A cooperative member keeps what it has through all of it and gives back only what the new assignment takes.
/// </summary>
public sealed class GroupMembership(GroupOptions options) : IGroupMembership
{
    private const string ConsumerProtocol = "consumer";
    private const short SubscriptionVersion = 3;
    private List<TopicPartition> owned = [];
    private List<JoinGroupResponse.JoinGroupResponseMember> members = [];
    private Dictionary<string, byte[]> assignments = new(StringComparer.Ordinal);
    private Dictionary<string, int> divided = [];
    private HashSet<string> watched = [];
    private readonly Regex? pattern = options.Pattern is { } text ? new Regex($"^(?:{text})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant) : null;
    private HashSet<string> subscribed = options.Topics.ToHashSet(StringComparer.Ordinal);
    private bool hasMatched = options.Pattern is null;
    private GroupAssignor? assignor;
    private string memberId = "";
    private bool hasCoordinator;
    private bool isAsking;
    private bool isBeating;
    private bool leads;
    private bool isLeaving;
    private bool hasLeft;
    private bool isIdle;
    private bool rejoinsAfterChange;
    private int ownedGeneration = -1;
    private int generation = -1;
    private long notBeforeMs;
    private long heartbeatMs;
    private long learnMs = long.MaxValue;
    private long polledMs = long.MinValue;
    private Phase phase = Phase.Unjoined;

    private enum Phase
    {
        Unjoined,
        Assigning,
        Syncing,
        Stable,
        Revoking,
    }

    /// <inheritdoc/>
    public string MemberId => memberId;

    /// <summary>
    /// The generation that gave the member what it has, or -1: one that it has joined and has no assignment of is not in the coordinator's log yet, may be
    /// given a second time after a crash there, and must not be what a commit goes by.
    /// </summary>
    public int Generation => ownedGeneration;

    /// <inheritdoc/>
    public bool IsStable => phase == Phase.Stable && Change is null;

    /// <inheritdoc/>
    public IReadOnlyList<TopicPartition> Owned => owned;

    /// <inheritdoc/>
    public GroupChange? Change { get; private set; }

    /// <inheritdoc/>
    public bool HasLeft => hasLeft;

    /// <inheritdoc/>
    public BrokerException? Failure { get; private set; }

    // As KIP-429 has it: one that also offers an assignor that is not cooperative gives everything back each time, whichever was chosen last. The next choice may be that one, which gives
    // away at once what this member would still hold.
    private bool IsCooperative => options.Assignors.All(a => a.IsCooperative);

    /// <inheritdoc/>
    public GroupStep Next(long nowMs)
    {
        if (isAsking || hasLeft || Failure is not null) return new GroupStep.Rest(long.MaxValue);
        if (isLeaving) return LeaveStep();
        if (isIdle) return new GroupStep.Rest(long.MaxValue);
        if (nowMs < notBeforeMs) return new GroupStep.Rest(notBeforeMs);
        if (!hasCoordinator) return Asking(new GroupStep.Find());
        if (polledMs != long.MinValue && nowMs - polledMs > options.MaxPollInterval.TotalMilliseconds) return Abandoned();
        return phase switch
        {
            Phase.Unjoined when Change is not null => new GroupStep.Rest(long.MaxValue),
            Phase.Unjoined when !hasMatched => Asking(new GroupStep.Learn(null)),
            Phase.Unjoined => Asking(new GroupStep.Ask(JoinRequest())),
            Phase.Assigning => Asking(new GroupStep.Learn(watched = members.SelectMany(m => Subscription(m.Metadata)?.Topics ?? []).ToHashSet(StringComparer.Ordinal))),
            Phase.Syncing => Asking(new GroupStep.Ask(SyncRequest())),
            _ when nowMs >= heartbeatMs && !isBeating => Beat(nowMs),
            _ => Stable(nowMs),
        };
    }

    /// <inheritdoc/>
    public void Polled(long nowMs)
    {
        polledMs = nowMs;
        isIdle = false;
    }

    /// <inheritdoc/>
    public void ChangeDone()
    {
        Change = null;
        if (phase == Phase.Revoking)
        {
            owned = [];
            phase = Phase.Unjoined;
        }
        else if (rejoinsAfterChange && phase == Phase.Stable)
        {
            phase = Phase.Unjoined;
        }

        rejoinsAfterChange = false;
    }

    /// <inheritdoc/>
    public void Leave() => isLeaving = true;

    /// <inheritdoc/>
    public void Lost(long nowMs)
    {
        isAsking = false;
        if (isLeaving) hasLeft = true;
        hasCoordinator = false;
        if (phase is Phase.Assigning or Phase.Syncing) phase = Phase.Unjoined;
        Pause(nowMs);
    }

    /// <inheritdoc/>
    public void Found(ErrorCode error, long nowMs)
    {
        isAsking = false;
        hasCoordinator = error == ErrorCode.None;
        if (hasCoordinator) return;
        if (error.IsRetriable()) Pause(nowMs);
        else Fail(error, "FindCoordinator");
    }

    /// <summary>The topics of all members were found out: the leader divides their partitions.</summary>
    /// <param name="topics">Those that exist.</param>
    public void Learned(IReadOnlyCollection<TopicMetadata> topics)
    {
        isAsking = false;
        if (!Match(topics)) return;
        var partitions = topics.Where(t => watched.Contains(t.Name)).ToDictionary(t => t.Name, t => t.Partitions.Count, StringComparer.Ordinal);
        if (phase == Phase.Stable && leads && (partitions.Count != divided.Count || partitions.Except(divided).Any())) BeginRebalance();
        if (phase != Phase.Assigning) return;
        divided = partitions;
        var all = members.ConvertAll(AsAssigned);
        assignments = assignor!.Assign(partitions, all).ToDictionary(a => a.Key, a => Encode(a.Value), StringComparer.Ordinal);
        members = [];
        phase = Phase.Syncing;
    }

    // Which topics there are decides what a pattern stands for. False where nothing else is to be looked at: the member joins with what was found, or joins again.
    private bool Match(IReadOnlyCollection<TopicMetadata> topics)
    {
        if (pattern is null || phase is not (Phase.Unjoined or Phase.Stable)) return true;
        var matches = topics.Where(t => !t.IsInternal && pattern.IsMatch(t.Name)).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var isNew = !matches.SetEquals(subscribed);
        subscribed = matches;
        hasMatched = true;
        if (phase == Phase.Unjoined) return false;
        if (isNew) BeginRebalance();
        return !isNew;
    }

    /// <inheritdoc/>
    public void Take(IApiMessage answer, long nowMs)
    {
        if (answer is HeartbeatResponse beat)
        {
            isBeating = false;
            // One that joins again hears by that what there is to hear.
            if (!isAsking || phase == Phase.Stable) Take(beat, nowMs);
            return;
        }

        isAsking = false;
        switch (answer)
        {
            case JoinGroupResponse joined: Take(joined, nowMs); break;
            case SyncGroupResponse synced: Take(synced, nowMs); break;
            case LeaveGroupResponse: hasLeft = isLeaving; break;
        }
    }

    private void Take(JoinGroupResponse answer, long nowMs)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.None: break;
            case ErrorCode.MemberIdRequired:
                memberId = answer.MemberId;
                return;
            default:
                Refused(answer.ErrorCode, "JoinGroup", nowMs);
                return;
        }

        memberId = answer.MemberId;
        generation = answer.GenerationId;
        assignor = options.Assignors.FirstOrDefault(a => a.Name == answer.ProtocolName);
        if (assignor is null)
        {
            Fail(ErrorCode.InconsistentGroupProtocol, $"the group assigns by {answer.ProtocolName}, which is not configured");
            return;
        }

        assignments.Clear();
        leads = answer.Leader == memberId && answer.Members.Count > 0 && !answer.SkipAssignment;
        // The answer's bytes go with it.
        members = leads ? answer.Members.ConvertAll(m => new JoinGroupResponse.JoinGroupResponseMember { MemberId = m.MemberId, GroupInstanceId = m.GroupInstanceId, Metadata = m.Metadata.ToArray() }) : [];
        phase = leads ? Phase.Assigning : Phase.Syncing;
    }

    private void Take(SyncGroupResponse answer, long nowMs)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            Refused(answer.ErrorCode, "SyncGroup", nowMs);
            return;
        }

        var now = Decode(answer.Assignment);
        var revoked = owned.Except(now).ToList();
        var added = now.Except(owned).ToList();
        owned = now;
        ownedGeneration = generation;
        phase = Phase.Stable;
        heartbeatMs = nowMs + (long)options.HeartbeatInterval.TotalMilliseconds;
        learnMs = leads || pattern is not null ? nowMs + (long)options.TopicsInterval.TotalMilliseconds : long.MaxValue;
        // What was given back here is given to its next owner when all have joined once more.
        rejoinsAfterChange = IsCooperative && revoked.Count > 0;
        if (revoked.Count > 0 || added.Count > 0) Change = new GroupChange(revoked, added, false);
    }

    private void Take(HeartbeatResponse answer, long nowMs)
    {
        if (answer.ErrorCode == ErrorCode.RebalanceInProgress)
        {
            if (phase == Phase.Stable) BeginRebalance();
        }
        else if (answer.ErrorCode != ErrorCode.None)
        {
            Refused(answer.ErrorCode, "Heartbeat", nowMs);
        }
    }

    private void BeginRebalance()
    {
        // A change that the application has not taken yet is taken first.
        if (IsCooperative || owned.Count == 0)
        {
            if (Change is null) phase = Phase.Unjoined;
            else rejoinsAfterChange = true;
            return;
        }

        phase = Phase.Revoking;
        // Partitions that were assigned and never taken are not revoked either.
        var taken = Change is null ? owned : owned.Except(Change.Assigned).ToList();
        Change = new GroupChange(taken, [], false);
    }

    private void Refused(ErrorCode error, string what, long nowMs)
    {
        switch (error)
        {
            case ErrorCode.RebalanceInProgress:
                phase = Phase.Unjoined;
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                LoseAll(keepsId: error == ErrorCode.IllegalGeneration);
                break;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                hasCoordinator = false;
                if (phase is Phase.Assigning or Phase.Syncing) phase = Phase.Unjoined;
                Pause(nowMs);
                break;
            case ErrorCode.CoordinatorLoadInProgress:
                Pause(nowMs);
                break;
            default:
                Fail(error, what);
                break;
        }
    }

    // The group went on without this member: what it had may be another's.
    private void LoseAll(bool keepsId)
    {
        if (!keepsId) memberId = "";
        generation = -1;
        phase = Phase.Unjoined;
        rejoinsAfterChange = false;
        var taken = Change is null ? owned : owned.Except(Change.Assigned).Concat(Change.Revoked).ToList();
        owned = [];
        ownedGeneration = -1;
        Change = taken.Count == 0 ? null : new GroupChange(taken, [], true);
    }

    private void Fail(ErrorCode error, string what)
    {
        LoseAll(keepsId: false);
        Failure = new BrokerException(error, $"group {options.GroupId}: {what}");
    }

    private GroupStep LeaveStep()
    {
        // A static member's place is kept: it says nothing.
        if (memberId.Length == 0 || !hasCoordinator || options.InstanceId is not null)
        {
            hasLeft = true;
            return new GroupStep.Rest(long.MaxValue);
        }

        return Asking(new GroupStep.Ask(LeaveRequest("the consumer is being closed")));
    }

    // Counted from its sending: a coordinator may keep the answer until there is something to say, and is asked again at once when it had nothing.
    private GroupStep Beat(long nowMs)
    {
        isBeating = true;
        heartbeatMs = nowMs + (long)options.HeartbeatInterval.TotalMilliseconds;
        return new GroupStep.Ask(new HeartbeatRequest { GroupId = options.GroupId, GenerationId = generation, MemberId = memberId, GroupInstanceId = options.InstanceId });
    }

    // Whoever divided the partitions, or reads what a pattern stands for, looks now and then whether there are others.
    private GroupStep Stable(long nowMs)
    {
        if (nowMs < learnMs) return new GroupStep.Rest(isBeating ? learnMs : Math.Min(heartbeatMs, learnMs));
        learnMs = nowMs + (long)options.TopicsInterval.TotalMilliseconds;
        return Asking(new GroupStep.Learn(pattern is null ? watched : null));
    }

    // Nobody polls: others are to have the partitions.
    private GroupStep Abandoned()
    {
        isIdle = true;
        if (memberId.Length == 0) return new GroupStep.Rest(long.MaxValue);
        var leave = LeaveRequest("the consumer was not polled for too long");
        LoseAll(keepsId: false);
        return Asking(new GroupStep.Ask(leave));
    }

    private LeaveGroupRequest LeaveRequest(string reason)
        => new() { GroupId = options.GroupId, MemberId = memberId, Members = [new() { MemberId = memberId, GroupInstanceId = options.InstanceId, Reason = reason }] };

    private JoinGroupRequest JoinRequest()
    {
        var request = new JoinGroupRequest
        {
            GroupId = options.GroupId,
            MemberId = memberId,
            GroupInstanceId = options.InstanceId,
            ProtocolType = ConsumerProtocol,
            SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
            RebalanceTimeoutMs = (int)options.MaxPollInterval.TotalMilliseconds,
        };
        foreach (var known in options.Assignors)
        {
            var subscription = new ConsumerProtocolSubscription
            {
                Topics = [.. subscribed],
                UserData = known.UserData(owned, ownedGeneration),
                OwnedPartitions = known.IsCooperative ? [.. owned.GroupBy(p => p.Topic).Select(t => new ConsumerProtocolSubscription.TopicPartition { Topic = t.Key, Partitions = [.. t.Select(p => p.Partition)] })] : [],
                GenerationId = ownedGeneration,
                RackId = options.RackId,
            };
            request.Protocols.Add(new() { Name = known.Name, Metadata = ConsumerMessages.Write(subscription, SubscriptionVersion) });
        }

        return request;
    }

    private SyncGroupRequest SyncRequest() => new()
    {
        GroupId = options.GroupId,
        GenerationId = generation,
        MemberId = memberId,
        GroupInstanceId = options.InstanceId,
        ProtocolType = ConsumerProtocol,
        ProtocolName = assignor!.Name,
        Assignments = [.. assignments.Select(a => new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = a.Key, Assignment = a.Value })],
    };

    private static AssignedMember AsAssigned(JoinGroupResponse.JoinGroupResponseMember member)
    {
        var said = Subscription(member.Metadata);
        if (said is null) return new AssignedMember(member.MemberId, member.GroupInstanceId, [], [], -1, null);
        var owned = said.OwnedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p))).ToList();
        return new AssignedMember(member.MemberId, member.GroupInstanceId, said.Topics, owned, said.GenerationId, said.UserData) { Rack = string.IsNullOrEmpty(said.RackId) ? null : said.RackId };
    }

    private static ConsumerProtocolSubscription? Subscription(ReadOnlyMemory<byte> bytes) => ConsumerMessages.TryRead<ConsumerProtocolSubscription>(bytes);

    private static byte[] Encode(List<TopicPartition> partitions)
    {
        var assignment = new ConsumerProtocolAssignment
        {
            AssignedPartitions = [.. partitions.GroupBy(p => p.Topic).Select(t => new ConsumerProtocolAssignment.TopicPartition { Topic = t.Key, Partitions = [.. t.Select(p => p.Partition)] })],
        };
        return ConsumerMessages.Write(assignment, SubscriptionVersion);
    }

    private static List<TopicPartition> Decode(ReadOnlyMemory<byte> bytes)
        => bytes.IsEmpty ? [] : ConsumerMessages.TryRead<ConsumerProtocolAssignment>(bytes)?.AssignedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p))).ToList() ?? [];

    private GroupStep Asking(GroupStep step)
    {
        isAsking = true;
        return step;
    }

    private void Pause(long nowMs) => notBeforeMs = nowMs + (long)options.RetryBackoff.TotalMilliseconds;
}

/// <summary>Messages of the consumer protocol as the bytes that groups carry: a version, then the body.</summary>
internal static class ConsumerMessages
{
    private const short Newest = 3;

    public static byte[] Write(IApiMessage message, short version)
    {
        using var writer = new MessageWriter(128);
        writer.Int16(version);
        message.Write(writer, version);
        return writer.ToArray();
    }

    /// <summary>The message; null where the bytes are none. A version from the future has our fields first.</summary>
    public static T? TryRead<T>(ReadOnlyMemory<byte> bytes) where T : class, IApiMessage, new()
    {
        try
        {
            var reader = new MessageReader(bytes);
            var version = reader.Int16();
            if (version < 0) return null;
            var message = new T();
            message.Read(ref reader, Math.Min(version, Newest));
            return message;
        }
        catch (MalformedMessageException)
        {
            return null;
        }
    }
}
