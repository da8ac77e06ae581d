using Akka.Actor;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>What happens later, and what is called off.</summary>
public sealed class SchedulerTests : EngineFixture
{
    [Fact]
    public async Task Messages_come_in_the_order_of_their_deadlines_and_none_early()
    {
        var inlet = NewInlet();
        var start = System.Scheduler.MonotonicClock;
        foreach (var delay in new[] { 60, 20, 40, 0 }) System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(delay), inlet.Ref, delay, ActorRefs.NoSender);
        foreach (var delay in new[] { 0, 20, 40, 60 })
        {
            await inlet.Expect(delay);
            Assert.True(System.Scheduler.MonotonicClock - start >= TimeSpan.FromMilliseconds(delay));
        }
    }

    [Fact]
    public async Task What_is_called_off_does_not_happen()
    {
        var inlet = NewInlet();
        var off = System.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(10), inlet.Ref, "never", ActorRefs.NoSender);
        off.Cancel();
        Assert.True(off.IsCancellationRequested);
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(1), inlet.Ref, "before", ActorRefs.NoSender, Cancelable.CreateCanceled());
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(20), inlet.Ref, "after", ActorRefs.NoSender);
        await inlet.Expect("after");
    }

    [Fact]
    public async Task What_is_repeated_ends_when_it_is_called_off()
    {
        var count = 0;
        var repeated = System.Scheduler.Advanced.ScheduleRepeatedlyCancelable(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), () => Interlocked.Increment(ref count));
        await Eventually.Holds(() => Volatile.Read(ref count) >= 5, "it repeats");
        repeated.Cancel();
        var inlet = NewInlet();
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(10), inlet.Ref, "later", ActorRefs.NoSender);
        await inlet.Expect("later");
        var after = Volatile.Read(ref count);
        System.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(10), inlet.Ref, "much later", ActorRefs.NoSender);
        await inlet.Expect("much later");
        Assert.Equal(after, Volatile.Read(ref count));
    }

    [Fact]
    public async Task An_action_that_throws_harms_no_other()
    {
        var done = new TaskCompletionSource();
        System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(1), () => throw new InvalidOperationException("bad"));
        System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(2), done.SetResult);
        await done.Task.WaitAsync(Patience);
    }

    [Fact]
    public void Impossible_times_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => System.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(-1), () => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => System.Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.Zero, TimeSpan.Zero, () => { }));
    }

    [Fact]
    public void Many_deadlines_come_and_go_in_any_order()
    {
        var dice = new Random(17);
        var heap = new DeadlineHeap();
        var all = new List<ScheduledAction>();
        for (var i = 0; i < 10_000; i++)
        {
            var work = new ScheduledAction(() => { }) { Deadline = dice.Next(5_000) };
            all.Add(work);
            heap.Add(work);
            if (dice.Next(3) != 0) continue;
            var at = dice.Next(all.Count);
            heap.Remove(all[at]);
            heap.Remove(all[at]);
            all.RemoveAt(at);
        }

        var expected = all.Select(work => work.Deadline).Order().ToList();
        var found = new List<long>();
        while (heap.Count > 0)
        {
            found.Add(heap.First.Deadline);
            heap.Remove(heap.First);
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public void Cancelables_follow_each_other()
    {
        var first = new Cancelable(System.Scheduler);
        var linked = Cancelable.CreateLinkedCancelable(System.Scheduler, first, new Cancelable(System.Scheduler));
        Assert.False(linked.IsCancellationRequested);
        first.Cancel();
        Assert.True(linked.IsCancellationRequested);
        Assert.True(linked.Token.IsCancellationRequested);
    }
}
