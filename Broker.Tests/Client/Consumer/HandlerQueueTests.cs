using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Handling;
using FsCheck;
using FsCheck.Fluent;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>The handler loop's state machine: by example, and over random schedules.</summary>
public sealed class HandlerQueueTests
{
    private static readonly TopicPartition Zero = new("t", 0);

    [Fact]
    public void Equal_keys_go_one_after_the_other_and_others_beside_them()
    {
        var queue = new HandlerQueue(new HandlerOptions { Parallelism = 2 });
        foreach (var (offset, lane) in new[] { (0, 7), (1, 7), (2, 8), (3, 9) }) queue.Offer(Item(offset, lane));
        var first = Start(queue, 0);
        var third = Start(queue, 0);
        Assert.Equal((0, 2), (first!.Offset, third!.Offset));
        Assert.Null(Start(queue, 0));
        queue.Succeeded(third);
        Assert.Equal(0, queue.Committable(Zero, 4));
        Assert.Equal(3, Start(queue, 0)!.Offset);
        queue.Succeeded(first);
        Assert.Equal(1, queue.Committable(Zero, 4));
        Assert.Equal(1, Start(queue, 0)!.Offset);
    }

    [Fact]
    public void A_record_that_fails_waits_longer_each_time_holds_its_key_back_and_is_given_up_in_the_end()
    {
        var queue = new HandlerQueue(new HandlerOptions { Retries = 2, RetryBackoff = TimeSpan.FromMilliseconds(100), RetryBackoffMax = TimeSpan.FromMilliseconds(150) });
        queue.Offer(Item(0, 1));
        queue.Offer(Item(1, 1));
        Assert.True(queue.Failed(Start(queue, 0)!, true, 0));
        Assert.Null(Start(queue, 99));
        Assert.Equal(100, queue.NextDueMs);
        Assert.True(queue.Failed(Start(queue, 100)!, true, 100));
        Assert.Equal(250, queue.NextDueMs);
        var item = Start(queue, 250)!;
        Assert.False(queue.Failed(item, true, 250));
        Assert.Equal((1, 0), (queue.Active, queue.Committable(Zero, 2)));
        queue.Succeeded(item);
        Assert.Equal(1, Start(queue, 250)!.Offset);
    }

    [Fact]
    public void What_goes_to_another_member_is_not_begun_and_holds_the_commit_back_until_it_has_gone()
    {
        var queue = new HandlerQueue(new HandlerOptions());
        for (var i = 0; i < 4; i++) queue.Offer(Item(i, i / 2));
        var active = Start(queue, 0)!;
        Assert.Equal([1, 2, 3], queue.Withdraw([Zero]).Select(i => i.Offset));
        Assert.Null(Start(queue, 0));
        Assert.Equal(1, queue.ActiveOf([Zero]));
        queue.Succeeded(active);
        Assert.Equal((1, 0, 0), (queue.Committable(Zero, 4), queue.ActiveOf([Zero]), queue.Count));
        Assert.Empty(queue.Forget([Zero]));
        Assert.Equal(9, queue.Committable(Zero, 9));
    }

    [Fact]
    public void What_still_runs_when_its_partition_goes_counts_no_more()
    {
        var queue = new HandlerQueue(new HandlerOptions());
        queue.Offer(Item(0, 1));
        queue.Offer(Item(1, 1));
        var active = Start(queue, 0)!;
        Assert.Equal([1], queue.Withdraw([Zero], activeToo: true).Select(i => i.Offset));
        queue.Succeeded(active);
        Assert.Equal((0, 0, 0), (queue.Committable(Zero, 2), queue.Active, queue.Count));
    }

    [Fact]
    public void Where_records_are_asked_for_only_as_many_begin_and_in_their_order()
    {
        var queue = new HandlerQueue(new HandlerOptions { Parallelism = 1 }) { Permits = 2 };
        for (var i = 0; i < 4; i++) queue.Offer(Item(i, i));
        Assert.Equal((0, 1), (Start(queue, 0)!.Offset, Start(queue, 0)!.Offset));
        Assert.Null(Start(queue, 0));
        queue.Permits++;
        Assert.Equal(2, Start(queue, 0)!.Offset);
    }

    [Fact]
    public void Nothing_is_committed_ahead_of_what_was_handled_and_keys_keep_their_order_in_any_schedule()
        => Prop.ForAll<int>(seed => Schedule(new Random(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static void Schedule(Random dice)
    {
        var options = new HandlerOptions { Parallelism = dice.Next(1, 5), Retries = dice.Next(3), RetryBackoff = TimeSpan.FromMilliseconds(dice.Next(1, 50)) };
        var run = new Run(options, dice);
        for (var step = 0; step < 300; step++) run.Step();
        run.Finish();
    }

    private static HandlerItem Item(long offset, long lane) => new(Zero, offset, (Zero, lane));

    private static HandlerItem? Start(HandlerQueue queue, long nowMs) => queue.TryStart(nowMs, out var item) ? item : null;

    /// <summary>One random schedule and what has to hold in it.</summary>
    private sealed class Run(HandlerOptions options, Random dice)
    {
        private readonly HandlerQueue queue = new(options);
        private readonly TopicPartition[] partitions = [Zero, new("t", 1), new("u", 0)];
        private readonly Dictionary<TopicPartition, long> read = new() { [Zero] = 0, [new("t", 1)] = 0, [new("u", 0)] = 0 };
        private readonly Dictionary<TopicPartition, SortedSet<long>> open = new() { [Zero] = [], [new("t", 1)] = [], [new("u", 0)] = [] };
        private readonly Dictionary<(TopicPartition, long), long> last = [];
        private readonly List<HandlerItem> active = [];
        private long nowMs;

        public void Step()
        {
            nowMs += dice.Next(30);
            switch (dice.Next(10))
            {
                case < 4: Offer(); break;
                case < 8: EndOne(); break;
                case 8 when dice.Next(4) == 0: Lose(); break;
            }

            StartAll();
            Check();
        }

        public void Finish()
        {
            for (var i = 0; i < 100_000 && queue.Count > 0; i++)
            {
                nowMs += 1000;
                StartAll();
                EndOne();
            }

            Assert.Equal(0, queue.Count);
            foreach (var partition in partitions) Assert.Equal(read[partition], queue.Committable(partition, read[partition]));
        }

        private void Offer()
        {
            var partition = partitions[dice.Next(partitions.Length)];
            // Offsets have gaps: markers, and what was compacted away.
            var offset = read[partition] + dice.Next(2);
            read[partition] = offset + 1;
            open[partition].Add(offset);
            queue.Offer(new HandlerItem(partition, offset, (partition, dice.Next(4))));
        }

        private void StartAll()
        {
            while (queue.TryStart(nowMs, out var item))
            {
                Assert.DoesNotContain(active, a => a.Lane == item.Lane && !a.IsForgotten);
                Assert.True(last.GetValueOrDefault(item.Lane, -1) < item.Offset, "a key's records are in order");
                active.Add(item);
            }
        }

        private void EndOne()
        {
            if (active.Count == 0) return;
            var item = active[dice.Next(active.Count)];
            active.Remove(item);
            if (dice.Next(3) == 0 && queue.Failed(item, dice.Next(5) > 0, nowMs)) return;
            var counts = !item.IsForgotten;
            queue.Succeeded(item);
            if (!counts) return;
            open[item.Partition].Remove(item.Offset);
            last[item.Lane] = item.Offset;
        }

        // The partition goes and comes again, from where it was committed.
        private void Lose()
        {
            var partition = partitions[dice.Next(partitions.Length)];
            queue.Withdraw([partition]);
            Check();
            var committed = queue.Committable(partition, read[partition]);
            queue.Forget([partition]);
            open[partition].Clear();
            read[partition] = committed;
            foreach (var lane in last.Keys.Where(l => l.Item1 == partition).ToList()) last[lane] = Math.Min(last[lane], committed - 1);
        }

        private void Check()
        {
            Assert.InRange(queue.Active, 0, options.Parallelism);
            foreach (var partition in partitions)
            {
                var expected = open[partition].Count > 0 ? open[partition].Min : read[partition];
                Assert.Equal(expected, queue.Committable(partition, read[partition]));
            }
        }
    }
}
