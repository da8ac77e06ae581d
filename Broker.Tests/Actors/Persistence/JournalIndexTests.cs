using AkkaStream.Actors.Persistence;

namespace AkkaStream.Tests.Actors.Persistence;

public sealed class JournalIndexTests
{
    private readonly JournalIndex index = new();

    [Fact]
    public void Events_are_found_by_their_numbers()
    {
        index.Add("a", 1, 3, 0);
        index.Add("b", 1, 1, 3);
        index.Add("a", 4, 4, 4);
        Assert.Equal((4, 0), index.Of("a"));
        Assert.Equal((0, 0), index.Of("nobody"));
        Assert.Equal([0L, 4], index.Batches("a", 1, 4));
        Assert.Equal([0L], index.Batches("a", 2, 3));
        Assert.Equal([4L], index.Batches("a", 4, 100));
        Assert.Empty(index.Batches("nobody", 1, 100));
        Assert.Equal((0, "a", false), index.Oldest);
    }

    [Fact]
    public void Of_two_events_with_one_number_the_later_one_counts_with_all_behind_it()
    {
        index.Add("a", 1, 1, 0);
        index.Add("a", 2, 4, 1);
        index.Add("a", 5, 5, 4);
        index.Add("a", 2, 2, 5);
        Assert.Equal([0L, 5], index.Batches("a", 1, 10));
        Assert.Equal((2, 0), index.Of("a"));
    }

    [Fact]
    public void A_mark_takes_events_away_and_remembers_the_last_number()
    {
        index.Add("a", 1, 2, 0);
        index.Add("a", 3, 3, 2);
        index.Mark("a", 2, 3, 3);
        Assert.Equal([2L], index.Batches("a", 1, 10));
        Assert.Equal((2, "a", false), index.Oldest);
        index.Mark("a", 3, 3, 4);
        Assert.Empty(index.Batches("a", 1, 10));
        Assert.Equal((3, 3), index.Of("a"));
        Assert.Equal((4, "a", true), index.Oldest);
        index.Add("a", 4, 4, 5);
        Assert.Equal((5, "a", false), index.Oldest);
    }

    [Fact]
    public void Part_of_a_persist_can_be_deleted()
    {
        index.Add("a", 1, 5, 0);
        index.Mark("a", 3, 5, 5);
        Assert.Equal([0L], index.Batches("a", 1, 10));
        Assert.Equal((5, 3), index.Of("a"));
        Assert.Equal((0, "a", false), index.Oldest);
    }
}
