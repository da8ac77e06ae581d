using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>
/// Groups whose members assign by themselves: who belongs, which generation it is, who gets what.
/// <code>
/// Empty --join--> PreparingRebalance --all joined, or time is over--> CompletingRebalance --leader's sync--> Stable
///   ^                 |   ^                                               |    a member comes,            |
///   +-- nobody left --+   +----------------------------------------------- +--- goes or changes ----------+
/// </code>
/// </summary>
internal sealed partial class ClassicGroups(GroupSpace space)
{
    // A new member has no id to send heartbeats with until its first JoinGroup is answered.
    private const int NewMemberTimeoutMs = 300_000;
    private const short FirstWithMemberId = 4;
    private const short FirstWithSkippedAssignment = 9;

    /// <summary>JoinGroup, for a group that is classic or not there.</summary>
    public void Join(JoinCall call)
    {
        var request = call.Request;
        if (Bounds(request) is var wrong and not ErrorCode.None)
        {
            call.Refuse(wrong);
            return;
        }

        var isNew = request.MemberId.Length == 0;
        var group = space.Groups.TryGetValue(request.GroupId, out var found) ? (ClassicGroup)found : null;
        if (group is null && !isNew)
        {
            call.Refuse(ErrorCode.UnknownMemberId);
            return;
        }

        if (!(group ?? new ClassicGroup(request.GroupId)).Supports(request.ProtocolType, request.Protocols))
        {
            call.Refuse(ErrorCode.InconsistentGroupProtocol);
            return;
        }

        group ??= Create(request.GroupId);
        if (IsFull(group, request.MemberId))
        {
            if (group.Members.TryGetValue(request.MemberId, out var tooMany)) Forget(group, tooMany);
            call.Refuse(ErrorCode.GroupMaxSizeReached);
        }
        else if (isNew)
        {
            JoinNew(group, call);
        }
        else
        {
            JoinKnown(group, call);
        }
    }

    /// <summary>Whether a JoinGroup says anything that cannot be.</summary>
    public ErrorCode Bounds(JoinGroupRequest request)
    {
        if (request.GroupId.Length == 0) return ErrorCode.InvalidGroupId;
        var settings = space.Settings;
        return request.SessionTimeoutMs < settings.SessionTimeoutMin || request.SessionTimeoutMs > settings.SessionTimeoutMax ? ErrorCode.InvalidSessionTimeout : ErrorCode.None;
    }

    /// <summary>A group with nothing but its id and the generation before its first, in the log too.</summary>
    public ClassicGroup Create(string id, int generation = 0)
    {
        var group = new ClassicGroup(id) { Generation = generation };
        group.Enter(ClassicState.Empty, space.NowMs);
        space.Groups.Add(id, group);
        space.Records.Classic(space.Effects, id, group.ToRecord());
        return group;
    }

    /// <summary>A group whose coordinator has just read it gives its members a session's time to be heard of.</summary>
    public void Resume(ClassicGroup group)
    {
        foreach (var member in group.Members.Values) Expect(group, member, member.SessionTimeoutMs);
    }

    /// <summary>A deadline of a classic group passed.</summary>
    public void Expire(in GroupTimer timer)
    {
        if (!space.Groups.TryGetValue(timer.Group, out var found) || found is not ClassicGroup group) return;
        switch (timer.Kind)
        {
            case GroupTimerKind.Session: ExpireSession(group, timer.Member); break;
            case GroupTimerKind.PendingJoin:
                if (group.PendingMembers.Remove(timer.Member)) MaybeCompleteJoin(group);
                break;
            case GroupTimerKind.InitialRebalance: EndInitialDelay(group); break;
            case GroupTimerKind.Rebalance: CompleteJoin(group); break;
            case GroupTimerKind.Sync: ExpireSyncs(group); break;
            case GroupTimerKind.Gather: MaybeCompleteJoin(group); break;
            case GroupTimerKind.Newcomers:
                group.HasWaited = true;
                TakeNewcomers(group);
                break;
            case GroupTimerKind.HeldHeartbeat:
                if (group.Members.TryGetValue(timer.Member, out var held)) Say(group, held, ErrorCode.None);
                break;
        }
    }

    /// <summary>Whoever waits is answered: the state is thrown away.</summary>
    public static void Abandon(ClassicGroup group, ErrorCode error)
    {
        foreach (var member in group.Members.Values)
        {
            member.Joining?.Refuse(error);
            member.Syncing?.Refuse(error);
            member.Held?.Refuse(error);
        }

        foreach (var newcomer in group.TakeNewcomers()) newcomer.Refuse(error);
    }

    private bool IsFull(ClassicGroup group, string memberId)
    {
        var most = space.Settings.ClassicMaxSize;
        var known = group.Members.GetValueOrDefault(memberId);
        return group.State switch
        {
            ClassicState.Empty => false,
            ClassicState.PreparingRebalance => known?.Joining is null && group.JoiningCount >= most,
            _ => known is null && group.Members.Count >= most,
        };
    }

    private void JoinNew(ClassicGroup group, JoinCall call)
    {
        var request = call.Request;
        if (call.Caller.Version < FirstWithMemberId && Waits(group, call)) return;
        if (request.GroupInstanceId is { } instance)
        {
            if (group.StaticMember(instance) is null && Waits(group, call)) return;
            var newId = space.NewMemberId(instance);
            if (group.StaticMember(instance) is { } former) ReplaceStatic(group, former, newId, call);
            else AddAndRebalance(group, newId, call);
            return;
        }

        var id = space.NewMemberId(call.Caller.ClientId);
        if (call.Caller.Version < FirstWithMemberId)
        {
            AddAndRebalance(group, id, call);
            return;
        }

        // KIP-394: an id first, so that a client which gives up waiting leaves no unknown member behind.
        group.PendingMembers.Add(id);
        space.After(request.SessionTimeoutMs, new GroupTimer(GroupTimerKind.PendingJoin, group.Id, id));
        space.Effects.WhenCommitted(error =>
        {
            if (error == ErrorCode.None) call.Refuse(ErrorCode.MemberIdRequired, id);
            else call.Refuse(error);
        });
    }

    private void JoinKnown(ClassicGroup group, JoinCall call)
    {
        var request = call.Request;
        if (group.PendingMembers.Contains(request.MemberId))
        {
            if (Waits(group, call)) return;
            space.Timers.Clear(new GroupTimer(GroupTimerKind.PendingJoin, group.Id, request.MemberId));
            AddAndRebalance(group, request.MemberId, call);
            return;
        }

        if (Check(group, request.MemberId, request.GroupInstanceId) is var wrong and not ErrorCode.None)
        {
            call.Refuse(wrong);
            return;
        }

        var member = group.Members[request.MemberId];
        var same = member.Matches(request.Protocols);
        switch (group.State)
        {
            case ClassicState.CompletingRebalance when same:
            case ClassicState.Stable when same && group.Leader != member.Id:
                Expect(group, member, member.SessionTimeoutMs);
                call.Answer(JoinAnswer(group, member));
                break;
            case ClassicState.Empty:
                call.Refuse(ErrorCode.UnknownMemberId);
                break;
            default:
                Update(group, member, call);
                Rebalance(group);
                break;
        }
    }

    private void AddAndRebalance(ClassicGroup group, string id, JoinCall call)
    {
        var request = call.Request;
        var member = new ClassicMember(id)
        {
            InstanceId = request.GroupInstanceId,
            ClientId = call.Caller.ClientId,
            ClientHost = call.Caller.ClientHost,
            RebalanceTimeoutMs = RebalanceTimeoutOf(request),
            SessionTimeoutMs = request.SessionTimeoutMs,
            Protocols = Copy(request.Protocols),
            Joining = call,
            IsNew = true,
        };
        if (group.Members.Count == 0) group.ProtocolType = request.ProtocolType;
        group.Add(member);
        if (group is { State: ClassicState.PreparingRebalance, PreviousState: ClassicState.Empty }) group.NewMemberCame = true;
        Expect(group, member, NewMemberTimeoutMs);
        group.NewestMs = space.NowMs;
        Rebalance(group);
    }

    // Those who are being given their assignment get it first. A client whose SyncGroup is refused because one more member came may pause before it joins again, and all others wait for it.
    private bool Waits(ClassicGroup group, JoinCall call)
    {
        if (!group.IsAssigning || group.HasWaited || group.Newcomers.Count >= space.Settings.ClassicMaxSize) return false;
        if (group.Newcomers.Count == 0) space.After(Limits.NewcomerWaitMs, new GroupTimer(GroupTimerKind.Newcomers, group.Id, ""));
        group.Newcomers.Add(call);
        return true;
    }

    private void TakeNewcomers(ClassicGroup group)
    {
        if (group.Newcomers.Count == 0) return;
        space.Timers.Clear(new GroupTimer(GroupTimerKind.Newcomers, group.Id, ""));
        foreach (var newcomer in group.TakeNewcomers()) Join(newcomer);
    }

    private void Update(ClassicGroup group, ClassicMember member, JoinCall call)
    {
        member.RebalanceTimeoutMs = RebalanceTimeoutOf(call.Request);
        member.SessionTimeoutMs = call.Request.SessionTimeoutMs;
        group.SetProtocols(member, Copy(call.Request.Protocols));
        // A client that asks again has given up the first question.
        group.SetJoining(member, call)?.Refuse(ErrorCode.RebalanceInProgress);
    }

    // A static member that starts anew takes its former self's place; nothing else changes where it asks for the same.
    private void ReplaceStatic(ClassicGroup group, ClassicMember former, string newId, JoinCall call)
    {
        var formerLeader = group.Leader;
        var led = formerLeader == former.Id;
        var owesSync = former.OwesSync;
        group.SetJoining(former, null)?.Refuse(ErrorCode.FencedInstanceId, former.Id);
        former.Syncing?.Refuse(ErrorCode.FencedInstanceId);
        Say(group, former, ErrorCode.FencedInstanceId);
        Silence(group, former);
        group.Remove(former);
        var member = new ClassicMember(newId)
        {
            InstanceId = former.InstanceId,
            ClientId = call.Caller.ClientId,
            ClientHost = call.Caller.ClientHost,
            RebalanceTimeoutMs = RebalanceTimeoutOf(call.Request),
            SessionTimeoutMs = call.Request.SessionTimeoutMs,
            Protocols = Copy(call.Request.Protocols),
            Assignment = former.Assignment,
        };
        group.Add(member);
        if (led) group.Leader = newId;
        group.SetOwesSync(member, owesSync);
        Expect(group, member, NewMemberTimeoutMs);
        if (group.State == ClassicState.Stable && group.ChooseProtocol() == group.Protocol)
        {
            Expect(group, member, member.SessionTimeoutMs);
            AnswerReplaced(group, member, formerLeader, call);
            return;
        }

        group.SetJoining(member, call);
        Rebalance(group);
    }

    private void AnswerReplaced(ClassicGroup group, ClassicMember member, string? formerLeader, JoinCall call)
    {
        space.Records.Classic(space.Effects, group.Id, group.ToRecord());
        var answer = JoinAnswer(group, member);
        if (call.Caller.Version >= FirstWithSkippedAssignment)
        {
            answer.SkipAssignment = group.Leader == member.Id;
        }
        else
        {
            // An older client would assign anew if it saw itself lead.
            answer.Leader = formerLeader ?? "";
            answer.Members = [];
        }

        space.Effects.WhenCommitted(error =>
        {
            if (error == ErrorCode.None) call.Answer(answer);
            else call.Refuse(error);
        });
    }

    private static ErrorCode Check(ClassicGroup group, string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (group.StaticMember(instanceId) is not { } member) return ErrorCode.UnknownMemberId;
            if (member.Id != memberId) return ErrorCode.FencedInstanceId;
        }

        return group.Members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private static JoinGroupResponse JoinAnswer(ClassicGroup group, ClassicMember member)
    {
        var answer = new JoinGroupResponse
        {
            GenerationId = group.Generation,
            ProtocolType = group.ProtocolType,
            ProtocolName = group.Protocol,
            Leader = group.Leader ?? "",
            MemberId = member.Id,
        };
        if (group.Leader != member.Id) return answer;
        answer.Members = new(group.Members.Count);
        foreach (var other in group.Members.Values) answer.Members.Add(new() { MemberId = other.Id, GroupInstanceId = other.InstanceId, Metadata = other.MetadataOf(group.Protocol) });
        return answer;
    }

    // Version 0 has no rebalance timeout of its own.
    private static int RebalanceTimeoutOf(JoinGroupRequest request) => request.RebalanceTimeoutMs < 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs;

    private static List<ClassicProtocol> Copy(List<JoinGroupRequest.JoinGroupRequestProtocol> protocols)
    {
        var copies = new List<ClassicProtocol>(protocols.Count);
        foreach (var protocol in protocols) copies.Add(new ClassicProtocol(protocol.Name, protocol.Metadata.ToArray()));
        return copies;
    }

    private void Expect(ClassicGroup group, ClassicMember member, int withinMs) => space.After(withinMs, new GroupTimer(GroupTimerKind.Session, group.Id, member.Id));

    private void Silence(ClassicGroup group, ClassicMember member) => space.Timers.Clear(new GroupTimer(GroupTimerKind.Session, group.Id, member.Id));
}
