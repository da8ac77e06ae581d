using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>
/// Groups whose coordinator assigns (KIP-848): a member says in each heartbeat what it wants and has, and hears what it may have. The group's epoch
/// rises with every change; the target follows the epoch, each member follows the target at its own pace (<see cref="Reconciler"/>).
/// </summary>
internal sealed partial class ConsumerGroups(GroupSpace space, ConsumerRecords records)
{
    private const short FirstWithOwnId = 1;
    private const short FirstOffsetCommitWithEpoch = 9;
    private const int LeaveEpoch = -1;

    /// <summary>Whether the heartbeat says anything that cannot be.</summary>
    public (ErrorCode Error, string? Why) Judge(ConsumerGroupHeartbeatRequest request, short version)
    {
        if (!space.Settings.SpeaksConsumer) return (ErrorCode.UnsupportedVersion, "group.coordinator.rebalance.protocols does not name consumer");
        if (request.GroupId.Trim().Length == 0) return Invalid("the group id is empty");
        if (request.InstanceId is { Length: 0 }) return Invalid("the instance id is empty");
        if (request.RackId is { Length: 0 }) return Invalid("the rack is empty");
        if (request.MemberId.Length == 0 && (version >= FirstWithOwnId || request.MemberEpoch != 0)) return Invalid("the member id is empty");
        if (request.MemberEpoch < ConsumerMember.AwayEpoch) return Invalid("there is no such epoch");
        if (request.MemberEpoch == ConsumerMember.AwayEpoch && request.InstanceId is null) return Invalid("only a member with an instance id goes for a while");
        if (request.MemberEpoch == 0)
        {
            if (request.RebalanceTimeoutMs == -1) return Invalid("a member that joins needs a rebalance timeout");
            if (request.TopicPartitions is not { Count: 0 }) return Invalid("a member that joins has no partitions");
            if (request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null) return Invalid("a member that joins needs a subscription");
        }

        if (request.ServerAssignor is { } assignor && !IsOffered(assignor)) return (ErrorCode.UnsupportedAssignor, $"there is no assignor {assignor}: {string.Join(", ", space.Settings.ConsumerAssignors)}");
        if (!string.IsNullOrEmpty(request.SubscribedTopicRegex) && TopicPattern.TryParse(request.SubscribedTopicRegex) is null)
        {
            return (ErrorCode.InvalidRegularExpression, $"'{request.SubscribedTopicRegex}' is no pattern in RE2's language");
        }

        return (ErrorCode.None, null);
    }

    /// <summary>A heartbeat that does not leave; the group is there.</summary>
    public void Heartbeat(ConsumerGroup group, ConsumerHeartbeatCall call)
    {
        var request = call.Request;
        var isJoin = request.MemberEpoch == 0;
        var memberId = request.MemberId.Length > 0 ? request.MemberId : KafkaUuid.ToText(space.Environment.NewId());
        if (group.Members.Count >= space.Settings.ConsumerMaxSize && !group.Members.ContainsKey(memberId))
        {
            call.Refuse(ErrorCode.GroupMaxSizeReached);
            return;
        }

        var owned = request.TopicPartitions is null ? null : PartitionMap.Of(request.TopicPartitions.SelectMany(t => t.Partitions.Select(p => (t.TopicId, p))));
        var (error, member) = isJoin ? Joining(group, memberId, request.InstanceId) : Known(group, memberId, request, owned);
        if (member is null)
        {
            call.Refuse(error);
            return;
        }

        var before = member;
        member = Take(member, call);
        Subscribe(group, before, member, isJoin);
        Assign(group);
        var after = Reconcile(group, group.Members[memberId], owned);
        Expect(group, after);
        var isFull = isJoin || (request.RebalanceTimeoutMs != -1 && (request.SubscribedTopicNames ?? (object?)request.SubscribedTopicRegex) is not null && owned is not null);
        var answer = new ConsumerGroupHeartbeatResponse
        {
            MemberId = memberId,
            MemberEpoch = after.Epoch,
            HeartbeatIntervalMs = Own(group.Id, "consumer.heartbeat.interval.ms", space.Settings.ConsumerHeartbeatInterval),
            Assignment = isFull || !after.Assigned.IsSame(before.Assigned) ? AssignmentOf(after) : null,
        };
        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(answer);
            else call.Refuse(failed);
        });
    }

    /// <summary>A heartbeat with which a member goes, for good or for a while.</summary>
    public void Leave(ConsumerGroup group, ConsumerHeartbeatCall call)
    {
        var request = call.Request;
        var member = request.InstanceId is null ? group.Members.GetValueOrDefault(request.MemberId) : group.StaticMember(request.InstanceId);
        if (member is null || member.Classic is not null)
        {
            call.Refuse(ErrorCode.UnknownMemberId);
            return;
        }

        if (member.Id != request.MemberId)
        {
            call.Refuse(ErrorCode.FencedInstanceId);
            return;
        }

        if (request.MemberEpoch == ConsumerMember.AwayEpoch)
        {
            // Its place is kept until its session ends.
            Put(group, member with { Epoch = ConsumerMember.AwayEpoch, Revoking = PartitionMap.Empty, State = ConsumerMemberState.Stable });
            Clear(GroupTimerKind.ConsumerRebalance, group, member.Id);
        }
        else
        {
            Fence(group, member.Id);
        }

        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(new() { MemberId = request.MemberId, MemberEpoch = request.MemberEpoch });
            else call.Refuse(failed);
        });
    }

    /// <summary>A member goes, and what it had is given to others.</summary>
    public void Fence(ConsumerGroup group, string memberId)
    {
        var pattern = group.Members[memberId].Pattern;
        Clear(GroupTimerKind.ConsumerSession, group, memberId);
        Clear(GroupTimerKind.ConsumerRebalance, group, memberId);
        records.MemberEnds(group, memberId);
        group.Remove(memberId);
        Forget(group, pattern);
        group.TopicsHash = HashOf(group);
        Rise(group);
        MaybeDowngrade?.Invoke(group);
    }

    /// <summary>Called when a member went: the group may be one for the classic protocol again.</summary>
    public Action<ConsumerGroup>? MaybeDowngrade { get; set; }

    /// <summary>A deadline of a consumer group's member passed.</summary>
    public void Expire(in GroupTimer timer)
    {
        if (!space.Groups.TryGetValue(timer.Group, out var found) || found is not ConsumerGroup group) return;
        if (timer.Kind == GroupTimerKind.ConsumerAssignment) Assign(group);
        else if (group.Members.TryGetValue(timer.Member, out var member)) Expire(group, member, timer.Kind);
    }

    private void Expire(ConsumerGroup group, ConsumerMember member, GroupTimerKind kind)
    {
        if (kind == GroupTimerKind.ConsumerSession || member.State == ConsumerMemberState.Unrevoked || member.Classic is not null) Fence(group, member.Id);
    }

    /// <summary>A group whose coordinator has just read it gives its members a session's time to be heard of.</summary>
    public void Resume(ConsumerGroup group)
    {
        foreach (var member in group.Members.Values) Expect(group, member);
    }

    /// <summary>Who a commit says it comes from.</summary>
    public static ErrorCode CheckCommit(ConsumerGroup group, string memberId, int epoch, short version, bool isTransactional)
    {
        if (epoch < 0 && group.Members.Count == 0) return ErrorCode.None;
        if (isTransactional && epoch < 0 && memberId.Length == 0) return ErrorCode.None;
        if (!group.Members.TryGetValue(memberId, out var member)) return ErrorCode.UnknownMemberId;
        if (member.Classic is null && !isTransactional && version < FirstOffsetCommitWithEpoch) return ErrorCode.UnsupportedVersion;
        if (epoch == member.Epoch) return ErrorCode.None;
        return member.Classic is null ? ErrorCode.StaleMemberEpoch : ErrorCode.IllegalGeneration;
    }

    /// <summary>Who asks for committed offsets.</summary>
    public static ErrorCode CheckReader(ConsumerGroup group, string? memberId, int epoch)
    {
        if (memberId is null && epoch < 0) return ErrorCode.None;
        if (!group.Members.TryGetValue(memberId ?? "", out var member)) return ErrorCode.UnknownMemberId;
        if (epoch == member.Epoch) return ErrorCode.None;
        return member.Classic is null ? ErrorCode.StaleMemberEpoch : ErrorCode.IllegalGeneration;
    }

    /// <summary>The topics that exist now.</summary>
    internal MetadataImage Image => space.Environment.Image();

    private bool IsOffered(string assignor) => ServerAssignors.IsKnown(assignor) && space.Settings.ConsumerAssignors.Contains(assignor);

    private static (ErrorCode Error, string? Why) Invalid(string why) => (ErrorCode.InvalidRequest, why);

    private (ErrorCode Error, ConsumerMember? Member) Joining(ConsumerGroup group, string memberId, string? instanceId)
    {
        if (group.StaticMember(instanceId) is not { } former) return (ErrorCode.None, group.Members.GetValueOrDefault(memberId) is { Classic: null } known ? known : new ConsumerMember(memberId));
        if (former.Epoch != ConsumerMember.AwayEpoch) return (ErrorCode.UnreleasedInstanceId, null);
        // The one who comes back takes the place that was kept, under a new id.
        var target = group.Target.GetValueOrDefault(former.Id, PartitionMap.Empty);
        Clear(GroupTimerKind.ConsumerSession, group, former.Id);
        records.MemberEnds(group, former.Id);
        group.Remove(former.Id);
        var member = former with { Id = memberId, Epoch = 0, PreviousEpoch = 0 };
        group.Put(member);
        group.Target[memberId] = target;
        records.Member(group, member);
        records.Target(group, memberId, target);
        records.Current(group, member);
        return (ErrorCode.None, member);
    }

    private static (ErrorCode Error, ConsumerMember? Member) Known(ConsumerGroup group, string memberId, ConsumerGroupHeartbeatRequest request, PartitionMap? owned)
    {
        ConsumerMember? member;
        if (request.InstanceId is { } instance)
        {
            member = group.StaticMember(instance);
            if (member is not null && member.Id != memberId) return (ErrorCode.FencedInstanceId, null);
        }
        else
        {
            member = group.Members.GetValueOrDefault(memberId);
        }

        if (member is null || member.Classic is not null) return (ErrorCode.UnknownMemberId, null);
        if (request.MemberEpoch == member.Epoch) return (ErrorCode.None, member);
        // Its last answer may have been lost: it comes with the epoch before, and has no more than it was given.
        var lost = request.MemberEpoch == member.PreviousEpoch && request.MemberEpoch < member.Epoch && owned?.IsWithin(member.Assigned) == true;
        return lost ? (ErrorCode.None, member) : (ErrorCode.FencedMemberEpoch, null);
    }

    private static ConsumerMember Take(ConsumerMember member, ConsumerHeartbeatCall call)
    {
        var request = call.Request;
        return member with
        {
            InstanceId = request.InstanceId ?? member.InstanceId,
            RackId = request.RackId ?? member.RackId,
            ClientId = call.Caller.ClientId,
            ClientHost = call.Caller.ClientHost,
            Topics = request.SubscribedTopicNames?.Distinct().Order(StringComparer.Ordinal).ToList() ?? member.Topics,
            Pattern = request.SubscribedTopicRegex ?? member.Pattern,
            RebalanceTimeoutMs = request.RebalanceTimeoutMs == -1 ? member.RebalanceTimeoutMs : request.RebalanceTimeoutMs,
            Assignor = request.ServerAssignor ?? member.Assignor,
        };
    }

    /// <summary>What a group sets for itself, else what the broker sets.</summary>
    private int Own(string group, string key, int otherwise)
        => Image.Configs.TryGetValue(new ConfigResource(ConfigResourceType.Group, group), out var values) && values.TryGetValue(key, out var value) ? (int)ConfigText.Long(value) : otherwise;

    private void Put(ConsumerGroup group, ConsumerMember member)
    {
        group.Put(member);
        records.Current(group, member);
    }

    private void Expect(ConsumerGroup group, ConsumerMember member)
        => space.After(member.Classic?.SessionTimeoutMs ?? Own(group.Id, "consumer.session.timeout.ms", space.Settings.ConsumerSessionTimeout), new GroupTimer(GroupTimerKind.ConsumerSession, group.Id, member.Id));

    private void Clear(GroupTimerKind kind, ConsumerGroup group, string memberId) => space.Timers.Clear(new GroupTimer(kind, group.Id, memberId));

    private static ConsumerGroupHeartbeatResponse.AssignmentEntry AssignmentOf(ConsumerMember member) => new()
    {
        TopicPartitions = member.Assigned.Topics.Select(t => new ConsumerGroupHeartbeatResponse.TopicPartitions { TopicId = t.Key, Partitions = [.. t.Value] }).ToList(),
    };
}
