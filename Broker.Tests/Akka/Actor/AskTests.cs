using Akka.Actor;
using Akka.Event;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Questions, their answers, and tasks as messages.</summary>
public sealed class AskTests : EngineFixture
{
    [Fact]
    public async Task No_answer_in_time_is_a_timeout_and_a_late_one_a_dead_letter()
    {
        var dead = Events<DeadLetter>();
        var asked = new TaskCompletionSource<IActorRef>();
        var actor = Spawn((_, context) => asked.SetResult(context.Sender));
        await Assert.ThrowsAsync<AskTimeoutException>(() => actor.Ask<string>("?", TimeSpan.FromMilliseconds(20)));
        (await asked.Task).Tell("late", actor);
        Assert.Equal("late", Assert.IsType<DeadLetter>(await dead.Next()).Message);
    }

    [Fact]
    public async Task Whoever_waits_for_an_answer_does_not_wait_longer_than_the_system_is_there()
    {
        var system = ActorSystem.Create("ends", "akka { loggers = [], stdout-loglevel = OFF }");
        var answer = system.ActorOf(Props.Create(() => new Silent())).Ask<string>("?", TimeSpan.FromHours(1));
        await system.Terminate();
        await Assert.ThrowsAsync<AskTimeoutException>(() => answer.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        var dead = Events<DeadLetter>();
        var actor = Spawn((_, context) =>
        {
            context.Sender.Tell("first", context.Self);
            context.Sender.Tell("second", context.Self);
        });
        Assert.Equal("first", await actor.Ask<string>("?", Patience));
        Assert.Equal("second", Assert.IsType<DeadLetter>(await dead.Next()).Message);
    }

    [Fact]
    public async Task A_failure_as_answer_is_the_tasks_failure()
    {
        var actor = Spawn((_, context) => context.Sender.Tell(new Status.Failure(new InvalidDataException("bad")), context.Self));
        Assert.Equal("bad", (await Assert.ThrowsAsync<InvalidDataException>(() => actor.Ask<string>("?", Patience))).Message);
    }

    [Fact]
    public async Task An_answer_of_another_type_is_a_failure()
    {
        var actor = Spawn((_, context) => context.Sender.Tell(17, context.Self));
        await Assert.ThrowsAsync<ArgumentException>(() => actor.Ask<string>("?", Patience));
    }

    [Fact]
    public async Task An_ask_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var asking = Spawn((_, _) => { }).Ask<string>("?", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_question_may_carry_its_answers_address()
    {
        var actor = Spawn((message, _) => ((IActorRef)message).Tell("here", ActorRefs.NoSender));
        Assert.Equal("here", await actor.Ask<string>(reply => reply, Patience, CancellationToken.None));
    }

    [Fact]
    public async Task The_answers_address_can_be_found_by_its_path_until_it_came()
    {
        var actor = Spawn((_, context) =>
        {
            var path = context.Sender.Path.ToStringWithAddress();
            Assert.StartsWith("akka://test/temp/", path, StringComparison.Ordinal);
            context.ActorSelection(path).Tell("by path", context.Self);
        });
        Assert.Equal("by path", await actor.Ask<string>("?", Patience));
    }

    [Fact]
    public async Task Forward_keeps_the_sender()
    {
        var second = Spawn((message, context) => context.Sender.Tell(message + "!", context.Self));
        var first = Spawn((message, _) => second.Forward(message));
        Assert.Equal("hello!", await first.Ask<string>("hello", Patience));
    }

    [Fact]
    public async Task A_tasks_result_can_be_a_message()
    {
        var inlet = NewInlet();
        await Task.FromResult("value").PipeTo(inlet.Ref);
        await Task.FromResult("value").PipeTo(inlet.Ref, success: value => value.Length);
        await Task.FromException<string>(new InvalidDataException("bad")).PipeTo(inlet.Ref);
        await Task.FromException(new InvalidDataException("bad")).PipeTo(inlet.Ref, failure: e => e.Message);
        await Task.CompletedTask.PipeTo(inlet.Ref, success: () => "done");
        await inlet.Expect("value", 5);
        Assert.Equal("bad", Assert.IsType<Status.Failure>(await inlet.Next()).Cause.Message);
        await inlet.Expect("bad", "done");
    }

    [Fact]
    public async Task ReceiveAsync_lets_no_other_message_in_between()
    {
        var gate = new TaskCompletionSource();
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Awaiting(gate.Task, inlet.Ref)));
        actor.Tell("slow", inlet.Ref);
        actor.Tell("quick", inlet.Ref);
        await inlet.Expect("began");
        gate.SetResult();
        await inlet.Expect("slow is over", "quick");
    }

    [Fact]
    public async Task A_failure_after_an_await_is_the_actors_failure()
    {
        var gate = new TaskCompletionSource();
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Awaiting(gate.Task, inlet.Ref)));
        actor.Tell("slow", inlet.Ref);
        actor.Tell("quick", inlet.Ref);
        gate.SetException(new InvalidDataException("bad"));
        await inlet.Expect("began", "restarts at slow: bad", "quick");
    }

    [Fact]
    public async Task An_actor_can_end_while_it_awaits()
    {
        var gate = new TaskCompletionSource();
        var inlet = NewInlet();
        var actor = System.ActorOf(By(() => new Awaiting(gate.Task, inlet.Ref)));
        await inlet.Watch(actor);
        actor.Tell("slow", inlet.Ref);
        await inlet.Expect("began");
        System.Stop(actor);
        Assert.IsType<Terminated>(await inlet.Next());
        gate.SetResult();
        await inlet.ExpectNothing();
    }

    private sealed class Awaiting : ReceiveActor
    {
        private readonly IActorRef _inlet;

        public Awaiting(Task gate, IActorRef inlet)
        {
            _inlet = inlet;
            ReceiveAsync<string>(
                async message =>
                {
                    inlet.Tell("began", Self);
                    await gate;
                    Sender.Tell($"{message} is over", Self);
                    Assert.Equal(Self, Context.Self);
                },
                message => message == "slow");
            ReceiveAny(message => Sender.Tell(message, Self));
        }

        protected override void PreRestart(Exception reason, object? message) => _inlet.Tell($"restarts at {message}: {reason.Message}", Self);
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
