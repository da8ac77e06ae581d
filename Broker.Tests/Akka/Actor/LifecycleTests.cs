using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Beginning, messages in their order, and the end.</summary>
public sealed class LifecycleTests : EngineFixture
{
    [Fact]
    public async Task An_actor_answers()
    {
        var echo = Spawn((message, context) => context.Sender.Tell(message, context.Self), "echo");
        Assert.Equal("hello", await echo.Ask<string>("hello", Patience));
        Assert.Equal("akka://test/user/echo", echo.Path.ToString());
    }

    [Fact]
    public async Task Messages_of_a_sender_arrive_in_their_order()
    {
        const int each = 20_000;
        var done = new TaskCompletionSource();
        var next = new int[4];
        var total = 0;
        var actor = Spawn((message, _) =>
        {
            var (producer, number) = ((int, int))message;
            if (next[producer]++ != number) done.TrySetException(new InvalidOperationException($"{producer}: {number} came as {next[producer] - 1}"));
            if (++total == each * next.Length) done.TrySetResult();
        });
        await Task.WhenAll(Enumerable.Range(0, next.Length).Select(producer => Task.Run(() =>
        {
            for (var i = 0; i < each; i++) actor.Tell((producer, i), ActorRefs.NoSender);
        })));
        await done.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task What_waits_when_an_actor_stops_becomes_dead_letters()
    {
        const int waiting = 100_000;
        var dead = 0;
        var counter = Spawn((_, _) => Interlocked.Increment(ref dead));
        System.EventStream.Subscribe<DeadLetter>(counter);
        var gate = new TaskCompletionSource();
        var actor = Spawn((_, context) =>
        {
            gate.Task.Wait();
            context.Stop(context.Self);
        });
        for (var i = 0; i <= waiting; i++) actor.Tell(i, ActorRefs.NoSender);
        var inlet = NewInlet();
        await inlet.Watch(actor);
        gate.SetResult();
        Assert.IsType<Terminated>(await inlet.Next());
        await Eventually.Holds(() => Volatile.Read(ref dead) == waiting, "all waiting messages are dead letters");
    }

    [Fact]
    public async Task A_poison_pill_waits_for_its_turn()
    {
        var inlet = NewInlet();
        var actor = Spawn((message, _) => inlet.Ref.Tell(message, ActorRefs.NoSender));
        await inlet.Watch(actor);
        actor.Tell(1, ActorRefs.NoSender);
        actor.Tell(2, ActorRefs.NoSender);
        actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        actor.Tell(3, ActorRefs.NoSender);
        await inlet.Expect(1, 2);
        Assert.Equal(actor, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    [Fact]
    public async Task A_name_is_free_again_when_its_actor_ended()
    {
        var inlet = NewInlet();
        var first = Spawn((_, _) => { }, "one");
        Assert.Throws<InvalidActorNameException>(() => Spawn((_, _) => { }, "one"));
        await inlet.Watch(first);
        System.Stop(first);
        Assert.IsType<Terminated>(await inlet.Next());
        var second = Spawn((message, context) => context.Sender.Tell(message, context.Self), "one");
        Assert.NotEqual(first, second);
        Assert.Equal(first.Path, second.Path);
        Assert.Equal("x", await second.Ask<string>("x", Patience));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void A_malformed_name_is_refused(string name)
        => Assert.Throws<InvalidActorNameException>(() => Spawn((_, _) => { }, name));

    [Fact]
    public async Task Children_end_before_their_parents()
    {
        var inlet = NewInlet();
        var parent = System.ActorOf(By(() => new Family("parent", inlet.Ref)), "parent");
        Assert.Equal("ready", await parent.Ask<string>("ready?", Patience));
        await inlet.Watch(parent);
        System.Stop(parent);
        var ended = new[] { await inlet.Next(), await inlet.Next(), await inlet.Next() };
        Assert.Equal("parent", ended[2]);
        Assert.Equal(["child1", "child2"], ended[..2].Cast<string>().Order());
        Assert.IsType<Terminated>(await inlet.Next());
    }

    [Fact]
    public async Task A_throwing_PostStop_does_not_keep_an_actor_alive()
    {
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new ThrowsAtItsEnd()), "bad");
        await inlet.Watch(actor);
        System.Stop(actor);
        Assert.IsType<Terminated>(await inlet.Next());
        Assert.NotNull(Spawn((_, _) => { }, "bad"));
    }

    [Fact]
    public async Task Users_actors_end_before_the_systems_own()
    {
        var system = ActorSystem.Create("order", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
        var log = new List<string>();
        var service = ((ExtendedActorSystem)system).SystemActorOf(By(() => new Family("service", log)), "service");
        var user = system.ActorOf(By(() => new Family("user", log)), "user");
        await Task.WhenAll(service.Ask<string>("ready?", Patience), user.Ask<string>("ready?", Patience));
        system.RegisterOnTermination(() => log.Add("hook 1"));
        system.RegisterOnTermination(() => log.Add("hook 2"));
        await system.Terminate().WaitAsync(Patience);
        Assert.Equal(8, log.Count);
        Assert.Equal(["user", "service", "hook 2", "hook 1"], log.Where(entry => !entry.StartsWith("child", StringComparison.Ordinal)));
        Assert.Throws<InvalidOperationException>(() => system.RegisterOnTermination(() => { }));
    }

    [Fact]
    public async Task Nobody_joins_a_system_that_ends()
    {
        var system = ActorSystem.Create("ending", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
        await system.Terminate().WaitAsync(Patience);
        Assert.Throws<InvalidOperationException>(() => system.ActorOf(By(() => new ThrowsAtItsEnd())));
        await system.Terminate().WaitAsync(Patience);
    }

    [Fact]
    public async Task One_that_joins_while_the_others_are_being_stopped_does_not_keep_a_system_alive()
    {
        var system = ActorSystem.Create("joining", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");
        var interposing = new InterposingDispatcher(system.Dispatchers.Prerequisites);
        system.Dispatchers.RegisterConfigurator("interposing", interposing);
        var first = system.ActorOf(By(() => new Family("child", [])).WithDispatcher("interposing"));
        await first.Ask<string>("ready?", Patience);
        // The answer comes before the turn that gave it ends, and a stop that finds a turn under way asks for none.
        await Eventually.Holds(() => interposing.IsIdle, "the turn has ended");
        var refused = new TaskCompletionSource<Exception?>();
        interposing.BeforeTurn = () => refused.TrySetResult(Record.Exception(() => system.ActorOf(By(() => new Family("child", [])))));
        await system.Terminate().WaitAsync(Patience);
        Assert.IsType<InvalidOperationException>(await refused.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_system_that_is_terminated_while_it_still_begins_ends()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await ActorSystem.Create("brief", "akka.loglevel = OFF, akka.stdout-loglevel = OFF").Terminate().WaitAsync(Patience);
        })));
    }

    [Fact]
    public void Actors_are_made_by_ActorOf_only() => Assert.Throws<ActorInitializationException>(() => new ThrowsAtItsEnd());

    [Fact]
    public async Task A_message_for_one_that_ended_is_a_dead_letter_with_its_sender()
    {
        var events = Events<DeadLetter>();
        var actor = Spawn((_, _) => { });
        await events.Watch(actor);
        System.Stop(actor);
        Assert.IsType<Terminated>(await events.Next());
        actor.Tell("late", events.Ref);
        var dead = Assert.IsType<DeadLetter>(await events.Next());
        Assert.Equal(("late", events.Ref, actor), (dead.Message, dead.Sender, dead.Recipient));
    }

    [Fact]
    public async Task A_message_that_nobody_handles_is_published()
    {
        var events = Events<UnhandledMessage>();
        var actor = System.ActorOf(By(() => new OnlyStrings()));
        actor.Tell(17, events.Ref);
        var unhandled = Assert.IsType<UnhandledMessage>(await events.Next());
        Assert.Equal((17, events.Ref, actor), (unhandled.Message, unhandled.Sender, unhandled.Recipient));
    }

    [Fact]
    public void A_null_message_is_refused() => Assert.Throws<InvalidMessageException>(() => System.DeadLetters.Tell(null!, ActorRefs.NoSender));

    /// <summary>Calls somebody before it has a turn run, on the thread that asks for the turn.</summary>
    private sealed class InterposingDispatcher(IDispatcherPrerequisites prerequisites) : MessageDispatcherConfigurator(Config.Empty, prerequisites)
    {
        private Turns? _turns;
        private int _open;

        /// <summary>No turn is asked for or under way: the next message asks for one.</summary>
        public bool IsIdle => Volatile.Read(ref _open) == 0;

        public Action? BeforeTurn { get; set; }

        public override MessageDispatcher Dispatcher() => _turns ??= new Turns(this);

        private sealed class Turns(InterposingDispatcher owner) : MessageDispatcher(owner)
        {
            protected override void ExecuteTask(IRunnable run)
            {
                owner.BeforeTurn?.Invoke();
                Interlocked.Increment(ref owner._open);
                ThreadPool.UnsafeQueueUserWorkItem(
                    turn =>
                    {
                        turn.Run();
                        Interlocked.Decrement(ref owner._open);
                    },
                    run,
                    preferLocal: false);
            }
        }
    }

    private sealed class OnlyStrings : ReceiveActor
    {
        public OnlyStrings() => Receive<string>(_ => { });
    }

    private sealed class ThrowsAtItsEnd : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => throw new InvalidOperationException("at its end");
    }

    private sealed class Family : UntypedActor
    {
        private readonly string _name;
        private readonly Action<string> _tell;

        public Family(string name, IActorRef inlet)
            : this(name, ended => inlet.Tell(ended, ActorRefs.NoSender))
        {
        }

        public Family(string name, List<string> log)
            : this(name, ended =>
            {
                lock (log) log.Add(ended);
            })
        {
        }

        private Family(string name, Action<string> tell)
        {
            _name = name;
            _tell = tell;
            if (name.StartsWith("child", StringComparison.Ordinal)) return;
            Context.ActorOf(By(() => new Family("child1", tell)));
            Context.ActorOf(By(() => new Family("child2", tell)));
        }

        protected override void OnReceive(object message) => Sender.Tell("ready", Self);

        protected override void PostStop() => _tell(_name);
    }
}
