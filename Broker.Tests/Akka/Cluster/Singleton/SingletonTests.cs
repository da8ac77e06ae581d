using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;

namespace AkkaStream.Tests.Akka.Cluster.Singleton;

/// <summary>On which node the singleton runs, and when.</summary>
public sealed class SingletonTests
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_oldest_runs_it_and_the_next_one_only_when_no_older_one_can()
    {
        var (a, b) = (Member(1), Member(2));
        var first = new SingletonCore(a.UniqueAddress, "", Margin);
        var second = new SingletonCore(b.UniqueAddress, "", Margin);
        foreach (var core in new[] { first, second }) core.Members([b, a]);
        Assert.True(first.ShouldRun(TimeSpan.Zero));
        Assert.False(second.ShouldRun(TimeSpan.Zero));
        Assert.Empty(second.ToAsk());

        // It exits: the next one asks, and waits for the answer.
        foreach (var core in new[] { first, second }) core.Members([a.Copy(MemberStatus.Leaving).Copy(MemberStatus.Exiting), b]);
        Assert.True(first.HasLeft);
        Assert.False(first.ShouldRun(TimeSpan.Zero));
        Assert.False(second.ShouldRun(TimeSpan.Zero));
        Assert.Equal([a], second.ToAsk());
        second.HandedOver(a.UniqueAddress);
        Assert.True(second.ShouldRun(TimeSpan.Zero));
        Assert.Equal(b, second.Oldest);
    }

    [Fact]
    public void One_that_is_given_up_has_to_be_removed_and_given_time_unless_its_process_is_gone()
    {
        var (a, b) = (Member(1), Member(2));
        foreach (var gone in new[] { false, true })
        {
            var core = new SingletonCore(b.UniqueAddress, "", Margin);
            core.Members([a.Copy(MemberStatus.Down), b]);
            Assert.False(core.ShouldRun(TimeSpan.Zero));
            Assert.Empty(core.ToAsk());
            core.Removed(a.Copy(MemberStatus.Removed), gone, TimeSpan.Zero);
            core.Members([b]);
            Assert.Equal(gone, core.ShouldRun(TimeSpan.Zero));
            Assert.Equal(!gone, core.IsWaiting(TimeSpan.Zero));
            Assert.True(core.ShouldRun(Margin));
        }
    }

    [Fact]
    public void Only_members_with_the_role_count_and_only_those_that_are_up()
    {
        var core = new SingletonCore(Member(2, "x").UniqueAddress, "x", Margin);
        core.Members([Member(1), Member(2, "x"), new Member(Member(3).UniqueAddress, int.MaxValue, MemberStatus.Joining, ["x"], global::Akka.Util.AppVersion.Zero)]);
        Assert.True(core.ShouldRun(TimeSpan.Zero));
        core.Leave();
        Assert.False(core.ShouldRun(TimeSpan.Zero));
    }

    private static Member Member(int number, params string[] roles)
        => new(new UniqueAddress(VirtualCluster.At(number), number), number, MemberStatus.Up, [.. roles], global::Akka.Util.AppVersion.Zero);
}
