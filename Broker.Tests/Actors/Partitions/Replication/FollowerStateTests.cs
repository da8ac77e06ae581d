using Akka.Actor;
using AkkaStream.Actors;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Partitions.Replication;

/// <summary>What a follower makes of what its leader says.</summary>
public sealed class FollowerStateTests
{
    private static readonly Guid Topic = new(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private readonly FollowerState follower = new(new PartitionImage(0, [2, 1], [2, 1], 2, 5, 9));

    [Fact]
    public void It_asks_until_it_is_answered_and_more_slowly_each_time()
    {
        var first = Ask(1000, end: 70);
        Assert.Equal((5, 1, 70L, 4), (first.LeaderEpoch, first.Session, first.Offset, first.LastEpoch));
        Assert.Equal(1000 + Limits.SubscribeRetryMs, follower.RetryAtMs);
        Ask(2000, 70);
        Assert.Equal(2000 + (2 * Limits.SubscribeRetryMs), follower.RetryAtMs);
        Assert.True(follower.Take(new LeaderState(5, 70, 60, 3), ActorRefs.Nobody));
        Assert.Equal((long.MaxValue, 60L, 3L), (follower.RetryAtMs, follower.HighWatermark, follower.LogStart));
        Assert.False(follower.IsAsking);
    }

    [Fact]
    public void Records_behind_a_gap_are_not_taken_and_those_of_another_leadership_neither()
    {
        Ask(0, 70);
        Assert.Equal(TakeData.Nothing, follower.Take(Data(4, 70), ActorRefs.Nobody, 70));
        Assert.Equal(TakeData.Nothing, follower.Take(Data(6, 70), ActorRefs.Nobody, 70));
        Assert.Equal(TakeData.Nothing, follower.Take(Data(5, 80), ActorRefs.Nobody, 70));
        Assert.True(follower.IsAsking);
        Assert.Equal(TakeData.Append, follower.Take(Data(5, 70), ActorRefs.Nobody, 70));
        Assert.Equal(TakeData.AskAgain, follower.Take(Data(5, 90), ActorRefs.Nobody, 80));
        Assert.Equal(TakeData.Append, follower.Take(Data(5, 60), ActorRefs.Nobody, 80));
        Assert.False(follower.Take(new LeaderState(4, 1, 1, 1), ActorRefs.Nobody));
    }

    [Fact]
    public void It_is_cut_where_both_logs_part()
    {
        Ask(0, 70);
        Assert.Equal(-1, follower.CutAt(new Diverged(5, 0, 4, 65), new EpochStart(4, 70)));
        Assert.Equal(-1, follower.CutAt(new Diverged(4, 1, 4, 65), new EpochStart(4, 70)));
        Assert.Equal(65, follower.CutAt(new Diverged(5, 1, 4, 65), new EpochStart(4, 70)));
        Assert.Equal(60, follower.CutAt(new Diverged(5, 1, 3, 65), new EpochStart(3, 60)));
        Assert.Equal(40, follower.CutAt(new Diverged(5, 1, 3, 65), new EpochStart(2, 40)));
    }

    [Fact]
    public void A_leader_that_does_not_know_of_its_leadership_is_asked_again_soon()
    {
        Ask(0, 70);
        follower.Refused(new SubscribeRefused(4, 1, ErrorCode.UnknownLeaderEpoch), 100);
        Assert.Equal(100 + (Limits.SubscribeRetryMs / 10), follower.RetryAtMs);
        follower.Refused(new SubscribeRefused(5, 1, ErrorCode.KafkaStorageError), 100);
        Assert.Equal(100 + (2 * Limits.SubscribeRetryMs), follower.RetryAtMs);
        Assert.False(follower.IsFor(5, 2));
        Assert.True(follower.IsFor(5, 1));
    }

    private static ReplicaData Data(int epoch, long first) => ReplicaData.Around(new byte[ReplicaData.HeadBytes + 1], epoch, first, 0, 0, 1, 1);

    private Subscribe Ask(long now, long end) => follower.Ask((Topic, 0), (1, 10), new FollowerLog(end, end, 4), isThrottled: false, now);
}
