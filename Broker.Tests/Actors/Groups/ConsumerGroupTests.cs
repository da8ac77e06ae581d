using AkkaStream.Actors.Groups;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>Consumer groups of KIP-848 on virtual time.</summary>
public sealed class ConsumerGroupTests
{
    private static readonly Guid Topic = GroupHarness.IdOf("t");

    [Fact]
    public void Partitions_go_from_one_member_to_another_without_a_moment_with_both()
    {
        var groups = With("t", 4);
        var a = Beat(groups, "a", 0);
        Assert.Equal([0, 1, 2, 3], PartitionsOf(a));
        var b = Beat(groups, "b", 0);
        Assert.Empty(PartitionsOf(b));
        var revoke = Beat(groups, "a", a.MemberEpoch, owned: [0, 1, 2, 3]);
        var kept = PartitionsOf(revoke);
        Assert.Equal(2, kept.Length);
        Assert.Equal(a.MemberEpoch, revoke.MemberEpoch);
        Assert.Null(Beat(groups, "b", b.MemberEpoch, owned: []).Assignment);
        Assert.Equal(b.MemberEpoch, Beat(groups, "a", a.MemberEpoch, owned: kept).MemberEpoch);
        var gained = PartitionsOf(Beat(groups, "b", b.MemberEpoch, owned: []));
        Assert.Equal([0, 1, 2, 3], kept.Concat(gained).Order());
        Assert.Equal("Stable", Describe(groups).GroupState);
    }

    [Fact]
    public void A_member_that_keeps_what_it_is_to_give_back_is_put_out_after_its_rebalance_timeout()
    {
        var groups = With("t", 2);
        var a = Beat(groups, "a", 0);
        var b = Beat(groups, "b", 0);
        Beat(groups, "a", a.MemberEpoch, owned: [0, 1]);
        for (var i = 0; i < 6; i++)
        {
            groups.Pass(5_000);
            Beat(groups, "b", b.MemberEpoch, owned: []);
            if (i < 5) Beat(groups, "a", a.MemberEpoch, owned: [0, 1]);
        }

        Assert.Equal(ErrorCode.UnknownMemberId, Beat(groups, "a", a.MemberEpoch).ErrorCode);
        Beat(groups, "b", b.MemberEpoch, owned: []);
        Assert.Equal([0, 1], Assert.Single(Assert.Single(Describe(groups).Members).Assignment.TopicPartitions).Partitions.Order());
    }

    [Fact]
    public void A_silent_member_is_put_out_and_a_static_one_keeps_its_place_while_it_is_away()
    {
        var groups = With("t", 2);
        var first = Beat(groups, "a", 0, instance: "one");
        Assert.Equal([0, 1], PartitionsOf(first));
        Assert.Equal(-2, Beat(groups, "a", -2, instance: "one").MemberEpoch);
        groups.Pass(30_000);
        var second = Beat(groups, "a2", 0, instance: "one");
        Assert.Equal([0, 1], PartitionsOf(second));
        Assert.Equal(first.MemberEpoch, second.MemberEpoch);
        Assert.Equal(ErrorCode.FencedInstanceId, Beat(groups, "a", first.MemberEpoch, instance: "one").ErrorCode);
        groups.Pass(45_001);
        Assert.Equal("Empty", Describe(groups).GroupState);
    }

    [Fact]
    public void An_answer_that_was_lost_is_given_again_and_a_stranger_epoch_is_fenced()
    {
        var groups = With("t", 1);
        var joined = Beat(groups, "a", 0);
        groups.Image = GroupHarness.Topics(("t", 1), ("u", 1));
        var next = Beat(groups, "a", joined.MemberEpoch, owned: [0], topics: ["t", "u"]);
        Assert.Equal(joined.MemberEpoch + 1, next.MemberEpoch);
        Assert.Equal(next.MemberEpoch, Beat(groups, "a", joined.MemberEpoch, owned: [0]).MemberEpoch);
        Assert.Equal(ErrorCode.FencedMemberEpoch, Beat(groups, "a", joined.MemberEpoch + 5).ErrorCode);
    }

    [Fact]
    public void A_pattern_takes_in_topics_that_come_later()
    {
        var groups = With("logs-a", 1);
        var joined = Beat(groups, "a", 0, topics: [], pattern: "logs-.*");
        Assert.Single(joined.Assignment!.TopicPartitions);
        groups.Image = GroupHarness.Topics(("logs-a", 1), ("logs-b", 2), ("other", 1));
        var later = Beat(groups, "a", joined.MemberEpoch);
        Assert.Equal(2, later.Assignment!.TopicPartitions.Count);
        Assert.Null(Beat(groups, "a", later.MemberEpoch, pattern: "").ErrorMessage);
    }

    [Fact]
    public void Another_coordinator_goes_on_where_the_last_one_was()
    {
        var groups = With("t", 4);
        var a = Beat(groups, "a", 0);
        Beat(groups, "b", 0);
        Beat(groups, "a", a.MemberEpoch, owned: [0, 1, 2, 3]);
        Assert.Equal(ErrorCode.None, groups.Commit("g", "t", 9, a.MemberEpoch, "a"));
        var before = Describe(groups);
        groups.Reload();
        Assert.Equal(MessageJson.ToText(new ConsumerGroupDescribeResponse { Groups = [before] }, 1), MessageJson.ToText(new ConsumerGroupDescribeResponse { Groups = [Describe(groups)] }, 1));
        Assert.Equal((ErrorCode.None, 9), groups.Fetch("g", "t"));
    }

    [Fact]
    public void A_classic_group_becomes_a_consumer_group_and_goes_back()
    {
        var groups = With("t", 2);
        var subscription = new ConsumerProtocolSubscription { Topics = ["t"] };
        var metadata = System.Text.Encoding.Latin1.GetString(ConsumerMetadata.Write(subscription, 0));
        var old = groups.Stable("g", metadata);
        groups.Commit("g", "t", 3, 1, old);
        var young = Beat(groups, "y", 0);
        Assert.Equal(ErrorCode.None, young.ErrorCode);
        Assert.Equal(["g Reconciling"], groups.List());
        Assert.Equal((ErrorCode.None, 3), groups.Fetch("g", "t"));
        Assert.Equal(ErrorCode.RebalanceInProgress, groups.Heartbeat("g", old, 1));
        var joined = groups.Join("g", old, metadata: metadata).Value!;
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        var assignment = ConsumerMetadata.Assignment(groups.Sync("g", old, joined.GenerationId).Value!.Assignment)!;
        Assert.Single(assignment.AssignedPartitions[0].Partitions);
        groups.Reload();
        Assert.Equal(ErrorCode.None, Beat(groups, "y", -1).ErrorCode);
        Assert.Equal(["g PreparingRebalance"], groups.List());
        Assert.Equal((ErrorCode.None, 3), groups.Fetch("g", "t"));
        Assert.Equal(ErrorCode.RebalanceInProgress, groups.Heartbeat("g", old, joined.GenerationId + 1));
    }

    [Fact]
    public void Between_two_assignments_there_is_the_interval()
    {
        var groups = new GroupHarness(("group.consumer.assignment.interval.ms", "1000")) { Image = GroupHarness.Topics(("t", 2)) };
        var a = Beat(groups, "a", 0);
        Assert.Equal([0, 1], PartitionsOf(a));
        groups.Pass(100);
        var b = Beat(groups, "b", 0);
        Assert.Equal(a.MemberEpoch, b.MemberEpoch);
        Assert.Equal("Assigning", Describe(groups).GroupState);
        groups.Reload();
        groups.Pass(100);
        Assert.Null(Beat(groups, "a", a.MemberEpoch, owned: [0, 1]).Assignment);
        groups.Pass(800);
        Assert.Equal("Reconciling", Describe(groups).GroupState);
        Assert.Single(PartitionsOf(Beat(groups, "a", a.MemberEpoch, owned: [0, 1])));
    }

    [Fact]
    public void Migration_can_be_forbidden()
    {
        var groups = new GroupHarness(("group.consumer.migration.policy", "disabled")) { Image = GroupHarness.Topics(("t", 2)) };
        groups.Stable("g", System.Text.Encoding.Latin1.GetString(ConsumerMetadata.Write(new ConsumerProtocolSubscription { Topics = ["t"] }, 0)));
        Assert.Equal(ErrorCode.GroupIdNotFound, Beat(groups, "y", 0).ErrorCode);
    }

    [Theory]
    [InlineData("t.*", true)]
    [InlineData("(?P<x>t)", true)]
    [InlineData(@"\Qt\E", true)]
    [InlineData("[[:alpha:]]", true)]
    [InlineData("(", false)]
    [InlineData("t)(t", false)]
    [InlineData("(?=t)t", false)]
    [InlineData(@"(t)\1", false)]
    [InlineData("(((t{100}){100}){100}){100}", false)]
    public void Patterns_are_those_of_RE2(string pattern, bool good) => Assert.Equal(good, TopicPattern.TryParse(pattern)?.Fits("t") == true);

    [Fact]
    public void A_hostile_pattern_costs_no_more_than_any()
    {
        var pattern = TopicPattern.TryParse("(a*)*(a*)*(a*)*b|(a|aa)+$")!;
        Assert.False(pattern.Fits(new string('a', 248) + "c"));
        Assert.True(pattern.Fits(new string('a', 248) + "b"));
    }

    private static GroupHarness With(string topic, int partitions) => new() { Image = GroupHarness.Topics((topic, partitions)) };

    private static ConsumerGroupHeartbeatResponse Beat(GroupHarness groups, string member, int epoch, int[]? owned = null, string? instance = null, List<string>? topics = null, string? pattern = null)
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = member, MemberEpoch = epoch, InstanceId = instance, SubscribedTopicNames = topics, SubscribedTopicRegex = pattern };
        if (epoch == 0) (request.RebalanceTimeoutMs, request.SubscribedTopicNames, owned) = (20_000, topics ?? ["t"], []);
        if (owned is not null) request.TopicPartitions = owned.Length == 0 ? [] : [new() { TopicId = Topic, Partitions = [.. owned] }];
        return groups.Tell<ConsumerGroupHeartbeatResponse>((caller, answer) => new ConsumerHeartbeatCall(request, caller, answer), 1).Value!;
    }

    private static int[] PartitionsOf(ConsumerGroupHeartbeatResponse answer) => [.. answer.Assignment!.TopicPartitions.SelectMany(t => t.Partitions).Order()];

    private static ConsumerGroupDescribeResponse.DescribedGroup Describe(GroupHarness groups)
        => groups.Tell<ConsumerGroupDescribeResponse.DescribedGroup>((caller, answer) => new ConsumerDescribeCall("g", caller, answer), 1).Value!;
}
