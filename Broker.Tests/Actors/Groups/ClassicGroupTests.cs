using System.Text;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>Classic groups on virtual time: who belongs, when a rebalance ends, what is left after a coordinator went.</summary>
public sealed class ClassicGroupTests
{
    [Fact]
    public void A_silent_member_is_put_out_and_the_group_is_empty()
    {
        var groups = new GroupHarness();
        var member = groups.Stable("g");
        groups.Pass(9_000);
        Assert.Equal(ErrorCode.None, groups.Heartbeat("g", member, 1));
        groups.Pass(9_999);
        Assert.Equal(ErrorCode.None, groups.Heartbeat("g", member, 1));
        groups.Pass(10_000);
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Heartbeat("g", member, 1));
        Assert.Equal("Empty", groups.Describe("g").GroupState);
    }

    [Fact]
    public void A_heartbeat_with_nothing_to_say_is_answered_late_and_at_once_when_there_is_something()
    {
        var groups = new GroupHarness();
        var member = groups.Stable("g");
        var quiet = groups.PatientHeartbeat("g", member, 1).Reply;
        groups.Pass(832);
        Assert.True(quiet.IsWaiting);
        groups.Pass(1);
        Assert.Equal(ErrorCode.None, quiet.Value!.ErrorCode);

        var told = groups.PatientHeartbeat("g", member, 1).Reply;
        var other = groups.Join("g", "", version: 3);
        Assert.Equal(ErrorCode.RebalanceInProgress, told.Value!.ErrorCode);
        Assert.Equal(ErrorCode.RebalanceInProgress, groups.PatientHeartbeat("g", member, 1).Reply.Value!.ErrorCode);
        groups.Join("g", member);
        groups.Sync("g", member, 2, (member, "a"), (other.Value!.MemberId, "b"));
        var left = groups.PatientHeartbeat("g", other.Value.MemberId, 2).Reply;
        Assert.Equal(ErrorCode.None, groups.Leave("g", other.Value.MemberId));
        Assert.Equal(ErrorCode.UnknownMemberId, left.Value!.ErrorCode);
    }

    [Fact]
    public void A_heartbeat_that_somebody_waits_behind_is_not_held_back()
    {
        var groups = new GroupHarness();
        var member = groups.Stable("g");
        var (call, reply) = groups.PatientHeartbeat("g", member, 1);
        Assert.True(reply.IsWaiting);
        call.Hurry();
        Assert.Equal(ErrorCode.None, reply.Value!.ErrorCode);
        Assert.False(call.TryHold());
        var again = groups.PatientHeartbeat("g", member, 1).Reply;
        groups.PatientHeartbeat("g", member, 1);
        Assert.Equal(ErrorCode.None, again.Value!.ErrorCode);
        var last = groups.PatientHeartbeat("g", member, 1).Reply;
        groups.Coordinator.Abandon(ErrorCode.NotCoordinator);
        Assert.Equal(ErrorCode.NotCoordinator, last.Value!.ErrorCode);
    }

    [Fact]
    public void Who_comes_while_others_are_being_assigned_waits_until_they_have_it()
    {
        var groups = new GroupHarness();
        var first = groups.Join("g", groups.Join("g", "").Value!.MemberId).Value!;
        var second = groups.Join("g", "", version: 3);
        Assert.Equal(ErrorCode.None, groups.Sync("g", first.MemberId, 1, (first.MemberId, "all")).Value!.ErrorCode);
        Assert.Equal(ErrorCode.RebalanceInProgress, groups.Heartbeat("g", first.MemberId, 1));
        var again = groups.Join("g", first.MemberId).Value!;
        Assert.Equal((2, 2), (again.GenerationId, second.Value!.GenerationId));

        // The second one has asked for its share, the leader says nothing, and a third one does not wait for ever.
        var share = groups.Sync("g", second.Value.MemberId, 2);
        var third = groups.Join("g", "", version: 3);
        groups.Pass(499);
        Assert.True(share.IsWaiting);
        groups.Pass(1);
        Assert.Equal(ErrorCode.RebalanceInProgress, share.Value!.ErrorCode);
        groups.Join("g", second.Value.MemberId);
        groups.Join("g", first.MemberId);
        Assert.Equal(3, third.Value!.GenerationId);
    }

    [Fact]
    public void Members_that_start_together_are_taken_in_by_one_rebalance()
    {
        var groups = new GroupHarness(("group.rebalance.gather.ms", "50"));
        var first = groups.Stable("g");
        groups.Pass(100);
        groups.Join("g", "", version: 3);
        var again = groups.Join("g", first);
        for (var i = 0; i < 4; i++)
        {
            groups.Pass(49);
            Assert.True(again.IsWaiting);
            groups.Join("g", "", version: 3);
        }

        groups.Pass(50);
        Assert.Equal((2, 6), (again.Value!.GenerationId, again.Value.Members.Count));

        var many = groups.Join("g", "", version: 3);
        foreach (var member in again.Value.Members) groups.Sync("g", member.MemberId, 2);
        foreach (var member in again.Value.Members) groups.Join("g", member.MemberId);
        for (var i = 0; i < 10; i++)
        {
            groups.Pass(49);
            groups.Join("g", "", version: 3);
        }

        Assert.True(many.IsWaiting);
        groups.Pass(10);
        Assert.Equal(3, many.Value!.GenerationId);
        Assert.Equal(ErrorCode.None, groups.Leave("g", many.Value.MemberId));
    }

    [Fact]
    public void An_id_that_nobody_comes_back_with_holds_nothing_up()
    {
        var groups = new GroupHarness();
        var first = groups.Stable("g");
        var second = groups.Join("g", "").Value!;
        Assert.Equal(ErrorCode.MemberIdRequired, second.ErrorCode);
        var again = groups.Join("g", first, metadata: "other");
        Assert.True(again.IsWaiting);
        groups.Pass(10_001);
        Assert.Equal(2, again.Value!.GenerationId);
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Join("g", second.MemberId).Value!.ErrorCode);
    }

    [Fact]
    public void The_first_assignment_waits_for_more_members_and_no_longer_than_their_rebalance_timeout()
    {
        var groups = new GroupHarness(("group.initial.rebalance.delay.ms", "3000"));
        var first = groups.Join("g", "", version: 3, rebalance: 7_000);
        groups.Pass(2_000);
        var second = groups.Join("g", "", version: 3, rebalance: 7_000);
        groups.Pass(2_000);
        Assert.True(first.IsWaiting);
        groups.Join("g", "", version: 3, rebalance: 7_000);
        groups.Pass(2_500);
        Assert.True(second.IsWaiting);
        groups.Join("g", "", version: 3, rebalance: 7_000);
        groups.Pass(500);
        Assert.Equal(1, second.Value!.GenerationId);
        Assert.Equal(4, first.Value!.Members.Count);
    }

    [Fact]
    public void Members_that_never_ask_for_their_assignment_are_put_out()
    {
        var groups = new GroupHarness();
        var first = groups.Stable("g");
        var second = groups.Join("g", "", version: 3);
        var rejoined = groups.Join("g", first);
        Assert.Equal(2, rejoined.Value!.GenerationId);
        groups.Sync("g", first, 2, (first, "a"), (second.Value!.MemberId, "b"));
        for (var i = 0; i < 5; i++)
        {
            groups.Pass(4_000);
            groups.Heartbeat("g", first, 2);
            if (i < 4) groups.Heartbeat("g", second.Value.MemberId, 2);
        }

        Assert.Equal(ErrorCode.UnknownMemberId, groups.Heartbeat("g", second.Value.MemberId, 2));
        Assert.Equal(ErrorCode.RebalanceInProgress, groups.Heartbeat("g", first, 2));
    }

    [Fact]
    public void Only_static_members_outlive_a_rebalance_that_they_miss()
    {
        var groups = new GroupHarness();
        var fixedMember = groups.Join("g", "", "one", session: 60_000).Value!;
        groups.Sync("g", fixedMember.MemberId, 1, (fixedMember.MemberId, "a"));
        var joining = groups.Join("g", "", version: 3, session: 60_000);
        groups.Pass(20_001);
        Assert.Equal(2, joining.Value!.GenerationId);
        Assert.Equal(2, joining.Value.Members.Count);
        Assert.Equal(ErrorCode.None, groups.Heartbeat("g", fixedMember.MemberId, 2));
    }

    [Fact]
    public void A_full_group_takes_nobody()
    {
        var groups = new GroupHarness(("group.max.size", "1"));
        var first = groups.Stable("g");
        Assert.Equal(ErrorCode.GroupMaxSizeReached, groups.Join("g", "").Value!.ErrorCode);
        Assert.Equal(ErrorCode.None, groups.Heartbeat("g", first, 1));
    }

    [Fact]
    public void Another_coordinator_goes_on_where_the_last_one_was()
    {
        var groups = new GroupHarness();
        var member = groups.Stable("g");
        Assert.Equal(ErrorCode.None, groups.Commit("g", "t", 5, 1, member));
        groups.Reload();
        Assert.Equal(ErrorCode.None, groups.Heartbeat("g", member, 1));
        Assert.Equal("all", Encoding.UTF8.GetString(groups.Sync("g", member, 1).Value!.Assignment.Span));
        Assert.Equal((ErrorCode.None, 5), groups.Fetch("g", "t"));
        var described = groups.Describe("g");
        Assert.Equal(("Stable", "range", "m"), (described.GroupState, described.ProtocolData, Encoding.UTF8.GetString(described.Members[0].MemberMetadata.Span)));
        groups.Pass(10_001);
        Assert.Equal(ErrorCode.UnknownMemberId, groups.Heartbeat("g", member, 1));
    }

    [Fact]
    public void Whoever_waits_is_answered_when_the_coordinator_goes()
    {
        var groups = new GroupHarness();
        groups.Stable("g");
        var joining = groups.Join("g", "", version: 3);
        groups.Reload();
        Assert.Equal(ErrorCode.NotCoordinator, joining.Value!.ErrorCode);
    }

    [Fact]
    public void A_thousand_members_join_in_one_generation()
    {
        var groups = new GroupHarness(("group.initial.rebalance.delay.ms", "3000"));
        var joins = Enumerable.Range(0, 1000).Select(_ => groups.Join("g", "", version: 3)).ToList();
        groups.Pass(6_000);
        Assert.All(joins, join => Assert.Equal(1, join.Value!.GenerationId));
        var leader = joins[0].Value!;
        Assert.Equal(1000, leader.Members.Count);
        var syncs = joins.Skip(1).Select(join => groups.Sync("g", join.Value!.MemberId, 1)).ToList();
        groups.Sync("g", leader.MemberId, 1, leader.Members.Select(m => (m.MemberId, m.MemberId)).ToArray());
        Assert.All(syncs.Zip(joins.Skip(1)), pair => Assert.Equal(pair.Second.Value!.MemberId, Encoding.UTF8.GetString(pair.First.Value!.Assignment.Span)));
    }
}
