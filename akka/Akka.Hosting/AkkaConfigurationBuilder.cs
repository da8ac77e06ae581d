using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Akka.Serialization;
using Akka.Util;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Where an added configuration stands to those before it.</summary>
public enum HoconAddMode
{
    /// <summary>Over them.</summary>
    Prepend,

    /// <summary>Below them: it holds where they say nothing.</summary>
    Append,

    /// <summary>In their place.</summary>
    Replace,
}

/// <summary>Creates top-level actors of a system that has just started.</summary>
public delegate Task ActorStarter(ActorSystem system, IActorRegistry registry);

/// <summary>Runs when a system and its actors have started.</summary>
public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);

/// <summary>Collects what an actor system of the host is made of; see <see cref="AkkaHostingExtensions.AddAkka(IServiceCollection, string, Action{AkkaConfigurationBuilder})"/>.</summary>
public sealed class AkkaConfigurationBuilder
{
    private readonly List<ActorStarter> _actors = [];
    private readonly List<StartupTask> _startup = [];
    private readonly List<Type> _extensions = [];
    private readonly List<(string Name, ImmutableHashSet<Type> Types, Func<ExtendedActorSystem, Serializer> Create)> _serializers = [];

    /// <summary>A builder for the system <paramref name="actorSystemName"/>.</summary>
    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
    {
        ServiceCollection = serviceCollection;
        ActorSystemName = actorSystemName;
    }

    /// <summary>Set-ups that the system gets.</summary>
    public readonly HashSet<Setup> Setups = [];

    /// <summary>The configuration so far.</summary>
    public Option<Config> Configuration { get; private set; }

    /// <summary>The provider, if one was chosen.</summary>
    public Option<ProviderSelection> ActorRefProvider { get; internal set; }

    internal IServiceCollection ServiceCollection { get; }

    internal string ActorSystemName { get; }

    /// <summary>Whether log events go to the container's logger factory.</summary>
    internal bool UsesLoggerFactory { get; set; }

    /// <summary>Runs when the system and its actors have started.</summary>
    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask)
        => AddStartup((system, registry) =>
        {
            startupTask(system, registry);
            return Task.CompletedTask;
        });

    /// <summary>Runs when the system and its actors have started, one after the other.</summary>
    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        _startup.Add(startupTask);
        return this;
    }

    /// <summary>Creates top-level actors.</summary>
    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter)
        => StartActors((system, registry) =>
        {
            starter(system, registry);
            return Task.CompletedTask;
        });

    /// <summary>Creates top-level actors, one starter after the other.</summary>
    public AkkaConfigurationBuilder StartActors(ActorStarter starter)
    {
        _actors.Add(starter);
        return this;
    }

    /// <summary>Adds a serialiser for these types and those derived from them.</summary>
    public AkkaConfigurationBuilder WithCustomSerializer(string serializerIdentifier, IEnumerable<Type> boundTypes, Func<ExtendedActorSystem, Serializer> serializerFactory)
    {
        _serializers.Add((serializerIdentifier, boundTypes.ToImmutableHashSet(), serializerFactory));
        return this;
    }

    /// <summary>Starts extensions with the system, by the types of their ids.</summary>
    public AkkaConfigurationBuilder WithExtensions(params Type[] extensions)
    {
        foreach (var type in extensions)
        {
            if (!typeof(IExtensionId).IsAssignableFrom(type)) throw new ConfigurationException($"{type} is no {nameof(IExtensionId)}");
            _extensions.Add(type);
        }

        return this;
    }

    /// <summary>Starts an extension with the system.</summary>
    public AkkaConfigurationBuilder WithExtension<T>()
        where T : IExtensionId
        => WithExtensions(typeof(T));

    internal void Add(Config config, HoconAddMode mode)
        => Configuration = !Configuration.HasValue || mode == HoconAddMode.Replace ? new Option<Config>(config)
            : mode == HoconAddMode.Append ? new Option<Config>(Configuration.Value.SafeWithFallback(config))
            : new Option<Config>(config.SafeWithFallback(Configuration.Value));

    internal ActorSystem CreateSystem(IServiceProvider services)
    {
        // The host stops the system; a hook of the process would only do so a second time.
        var config = ConfigurationFactory.ParseString("akka.coordinated-shutdown.run-by-clr-shutdown-hook = off");
        var bootstrap = BootstrapSetup.Create().WithConfig(Configuration.HasValue ? Configuration.Value.SafeWithFallback(config) : config);
        if (ActorRefProvider.HasValue) bootstrap = bootstrap.WithActorRefProvider(ActorRefProvider.Value);
        if (UsesLoggerFactory && !Setups.Any(setup => setup is LoggerFactorySetup)) Setups.Add(new LoggerFactorySetup(services.GetRequiredService<ILoggerFactory>()));
        var setup = ActorSystemSetup.Create([.. Setups]).And(bootstrap);
        if (_serializers.Count > 0) setup = setup.And(Serializers(setup.Get<SerializationSetup>()));
        var system = ActorSystem.Create(ActorSystemName, setup);
        foreach (var type in _extensions) system.RegisterExtension((IExtensionId)Activator.CreateInstance(type)!);
        return system;
    }

    internal async Task Start(ActorSystem system)
    {
        var registry = ActorRegistry.For(system);
        foreach (var starter in _actors) await starter(system, registry).ConfigureAwait(false);
        foreach (var task in _startup) await task(system, registry).ConfigureAwait(false);
    }

    private SerializationSetup Serializers(Option<SerializationSetup> given)
        => SerializationSetup.Create(system =>
        {
            var all = given.HasValue ? given.Value.CreateSerializers(system) : [];
            foreach (var (name, types, create) in _serializers) all = all.Add(SerializerDetails.Create(name, create(system), types));
            return all;
        });
}
