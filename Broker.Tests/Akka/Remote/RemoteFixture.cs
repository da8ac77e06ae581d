using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote.Transport;
using AkkaStream.Tests.Akka.Actor;

namespace AkkaStream.Tests.Akka.Remote;

/// <summary>Several actor systems in one process, on a network in memory or over loopback; quiet, and terminated with the test.</summary>
public abstract class RemoteFixture : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<ActorSystem> _systems = [];

    /// <summary>The network of systems that are started in memory.</summary>
    internal MemoryNetwork Network { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Task.WhenAll(_systems.Select(system => system.Terminate())).WaitAsync(Patience);

    /// <summary>A system on the network in memory; <paramref name="name"/> is its host too.</summary>
    protected ActorSystem Start(string name, string config = "", int port = 0, string provider = "remote")
        => Start(name, config, port, provider, new NetworkSetup(_ => Network.Node()), name);

    /// <summary>A system on the machine's loopback, on any free port.</summary>
    protected ActorSystem StartOnTcp(string name, string config = "", params Setup[] setups) => Start(name, config, 0, "remote", setups.Length > 0 ? setups[0] : null, "127.0.0.1");

    protected static Address AddressOf(ActorSystem system) => ((ExtendedActorSystem)system).Provider.DefaultAddress;

    /// <summary>The actor of one system as another knows it.</summary>
    protected static IActorRef Seen(IActorRef actor, ActorSystem from, ActorSystem by)
        => ((ExtendedActorSystem)by).Provider.ResolveActorRef(actor.Path.ToSerializationFormatWithAddress(AddressOf(from)));

    protected static EngineFixture.Inlet Inlet(ActorSystem system) => new(system);

    protected static IActorRef Spawn(ActorSystem system, Action<object, IActorContext> handle, string? name = null)
        => system.ActorOf(Props.CreateBy(new Producer(() => new Acting(handle))), name);

    protected static IActorRef Echo(ActorSystem system, string name) => Spawn(system, (message, context) => context.Sender.Tell(message, context.Self), name);

    /// <summary>Events of a system.</summary>
    protected static EngineFixture.Inlet Events<T>(ActorSystem system)
    {
        var inlet = new EngineFixture.Inlet(system);
        system.EventStream.Subscribe(inlet.Ref, typeof(T));
        return inlet;
    }

    private ActorSystem Start(string name, string config, int port, string provider, Setup? setup, string host)
    {
        var text = $$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              loggers = []
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              actor.provider = {{provider}}
              remote.flush-wait-on-shutdown = 100ms
              remote.dot-netty.tcp { hostname = "{{host}}", port = {{port}} }
            }
            """;
        var bootstrap = BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(config).WithFallback(ConfigurationFactory.ParseString(text)));
        var all = ActorSystemSetup.Create(bootstrap);
        var system = ActorSystem.Create("net", setup is null ? all : all.And(setup));
        _systems.Add(system);
        return system;
    }

    private sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Acting(Action<object, IActorContext> handle) : UntypedActor
    {
        protected override void OnReceive(object message) => handle(message, Context);
    }
}
