using AkkaStream.Actors.Coordinators;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>Who asks a group coordinator.</summary>
/// <param name="ClientId">The client's name.</param>
/// <param name="ClientHost">Its address, in Kafka's form <c>/127.0.0.1</c>.</param>
/// <param name="Version">The version of its request.</param>
public sealed record GroupCaller(string ClientId, string ClientHost, short Version);

/// <summary>A request to the coordinator of a group, and the way of its one answer.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <typeparam name="TAnswer">The answer.</typeparam>
/// <param name="request">The request. Its bytes live until it is answered: what a group keeps is copied.</param>
/// <param name="caller">Who asks.</param>
/// <param name="answer">Takes the answer.</param>
public abstract class GroupCall<TRequest, TAnswer>(TRequest request, GroupCaller caller, Action<TAnswer> answer) : CoordinatorMessage
{
    private int answered;

    /// <summary>The request.</summary>
    public TRequest Request => request;

    /// <summary>Who asks.</summary>
    public GroupCaller Caller => caller;

    /// <summary>Answers; a second answer is dropped.</summary>
    public void Answer(TAnswer response)
    {
        if (Interlocked.Exchange(ref answered, 1) == 0) answer(response);
    }

    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => Answer(Refusal(error));

    /// <summary>The answer that says nothing but an error.</summary>
    protected abstract TAnswer Refusal(ErrorCode error);
}

/// <summary>JoinGroup.</summary>
public sealed class JoinCall(JoinGroupRequest request, GroupCaller caller, Action<JoinGroupResponse> answer) : GroupCall<JoinGroupRequest, JoinGroupResponse>(request, caller, answer)
{
    private const short FirstWithNullProtocol = 7;

    /// <summary>The answer that says an error and the member's id, which need not be the one of the request.</summary>
    public void Refuse(ErrorCode error, string memberId) => Answer(new JoinGroupResponse { ErrorCode = error, MemberId = memberId, ProtocolName = NoProtocol });

    /// <inheritdoc/>
    protected override JoinGroupResponse Refusal(ErrorCode error) => new() { ErrorCode = error, MemberId = Request.MemberId, ProtocolName = NoProtocol };

    private string? NoProtocol => Caller.Version >= FirstWithNullProtocol ? null : "";
}

/// <summary>SyncGroup.</summary>
public sealed class SyncCall(SyncGroupRequest request, GroupCaller caller, Action<SyncGroupResponse> answer) : GroupCall<SyncGroupRequest, SyncGroupResponse>(request, caller, answer)
{
    /// <inheritdoc/>
    protected override SyncGroupResponse Refusal(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>Heartbeat.</summary>
public sealed class HeartbeatCall(HeartbeatRequest request, GroupCaller caller, Action<HeartbeatResponse> answer) : GroupCall<HeartbeatRequest, HeartbeatResponse>(request, caller, answer)
{
    private const int Held = 1;
    private const int Hurried = 2;
    private int wait;

    /// <summary>The answer may come late where there is nothing to say yet. False by default.</summary>
    public bool MayWait { get; init; }

    /// <summary>The coordinator has nothing to say and holds the answer back; false where it is to be given at once.</summary>
    public bool TryHold() => MayWait && Interlocked.CompareExchange(ref wait, Held, 0) == 0;

    /// <summary>Somebody waits behind it: the answer is given where it is held back, and is not held back later. From any thread.</summary>
    public void Hurry()
    {
        if (Interlocked.Exchange(ref wait, Hurried) == Held) Answer(new HeartbeatResponse());
    }

    /// <inheritdoc/>
    protected override HeartbeatResponse Refusal(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>LeaveGroup.</summary>
public sealed class LeaveCall(LeaveGroupRequest request, GroupCaller caller, Action<LeaveGroupResponse> answer) : GroupCall<LeaveGroupRequest, LeaveGroupResponse>(request, caller, answer)
{
    /// <inheritdoc/>
    protected override LeaveGroupResponse Refusal(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>OffsetCommit: its partitions are known to exist.</summary>
public sealed class CommitCall(OffsetCommitRequest request, GroupCaller caller, Action<OffsetCommitResponse> answer) : GroupCall<OffsetCommitRequest, OffsetCommitResponse>(request, caller, answer)
{
    /// <inheritdoc/>
    protected override OffsetCommitResponse Refusal(ErrorCode error) => OffsetAnswers.Commit(Request, error);
}

/// <summary>TxnOffsetCommit: its partitions are known to exist, and its transaction to be open.</summary>
public sealed class TxnCommitCall(TxnOffsetCommitRequest request, GroupCaller caller, Action<TxnOffsetCommitResponse> answer) : GroupCall<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(request, caller, answer)
{
    /// <summary>Whether the transaction may have ended since its coordinator was asked; asked on the group coordinator's turn. Never by default.</summary>
    public Func<bool>? MayHaveEnded { get; init; }

    /// <inheritdoc/>
    protected override TxnOffsetCommitResponse Refusal(ErrorCode error) => OffsetAnswers.Commit(Request, error);
}

/// <summary>OffsetFetch of one group.</summary>
/// <param name="request">The group and its partitions; topics go by name.</param>
/// <param name="requireStable">Offsets of open transactions are told as such.</param>
/// <param name="caller">Who asks.</param>
/// <param name="answer">Takes the answer.</param>
public sealed class FetchOffsetsCall(OffsetFetchRequest.OffsetFetchRequestGroup request, bool requireStable, GroupCaller caller, Action<OffsetFetchResponse.OffsetFetchResponseGroup> answer)
    : GroupCall<OffsetFetchRequest.OffsetFetchRequestGroup, OffsetFetchResponse.OffsetFetchResponseGroup>(request, caller, answer)
{
    /// <summary>Offsets of open transactions are told as such.</summary>
    public bool RequireStable => requireStable;

    /// <inheritdoc/>
    protected override OffsetFetchResponse.OffsetFetchResponseGroup Refusal(ErrorCode error) => new() { GroupId = Request.GroupId, ErrorCode = error };
}

/// <summary>OffsetDelete.</summary>
public sealed class DeleteOffsetsCall(OffsetDeleteRequest request, GroupCaller caller, Action<OffsetDeleteResponse> answer) : GroupCall<OffsetDeleteRequest, OffsetDeleteResponse>(request, caller, answer)
{
    /// <inheritdoc/>
    protected override OffsetDeleteResponse Refusal(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>DescribeGroups of one group.</summary>
public sealed class DescribeCall(string groupId, GroupCaller caller, Action<DescribeGroupsResponse.DescribedGroup> answer) : GroupCall<string, DescribeGroupsResponse.DescribedGroup>(groupId, caller, answer)
{
    /// <inheritdoc/>
    protected override DescribeGroupsResponse.DescribedGroup Refusal(ErrorCode error) => new() { GroupId = Request, ErrorCode = error };
}

/// <summary>ListGroups, of one coordinator's groups.</summary>
public sealed class ListCall(ListGroupsRequest request, GroupCaller caller, Action<ListGroupsResponse> answer) : GroupCall<ListGroupsRequest, ListGroupsResponse>(request, caller, answer)
{
    /// <inheritdoc/>
    protected override ListGroupsResponse Refusal(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>DeleteGroups of one group.</summary>
public sealed class DeleteGroupCall(string groupId, GroupCaller caller, Action<DeleteGroupsResponse.DeletableGroupResult> answer) : GroupCall<string, DeleteGroupsResponse.DeletableGroupResult>(groupId, caller, answer)
{
    /// <inheritdoc/>
    protected override DeleteGroupsResponse.DeletableGroupResult Refusal(ErrorCode error) => new() { GroupId = Request, ErrorCode = error };
}

/// <summary>ConsumerGroupHeartbeat.</summary>
public sealed class ConsumerHeartbeatCall(ConsumerGroupHeartbeatRequest request, GroupCaller caller, Action<ConsumerGroupHeartbeatResponse> answer)
    : GroupCall<ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse>(request, caller, answer)
{
    /// <summary>The answer that says an error and, in a sentence, why.</summary>
    public void Refuse(ErrorCode error, string? why) => Answer(new() { ErrorCode = error, ErrorMessage = why });

    /// <inheritdoc/>
    protected override ConsumerGroupHeartbeatResponse Refusal(ErrorCode error) => new() { ErrorCode = error };
}

/// <summary>ConsumerGroupDescribe of one group.</summary>
public sealed class ConsumerDescribeCall(string groupId, GroupCaller caller, Action<ConsumerGroupDescribeResponse.DescribedGroup> answer)
    : GroupCall<string, ConsumerGroupDescribeResponse.DescribedGroup>(groupId, caller, answer)
{
    /// <inheritdoc/>
    protected override ConsumerGroupDescribeResponse.DescribedGroup Refusal(ErrorCode error) => new() { GroupId = Request, ErrorCode = error };
}

/// <summary>Topics were deleted: what groups committed of them goes.</summary>
/// <param name="topics">Their names.</param>
public sealed class TopicsDeleted(IReadOnlyCollection<string> topics) : CoordinatorMessage
{
    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Topics => topics;

    /// <inheritdoc/>
    public override void Refuse(ErrorCode error)
    {
        // Offsets of topics that do not exist are dropped with the group's other old offsets.
    }
}
