using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Mailboxes and dispatchers by name.</summary>
public sealed class MailboxTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ActorSystem _system = ActorSystem.Create("mailboxes", ConfigurationFactory.ParseString($$"""
        akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [] }
        bounded { mailbox-type = "Akka.Dispatch.BoundedMailbox", mailbox-capacity = 3, mailbox-push-timeout-time = 0s }
        urgent { mailbox-type = "{{typeof(Urgent).AssemblyQualifiedName}}" }
        pinned { type = PinnedDispatcher }
        unknown { type = Elsewhere }
        """));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _system.Terminate().WaitAsync(Patience);

    [Fact]
    public async Task A_long_backlog_keeps_its_order()
    {
        const int messages = 250_000;
        using var gate = new ManualResetEventSlim();
        var done = new TaskCompletionSource();
        var next = 0;
        var actor = Spawn(message =>
        {
            gate.Wait();
            if ((int)message != next++) done.TrySetException(new InvalidOperationException($"{message} came as {next - 1}"));
            if (next == messages) done.TrySetResult();
        });
        for (var i = 0; i < messages; i++) actor.Tell(i, ActorRefs.NoSender);
        gate.Set();
        await done.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_bounded_mailbox_takes_no_more_than_it_may()
    {
        using var gate = new ManualResetEventSlim();
        var dead = new TaskCompletionSource<object>();
        _system.EventStream.Subscribe<DeadLetter>(Spawn(letter => dead.TrySetResult(((DeadLetter)letter).Message)));
        var busy = new TaskCompletionSource();
        var actor = Spawn(
            _ =>
            {
                busy.TrySetResult();
                gate.Wait();
            },
            props => props.WithMailbox("bounded"));
        actor.Tell("at hand", ActorRefs.NoSender);
        await busy.Task.WaitAsync(Patience);
        for (var i = 0; i < 4; i++) actor.Tell(i, ActorRefs.NoSender);
        Assert.Equal(3, await dead.Task.WaitAsync(Patience));
        gate.Set();
    }

    [Fact]
    public async Task A_priority_mailbox_hands_out_the_most_urgent_first_and_equals_by_age()
    {
        using var gate = new ManualResetEventSlim();
        var busy = new TaskCompletionSource();
        var seen = new List<object>();
        var done = new TaskCompletionSource();
        var actor = Spawn(
            message =>
            {
                busy.TrySetResult();
                gate.Wait();
                seen.Add(message);
                if (seen.Count == 5) done.SetResult();
            },
            props => props.WithMailbox("urgent"));
        actor.Tell("first", ActorRefs.NoSender);
        await busy.Task.WaitAsync(Patience);
        foreach (var message in new object[] { 2, "a", 1, "b" }) actor.Tell(message, ActorRefs.NoSender);
        gate.Set();
        await done.Task.WaitAsync(Patience);
        Assert.Equal(["first", 1, 2, "a", "b"], seen);
    }

    [Fact]
    public async Task A_pinned_actor_has_one_thread_for_itself()
    {
        var threads = new List<int>();
        var done = new TaskCompletionSource();
        var actor = Spawn(
            _ =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                if (threads.Count == 100) done.SetResult();
            },
            props => props.WithDispatcher("pinned"));
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(i, ActorRefs.NoSender);
            if (i == 50) await Task.Yield();
        }

        await done.Task.WaitAsync(Patience);
        Assert.Single(threads.Distinct());
        Assert.True(await actor.GracefulStop(Patience));
    }

    [Fact]
    public void What_is_not_configured_is_refused_by_name()
    {
        Assert.Contains("nowhere", Assert.Throws<ConfigurationException>(() => Spawn(_ => { }, props => props.WithDispatcher("nowhere"))).Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", Assert.Throws<ConfigurationException>(() => Spawn(_ => { }, props => props.WithMailbox("nowhere"))).Message, StringComparison.Ordinal);
        Assert.Contains("Elsewhere", Assert.Throws<ConfigurationException>(() => Spawn(_ => { }, props => props.WithDispatcher("unknown"))).Message, StringComparison.Ordinal);
    }

    private IActorRef Spawn(Action<object> handle, Func<Props, Props>? with = null)
    {
        var props = Props.CreateBy(new Producer(handle));
        return _system.ActorOf(with is null ? props : with(props));
    }

    public sealed class Urgent(Settings settings, Config config) : UnboundedStablePriorityMailbox(settings, config)
    {
        protected override int PriorityGenerator(object message) => message is int number ? number : 10;
    }

    private sealed class Producer(Action<object> handle) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Handling);

        public ActorBase Produce() => new Handling(handle);

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Handling(Action<object> handle) : UntypedActor
    {
        protected override void OnReceive(object message) => handle(message);
    }
}
