using System.Text;
using AkkaStream.Actors.Groups;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>Group "g" of the classic protocol in one of its states, with the members a (which leads) and b where it has any.</summary>
internal sealed class GroupStage
{
    private GroupStage(params (string Key, string Value)[] settings) => Groups = new GroupHarness(settings);

    public GroupHarness Groups { get; }

    public string A { get; private set; } = "";

    public string B { get; private set; } = "";

    /// <summary>Its present generation.</summary>
    public int Generation { get; private set; }

    /// <summary>The join that waits while it prepares a rebalance: b's.</summary>
    public GroupHarness.Reply<JoinGroupResponse>? Waiting { get; private set; }

    /// <summary>The state in which it was when the stage was set.</summary>
    public string Before { get; private set; } = "Dead";

    public string State => Groups.Describe("g").GroupState;

    /// <summary>No group.</summary>
    public static GroupStage Missing(params (string Key, string Value)[] settings) => new(settings);

    /// <summary>Everybody has left.</summary>
    public static GroupStage Empty()
    {
        var stage = Stable();
        stage.Groups.Leave("g", stage.A);
        stage.Groups.Leave("g", stage.B);
        stage.Generation++;
        return stage.In("Empty");
    }

    /// <summary>Both have their assignment.</summary>
    /// <param name="isStatic">They have the instance ids i1 and i2.</param>
    /// <param name="protocols">What both know; "range" by default.</param>
    /// <param name="settings">Of the broker.</param>
    public static GroupStage Stable(bool isStatic = false, string[]? protocols = null, params (string Key, string Value)[] settings)
    {
        var stage = Completing(isStatic, protocols, settings);
        stage.Groups.Sync("g", stage.B, stage.Generation);
        stage.Groups.Sync("g", stage.A, stage.Generation, (stage.A, "for a"), (stage.B, "for b"));
        return stage.In("Stable");
    }

    /// <summary>Both have joined, and nobody has asked for an assignment.</summary>
    public static GroupStage Completing(bool isStatic = false, string[]? protocols = null, params (string Key, string Value)[] settings)
    {
        protocols ??= ["range"];
        var stage = new GroupStage(settings);
        stage.A = stage.Join("", isStatic ? "i1" : null, isStatic ? (short)9 : (short)3, protocols).Value!.MemberId;
        stage.Groups.Sync("g", stage.A, 1, (stage.A, "all"));
        var second = stage.Join("", isStatic ? "i2" : null, isStatic ? (short)9 : (short)3, protocols);
        stage.Generation = stage.Join(stage.A, isStatic ? "i1" : null, 9, protocols).Value!.GenerationId;
        stage.B = second.Value!.MemberId;
        return stage.In("CompletingRebalance");
    }

    /// <summary>b has changed what it says about itself and waits for a.</summary>
    public static GroupStage Preparing(bool isStatic = false, params (string Key, string Value)[] settings)
    {
        var stage = Stable(isStatic, null, settings);
        stage.Waiting = stage.Join(stage.B, isStatic ? "i2" : null, 9, "range=other");
        return stage.In("PreparingRebalance");
    }

    /// <summary>JoinGroup with these protocols, each a name or a name and the member's own bytes behind an equals sign.</summary>
    public GroupHarness.Reply<JoinGroupResponse> Join(string member, string? instance = null, short version = 9, params string[] protocols) => JoinAs("consumer", member, instance, version, protocols.Length == 0 ? ["range"] : protocols);

    /// <summary>The same for another type of protocol, or with none.</summary>
    public GroupHarness.Reply<JoinGroupResponse> JoinAs(string type, string member, string? instance, short version, string[] protocols)
    {
        var request = new JoinGroupRequest { GroupId = "g", MemberId = member, GroupInstanceId = instance, ProtocolType = type, SessionTimeoutMs = 10_000, RebalanceTimeoutMs = 20_000 };
        foreach (var protocol in protocols)
        {
            var parts = protocol.Split('=');
            request.Protocols.Add(new() { Name = parts[0], Metadata = Encoding.UTF8.GetBytes(parts.Length > 1 ? parts[1] : "m") });
        }

        return Groups.Tell<JoinGroupResponse>((caller, answer) => new JoinCall(request, caller, answer), version);
    }

    public GroupHarness.Reply<SyncGroupResponse> Sync(string member, int generation, string? instance = null, string? type = null, string? protocol = null)
    {
        var request = new SyncGroupRequest { GroupId = "g", MemberId = member, GroupInstanceId = instance, GenerationId = generation, ProtocolType = type, ProtocolName = protocol };
        return Groups.Tell<SyncGroupResponse>((caller, answer) => new SyncCall(request, caller, answer));
    }

    public ErrorCode Heartbeat(string member, int generation, string? instance = null)
        => Groups.Tell<HeartbeatResponse>((caller, answer) => new HeartbeatCall(new() { GroupId = "g", MemberId = member, GroupInstanceId = instance, GenerationId = generation }, caller, answer)).Value!.ErrorCode;

    public ErrorCode Leave(string member, string? instance = null)
        => Groups.Tell<LeaveGroupResponse>((caller, answer) => new LeaveCall(new() { GroupId = "g", Members = [new() { MemberId = member, GroupInstanceId = instance }] }, caller, answer)).Value!.Members[0].ErrorCode;

    public ErrorCode Commit(int generation, string member = "", string? instance = null, short version = 9)
    {
        var request = new OffsetCommitRequest { GroupId = "g", MemberId = member, GroupInstanceId = instance, GenerationIdOrMemberEpoch = generation };
        request.Topics.Add(new() { Name = "t", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 1 }] });
        return Groups.Tell<OffsetCommitResponse>((caller, answer) => new CommitCall(request, caller, answer), version).Value!.Topics[0].Partitions[0].ErrorCode;
    }

    public ErrorCode DeleteGroup() => Groups.Tell<DeleteGroupsResponse.DeletableGroupResult>((caller, answer) => new DeleteGroupCall("g", caller, answer)).Value!.ErrorCode;

    public ErrorCode DeleteOffset(string topic)
    {
        var request = new OffsetDeleteRequest { GroupId = "g", Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = 0 }] }] };
        var answer = Groups.Tell<OffsetDeleteResponse>((caller, take) => new DeleteOffsetsCall(request, caller, take)).Value!;
        return answer.ErrorCode != ErrorCode.None ? answer.ErrorCode : answer.Topics[0].Partitions[0].ErrorCode;
    }

    private GroupStage In(string state)
    {
        Assert.Equal(state, State);
        Before = state;
        return this;
    }
}
