using Akka.Dispatch;
using AkkaStream.Host;
using AkkaStream.Host.Kafka;

namespace AkkaStream.Tests.Host.Kafka;

public class LoopTurnsTests
{
    private readonly List<string> reported = [];
    private readonly LoopTurns turns;

    public LoopTurnsTests() => turns = new LoopTurns((what, failure) => reported.Add($"{what}: {failure.Message}"));

    [Fact]
    public void Turns_run_in_order_on_the_thread_that_took_them()
    {
        var ran = new List<(int Turn, int Thread)>();
        for (var i = 0; i < 3; i++)
        {
            var turn = i;
            Assert.True(turns.TryTake(new ActionRunnable(() => ran.Add((turn, Environment.CurrentManagedThreadId)))));
        }

        Assert.Empty(ran);
        turns.Run();
        Assert.Equal([0, 1, 2], ran.Select(r => r.Turn));
        Assert.All(ran, r => Assert.Equal(Environment.CurrentManagedThreadId, r.Thread));
    }

    [Fact]
    public void What_a_turn_leads_to_runs_in_the_same_round()
    {
        var ran = 0;
        turns.TryTake(new ActionRunnable(() => turns.TryTake(new ActionRunnable(() => ran++))));
        turns.Run();
        Assert.Equal(1, ran);
    }

    [Fact]
    public void A_turn_that_throws_is_told_and_the_others_run()
    {
        var ran = 0;
        turns.TryTake(new ActionRunnable(() => throw new InvalidOperationException("broken")));
        turns.TryTake(new ActionRunnable(() => ran++));
        turns.Run();
        Assert.Equal(1, ran);
        Assert.Contains("broken", Assert.Single(reported));
    }

    [Fact]
    public async Task Turns_that_never_end_leave_the_loop_to_its_sockets()
    {
        var inRun = true;
        var onLoop = 0;
        var elsewhere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Again();
        turns.Run();
        inRun = false;
        await elsewhere.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(Limits.LoopTurnsInARow, onLoop);

        void Again() => turns.TryTake(new ActionRunnable(() =>
        {
            // The last one is the thread pool's: it comes while the loop runs its turns or later, on any thread.
            if (onLoop == Limits.LoopTurnsInARow || !inRun)
            {
                elsewhere.SetResult();
                return;
            }

            onLoop++;
            Again();
        }));
    }

    [Fact]
    public void After_many_bytes_turns_are_the_thread_pools()
    {
        turns.Received(Limits.LoopTurnBytes + 1);
        Assert.False(turns.TryTake(new ActionRunnable(() => { })));
        turns.Run();
        Assert.True(turns.TryTake(new ActionRunnable(() => { })));
    }

    [Fact]
    public void No_more_turns_wait_than_the_limit()
    {
        for (var i = 0; i < Limits.LoopTurnsWaiting; i++) Assert.True(turns.TryTake(new ActionRunnable(() => { })));
        Assert.False(turns.TryTake(new ActionRunnable(() => { })));
    }

    [Fact]
    public void Other_threads_have_no_turns()
    {
        Assert.Null(LoopTurns.Current);
    }
}
