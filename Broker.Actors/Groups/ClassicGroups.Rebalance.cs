using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <content>The phases of a rebalance, and how members stay and go.</content>
internal sealed partial class ClassicGroups
{
    private const int SessionsPartHeld = 12;
    private const int GathersMost = 10;

    /// <summary>SyncGroup, for a classic group.</summary>
    public void Sync(ClassicGroup group, SyncCall call)
    {
        var request = call.Request;
        var wrong = CheckSync(group, request);
        if (wrong != ErrorCode.None)
        {
            call.Refuse(wrong);
            return;
        }

        var member = group.Members[request.MemberId];
        Owed(group, member);
        if (group.State == ClassicState.Stable)
        {
            Expect(group, member, member.SessionTimeoutMs);
            var answer = SyncAnswer(group, member);
            space.Effects.WhenCommitted(error => Answer(call, answer, error));
            if (!group.IsAssigning) TakeNewcomers(group);
            return;
        }

        member.Syncing?.Refuse(ErrorCode.RebalanceInProgress);
        member.Syncing = call;
        if (group.Leader == member.Id) Assign(group, request);
    }

    /// <summary>Heartbeat, for a classic group.</summary>
    public void Heartbeat(ClassicGroup group, HeartbeatCall call)
    {
        var request = call.Request;
        var error = Check(group, request.MemberId, request.GroupInstanceId);
        if (error == ErrorCode.None && request.GenerationId != group.Generation) error = ErrorCode.IllegalGeneration;
        if (error == ErrorCode.None && group.State == ClassicState.Empty) error = ErrorCode.UnknownMemberId;
        if (error != ErrorCode.None)
        {
            call.Refuse(error);
            return;
        }

        Beat(group, request.MemberId);
        var member = group.Members[request.MemberId];
        Say(group, member, ErrorCode.None);
        if (group.State == ClassicState.PreparingRebalance) call.Answer(new HeartbeatResponse { ErrorCode = ErrorCode.RebalanceInProgress });
        else Hold(group, member, call);
    }

    /// <summary>The group is about to be one of the other protocol: nobody waits for something to say any more.</summary>
    public void Part(ClassicGroup group)
    {
        SayAll(group, ErrorCode.None);
        foreach (var newcomer in group.TakeNewcomers()) newcomer.Refuse(ErrorCode.RebalanceInProgress);
    }

    private void SayAll(ClassicGroup group, ErrorCode error)
    {
        foreach (var member in group.Members.Values) Say(group, member, error);
    }

    // A client hears of a rebalance by the answer to a heartbeat. Where there is nothing to say, the answer waits for a while: else it would be the next heartbeat that brings the news, seconds later.
    private void Hold(ClassicGroup group, ClassicMember member, HeartbeatCall call)
    {
        if (!call.TryHold())
        {
            call.Answer(new HeartbeatResponse());
            return;
        }

        member.Held = call;
        space.After(Math.Min(Limits.HeartbeatHoldMs, member.SessionTimeoutMs / SessionsPartHeld), new GroupTimer(GroupTimerKind.HeldHeartbeat, group.Id, member.Id));
    }

    private void Say(ClassicGroup group, ClassicMember member, ErrorCode error)
    {
        if (member.Held is not { } call) return;
        member.Held = null;
        space.Timers.Clear(new GroupTimer(GroupTimerKind.HeldHeartbeat, group.Id, member.Id));
        call.Answer(new HeartbeatResponse { ErrorCode = error });
    }

    /// <summary>A member was heard of.</summary>
    public void Beat(ClassicGroup group, string memberId)
    {
        var member = group.Members[memberId];
        Expect(group, member, member.SessionTimeoutMs);
    }

    /// <summary>One member leaves.</summary>
    public ErrorCode Leave(ClassicGroup group, string memberId, string? instanceId)
    {
        if (group.PendingMembers.Remove(memberId))
        {
            space.Timers.Clear(new GroupTimer(GroupTimerKind.PendingJoin, group.Id, memberId));
            MaybeCompleteJoin(group);
            return ErrorCode.None;
        }

        ClassicMember? member;
        if (memberId.Length == 0)
        {
            // An administrator names the instance alone.
            member = group.StaticMember(instanceId);
            if (member is null) return ErrorCode.UnknownMemberId;
        }
        else
        {
            var wrong = Check(group, memberId, instanceId);
            if (wrong != ErrorCode.None) return wrong;
            member = group.Members[memberId];
        }

        RemoveAndUpdate(group, member);
        return ErrorCode.None;
    }

    /// <summary>Who a commit says it comes from, and whether it may come now; a member is heard of by it.</summary>
    public ErrorCode CheckCommit(ClassicGroup group, string memberId, string? instanceId, int generation, bool isTransactional)
    {
        if (generation < 0 && group.IsEmpty) return ErrorCode.None;
        var named = generation >= 0 || memberId.Length > 0 || instanceId is not null;
        if (named)
        {
            var wrong = Check(group, memberId, instanceId);
            if (wrong != ErrorCode.None) return wrong;
            if (generation != group.Generation) return ErrorCode.IllegalGeneration;
        }
        else if (!isTransactional)
        {
            return ErrorCode.UnknownMemberId;
        }

        if (!isTransactional && group.State == ClassicState.CompletingRebalance) return ErrorCode.RebalanceInProgress;
        if (named && group.Members.ContainsKey(memberId)) Beat(group, memberId);
        return ErrorCode.None;
    }

    private static ErrorCode CheckSync(ClassicGroup group, SyncGroupRequest request)
    {
        var wrong = Check(group, request.MemberId, request.GroupInstanceId);
        if (wrong != ErrorCode.None) return wrong;
        if (request.GenerationId != group.Generation) return ErrorCode.IllegalGeneration;
        if (request.ProtocolType is { } type && type != group.ProtocolType) return ErrorCode.InconsistentGroupProtocol;
        if (request.ProtocolName is { } name && name != group.Protocol) return ErrorCode.InconsistentGroupProtocol;
        return group.State switch
        {
            ClassicState.Empty => ErrorCode.UnknownMemberId,
            ClassicState.PreparingRebalance => ErrorCode.RebalanceInProgress,
            _ => ErrorCode.None,
        };
    }

    // The leader has spoken: the log gets it, then everybody who waits.
    private void Assign(ClassicGroup group, SyncGroupRequest request)
    {
        foreach (var member in group.Members.Values) member.Assignment = [];
        foreach (var given in request.Assignments)
        {
            if (group.Members.TryGetValue(given.MemberId, out var member)) member.Assignment = given.Assignment.ToArray();
        }

        group.Enter(ClassicState.Stable, space.NowMs);
        space.Records.Classic(space.Effects, group.Id, group.ToRecord());
        foreach (var member in group.Members.Values)
        {
            if (member.Syncing is not { } call) continue;
            member.Syncing = null;
            Expect(group, member, member.SessionTimeoutMs);
            var answer = SyncAnswer(group, member);
            space.Effects.WhenCommitted(error => Answer(call, answer, error));
        }

        if (!group.IsAssigning) TakeNewcomers(group);
    }

    private static SyncGroupResponse SyncAnswer(ClassicGroup group, ClassicMember member)
        => new() { ProtocolType = group.ProtocolType, ProtocolName = group.Protocol, Assignment = member.Assignment };

    private static void Answer(SyncCall call, SyncGroupResponse answer, ErrorCode error)
    {
        if (error == ErrorCode.None) call.Answer(answer);
        else call.Refuse(error);
    }

    private void Owed(ClassicGroup group, ClassicMember member)
    {
        group.SetOwesSync(member, false);
        if (group.OwedSyncs == 0) space.Timers.Clear(new GroupTimer(GroupTimerKind.Sync, group.Id, ""));
    }

    /// <summary>The members are to join again.</summary>
    public void Rebalance(ClassicGroup group)
    {
        if (group.State == ClassicState.PreparingRebalance) MaybeCompleteJoin(group);
        else Prepare(group);
    }

    private void Prepare(ClassicGroup group)
    {
        if (group.State == ClassicState.CompletingRebalance) RefuseSyncs(group, ErrorCode.RebalanceInProgress);
        space.Timers.Clear(new GroupTimer(GroupTimerKind.Sync, group.Id, ""));
        var wasEmpty = group.State == ClassicState.Empty;
        group.Enter(ClassicState.PreparingRebalance, space.NowMs);
        SayAll(group, ErrorCode.RebalanceInProgress);
        if (wasEmpty)
        {
            var delay = Math.Max(0, space.Settings.InitialRebalanceDelay);
            group.NewMemberCame = false;
            group.InitialDelayLeftMs = Math.Max(0, group.RebalanceTimeoutMs - delay);
            if (delay == 0) CompleteJoin(group);
            else space.After(delay, new GroupTimer(GroupTimerKind.InitialRebalance, group.Id, ""));
        }
        else
        {
            space.After(group.RebalanceTimeoutMs, new GroupTimer(GroupTimerKind.Rebalance, group.Id, ""));
            MaybeCompleteJoin(group);
        }

        TakeNewcomers(group);
    }

    private void EndInitialDelay(ClassicGroup group)
    {
        if (group.State != ClassicState.PreparingRebalance) return;
        if (!group.NewMemberCame || group.InitialDelayLeftMs == 0)
        {
            CompleteJoin(group);
            return;
        }

        group.NewMemberCame = false;
        var delay = Math.Min(space.Settings.InitialRebalanceDelay, group.InitialDelayLeftMs);
        group.InitialDelayLeftMs = Math.Max(0, group.InitialDelayLeftMs - delay);
        space.After(delay, new GroupTimer(GroupTimerKind.InitialRebalance, group.Id, ""));
    }

    private void MaybeCompleteJoin(ClassicGroup group)
    {
        if (group is not { State: ClassicState.PreparingRebalance, PreviousState: not ClassicState.Empty, HasAllJoined: true }) return;
        // Members that start together come within moments: each of them alone would have all the others join again. A group that nobody is in any more waits for nobody.
        var gather = space.Settings.RebalanceGather;
        var until = Math.Min(group.NewestMs + gather, group.StateSinceMs + (GathersMost * gather));
        if (group.Members.Count > 0 && group.NewestMs >= group.StateSinceMs && until > space.NowMs) space.Timers.Set(new GroupTimer(GroupTimerKind.Gather, group.Id, ""), until);
        else CompleteJoin(group);
    }

    private void CompleteJoin(ClassicGroup group)
    {
        if (group.State != ClassicState.PreparingRebalance) return;
        space.Timers.Clear(new GroupTimer(GroupTimerKind.Rebalance, group.Id, ""));
        space.Timers.Clear(new GroupTimer(GroupTimerKind.InitialRebalance, group.Id, ""));
        space.Timers.Clear(new GroupTimer(GroupTimerKind.Gather, group.Id, ""));
        group.HasWaited = false;
        if (group.JoiningCount < group.Members.Count)
        {
            foreach (var absent in group.Members.Values.Where(m => m.Joining is null && m.InstanceId is null).ToList()) Forget(group, absent);
        }

        if (group.Members.Count > 0 && !group.ElectLeader())
        {
            // Only static members are left, and none of them is here.
            space.After(group.RebalanceTimeoutMs, new GroupTimer(GroupTimerKind.Rebalance, group.Id, ""));
            return;
        }

        group.Generation++;
        if (group.Members.Count == 0)
        {
            group.Protocol = null;
            group.Leader = null;
            group.Enter(ClassicState.Empty, space.NowMs);
            space.Records.Classic(space.Effects, group.Id, group.ToRecord());
            return;
        }

        group.Protocol = group.ChooseProtocol();
        group.Enter(ClassicState.CompletingRebalance, space.NowMs);
        AnswerJoins(group);
        space.After(group.RebalanceTimeoutMs, new GroupTimer(GroupTimerKind.Sync, group.Id, ""));
    }

    private void AnswerJoins(ClassicGroup group)
    {
        foreach (var member in group.Members.Values)
        {
            member.IsNew = false;
            group.SetOwesSync(member, true);
            Expect(group, member, member.SessionTimeoutMs);
            if (group.SetJoining(member, null) is not { } call) continue;
            var answer = JoinAnswer(group, member);
            space.Effects.WhenCommitted(error =>
            {
                if (error == ErrorCode.None) call.Answer(answer);
                else call.Refuse(error);
            });
        }
    }

    private void ExpireSession(ClassicGroup group, string memberId)
    {
        if (!group.Members.TryGetValue(memberId, out var member)) return;
        // Who waits for an answer of ours cannot be heard of.
        if (!member.IsNew && (member.Joining is not null || member.Syncing is not null)) Expect(group, member, member.SessionTimeoutMs);
        else RemoveAndUpdate(group, member);
    }

    private void ExpireSyncs(ClassicGroup group)
    {
        if (group.State is not (ClassicState.CompletingRebalance or ClassicState.Stable) || group.OwedSyncs == 0) return;
        foreach (var absent in group.Members.Values.Where(m => m.OwesSync).ToList()) Forget(group, absent);
        Prepare(group);
    }

    private void RemoveAndUpdate(ClassicGroup group, ClassicMember member)
    {
        Forget(group, member);
        if (group.State is ClassicState.Stable or ClassicState.CompletingRebalance) Prepare(group);
        else MaybeCompleteJoin(group);
    }

    private void Forget(ClassicGroup group, ClassicMember member)
    {
        Silence(group, member);
        group.SetJoining(member, null)?.Refuse(ErrorCode.UnknownMemberId);
        member.Syncing?.Refuse(ErrorCode.UnknownMemberId);
        member.Syncing = null;
        Say(group, member, ErrorCode.UnknownMemberId);
        group.Remove(member);
    }

    private static void RefuseSyncs(ClassicGroup group, ErrorCode error)
    {
        foreach (var member in group.Members.Values)
        {
            member.Assignment = [];
            member.Syncing?.Refuse(error);
            member.Syncing = null;
        }
    }
}
