using System.Text.Json;
using AkkaStream.Actors.Groups;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>Sequences of requests that were sent to a Kafka broker about classic groups, and what it answered.</summary>
public sealed class GroupLiveTests
{
    [Fact]
    public void Sequences_are_answered_as_Kafka_answered_them()
    {
        var wrong = new List<string>();
        foreach (var sequence in VectorZip.Lines("groups.zip", "group_live.jsonl"))
        {
            var play = new Play();
            var at = 0;
            foreach (var step in sequence.GetProperty("steps").EnumerateArray())
            {
                at++;
                if (play.Differs(step) is { } got) wrong.Add($"{sequence.GetProperty("sequence")} step {at}: {step}\n  got {got}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>One sequence. The recording does not say who asked, and of which group: where the error tells it, it is taken from there.</summary>
    private sealed class Play
    {
        private const string Stranger = "nobody";
        private readonly GroupHarness groups = new();
        private string first = Stranger;
        private string former = Stranger;
        private string? second;
        private GroupHarness.Reply<JoinGroupResponse>? waiting;

        public string? Differs(JsonElement step)
        {
            if (step.TryGetProperty("answerTo", out _)) return Second(step);
            return step.GetProperty("request").GetString() switch
            {
                "JoinGroup" => Join(step),
                "SyncGroup" => Sync(step),
                "Heartbeat" => Heartbeat(step),
                "LeaveGroup" => Leave(step),
                "OffsetCommit" => Commit(step),
                _ => Delete(step),
            };
        }

        private string? Join(JsonElement step)
        {
            var error = step.TryGetProperty("error", out var expected) ? expected.GetString() : null;
            var request = new JoinGroupRequest { GroupId = error == "INVALID_GROUP_ID" ? "" : "g", RebalanceTimeoutMs = 20_000, SessionTimeoutMs = 10_000, ProtocolType = "consumer", Protocols = [new() { Name = "range" }] };
            short version = 9;
            if (step.TryGetProperty("sessionTimeoutMs", out var session))
            {
                request.SessionTimeoutMs = session.GetInt32();
            }
            else
            {
                version = step.GetProperty("version").GetInt16();
                request.MemberId = step.GetProperty("memberId").GetString() is not "given" ? "" : error == "FENCED_INSTANCE_ID" ? former : first;
                request.GroupInstanceId = step.GetProperty("instanceId").GetString();
                request.ProtocolType = step.GetProperty("type").GetString()!;
                request.Protocols = [.. step.GetProperty("protocols").EnumerateArray().Select(p => p.GetString()!.Split('=')).Select(p => new JoinGroupRequest.JoinGroupRequestProtocol { Name = p[0], Metadata = System.Text.Encoding.ASCII.GetBytes(p[^1]) })];
            }

            var reply = groups.Tell<JoinGroupResponse>((caller, answer) => new JoinCall(request, caller, answer), version);
            if (error is null)
            {
                waiting = reply;
                return reply.IsWaiting ? null : "an answer at once";
            }

            if (reply.Value is not { } answered) return "no answer yet";
            if (answered.ErrorCode is ErrorCode.None or ErrorCode.MemberIdRequired && answered.MemberId != first) (former, first) = (first, answered.MemberId);
            return Compare(step, answered);
        }

        private string? Second(JsonElement step)
        {
            if (waiting!.IsWaiting) groups.Pass(20_000);
            second = waiting.Value!.MemberId;
            return Compare(step, waiting.Value);
        }

        private static string? Compare(JsonElement step, JoinGroupResponse got)
        {
            var leads = got.ErrorCode == ErrorCode.None && got.Leader == got.MemberId;
            var skips = step.TryGetProperty("skipAssignment", out var skip) && skip.GetBoolean();
            var same = got.ErrorCode.Name() == step.GetProperty("error").GetString() && got.GenerationId == step.GetProperty("generation").GetInt32() && leads == step.GetProperty("leader").GetBoolean()
                && got.Members.Count == step.GetProperty("members").GetInt32() && got.ProtocolName == step.GetProperty("protocol").GetString() && got.MemberId.Length > 0 == step.GetProperty("memberIdGiven").GetBoolean() && got.SkipAssignment == skips;
            return same ? null : got.ToString();
        }

        private string? Sync(JsonElement step)
        {
            var error = step.GetProperty("error").GetString();
            var fenced = error == "FENCED_INSTANCE_ID";
            var member = fenced ? former : error == "UNKNOWN_MEMBER_ID" ? Stranger : first;
            var request = new SyncGroupRequest { GroupId = "g", MemberId = member, GroupInstanceId = fenced ? "i1" : null, GenerationId = step.GetProperty("generation").GetInt32(), ProtocolType = step.GetProperty("type").GetString(), ProtocolName = step.GetProperty("protocol").GetString() };
            if (step.GetProperty("asLeader").GetBoolean()) request.Assignments.Add(new() { MemberId = first, Assignment = "as"u8.ToArray() });
            var got = groups.Tell<SyncGroupResponse>((caller, answer) => new SyncCall(request, caller, answer), step.GetProperty("version").GetInt16()).Value;
            if (got is null) return "no answer yet";
            var assignment = System.Text.Encoding.ASCII.GetString(got.Assignment.Span);
            return got.ErrorCode.Name() == error && assignment == step.GetProperty("assignment").GetString() ? null : $"{got.ErrorCode.Name()} '{assignment}'";
        }

        private string? Heartbeat(JsonElement step)
        {
            var error = step.GetProperty("error").GetString();
            var request = new HeartbeatRequest { GroupId = "g", MemberId = error == "FENCED_INSTANCE_ID" ? former : first, GroupInstanceId = step.GetProperty("instanceId").GetString(), GenerationId = step.GetProperty("generation").GetInt32() };
            var got = groups.Tell<HeartbeatResponse>((caller, answer) => new HeartbeatCall(request, caller, answer)).Value!.ErrorCode.Name();
            return got == error ? null : got;
        }

        private string? Leave(JsonElement step)
        {
            var error = step.GetProperty("memberError").GetString();
            var named = step.GetProperty("memberId").GetString();
            var member = named != "given" ? named! : error == "FENCED_INSTANCE_ID" ? former : second ?? first;
            var request = new LeaveGroupRequest { GroupId = "g", Members = [new() { MemberId = member, GroupInstanceId = step.GetProperty("instanceId").GetString() }] };
            var got = groups.Tell<LeaveGroupResponse>((caller, answer) => new LeaveCall(request, caller, answer)).Value!;
            return got.ErrorCode.Name() == step.GetProperty("error").GetString() && got.Members[0].ErrorCode.Name() == error ? null : $"{got.ErrorCode.Name()} {got.Members[0].ErrorCode.Name()}";
        }

        private string? Commit(JsonElement step)
        {
            var error = step.GetProperty("error").GetString();
            var named = step.GetProperty("memberId").GetString();
            var fenced = error == "FENCED_INSTANCE_ID";
            var request = new OffsetCommitRequest { GroupId = "g", MemberId = named != "given" ? named! : fenced ? former : first, GroupInstanceId = fenced ? "i1" : null, GenerationIdOrMemberEpoch = step.GetProperty("generation").GetInt32() };
            request.Topics.Add(new() { Name = "live", Partitions = [new() { PartitionIndex = 0, CommittedOffset = 1 }] });
            var got = groups.Tell<OffsetCommitResponse>((caller, answer) => new CommitCall(request, caller, answer), step.GetProperty("version").GetInt16()).Value!.Topics[0].Partitions[0].ErrorCode.Name();
            return got == error ? null : got;
        }

        private string? Delete(JsonElement step)
        {
            var error = step.GetProperty("error").GetString();
            var group = error == "GROUP_ID_NOT_FOUND" && groups.List().Count > 0 ? "another" : "g";
            var got = groups.Tell<DeleteGroupsResponse.DeletableGroupResult>((caller, answer) => new DeleteGroupCall(group, caller, answer)).Value!.ErrorCode.Name();
            return got == error ? null : got;
        }
    }
}
