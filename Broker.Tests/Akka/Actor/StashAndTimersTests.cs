using Akka.Actor;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Messages put aside, and messages that come by themselves.</summary>
public sealed class StashAndTimersTests : EngineFixture
{
    [Fact]
    public async Task What_was_put_aside_comes_first_and_in_its_order()
    {
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Stashing(inlet.Ref)));
        foreach (var message in new[] { "a", "b", "c", "open", "d" }) actor.Tell(message, inlet.Ref);
        await inlet.Expect("a", "b", "c", "d");
    }

    [Fact]
    public async Task A_full_stash_is_a_failure()
    {
        var seen = new TaskCompletionSource<Exception>();
        var strategy = new OneForOneStrategy(e =>
        {
            seen.TrySetResult(e);
            return Directive.Stop;
        });
        var parent = System.ActorOf(By(() => new ParentOf(By(() => new BoundedStashing()).WithStashCapacity(2), strategy)));
        for (var i = 0; i < 3; i++) parent.Tell(i, ActorRefs.NoSender);
        Assert.IsType<StashOverflowException>(await seen.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_restart_brings_back_what_was_put_aside()
    {
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Stashing(inlet.Ref)));
        foreach (var message in new[] { "a", "b", "fail", "open" }) actor.Tell(message, inlet.Ref);
        await inlet.Expect("a", "b");
    }

    [Fact]
    public async Task A_message_is_put_aside_once_only()
    {
        var outcome = new TaskCompletionSource<Exception?>();
        var actor = System.ActorOf(By(() => new StashingTwice(outcome)));
        actor.Tell("a", ActorRefs.NoSender);
        Assert.IsType<IllegalActorStateException>(await outcome.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_single_timer_fires_once_and_a_periodic_one_until_it_is_cancelled()
    {
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Timed(inlet.Ref)));
        actor.Tell("single", ActorRefs.NoSender);
        await inlet.Expect("ding", "active: ");
        actor.Tell("periodic", ActorRefs.NoSender);
        await inlet.Expect("tick 1", "tick 2", "tick 3", "active: ");
        await inlet.ExpectNothing();
    }

    [Fact]
    public async Task A_timer_that_was_replaced_does_not_arrive_even_from_the_mailbox()
    {
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Timed(inlet.Ref)));
        actor.Tell("replace", ActorRefs.NoSender);
        await inlet.Expect("new");
        await inlet.ExpectNothing();
    }

    [Fact]
    public async Task Timers_end_with_a_restart()
    {
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Timed(inlet.Ref)));
        actor.Tell("fail", ActorRefs.NoSender);
        actor.Tell("active", ActorRefs.NoSender);
        await inlet.Expect("active: ");
    }

    [Fact]
    public async Task A_receive_timeout_comes_when_nothing_else_does_and_again()
    {
        var inlet = NewInlet();
        var actor = Spawn((message, context) =>
        {
            if (message is TimeSpan timeout) context.SetReceiveTimeout(timeout);
            else if (message is "off") context.SetReceiveTimeout(null);
            inlet.Ref.Tell(message, ActorRefs.NoSender);
        });
        var time = TimeSpan.FromMilliseconds(30);
        actor.Tell(time, ActorRefs.NoSender);
        await inlet.Expect(time, ReceiveTimeout.Instance, ReceiveTimeout.Instance);
        actor.Tell("off", ActorRefs.NoSender);
        object message;
        do message = await inlet.Next();
        while (message is ReceiveTimeout);
        Assert.Equal("off", message);
    }

    private sealed class Stashing : UntypedActorWithUnboundedStash
    {
        private readonly IActorRef _inlet;
        private bool _open;

        public Stashing(IActorRef inlet) => _inlet = inlet;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "fail":
                    throw new InvalidOperationException("fail");
                default:
                    if (_open) _inlet.Tell(message, Sender);
                    else Stash.Stash();
                    break;
            }
        }
    }

    private sealed class BoundedStashing : UntypedActor, IWithBoundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message) => Stash.Stash();
    }

    private sealed class StashingTwice(TaskCompletionSource<Exception?> outcome) : UntypedActorWithStash
    {
        protected override void OnReceive(object message)
        {
            Stash.Stash();
            outcome.TrySetResult(Record.Exception(Stash.Stash));
        }
    }

    private sealed class ParentOf(Props props, SupervisorStrategy strategy) : UntypedActor
    {
        private IActorRef _child = ActorRefs.Nobody;

        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void PreStart() => _child = Context.ActorOf(props);

        protected override void OnReceive(object message) => _child.Forward(message);
    }

    private sealed class Timed(IActorRef inlet) : UntypedActor, IWithTimers
    {
        private int _ticks;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "single":
                    Timers.StartSingleTimer("t", "ding", TimeSpan.FromMilliseconds(1));
                    break;
                case "periodic":
                    Timers.StartPeriodicTimer("t", "tick", TimeSpan.FromMilliseconds(1));
                    break;
                case "replace":
                    Timers.StartSingleTimer("t", "old", TimeSpan.Zero);
                    Timers.StartSingleTimer("t", "new", TimeSpan.FromMilliseconds(1));
                    break;
                case "fail":
                    Timers.StartSingleTimer("t", "never", TimeSpan.Zero);
                    throw new InvalidOperationException("fail");
                case "active":
                    TellActive();
                    break;
                case "tick":
                    inlet.Tell($"tick {++_ticks}", Self);
                    if (_ticks < 3) break;
                    Timers.Cancel("t");
                    TellActive();
                    break;
                default:
                    inlet.Tell(message, Self);
                    if (message is "ding") TellActive();
                    break;
            }
        }

        private void TellActive() => inlet.Tell($"active: {string.Join(",", Timers.ActiveTimers)}", Self);
    }
}
