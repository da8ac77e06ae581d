using Akka.Actor;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Failures, and what supervisors make of them.</summary>
public sealed class SupervisionTests : EngineFixture
{
    [Fact]
    public async Task A_restart_keeps_the_mailbox_and_loses_the_failed_message()
    {
        var inlet = NewInlet();
        var (_, child) = await Supervise(inlet, new OneForOneStrategy(_ => Directive.Restart));
        child.Tell("count", inlet.Ref);
        child.Tell("fail", inlet.Ref);
        child.Tell("count", inlet.Ref);
        await inlet.Expect("start 1", "count 1", "prerestart fail", "stop 1", "postrestart", "start 2", "count 1");
    }

    [Fact]
    public async Task A_resume_keeps_the_state()
    {
        var inlet = NewInlet();
        var (_, child) = await Supervise(inlet, new OneForOneStrategy(_ => Directive.Resume));
        child.Tell("count", inlet.Ref);
        child.Tell("fail", inlet.Ref);
        child.Tell("count", inlet.Ref);
        await inlet.Expect("start 1", "count 1", "count 2");
    }

    [Fact]
    public async Task A_stop_ends_the_child()
    {
        var inlet = NewInlet();
        var (_, child) = await Supervise(inlet, new OneForOneStrategy(_ => Directive.Stop));
        await inlet.Watch(child);
        child.Tell("fail", inlet.Ref);
        await inlet.Expect("start 1", "stop 1");
        Assert.IsType<Terminated>(await inlet.Next());
    }

    [Fact]
    public async Task Too_many_failures_in_the_window_end_the_child()
    {
        var inlet = NewInlet();
        var (_, child) = await Supervise(inlet, new OneForOneStrategy(2, TimeSpan.FromMinutes(10), _ => Directive.Restart));
        await inlet.Watch(child);
        for (var i = 0; i < 3; i++) child.Tell("fail", inlet.Ref);
        await inlet.Expect(
            "start 1", "prerestart fail", "stop 1", "postrestart", "start 2", "prerestart fail", "stop 2", "postrestart", "start 3", "stop 3");
        Assert.IsType<Terminated>(await inlet.Next());
    }

    [Fact]
    public async Task One_for_all_restarts_the_siblings_too()
    {
        var inlet = NewInlet();
        var (parent, child) = await Supervise(inlet, new AllForOneStrategy(_ => Directive.Restart));
        var sibling = await parent.Ask<IActorRef>(Incarnations(inlet.Ref), Patience);
        await inlet.Expect("start 1", "start 1");
        sibling.Tell("count", inlet.Ref);
        await inlet.Expect("count 1");
        child.Tell("fail", inlet.Ref);
        var seen = new List<object>();
        for (var i = 0; i < 8; i++) seen.Add(await inlet.Next());
        Assert.Equal(["postrestart", "postrestart", "prerestart ", "prerestart fail", "start 2", "start 2", "stop 1", "stop 1"], seen.Cast<string>().Order(StringComparer.Ordinal));
        sibling.Tell("count", inlet.Ref);
        await inlet.Expect("count 1");
    }

    [Fact]
    public async Task A_failure_nobody_wants_goes_up_to_who_does()
    {
        var inlet = NewInlet();
        var top = System.ActorOf(By(() => new Supervising(new OneForOneStrategy(_ => Directive.Restart), inlet.Ref, "top")));
        var middle = await top.Ask<IActorRef>(By(() => new Supervising(new OneForOneStrategy(_ => Directive.Escalate), inlet.Ref, "middle")), Patience);
        var child = await middle.Ask<IActorRef>(Incarnations(inlet.Ref), Patience);
        await inlet.Expect("start 1");
        await inlet.Watch(child);
        child.Tell("fail", inlet.Ref);

        // The middle one is restarted, and its children end with its old instance.
        var seen = new List<object> { await inlet.Next(), await inlet.Next(), await inlet.Next() };
        Assert.Equal("middle fails with fail", seen[0]);
        Assert.Contains("stop 1", seen);
        Assert.Contains(seen, each => each is Terminated);
        Assert.Equal("still here", await middle.Ask<string>("hello", Patience));
    }

    [Fact]
    public async Task Escalation_from_the_top_ends_the_system()
    {
        var system = ActorSystem.Create("escalating", """
            akka { loglevel = OFF, stdout-loglevel = OFF
                   actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy" }
            """);
        var actor = system.ActorOf(By(() => new Supervising(new OneForOneStrategy(_ => Directive.Escalate), ActorRefs.Nobody, "top")));
        var child = await actor.Ask<IActorRef>(Incarnations(ActorRefs.Nobody), Patience);
        Assert.True(await Failing.EndOf(child, actor, Patience));
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_failing_constructor_stops_the_actor_by_default()
    {
        var inlet = NewInlet();
        var parent = System.ActorOf(By(() => new Supervising(null, inlet.Ref, "parent")));
        var child = await parent.Ask<IActorRef>(By(() => throw new InvalidOperationException("no")), Patience);
        await inlet.Watch(child);
        Assert.Equal(child, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    [Fact]
    public async Task A_failing_constructor_is_reported_as_such()
    {
        var seen = new TaskCompletionSource<Exception>();
        var parent = System.ActorOf(By(() => new Supervising(new OneForOneStrategy(e =>
        {
            seen.TrySetResult(e);
            return Directive.Stop;
        }), ActorRefs.Nobody, "parent")));
        await parent.Ask<IActorRef>(By(() => throw new InvalidOperationException("no")), Patience);
        var reported = Assert.IsType<ActorInitializationException>(await seen.Task.WaitAsync(Patience));
        Assert.Equal("no", Assert.IsType<InvalidOperationException>(reported.InnerException).Message);
    }

    [Fact]
    public async Task A_constructor_that_fails_at_first_is_tried_again()
    {
        var attempts = 0;
        var parent = System.ActorOf(By(() => new Supervising(new OneForOneStrategy(_ => Directive.Restart), ActorRefs.Nobody, "parent")));
        var child = await parent.Ask<IActorRef>(
            By(() => Interlocked.Increment(ref attempts) < 3 ? throw new InvalidOperationException("not yet") : new Acting((message, context) => context.Sender.Tell(message, context.Self))),
            Patience);
        Assert.Equal("hello", await child.Ask<string>("hello", Patience));
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task A_failing_PostRestart_is_a_failure_of_the_new_instance()
    {
        var seen = new List<Exception>();
        var inlet = NewInlet();
        var parent = System.ActorOf(By(() => new Supervising(new OneForOneStrategy(e =>
        {
            seen.Add(e);
            return e is PostRestartException ? Directive.Stop : Directive.Restart;
        }), inlet.Ref, "parent")));
        var child = await parent.Ask<IActorRef>(By(() => new FailsAfterRestart()), Patience);
        await inlet.Watch(child);
        child.Tell("fail", ActorRefs.NoSender);
        Assert.IsType<Terminated>(await inlet.Next());
        Assert.Collection(seen, e => Assert.Equal("fail", e.Message), e => Assert.Equal("fail", Assert.IsType<PostRestartException>(e).OriginalCause.Message));
    }

    [Fact]
    public async Task A_failing_PreRestart_does_not_keep_the_actor_from_restarting()
    {
        var actor = System.ActorOf(By(() => new FailsBeforeRestart()));
        actor.Tell("fail", ActorRefs.NoSender);
        Assert.Equal("hello", await actor.Ask<string>("hello", Patience));
    }

    [Fact]
    public async Task What_PreRestart_sends_to_itself_reaches_the_new_instance()
    {
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Retrying(inlet.Ref)));
        actor.Tell("once", inlet.Ref);
        await inlet.Expect("failed at once", "again once");
    }

    [Fact]
    public async Task Children_that_end_in_their_time_delay_a_restart()
    {
        var inlet = NewInlet();
        var parent = System.ActorOf(By(() => new Parent(inlet.Ref)));
        await inlet.Expect("child up");
        parent.Tell("fail", ActorRefs.NoSender);
        await inlet.Expect("child down", "child up");
    }

    [Fact]
    public async Task A_behaviour_does_not_outlive_a_restart()
    {
        var actor = System.ActorOf(By(() => new Changing()));
        Assert.Equal("initial", await actor.Ask<string>("?", Patience));
        actor.Tell("become", ActorRefs.NoSender);
        Assert.Equal("changed", await actor.Ask<string>("?", Patience));
        actor.Tell("fail", ActorRefs.NoSender);
        Assert.Equal("initial", await actor.Ask<string>("?", Patience));
    }

    [Fact]
    public async Task Kill_is_a_failure()
    {
        var inlet = NewInlet();
        var seen = new TaskCompletionSource<Exception>();
        var (_, child) = await Supervise(inlet, new OneForOneStrategy(e =>
        {
            seen.TrySetResult(e);
            return Directive.Stop;
        }));
        await inlet.Watch(child);
        child.Tell(Kill.Instance, ActorRefs.NoSender);
        await inlet.Expect("start 1", "stop 1");
        Assert.IsType<Terminated>(await inlet.Next());
        Assert.IsType<ActorKilledException>(await seen.Task);
    }

    [Fact]
    public async Task System_messages_overtake_user_messages()
    {
        var inlet = NewInlet();
        var gate = new TaskCompletionSource();
        var actor = Spawn((message, _) =>
        {
            inlet.Ref.Tell(message, ActorRefs.NoSender);
            gate.Task.Wait();
        });
        await inlet.Watch(actor);
        actor.Tell("wait", ActorRefs.NoSender);
        await inlet.Expect("wait");
        for (var i = 0; i < 100; i++) actor.Tell(i, ActorRefs.NoSender);
        System.Stop(actor);
        gate.SetResult();
        Assert.IsType<Terminated>(await inlet.Next());
    }

    private async Task<(IActorRef Parent, IActorRef Child)> Supervise(Inlet inlet, SupervisorStrategy strategy)
    {
        var parent = System.ActorOf(By(() => new Supervising(strategy, inlet.Ref, "parent")));
        var child = await parent.Ask<IActorRef>(Incarnations(inlet.Ref), Patience);
        return (parent, child);
    }

    private static Props Incarnations(IActorRef inlet)
    {
        var made = 0;
        return By(() => new Failing(inlet, Interlocked.Increment(ref made)));
    }

    private sealed class Supervising(SupervisorStrategy? strategy, IActorRef inlet, string name) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy ?? base.SupervisorStrategy();

        protected override void PreRestart(Exception reason, object? message)
        {
            inlet.Tell($"{name} fails with {reason.Message}", ActorRefs.NoSender);
            base.PreRestart(reason, message);
        }

        protected override void OnReceive(object message)
        {
            if (message is Props props) Sender.Tell(Context.ActorOf(props), Self);
            else Sender.Tell("still here", Self);
        }
    }

    private sealed class Failing(IActorRef inlet, int instance) : UntypedActor
    {
        private int _count;

        public static async Task<bool> EndOf(IActorRef child, IActorRef parent, TimeSpan patience)
        {
            var end = parent.WatchAsync(new CancellationTokenSource(patience).Token);
            child.Tell("fail", ActorRefs.NoSender);
            return await end;
        }

        protected override void PreStart() => inlet.Tell($"start {instance}", ActorRefs.NoSender);

        protected override void PostStop() => inlet.Tell($"stop {instance}", ActorRefs.NoSender);

        protected override void PreRestart(Exception reason, object? message)
        {
            inlet.Tell($"prerestart {message}", ActorRefs.NoSender);
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            inlet.Tell("postrestart", ActorRefs.NoSender);
            base.PostRestart(reason);
        }

        protected override void OnReceive(object message)
        {
            if (message is "fail") throw new InvalidOperationException("fail");
            if (message is "count") Sender.Tell($"count {++_count}", Self);
        }
    }

    private sealed class FailsAfterRestart : UntypedActor
    {
        protected override void PostRestart(Exception reason) => throw new InvalidOperationException("after");

        protected override void OnReceive(object message) => throw new InvalidOperationException((string)message);
    }

    private sealed class FailsBeforeRestart : UntypedActor
    {
        protected override void PreRestart(Exception reason, object? message) => throw new InvalidOperationException("before");

        protected override void OnReceive(object message)
        {
            if (message is "fail") throw new InvalidOperationException("fail");
            Sender.Tell(message, Self);
        }
    }

    private sealed class Retrying(IActorRef inlet) : UntypedActor
    {
        protected override void PreRestart(Exception reason, object? message)
        {
            inlet.Tell($"failed at {message}", ActorRefs.NoSender);
            Self.Tell($"again {message}", Sender);
        }

        protected override void OnReceive(object message)
        {
            if (message is "once") throw new InvalidOperationException("fail");
            Sender.Tell(message, Self);
        }
    }

    private sealed class Parent(IActorRef inlet) : UntypedActor
    {
        protected override void PreStart() => Context.ActorOf(By(() => new Child(inlet)), "child");

        protected override void OnReceive(object message) => throw new InvalidOperationException("fail");

        private sealed class Child(IActorRef inlet) : UntypedActor
        {
            protected override void PreStart() => inlet.Tell("child up", ActorRefs.NoSender);

            protected override void PostStop() => inlet.Tell("child down", ActorRefs.NoSender);

            protected override void OnReceive(object message)
            {
            }
        }
    }

    private sealed class Changing : ReceiveActor
    {
        public Changing()
        {
            Receive<string>(message => message == "become", _ => Become(Changed));
            Receive<string>(_ => Sender.Tell("initial", Self));
        }

        private void Changed()
        {
            Receive<string>(message => message == "fail", _ => throw new InvalidOperationException("fail"));
            ReceiveAny(_ => Sender.Tell("changed", Self));
        }
    }
}
