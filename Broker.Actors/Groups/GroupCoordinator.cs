using AkkaStream.Actors.Coordinators;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>
/// The state machine of one group coordinator: the groups whose ids belong to one partition of <c>__consumer_offsets</c>. Requests come in as
/// <see cref="GroupCall{TRequest,TAnswer}"/>s; what is to survive goes to the partition, in Kafka's form, and is read from there again.
/// </summary>
public sealed class GroupCoordinator : ICoordinator
{
    private static readonly GroupTimer ExpiryTimer = new(GroupTimerKind.OffsetExpiry, "", "");
    private readonly GroupSpace space;
    private readonly ClassicGroups classic;
    private readonly GroupOffsets offsets;
    private readonly ConsumerRecords records;
    private readonly ConsumerGroups consumer;
    private readonly GroupAdmin admin;
    private readonly OffsetRecordReader offsetRecords = new();

    /// <summary>A coordinator that has read nothing yet.</summary>
    public GroupCoordinator(GroupEnvironment environment)
    {
        space = new GroupSpace(environment);
        classic = new ClassicGroups(space);
        offsets = new GroupOffsets(space, classic);
        records = new ConsumerRecords(space);
        consumer = new ConsumerGroups(space, records) { MaybeDowngrade = MaybeDowngrade };
        admin = new GroupAdmin(space, offsets, consumer, records);
    }

    /// <inheritdoc/>
    public long NextDeadlineMs => space.Timers.Next;

    /// <inheritdoc/>
    public void Replay(in CoordinatorRecord record)
    {
        // Nearly all of them are offsets: a million of them are read in a second.
        if (offsetRecords.TryKey(record.Key))
        {
            offsets.Replay(GroupOf(offsetRecords.Group), offsetRecords.Partition, record.Value is { } committed ? offsetRecords.Value(committed) : null, record.ProducerId);
            return;
        }

        // What members said of themselves stays in the group, as slices of the record.
        var (_, key) = GroupRecordReader.Key(record.Key.ToArray());
        var value = record.Value is { } read ? read.ToArray() : default(ReadOnlyMemory<byte>?);
        switch (key)
        {
            case GroupMetadataKey group: ReplayClassic(group.Group, value); break;
            case not null: ReplayConsumer(GroupOf(key), key, value); break;
        }
    }

    /// <inheritdoc/>
    public void ReplayMarker(long producerId, bool commit) => offsets.End(producerId, commit);

    /// <inheritdoc/>
    public void Loaded(ICoordinatorEffects effects)
    {
        space.Effects = effects;
        // What had only offsets, and lost the last of them, has left nothing.
        foreach (var bare in space.Groups.Values.Where(g => g is ClassicGroup { StateSinceMs: < 0, ProtocolType: null, IsEmpty: true, Offsets.Count: 0, Pending: null }).ToList()) space.Groups.Remove(bare.Id);
        foreach (var group in space.Groups.Values)
        {
            if (group is ClassicGroup old) classic.Resume(old);
            else if (group is ConsumerGroup young) consumer.Resume(young);
        }

        if (space.Groups.Count > 0) ExpectExpiry();
    }

    /// <inheritdoc/>
    public void Handle(CoordinatorMessage message, ICoordinatorEffects effects)
    {
        space.Effects = effects;
        switch (message)
        {
            case CommitCall call: offsets.Commit(call); break;
            case HeartbeatCall call: Heartbeat(call); break;
            case FetchOffsetsCall call: offsets.Fetch(call); break;
            case ConsumerHeartbeatCall call: ConsumerHeartbeat(call); break;
            case JoinCall call: Join(call); break;
            case SyncCall call: Sync(call); break;
            case LeaveCall call: Leave(call); break;
            case TxnCommitCall call: offsets.CommitInTransaction(call); break;
            case DeleteOffsetsCall call: offsets.Delete(call); break;
            case DescribeCall call: admin.Describe(call); break;
            case ConsumerDescribeCall call: admin.Describe(call); break;
            case ListCall call: admin.List(call); break;
            case DeleteGroupCall call: admin.Delete(call); break;
            case TopicsDeleted gone: offsets.TopicsGone(gone.Topics); break;
            default: message.Refuse(ErrorCode.UnknownServerError); break;
        }

        if (space.Groups.Count > 0 && !space.Timers.Has(ExpiryTimer)) ExpectExpiry();
    }

    /// <inheritdoc/>
    public void Expire(ICoordinatorEffects effects)
    {
        space.Effects = effects;
        while (space.Timers.TryTake(effects.NowMs, out var due))
        {
            if (due == ExpiryTimer) ExpireOffsets();
            else if (due.Kind is GroupTimerKind.ConsumerSession or GroupTimerKind.ConsumerRebalance or GroupTimerKind.ConsumerAssignment) consumer.Expire(due);
            else classic.Expire(due);
        }
    }

    /// <inheritdoc/>
    public void Abandon(ErrorCode error)
    {
        foreach (var group in space.Groups.Values)
        {
            if (group is ClassicGroup old) ClassicGroups.Abandon(old, error);
        }

        space.Groups.Clear();
        space.Records.Dispose();
    }

    private void ConsumerHeartbeat(ConsumerHeartbeatCall call)
    {
        var request = call.Request;
        var (error, why) = consumer.Judge(request, call.Caller.Version);
        if (error != ErrorCode.None)
        {
            call.Refuse(error, why);
            return;
        }

        var group = space.Groups.GetValueOrDefault(request.GroupId);
        if (request.MemberEpoch == 0 && group is not ConsumerGroup && (group is not ClassicGroup old || old.IsEmpty || consumer.MayUpgrade(old))) group = Found(group as ClassicGroup, request.GroupId);
        if (group is not ConsumerGroup young) call.Refuse(ErrorCode.GroupIdNotFound, $"there is no consumer group {request.GroupId}");
        else if (request.MemberEpoch < 0) consumer.Leave(young, call);
        else consumer.Heartbeat(young, call);
    }

    // A consumer group where there was none, or one of the classic protocol.
    private ConsumerGroup Found(ClassicGroup? old, string id)
    {
        if (old is not null) classic.Part(old);
        var group = old is null || old.IsEmpty ? ConsumerGroup.Begun(id, old?.Generation ?? 0) : consumer.Upgrade(old);
        if (old is not null)
        {
            if (old is { IsEmpty: true, ProtocolType: not null } or { IsEmpty: true, Generation: > 0 }) space.Records.Classic(space.Effects, id, null);
            offsets.Replaced(old, group);
        }

        space.Groups[id] = group;
        return group;
    }

    private void MaybeDowngrade(ConsumerGroup group)
    {
        if (!consumer.MayDowngrade(group)) return;
        var old = consumer.Downgrade(group);
        offsets.Replaced(group, old);
        space.Groups[group.Id] = old;
        classic.Resume(old);
        classic.Rebalance(old);
    }

    private void Join(JoinCall call)
    {
        if (space.Groups.GetValueOrDefault(call.Request.GroupId) is not ConsumerGroup group)
        {
            classic.Join(call);
            return;
        }

        if (classic.Bounds(call.Request) is var wrong and not ErrorCode.None)
        {
            call.Refuse(wrong);
        }
        else if (!group.IsEmpty)
        {
            consumer.Join(group, call);
        }
        else
        {
            // An empty group is of the protocol of whoever comes first. Its generations go on: none is given twice.
            records.GroupEnds(group);
            space.Groups.Remove(group.Id);
            var old = classic.Create(group.Id, group.Epoch);
            offsets.Replaced(group, old);
            classic.Join(call);
        }
    }

    private void Heartbeat(HeartbeatCall call)
    {
        var group = space.Groups.GetValueOrDefault(call.Request.GroupId);
        if (call.Request.GroupId.Length == 0) call.Refuse(ErrorCode.InvalidGroupId);
        else if (group is ClassicGroup old) classic.Heartbeat(old, call);
        else if (group is ConsumerGroup young) consumer.Heartbeat(young, call);
        else call.Refuse(ErrorCode.UnknownMemberId);
    }

    private void Sync(SyncCall call)
    {
        var group = space.Groups.GetValueOrDefault(call.Request.GroupId);
        if (call.Request.GroupId.Length == 0) call.Refuse(ErrorCode.InvalidGroupId);
        else if (group is ClassicGroup old) classic.Sync(old, call);
        else if (group is ConsumerGroup young) consumer.Sync(young, call);
        else call.Refuse(ErrorCode.UnknownMemberId);
    }

    private void Leave(LeaveCall call)
    {
        const short firstBatched = 3;
        var request = call.Request;
        if (request.GroupId.Length == 0)
        {
            call.Refuse(ErrorCode.InvalidGroupId);
            return;
        }

        var answer = new LeaveGroupResponse();
        if (call.Caller.Version < firstBatched)
        {
            answer.ErrorCode = LeaveOne(request.GroupId, request.MemberId, null);
        }
        else
        {
            foreach (var member in request.Members)
            {
                answer.Members.Add(new() { MemberId = member.MemberId, GroupInstanceId = member.GroupInstanceId, ErrorCode = LeaveOne(request.GroupId, member.MemberId, member.GroupInstanceId) });
            }
        }

        space.Effects.WhenCommitted(error =>
        {
            if (error == ErrorCode.None) call.Answer(answer);
            else call.Refuse(error);
        });
    }

    private ErrorCode LeaveOne(string groupId, string memberId, string? instanceId) => space.Groups.GetValueOrDefault(groupId) switch
    {
        ClassicGroup group => classic.Leave(group, memberId, instanceId),
        ConsumerGroup group => consumer.Leave(group, memberId, instanceId),
        _ => ErrorCode.UnknownMemberId,
    };

    private void ExpectExpiry() => space.After(space.Settings.OffsetsCheckInterval, ExpiryTimer);

    private void ExpireOffsets()
    {
        foreach (var bare in offsets.Expire()) admin.Remove(bare);
        if (space.Groups.Count > 0) ExpectExpiry();
    }

    private Group GroupOf(string id)
    {
        if (!space.Groups.TryGetValue(id, out var group)) space.Groups.Add(id, group = new ClassicGroup(id));
        return group;
    }

    private void ReplayClassic(string id, ReadOnlyMemory<byte>? value)
    {
        if (value is { } bytes)
        {
            var record = GroupRecordReader.Value<GroupMetadataValue>(bytes);
            if (space.Groups.GetValueOrDefault(id) is not ClassicGroup group) group = Replace(id, new ClassicGroup(id));
            group.Take(record);
        }
        else if (space.Groups.GetValueOrDefault(id) is ClassicGroup)
        {
            EndReplayed(id);
        }
    }

    private void ReplayConsumer(string id, IApiMessage key, ReadOnlyMemory<byte>? value)
    {
        if (space.Groups.GetValueOrDefault(id) is not ConsumerGroup group)
        {
            if (value is null) return;
            group = Replace(id, new ConsumerGroup(id));
        }

        if (!ConsumerRecords.Replay(group, key, value)) EndReplayed(id);
    }

    // What a group committed has records of its own, and stays while it has not ended with the group.
    private void EndReplayed(string id)
    {
        var group = space.Groups[id];
        if (group.Offsets.Count == 0 && group.Pending is null) space.Groups.Remove(id);
        else Replace(id, new ClassicGroup(id));
    }

    private T Replace<T>(string id, T group) where T : Group
    {
        if (space.Groups.TryGetValue(id, out var before)) offsets.Replaced(before, group);
        space.Groups[id] = group;
        return group;
    }

    private static string GroupOf(IApiMessage key) => key switch
    {
        ConsumerGroupMetadataKey k => k.GroupId,
        ConsumerGroupPartitionMetadataKey k => k.GroupId,
        ConsumerGroupMemberMetadataKey k => k.GroupId,
        ConsumerGroupTargetAssignmentMetadataKey k => k.GroupId,
        ConsumerGroupTargetAssignmentMemberKey k => k.GroupId,
        ConsumerGroupCurrentMemberAssignmentKey k => k.GroupId,
        ConsumerGroupRegularExpressionKey k => k.GroupId,
        _ => throw new MalformedMessageException($"{key.GetType().Name} is no key of a group"),
    };
}
