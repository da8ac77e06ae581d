using AkkaStream.Actors.Coordinators;
using AkkaStream.Client.Cluster;
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
    private readonly GroupAdmin admin;

    /// <summary>A coordinator that has read nothing yet.</summary>
    public GroupCoordinator(GroupEnvironment environment)
    {
        space = new GroupSpace(environment);
        classic = new ClassicGroups(space);
        offsets = new GroupOffsets(space, classic);
        admin = new GroupAdmin(space, offsets);
    }

    /// <inheritdoc/>
    public long NextDeadlineMs => space.Timers.Next;

    /// <inheritdoc/>
    public void Replay(in CoordinatorRecord record)
    {
        var (_, key) = GroupRecordReader.Key(record.Key);
        switch (key)
        {
            case OffsetCommitKey offset:
                var value = record.Value is { } bytes ? GroupRecordReader.Value<OffsetCommitValue>(bytes) : null;
                offsets.Replay(GroupOf(offset.Group), new TopicPartition(offset.Topic, offset.Partition), value, record.ProducerId);
                break;
            case GroupMetadataKey group: ReplayClassic(group.Group, record.Value); break;
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
            case JoinCall call: classic.Join(call); break;
            case SyncCall call: Sync(call); break;
            case LeaveCall call: Leave(call); break;
            case TxnCommitCall call: offsets.CommitInTransaction(call); break;
            case DeleteOffsetsCall call: offsets.Delete(call); break;
            case DescribeCall call: admin.Describe(call); break;
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

    private void Heartbeat(HeartbeatCall call)
    {
        if (call.Request.GroupId.Length == 0) call.Refuse(ErrorCode.InvalidGroupId);
        else if (space.Groups.GetValueOrDefault(call.Request.GroupId) is ClassicGroup group) classic.Heartbeat(group, call);
        else call.Refuse(ErrorCode.UnknownMemberId);
    }

    private void Sync(SyncCall call)
    {
        if (call.Request.GroupId.Length == 0) call.Refuse(ErrorCode.InvalidGroupId);
        else if (space.Groups.GetValueOrDefault(call.Request.GroupId) is ClassicGroup group) classic.Sync(group, call);
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
        if (value is not { } bytes)
        {
            space.Groups.Remove(id);
            return;
        }

        var record = GroupRecordReader.Value<GroupMetadataValue>(bytes);
        if (GroupOf(id) is ClassicGroup group) group.Take(record);
    }
}
