using System.Text;
using AkkaStream.Actors.Groups;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <content>What members ask once they have joined, and what is asked about a group.</content>
public sealed partial class GroupStateTableTests
{
    private static Dictionary<string, Action<GroupRow>> SyncRefusedPlays() => new()
    {
        ["group missing"] = row => row.Says(GroupStage.Missing().Sync("x", 1).Value!.ErrorCode),
        ["member check"] = row =>
        {
            var stage = GroupStage.Stable(isStatic: true);
            foreach (var (member, instance, error) in WrongMembers(stage)) row.Has("its error", stage.Sync(member, stage.Generation, instance).Value!.ErrorCode == error);
        },
        ["other generation"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Says(stage.Sync(stage.A, stage.Generation - 1).Value!.ErrorCode);
        },
        ["protocol type or name given (v5+) and differing"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Says(stage.Sync(stage.A, stage.Generation, type: "connect").Value!.ErrorCode);
            row.Says(stage.Sync(stage.A, stage.Generation, protocol: "sticky").Value!.ErrorCode);
        },
        ["Empty"] = row =>
        {
            var stage = GroupStage.Empty();
            row.Says(stage.Sync(stage.A, stage.Generation).Value!.ErrorCode);
        },
        ["PreparingRebalance"] = row =>
        {
            var stage = GroupStage.Preparing();
            row.Says(stage.Sync(stage.A, stage.Generation).Value!.ErrorCode);
        },
    };

    private static Dictionary<string, Action<GroupRow>> SyncTakenPlays() => new()
    {
        ["CompletingRebalance, follower"] = row =>
        {
            var stage = GroupStage.Completing();
            row.Waits(stage.Sync(stage.B, stage.Generation));
            row.Enters(stage, "CompletingRebalance");
        },
        ["CompletingRebalance, leader"] = row =>
        {
            var stage = GroupStage.Completing();
            var waiting = stage.Sync(stage.B, stage.Generation);
            var written = stage.Groups.Log.Count;
            var own = stage.Groups.Sync("g", stage.A, stage.Generation, (stage.A, "all"));
            row.Has("record written", stage.Groups.Log.Count == written + 1);
            row.Has("then all waiting get theirs", Encoding.UTF8.GetString(own.Value!.Assignment.Span) == "all" && !waiting.IsWaiting);
            row.Has("members without one get an empty one", waiting.Value is { ErrorCode: ErrorCode.None, Assignment.Length: 0 });
            row.Enters(stage, "Stable");
        },
        ["... write fails"] = row =>
        {
            var stage = GroupStage.Completing();
            var waiting = stage.Sync(stage.B, stage.Generation);
            stage.Groups.Outcome = ErrorCode.CoordinatorNotAvailable;
            var written = stage.Groups.Log.Count;
            var own = stage.Groups.Sync("g", stage.A, stage.Generation, (stage.A, "all"));
            row.Has("all waiting get the mapped error", waiting.Value!.ErrorCode == ErrorCode.CoordinatorNotAvailable && own.Value!.ErrorCode == ErrorCode.CoordinatorNotAvailable);
            // Here the coordinator throws its state away and reads its partition again: the members are those of the last record, and have to join again as well.
            stage.Groups.Log.RemoveRange(written, stage.Groups.Log.Count - written);
            stage.Groups.Reload();
            row.Has("assignments cleared", stage.Heartbeat(stage.B, stage.Generation) != ErrorCode.None);
        },
        ["Stable"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Has("own assignment", Encoding.UTF8.GetString(stage.Sync(stage.B, stage.Generation).Value!.Assignment.Span) == "for b");
            row.Enters(stage, "Stable");
        },
        ["sync timer ends with members missing"] = row =>
        {
            var stage = GroupStage.Completing();
            stage.Groups.Sync("g", stage.A, stage.Generation, (stage.A, "all"));
            Keep(stage, stage.A, null, stage.B, null);
            row.Has("those are removed", stage.Heartbeat(stage.B, stage.Generation) == ErrorCode.UnknownMemberId);
            row.Enters(stage, "PreparingRebalance");
        },
    };

    private static Dictionary<string, Action<GroupRow>> HeartbeatPlays() => new()
    {
        ["group missing"] = row => row.Says(GroupStage.Missing().Heartbeat("x", 1)),
        ["member check, then generation"] = row =>
        {
            var stage = GroupStage.Stable(isStatic: true);
            foreach (var (member, instance, error) in WrongMembers(stage)) row.Has("its error", stage.Heartbeat(member, stage.Generation, instance) == error);
            row.Says(stage.Heartbeat(stage.A, stage.Generation - 1, "i1"));
        },
        ["Empty"] = row =>
        {
            var stage = GroupStage.Empty();
            row.Says(stage.Heartbeat(stage.A, stage.Generation));
        },
        ["PreparingRebalance"] = row => row.Has("session timer restarts", Beats(GroupStage.Preparing(), row)),
        ["CompletingRebalance, Stable"] = row => row.Has("session timer restarts", Beats(GroupStage.Completing(), row) && Beats(GroupStage.Stable(), row)),
    };

    // Whether a member is there for as long as it is heard of, and not longer.
    private static bool Beats(GroupStage stage, GroupRow row)
    {
        for (var i = 0; i < 2; i++)
        {
            stage.Groups.Pass(9_000);
            row.Says(stage.Heartbeat(stage.A, stage.Generation));
            stage.Heartbeat(stage.B, stage.Generation);
        }

        stage.Groups.Pass(10_001);
        return stage.Heartbeat(stage.A, stage.Generation) == ErrorCode.UnknownMemberId;
    }

    private static Dictionary<string, Action<GroupRow>> LeavePlays() => new()
    {
        ["group missing"] = row => row.Says(GroupStage.Missing().Leave("x")),
        ["member id \"\" and instance id known"] = row =>
        {
            var stage = GroupStage.Stable(isStatic: true);
            row.Says(stage.Leave("", "i2"));
            row.Has("removed", stage.Heartbeat(stage.B, stage.Generation) == ErrorCode.UnknownMemberId && stage.State == "PreparingRebalance");
        },
        ["member id \"\" otherwise"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Says(stage.Leave(""));
            row.Says(stage.Leave("", "i9"));
        },
        ["pending id"] = row =>
        {
            var stage = GroupStage.Stable();
            var id = stage.Join("").Value!.MemberId;
            row.Says(stage.Leave(id));
            row.Has("removed", stage.Join(id).Value!.ErrorCode == ErrorCode.UnknownMemberId);
            row.Enters(stage, "Stable");
        },
        ["member check fails"] = row =>
        {
            var stage = GroupStage.Stable(isStatic: true);
            foreach (var (member, instance, error) in WrongMembers(stage)) row.Has("its error", stage.Leave(member, instance) == error);
        },
        ["else"] = row =>
        {
            foreach (var stage in new[] { GroupStage.Stable(), GroupStage.Completing() })
            {
                row.Says(stage.Leave(stage.B));
                row.Has("Stable, Completing -> Preparing", stage.State == "PreparingRebalance");
            }

            var preparing = GroupStage.Preparing();
            row.Says(preparing.Leave(preparing.A));
            row.Has("Preparing completes if all joined", preparing.State == "CompletingRebalance");
        },
    };

    private static Dictionary<string, Action<GroupRow>> CommitPlays() => new()
    {
        ["group missing: generation < 0 makes a simple (empty) group; else"] = row =>
        {
            row.Says(GroupStage.Missing().Commit(1, "x", version: 8));
            row.Says(GroupStage.Missing().Commit(1, "x", version: 9));
            var simple = GroupStage.Missing();
            row.Has("makes a simple (empty) group", simple.Commit(-1) == ErrorCode.None && simple.State == "Empty");
        },
        ["generation < 0 and Empty"] = row => row.Says(GroupStage.Empty().Commit(-1)),
        ["generation >= 0, or member id, or instance id given: member check, then generation"] = row =>
        {
            var stage = GroupStage.Stable(isStatic: true);
            foreach (var (member, instance, error) in WrongMembers(stage)) row.Has("its error", stage.Commit(stage.Generation, member, instance) == error && stage.Commit(-1, member, instance) == error);
            row.Says(stage.Commit(stage.Generation - 1, stage.A, "i1"));
            row.Says(stage.Commit(-1, stage.A));
        },
        ["none of them given and not Empty (not for TxnOffsetCommit)"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Says(stage.Commit(-1));
            row.Has("not for TxnOffsetCommit", stage.Groups.CommitInTransaction("g", "t", 1, 7) == ErrorCode.None);
        },
        ["CompletingRebalance (not for TxnOffsetCommit)"] = row =>
        {
            var stage = GroupStage.Completing();
            row.Says(stage.Commit(stage.Generation, stage.A));
            row.Has("not for TxnOffsetCommit", stage.Groups.CommitInTransaction("g", "t", 1, 7) == ErrorCode.None);
        },
        ["PreparingRebalance, Stable"] = row =>
        {
            foreach (var stage in new[] { GroupStage.Preparing(), GroupStage.Stable() }) row.Says(stage.Commit(stage.Generation, stage.A));
        },
    };

    private static Dictionary<string, Action<GroupRow>> DeletePlays() => new()
    {
        ["missing, Dead"] = row =>
        {
            row.Says(GroupStage.Missing().DeleteGroup());
            row.Says(GroupStage.Missing().DeleteOffset("t"));
        },
        ["Empty"] = row =>
        {
            var stage = GroupStage.Empty();
            stage.Commit(-1);
            row.Says(stage.DeleteOffset("t"));
            stage.Commit(-1);
            var written = stage.Groups.Log.Count;
            row.Says(stage.DeleteGroup());
            row.Has("tombstones for offsets and group", stage.Groups.Log.Skip(written).Count(r => r.Value is null) == 2);
        },
        ["others"] = row =>
        {
            var subscription = Encoding.Latin1.GetString(ConsumerMetadata.Write(new ConsumerProtocolSubscription { Topics = ["t"] }, 0));
            foreach (var stage in new[] { GroupStage.Preparing(), GroupStage.Completing(), GroupStage.Stable() }) row.Says(stage.DeleteGroup());
            var consumers = GroupStage.Stable(protocols: ["range=" + subscription]);
            row.Has("GROUP_SUBSCRIBED_TO_TOPIC for subscribed topics", consumers.DeleteOffset("t") == ErrorCode.GroupSubscribedToTopic);
            row.Has("NONE for others", consumers.DeleteOffset("u") == ErrorCode.None);
            var workers = GroupStage.Missing();
            workers.JoinAs("connect", "", null, 3, ["range"]);
            row.Has("other types NON_EMPTY_GROUP", workers.DeleteOffset("t") == ErrorCode.NonEmptyGroup);
        },
    };
}
