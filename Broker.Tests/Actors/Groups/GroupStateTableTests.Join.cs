using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <content>JoinGroup, and how its phase ends.</content>
public sealed partial class GroupStateTableTests
{
    private const int RebalanceMs = 20_000;

    private static Dictionary<string, Action<GroupRow>> JoinNewPlays() => new()
    {
        ["group missing and member id given"] = row => row.Says(GroupStage.Missing().Join("x").Value!.ErrorCode),
        ["full: PreparingRebalance counts awaiting members, Completing/Stable all members; existing members pass (in Preparing only when awaiting)"] = JoinFull,
        ["protocol type differs, or no protocol all members share; or none given at all"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Says(stage.JoinAs("connect", "", null, 9, ["range"]).Value!.ErrorCode);
            row.Says(stage.JoinAs("consumer", "", null, 9, ["another"]).Value!.ErrorCode);
            row.Says(stage.JoinAs("consumer", "", null, 9, []).Value!.ErrorCode);
            row.Says(GroupStage.Missing().JoinAs("consumer", "", null, 9, []).Value!.ErrorCode);
        },
        ["new, no instance id, v4 and later"] = row =>
        {
            var stage = GroupStage.Stable();
            var given = stage.Join("", version: 4).Value!;
            row.Says(given.ErrorCode);
            row.Has("clientId-uuid", given.MemberId.StartsWith("client-", StringComparison.Ordinal));
            row.Enters(stage, "Stable");
            stage.Groups.Pass(9_000);
            stage.Heartbeat(stage.A, stage.Generation);
            stage.Groups.Pass(1_000);
            row.Has("timer = session timeout", stage.Join(given.MemberId).Value!.ErrorCode == ErrorCode.UnknownMemberId);
        },
        ["new, no instance id, v0-3"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Waits(stage.Join("", version: 3));
            row.Enters(stage, "PreparingRebalance");
        },
        ["new, instance id unknown"] = row =>
        {
            var stage = GroupStage.Stable();
            var join = stage.Join("", "i9");
            row.Waits(join);
            row.Enters(stage, "PreparingRebalance");
            stage.Join(stage.A);
            stage.Join(stage.B);
            row.Has("instanceId-uuid", join.Value!.MemberId.StartsWith("i9-", StringComparison.Ordinal));
        },
        ["new, instance id known, Stable, chosen protocol unchanged"] = JoinReplacing,
        ["... Stable, chosen protocol changes; or CompletingRebalance"] = row =>
        {
            var changes = GroupStage.Stable(isStatic: true, ["range", "sticky"]);
            row.Waits(changes.Join("", "i2", 9, "sticky"));
            row.Enters(changes, "PreparingRebalance");
            var completing = GroupStage.Completing(isStatic: true);
            var former = completing.Sync(completing.B, completing.Generation, "i2");
            row.Waits(completing.Join("", "i2"));
            row.Says(former.Value!.ErrorCode);
            row.Enters(completing, "PreparingRebalance");
        },
        ["... PreparingRebalance"] = row =>
        {
            var stage = GroupStage.Preparing(isStatic: true);
            row.Waits(stage.Join("", "i2"));
            Assert.Equal(ErrorCode.FencedInstanceId, stage.Waiting!.Value!.ErrorCode);
            row.Enters(stage, "PreparingRebalance");
        },
    };

    private static Dictionary<string, Action<GroupRow>> JoinExistingPlays() => new()
    {
        ["existing: pending id"] = row =>
        {
            var stage = GroupStage.Stable();
            row.Waits(stage.Join(stage.Join("").Value!.MemberId));
            row.Enters(stage, "PreparingRebalance");
        },
        ["existing: member check fails"] = row =>
        {
            var stage = GroupStage.Stable(isStatic: true);
            foreach (var (member, instance, error) in WrongMembers(stage))
            {
                var got = stage.Join(member, instance).Value!.ErrorCode;
                Assert.Equal(error, got);
                row.Says(got);
            }
        },
        ["existing, Empty"] = row =>
        {
            var stage = GroupStage.Empty();
            row.Says(stage.Join(stage.A).Value!.ErrorCode);
        },
        ["existing, PreparingRebalance"] = row =>
        {
            var stage = GroupStage.Preparing();
            var again = stage.Join(stage.B, null, 9, "range=third");
            row.Waits(again);
            row.Enters(stage, "PreparingRebalance");
            var leader = stage.Join(stage.A).Value!;
            row.Has("completes", stage.State == "CompletingRebalance" && !again.IsWaiting);
            row.Has("metadata replaced", leader.Members.Single(m => m.MemberId == stage.B).Metadata.Span.SequenceEqual("third"u8));
        },
        ["existing, CompletingRebalance, same metadata"] = row =>
        {
            var stage = GroupStage.Completing();
            var (leader, follower) = (stage.Join(stage.A).Value!, stage.Join(stage.B).Value!);
            row.Has("current generation", leader.GenerationId == stage.Generation && follower.GenerationId == stage.Generation);
            row.Has("members only to the leader", leader.Members.Count == 2 && follower.Members.Count == 0);
            row.Enters(stage, "CompletingRebalance");
        },
        ["existing, CompletingRebalance, other metadata"] = row =>
        {
            var stage = GroupStage.Completing();
            var sync = stage.Sync(stage.B, stage.Generation);
            row.Waits(stage.Join(stage.A, null, 9, "range=other"));
            row.Says(sync.Value!.ErrorCode);
            row.Enters(stage, "PreparingRebalance");
        },
        ["existing, Stable, leader, or other metadata"] = row =>
        {
            var led = GroupStage.Stable();
            row.Waits(led.Join(led.A));
            row.Enters(led, "PreparingRebalance");
            var changed = GroupStage.Stable();
            row.Waits(changed.Join(changed.B, null, 9, "range=other"));
            row.Enters(changed, "PreparingRebalance");
        },
        ["existing, Stable, follower, same metadata"] = row =>
        {
            var stage = GroupStage.Stable();
            var answer = stage.Join(stage.B).Value!;
            row.Has("at once, current generation, no members", answer.GenerationId == stage.Generation && answer.Members.Count == 0);
            row.Enters(stage, "Stable");
        },
    };

    private static void JoinFull(GroupRow row)
    {
        var limit = ("group.max.size", "2");
        foreach (var stage in new[] { GroupStage.Stable(settings: limit), GroupStage.Completing(settings: limit) })
        {
            row.Says(stage.Join("", version: 3).Value!.ErrorCode);
            row.Has("existing members pass", stage.Join(stage.B).Value!.ErrorCode == ErrorCode.None);
        }

        var preparing = GroupStage.Preparing(settings: limit);
        Assert.True(preparing.Join("", version: 3).IsWaiting);
        row.Has("in Preparing only when awaiting", preparing.Join(preparing.B, null, 9, "range=other").IsWaiting);
        row.Says(preparing.Join(preparing.A).Value!.ErrorCode);
        row.Has("member removed", preparing.Heartbeat(preparing.A, preparing.Generation) == ErrorCode.UnknownMemberId);
    }

    private static void JoinReplacing(GroupRow row)
    {
        var stage = GroupStage.Stable(isStatic: true);
        var follower = stage.Join("", "i2").Value!;
        row.Has("new member id replaces the old", follower.MemberId != stage.B && stage.Heartbeat(stage.B, stage.Generation, "i2") == ErrorCode.FencedInstanceId);
        var leader = stage.Join("", "i1").Value!;
        row.Has("skipAssignment when leader", leader.SkipAssignment && leader.Leader == leader.MemberId && !follower.SkipAssignment);
        var older = stage.Join("", "i1", 5).Value!;
        row.Has("leader field keeps the former leader's id", older.Leader == leader.MemberId && older.Members.Count == 0);
        row.Enters(stage, "Stable");
    }

    private static Dictionary<string, Action<GroupRow>> PhaseEndPlays() => new()
    {
        ["from Empty"] = row =>
        {
            var stage = GroupStage.Missing(("group.initial.rebalance.delay.ms", "3000"));
            var first = stage.Join("", version: 3);
            stage.Groups.Pass(2_999);
            row.Has("not before group.initial.rebalance.delay.ms", first.IsWaiting);
            stage.Join("", version: 3);
            stage.Groups.Pass(2_999);
            row.Has("prolonged by the same while new members come", first.IsWaiting);
            for (var ms = 6_000; ms < RebalanceMs; ms += 2_000)
            {
                Assert.True(first.IsWaiting);
                stage.Join("", version: 3);
                stage.Groups.Pass(2_000);
            }

            stage.Groups.Pass(2);
            row.Has("up to the rebalance timeout", !first.IsWaiting);
        },
        ["all known members rejoined and no pending ids"] = row =>
        {
            var stage = GroupStage.Preparing();
            var pending = stage.Join("").Value!.MemberId;
            var rejoined = stage.Join(stage.A);
            Assert.True(rejoined.IsWaiting);
            stage.Join(pending);
            row.Has("at once", !rejoined.IsWaiting && !stage.Waiting!.IsWaiting);
        },
        ["rebalance timeout (the largest among members)"] = row =>
        {
            var stage = GroupStage.Preparing();
            Keep(stage, stage.A);
            row.Has("dynamic members that did not rejoin are removed", stage.Waiting!.Value!.GenerationId == stage.Generation + 1 && stage.Heartbeat(stage.A, stage.Generation + 1) == ErrorCode.UnknownMemberId);
            var fixedOnes = GroupStage.Preparing(isStatic: true);
            Keep(fixedOnes, fixedOnes.A, "i1");
            row.Has("static ones stay", fixedOnes.Waiting!.Value!.Members.Count == 2 && fixedOnes.Heartbeat(fixedOnes.A, fixedOnes.Generation + 1, "i1") == ErrorCode.None);
        },
        ["nobody rejoined but members remain"] = row =>
        {
            var stage = GroupStage.Stable(isStatic: true);
            var pending = stage.Join("").Value!.MemberId;
            stage.Join(pending);
            stage.Leave(pending);
            Keep(stage, stage.A, "i1", stage.B, "i2");
            row.Has("waits another rebalance timeout", stage.State == "PreparingRebalance");
            Assert.True(stage.Join(stage.A, "i1").IsWaiting);
            Keep(stage, stage.B, "i2");
            Assert.Equal("CompletingRebalance", stage.State);
        },
    };

    private static Dictionary<string, Action<GroupRow>> PhaseResultPlays() => new()
    {
        ["ends with members"] = row =>
        {
            var stage = GroupStage.Preparing();
            var answer = stage.Join(stage.A).Value!;
            row.Has("generation+1, leader = former leader if it rejoined", answer.GenerationId == stage.Generation + 1 && answer.Leader == stage.A);
            row.Has("CompletingRebalance", stage.State == "CompletingRebalance");
            Keep(stage, stage.A, null, stage.B, null, stage.Generation + 1);
            row.Has("sync timer = rebalance timeout", stage.Heartbeat(stage.A, stage.Generation + 1) == ErrorCode.UnknownMemberId);
            var without = GroupStage.Preparing();
            Keep(without, without.A);
            row.Has("else the first that did", without.Waiting!.Value!.Leader == without.B);
        },
        ["ends with none"] = row =>
        {
            var stage = GroupStage.Stable();
            stage.Leave(stage.A);
            var written = stage.Groups.Log.Count;
            stage.Leave(stage.B);
            row.Has("Empty, record written", stage.State == "Empty" && stage.Groups.Log.Count == written + 1);
            row.Has("generation+1", stage.Join("", version: 3).Value!.GenerationId == stage.Generation + 2);
        },
        ["protocol"] = row =>
        {
            var stage = GroupStage.Stable(protocols: ["range", "sticky", "only a and b"]);
            var third = stage.Join("", null, 3, "sticky", "range");
            stage.Join(stage.A, null, 9, "sticky", "range");
            stage.Join(stage.B, null, 9, "only a and b", "range", "sticky");
            row.Has("the first of its list that all support; most votes win", third.Value!.ProtocolName == "sticky");
        },
    };

    // A rebalance timeout passes, in which these members are heard of.
    private static void Keep(GroupStage stage, string member, string? instance = null, string? other = null, string? otherInstance = null, int generation = -1)
    {
        if (generation < 0) generation = stage.Generation;
        for (var ms = 0; ms < RebalanceMs; ms += 5_000)
        {
            stage.Heartbeat(member, generation, instance);
            if (other is not null) stage.Heartbeat(other, generation, otherInstance);
            stage.Groups.Pass(5_000);
        }
    }

    // Whoever names a member that is not there, or not so.
    private static (string Member, string? Instance, ErrorCode Error)[] WrongMembers(GroupStage stage) =>
    [
        ("stranger", null, ErrorCode.UnknownMemberId),
        (stage.A, "i9", ErrorCode.UnknownMemberId),
        (stage.A, "i2", ErrorCode.FencedInstanceId),
    ];
}
