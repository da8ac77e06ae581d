using Akka.Actor;
using AkkaStream.Actors;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Akka.Actor;

namespace AkkaStream.Tests.Actors.Partitions.Replication;

/// <summary>A leader's book of its followers: the high watermark, and who is in sync.</summary>
public sealed class ReplicaTrackerTests : EngineFixture
{
    private static readonly Guid Topic = new(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private long end = 100;
    private readonly long highWatermark = 50;
    private long now = 1000;

    private TrackerFacts Facts => new(end, highWatermark, now, LagTimeMaxMs: 10_000, BrokerEpoch: 11);

    [Fact]
    public void The_high_watermark_is_the_least_of_those_in_sync_once_all_have_said()
    {
        var tracker = Tracker([1, 2, 3], [1, 2, 3]);
        Assert.Equal(-1, tracker.HighWatermark(100));
        Subscribe(tracker, 2, 80);
        Assert.Equal(-1, tracker.HighWatermark(100));
        Subscribe(tracker, 3, 60);
        Assert.Equal(60, tracker.HighWatermark(100));
        tracker.Find(3)!.Reported(90, end, now);
        Assert.Equal(80, tracker.HighWatermark(100));
        Assert.Equal(70, tracker.HighWatermark(70));
    }

    [Fact]
    public void A_follower_that_is_not_in_sync_does_not_count()
    {
        var tracker = Tracker([1, 2, 3], [1, 2]);
        Subscribe(tracker, 2, 80);
        Subscribe(tracker, 3, 10);
        Assert.Equal(80, tracker.HighWatermark(100));
    }

    [Fact]
    public void One_that_has_caught_up_is_proposed_and_counts_from_then_on()
    {
        var tracker = Tracker([1, 2, 3], [1, 2]);
        Subscribe(tracker, 2, 100);
        Subscribe(tracker, 3, 99);
        Assert.Null(tracker.Propose(Facts, Topic, 0));
        tracker.Find(3)!.Reported(100, end, now);
        var proposal = tracker.Propose(Facts, Topic, 0)!;
        Assert.Equal([new(1, 11), new(2, 20), new(3, 30)], proposal.InSync);
        Assert.Null(tracker.Propose(Facts, Topic, 0));
        tracker.Find(2)!.Reported(110, 120, now);
        Assert.Equal(100, tracker.HighWatermark(120));
        Assert.False(tracker.IsSole);
        Assert.True(tracker.Answered(proposal, new InSyncAnswer(ErrorCode.None, [1, 2, 3], 8), now));
        Assert.Equal([1, 2, 3], tracker.InSync);
    }

    [Fact]
    public void One_that_lags_too_long_is_left_out_and_counts_until_the_controller_has_said_so()
    {
        var tracker = Tracker([1, 2, 3], [1, 2, 3]);
        Subscribe(tracker, 2, 100);
        Subscribe(tracker, 3, 100);
        now += 1_000_000;
        // A long silence is no lag.
        Assert.Null(tracker.Propose(Facts, Topic, 0));
        tracker.Appended(100, now);
        end = 200;
        tracker.Find(2)!.Reported(200, end, now);
        Assert.Null(tracker.Propose(Facts, Topic, 0));
        Assert.Equal(now + 10_001, tracker.NextDueMs(Facts));
        now += 10_001;
        var proposal = tracker.Propose(Facts, Topic, 0)!;
        Assert.Equal([1, 2], proposal.InSync.Select(m => m.BrokerId));
        Assert.Equal(100, tracker.HighWatermark(200));
        tracker.Answered(proposal, new InSyncAnswer(ErrorCode.None, [1, 2], 8), now);
        Assert.Equal(200, tracker.HighWatermark(200));
    }

    [Fact]
    public void Under_load_one_that_has_what_was_there_a_moment_ago_does_not_lag()
    {
        var tracker = Tracker([1, 2], [1, 2]);
        Subscribe(tracker, 2, 100);
        for (var i = 0; i < 100; i++)
        {
            tracker.Appended(end, now);
            end += 10;
            now += 1000;
            tracker.Find(2)!.Reported(end - 10, end, now);
            Assert.Null(tracker.Propose(Facts, Topic, 0));
        }
    }

    [Fact]
    public void What_was_not_answered_is_asked_again_as_it_was_and_both_sets_count_meanwhile()
    {
        var tracker = Tracker([1, 2, 3], [1, 2]);
        Subscribe(tracker, 2, 100);
        Subscribe(tracker, 3, 100);
        var proposal = tracker.Propose(Facts, Topic, 0)!;
        tracker.Answered(proposal, InSyncAnswer.Of(ErrorCode.RequestTimedOut), now);
        tracker.Find(2)!.Reported(120, 120, now);
        Assert.Equal(100, tracker.HighWatermark(120));
        Assert.Null(tracker.Propose(Facts, Topic, 0));
        now = tracker.NextDueMs(Facts);
        Assert.Same(proposal, tracker.Propose(Facts, Topic, 0));
    }

    [Fact]
    public void One_that_may_not_come_holds_up_neither_another_nor_the_leaving_of_a_third()
    {
        var tracker = Tracker([1, 2, 3, 4], [1, 4]);
        Subscribe(tracker, 2, 100);
        Subscribe(tracker, 3, 100);
        Subscribe(tracker, 4, 90);
        var first = tracker.Propose(Facts, Topic, 0)!;
        Assert.Equal([1, 2, 4], first.InSync.Select(m => m.BrokerId));
        Assert.True(tracker.Answered(first, InSyncAnswer.Of(ErrorCode.IneligibleReplica), now));
        var second = tracker.Propose(Facts, Topic, 0)!;
        Assert.Equal([1, 3, 4], second.InSync.Select(m => m.BrokerId));
        tracker.Answered(second, InSyncAnswer.Of(ErrorCode.IneligibleReplica), now);
        Assert.Null(tracker.Propose(Facts, Topic, 0));
        now += 10_001;
        Assert.Equal([1], tracker.Propose(Facts, Topic, 0)!.InSync.Select(m => m.BrokerId));
    }

    [Fact]
    public void News_of_the_controller_ends_what_was_asked_and_old_news_changes_nothing()
    {
        var tracker = Tracker([1, 2, 3], [1, 2]);
        Subscribe(tracker, 2, 100);
        Subscribe(tracker, 3, 100);
        var proposal = tracker.Propose(Facts, Topic, 0)!;
        tracker.Answered(proposal, InSyncAnswer.Of(ErrorCode.InvalidUpdateVersion), now);
        Assert.Equal(long.MaxValue, tracker.NextDueMs(Facts));
        Assert.False(tracker.Update(new PartitionImage(0, [1, 2, 3], [1, 2, 3], 1, 3, 7), now));
        Assert.True(tracker.Update(new PartitionImage(0, [1, 3], [1], 1, 3, 9), now));
        Assert.False(tracker.IsProposing);
        Assert.True(tracker.IsSole);
        Assert.Null(tracker.Find(2));
        // The answer of a proposal that is past.
        Assert.False(tracker.Answered(proposal, new InSyncAnswer(ErrorCode.None, [1, 2, 3], 8), now));
        Assert.Equal([1], tracker.InSync);
    }

    [Fact]
    public void A_restarted_follower_counts_with_what_it_has_and_its_former_life_not_at_all()
    {
        var tracker = Tracker([1, 2], [1, 2]);
        var replica = tracker.Find(2)!;
        replica.Subscribe(new Subscribe(Topic, 0, 2, 20, 3, 7, 100, 100, 3, 1000), ActorRefs.Nobody, end, now);
        replica.Subscribe(new Subscribe(Topic, 0, 2, 25, 3, 1, 80, 80, 3, 1000), ActorRefs.Nobody, end, now);
        Assert.Equal(80, tracker.HighWatermark(100));
        Assert.False(replica.Knows(20, 7));
        Assert.False(replica.Knows(20, 1));
        Assert.True(replica.Knows(25, 1));
    }

    [Fact]
    public void Nothing_is_sent_beyond_the_window_until_a_report_opens_it()
    {
        var replica = new FollowingReplica(2, now);
        replica.Subscribe(new Subscribe(Topic, 0, 2, 20, 3, 1, 0, 0, -1, 1000), ActorRefs.Nobody, end, now);
        replica.Sent(Frame(10, 600), now);
        Assert.True(replica.Takes(end));
        replica.Sent(Frame(20, 600), now);
        Assert.False(replica.Takes(end));
        Assert.Equal(now + Limits.ReplicaSilenceMs, replica.SilentAtMs);
        Assert.Equal(0, replica.Reported(9, end, now));
        Assert.Equal(600, replica.Reported(15, end, now));
        Assert.True(replica.Takes(end));
        Assert.Equal(600, replica.Stall(now));
        Assert.False(replica.Takes(end));
        Assert.Equal(now + (2 * Limits.ReplicaSilenceMs), replica.SilentAtMs);
        // A report that was under way moves its end, and it is asked to subscribe again all the same.
        replica.Reported(17, end, now);
        Assert.Equal(17, replica.End);
        Assert.True(replica.IsStalled);
        Assert.Equal(now + (2 * Limits.ReplicaSilenceMs), replica.SilentAtMs);
    }

    private static ReplicaFrame Frame(long next, int bytes) => new(ReplicaData.Around(new byte[bytes], 3, 0, 0, 0, next, 0), next);

    [Fact]
    public void A_budget_is_used_up_for_one_broker_alone_and_wakes_who_found_it_so()
    {
        var budget = new ReplicationBudget(1000);
        var told = new List<string>();
        var probe = Spawn((message, _) =>
        {
            lock (told) told.Add(message.GetType().Name);
        });
        Assert.True(budget.TryTake(2, 1500, probe));
        Assert.False(budget.TryTake(2, 1, probe));
        Assert.False(budget.TryTake(2, 1, probe));
        Assert.True(budget.TryTake(3, 1, probe));
        budget.Give(2, 400);
        budget.Give(2, 200);
        Assert.Equal(900, budget.UnderWay(2));
        Assert.True(SpinWait.SpinUntil(() =>
        {
            lock (told) return told.Count == 1;
        }, Patience));
    }

    private ReplicaTracker Tracker(List<int> replicas, List<int> inSync) => new(1, new PartitionImage(0, replicas, inSync, 1, 3, 7), end, now);

    private void Subscribe(ReplicaTracker tracker, int id, long at) => tracker.Find(id)!.Subscribe(new Subscribe(Topic, 0, id, id * 10, 3, 1, at, at, 3, 1 << 20), ActorRefs.Nobody, end, now);
}
