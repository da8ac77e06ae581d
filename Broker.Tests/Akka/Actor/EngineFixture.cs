using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>An actor system for one test, quiet, and terminated with it.</summary>
public abstract class EngineFixture : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected ActorSystem System { get; } = ActorSystem.Create("test", ConfigurationFactory.ParseString(
        "akka { loglevel = OFF\n stdout-loglevel = OFF\n loggers = []\n coordinated-shutdown.run-by-clr-shutdown-hook = off }"));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await System.Terminate().WaitAsync(Patience);

    /// <summary>An actor that handles every message by a function.</summary>
    protected IActorRef Spawn(Action<object, IActorContext> handle, string? name = null) => System.ActorOf(Props.CreateBy(new Producer(() => new Acting(handle))), name);

    /// <summary>An actor by a function, a new one for each incarnation.</summary>
    protected static Props By(Func<ActorBase> make) => Props.CreateBy(new Producer(make));

    /// <summary>A place that messages go to, which a test waits at.</summary>
    protected Inlet NewInlet() => new(System);

    protected sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }

    protected sealed class Acting(Action<object, IActorContext> handle) : UntypedActor
    {
        protected override void OnReceive(object message) => handle(message, Context);
    }

    /// <summary>Receives messages for a test.</summary>
    public sealed class Inlet
    {
        private readonly global::System.Threading.Channels.Channel<(object Message, IActorRef Sender)> _got = global::System.Threading.Channels.Channel.CreateUnbounded<(object, IActorRef)>();

        public Inlet(ActorSystem system)
        {
            Ref = system.ActorOf(By(() => new Acting((message, context) => Handle(message, context))));
            system.EventStream.Subscribe(Ref, typeof(Inlet));
        }

        public IActorRef Ref { get; }

        public async Task<object> Next() => (await _got.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Message;

        public async Task<(object Message, IActorRef Sender)> NextWithSender() => await _got.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public async Task Expect(params object[] messages)
        {
            foreach (var message in messages) Assert.Equal(message, await Next());
        }

        /// <summary>Nothing is there once all that was sent here before has arrived.</summary>
        public async Task ExpectNothing()
        {
            Ref.Tell("-nothing before this-", ActorRefs.NoSender);
            Assert.Equal("-nothing before this-", await Next());
        }

        public Task Watch(IActorRef actor) => Ref.Ask<Done>(new WatchThis(actor), Patience);

        private void Handle(object message, IActorContext context)
        {
            if (message is WatchThis watch)
            {
                context.Watch(watch.Actor);
                context.Sender.Tell(Done.Instance, context.Self);
                return;
            }

            _got.Writer.TryWrite((message, context.Sender));
        }

        private sealed record WatchThis(IActorRef Actor);

        private sealed class Done
        {
            public static readonly Done Instance = new();
        }
    }

    /// <summary>Dead letters and other events that a test waits for.</summary>
    protected Inlet Events<T>()
    {
        var inlet = NewInlet();
        System.EventStream.Subscribe<T>(inlet.Ref);
        return inlet;
    }
}
