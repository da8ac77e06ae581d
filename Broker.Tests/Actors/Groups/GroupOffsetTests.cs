using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>Committed offsets: in transactions, growing old, and after a coordinator went.</summary>
public sealed class GroupOffsetTests
{
    private const long Minute = 60_000;

    [Fact]
    public void Offsets_of_a_transaction_count_with_its_marker_and_are_unstable_until_then()
    {
        var groups = new GroupHarness();
        groups.Commit("g", "t", 1);
        Assert.Equal(ErrorCode.None, groups.CommitInTransaction("g", "t", 7, producer: 42));
        Assert.Equal((ErrorCode.None, 1), groups.Fetch("g", "t"));
        Assert.Equal((ErrorCode.UnstableOffsetCommit, -1), groups.Fetch("g", "t", stable: true));
        groups.Coordinator.ReplayMarker(42, commit: true);
        Assert.Equal((ErrorCode.None, 7), groups.Fetch("g", "t", stable: true));
    }

    [Fact]
    public void An_aborted_transaction_leaves_no_offset_and_a_later_commit_wins_over_an_earlier_transaction()
    {
        var groups = new GroupHarness();
        groups.CommitInTransaction("g", "t", 7, producer: 1);
        groups.Coordinator.ReplayMarker(1, commit: false);
        Assert.Equal((ErrorCode.None, -1), groups.Fetch("g", "t", stable: true));
        groups.CommitInTransaction("g", "t", 8, producer: 2);
        groups.Commit("g", "t", 9);
        groups.Coordinator.ReplayMarker(2, commit: true);
        Assert.Equal((ErrorCode.None, 9), groups.Fetch("g", "t"));
    }

    [Fact]
    public void Nothing_is_committed_in_a_transaction_that_may_have_ended_since_it_was_asked_about()
    {
        var groups = new GroupHarness();
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, groups.CommitInTransaction("g", "t", 7, producer: 1, mayHaveEnded: true));
        Assert.Empty(groups.Log);
        Assert.Equal((ErrorCode.None, -1), groups.Fetch("g", "t", stable: true));
    }

    [Fact]
    public void Open_transactions_are_read_from_the_log_too()
    {
        var groups = new GroupHarness();
        groups.CommitInTransaction("g", "t", 7, producer: 42);
        groups.Reload();
        Assert.Equal((ErrorCode.UnstableOffsetCommit, -1), groups.Fetch("g", "t", stable: true));
        groups.Coordinator.ReplayMarker(42, commit: true);
        Assert.Equal((ErrorCode.None, 7), groups.Fetch("g", "t"));
    }

    [Fact]
    public void Offsets_grow_old_from_when_the_group_became_empty()
    {
        var groups = new GroupHarness(("offsets.retention.minutes", "10"), ("offsets.retention.check.interval.ms", "1000"));
        var member = groups.Stable("g", "not a subscription");
        groups.Commit("g", "t", 5, 1, member);
        groups.Commit("simple", "t", 6);
        for (var i = 0; i < 30; i++)
        {
            groups.Pass(Minute / 10);
            groups.Heartbeat("g", member, 1);
        }

        groups.Pass(8 * Minute);
        Assert.Equal(["g Empty"], groups.List());
        Assert.Equal((ErrorCode.None, 5), groups.Fetch("g", "t"));
        groups.Pass(2 * Minute + 20_000);
        Assert.Empty(groups.List());
        groups.Reload();
        Assert.Empty(groups.List());
    }

    [Fact]
    public void A_group_whose_last_offset_was_deleted_leaves_nothing_behind()
    {
        var groups = new GroupHarness();
        groups.Commit("g", "t", 5);
        groups.Coordinator.Handle(new AkkaStream.Actors.Groups.TopicsDeleted(["t"]), groups);
        Assert.Equal((ErrorCode.None, -1), groups.Fetch("g", "t"));
        groups.Reload();
        Assert.Empty(groups.List());
    }

    [Fact]
    public void A_directory_that_Kafka_wrote_is_gone_on_with()
    {
        var groups = KafkaDirectory.Load();
        Assert.Contains("group-classic Empty", groups.List());
        Assert.DoesNotContain(groups.List(), g => g.StartsWith("group-deleted", StringComparison.Ordinal));
        var expected = KafkaDirectory.Offsets();
        Assert.NotEmpty(expected);
        foreach (var ((group, topic), offset) in expected) Assert.Equal((ErrorCode.None, offset), groups.Fetch(group, topic, stable: true));
    }
}
