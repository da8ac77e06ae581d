using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>Which log is cleaned next, and how fast.</summary>
public sealed class CleanerChoiceTests
{
    private static readonly PartitionName A = new("a", 0);
    private static readonly PartitionName B = new("b", 0);
    private static readonly PartitionName C = new("c", 0);

    [Fact]
    public void The_dirtiest_come_first_and_none_twice_at_a_time()
    {
        var choice = new CleanerChoice();
        List<CleanerCandidate> Candidates() => [new(A, 0.3, 0), new(B, 0.9, 0), new(C, 0.6, 0)];
        Assert.Equal([B, C], choice.Begin(Candidates(), 2).Select(c => c.Partition));
        Assert.Empty(choice.Begin(Candidates(), 2));
        Assert.False(choice.IsFree(B, 0));
        choice.End(B, isClean: true);
        Assert.Equal([B], choice.Begin(Candidates(), 2).Select(c => c.Partition));
        Assert.Empty(choice.Begin(Candidates(), 0));
    }

    [Fact]
    public void A_log_that_cannot_be_cleaned_is_set_aside_and_said_once()
    {
        var choice = new CleanerChoice();
        choice.Begin([new CleanerCandidate(A, 1, 0)], 1);
        Assert.True(choice.SetAside(A, new SetAsideLog("the disk is full", 100)));
        Assert.False(choice.IsFree(A, 99));
        Assert.True(choice.IsFree(A, 100));
        choice.Begin([new CleanerCandidate(A, 1, 0)], 1);
        Assert.False(choice.SetAside(A, new SetAsideLog("the disk is full", 200)));
        Assert.True(choice.SetAside(A, new SetAsideLog("damage", long.MaxValue)));
        Assert.Equal("damage", choice.Aside[A].Reason);
        choice.Forget(A);
        Assert.True(choice.IsFree(A, 0));
        choice.SetAside(A, new SetAsideLog("the disk is full", 0));
        choice.Begin([new CleanerCandidate(A, 1, 0)], 1);
        choice.End(A, isClean: true);
        Assert.Empty(choice.Aside);
    }

    [Fact]
    public void The_throttle_spreads_bytes_over_time()
    {
        var throttle = new CleanerThrottle();
        Assert.Equal(TimeSpan.Zero, throttle.Take(1 << 20, double.MaxValue, 1000));
        Assert.Equal(TimeSpan.FromMilliseconds(500), throttle.Take(500, 1000, 1000));
        Assert.Equal(TimeSpan.FromMilliseconds(900), throttle.Take(500, 1000, 1100));
        Assert.Equal(TimeSpan.FromMilliseconds(100), throttle.Take(100, 1000, 9000));
    }
}
