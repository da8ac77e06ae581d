using AkkaStream.Actors.Partitions.Replication;

namespace AkkaStream.Tests.Actors.Partitions.Replication;

/// <summary>Arrays for records to followers: used again when every follower that got one has it, and never before.</summary>
public sealed class ReplicaFramesTests
{
    private readonly ReplicaFrames frames = new(1 << 20);

    [Fact]
    public void An_array_is_at_most_an_eighth_too_long()
    {
        for (var bytes = 1; bytes < 1 << 22; bytes += 1 + bytes / 7)
        {
            var size = frames.Rent(bytes).Length;
            Assert.InRange(size, bytes, bytes + Math.Max(512, bytes / 7));
            Assert.Equal(size, frames.Rent(size).Length);
        }
    }

    [Fact]
    public void It_comes_back_after_the_last_follower_has_it()
    {
        var (one, two) = (new FollowingReplica(2, 0), new FollowingReplica(3, 0));
        var frame = Frame(5);
        one.Sent(frame, 0);
        two.Sent(frame, 0);
        one.Release(5, frames);
        Assert.NotSame(frame.Data.Frame, frames.Rent(frame.Data.Frame.Length));
        two.Release(4, frames);
        Assert.NotSame(frame.Data.Frame, frames.Rent(frame.Data.Frame.Length));
        two.Release(5, frames);
        Assert.Same(frame.Data.Frame, frames.Rent(frame.Data.Frame.Length));
    }

    [Fact]
    public void What_may_still_be_on_its_way_does_not_come_back()
    {
        var (one, two) = (new FollowingReplica(2, 0), new FollowingReplica(3, 0));
        var frame = Frame(5);
        one.Sent(frame, 0);
        two.Sent(frame, 0);
        // It subscribes anew, stalls, or leaves: what it got before may lie in a queue.
        one.Forget();
        one.Release(100, frames);
        two.Release(100, frames);
        Assert.Equal(0, frames.Kept);
    }

    [Fact]
    public void No_more_is_kept_than_the_limit()
    {
        for (var i = 0; i < 40; i++) frames.Return(new byte[1 << 16]);
        Assert.Equal(1 << 20, frames.Kept);
    }

    private ReplicaFrame Frame(long number) => new(ReplicaData.Around(frames.Rent(1000), 1, 0, 0, 0, number, 10), 7);
}
