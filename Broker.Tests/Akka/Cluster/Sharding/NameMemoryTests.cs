using Akka.Cluster.Sharding.Remembering;

namespace AkkaStream.Tests.Akka.Cluster.Sharding;

/// <summary>What a shard has on record: nothing is used before it is, one write at a time, and after a failure the store's word counts.</summary>
public sealed class NameMemoryTests
{
    private readonly NameMemory _memory = new();

    [Fact]
    public void Nothing_is_written_before_the_store_has_said_what_it_has()
    {
        Assert.False(_memory.Start("a"));
        Assert.False(_memory.Start("b"));
        Assert.Null(_memory.Next());
        Assert.False(_memory.IsLoaded);
        Assert.Equal(["b", "c", "d"], _memory.Loaded(["b", "c", "d"]).Order());
        Assert.True(_memory.Contains("c"));
        Assert.True(_memory.Start("c"));
        Assert.Equal(["a"], _memory.Next()!.Started);
    }

    [Fact]
    public void A_name_may_be_used_when_it_is_on_record_and_what_comes_meanwhile_goes_together()
    {
        _memory.Loaded([]);
        Assert.False(_memory.Start("a"));
        var first = _memory.Next()!;
        Assert.False(_memory.Start("a"));
        Assert.False(_memory.Start("b"));
        Assert.False(_memory.Start("c"));
        Assert.Null(_memory.Next());
        Assert.Empty(_memory.Written(first.Number + 1));
        Assert.Equal(["a"], _memory.Written(first.Number));
        Assert.True(_memory.Start("a"));
        Assert.Equal(["b", "c"], _memory.Next()!.Started);
        Assert.False(_memory.IsSettled);
    }

    [Fact]
    public void A_stop_that_is_not_under_way_yet_is_void_when_the_name_is_wanted_again()
    {
        _memory.Loaded(["a", "b"]);
        _memory.Stop("a");
        Assert.False(_memory.Contains("a"));
        Assert.True(_memory.Start("a"));
        Assert.Null(_memory.Next());

        // One that is under way is followed by a start, in this order.
        _memory.Stop("b");
        var stop = _memory.Next()!;
        Assert.Equal(["b"], stop.Stopped);
        Assert.False(_memory.Start("b"));
        Assert.Empty(_memory.Written(stop.Number));
        var start = _memory.Next()!;
        Assert.Equal(["b"], start.Started);
        Assert.Equal(["b"], _memory.Written(start.Number));
    }

    [Fact]
    public void A_start_that_was_overtaken_by_a_stop_is_not_used()
    {
        _memory.Loaded([]);
        _memory.Start("a");
        var start = _memory.Next()!;
        _memory.Stop("a");
        Assert.Empty(_memory.Written(start.Number));
        Assert.Equal(["a"], _memory.Next()!.Stopped);
        _memory.Stop("never");
        Assert.False(_memory.IsSettled);
    }

    [Fact]
    public void After_a_failure_the_stores_word_counts()
    {
        _memory.Loaded(["kept", "stopping"]);
        _memory.Start("there");
        _memory.Start("lost");
        _memory.Stop("stopping");
        _memory.Next();
        _memory.Start("waiting");
        _memory.Lost();
        Assert.Null(_memory.Next());
        Assert.True(_memory.Start("kept"));

        // Half of the write had got there.
        Assert.Equal(["there"], _memory.Loaded(["kept", "stopping", "there"]));
        var again = _memory.Next()!;
        Assert.Equal(["lost", "waiting"], again.Started.Order());
        Assert.Equal(["stopping"], again.Stopped);
        Assert.Equal(["lost", "waiting"], _memory.Written(again.Number).Order());
        Assert.True(_memory.IsSettled);
        Assert.False(_memory.Contains("stopping"));
    }

    [Fact]
    public void A_name_whose_stop_was_lost_may_be_wanted_again()
    {
        _memory.Loaded(["a"]);
        _memory.Stop("a");
        _memory.Next();
        Assert.False(_memory.Start("a"));
        _memory.Lost();
        Assert.Equal(["a"], _memory.Loaded(["a"]));
        Assert.True(_memory.IsSettled);
    }

    [Fact]
    public void Who_leaves_writes_stops_and_no_starts()
    {
        _memory.Loaded(["a"]);
        _memory.Stop("a");
        _memory.Start("b");
        _memory.Leave();
        var last = _memory.Next()!;
        Assert.Empty(last.Started);
        Assert.Equal(["a"], last.Stopped);
    }

    [Fact]
    public void A_write_is_bounded()
    {
        _memory.Loaded([]);
        for (var i = 0; i < 2500; i++) _memory.Start($"{i}");
        var sizes = new List<int>();
        while (_memory.Next() is { } write)
        {
            sizes.Add(write.Started.Count);
            Assert.Equal(write.Started, _memory.Written(write.Number));
        }

        Assert.Equal([1000, 1000, 500], sizes);
    }
}
