using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>A system's dispatchers by their names in the configuration.</summary>
public sealed class Dispatchers
{
    /// <summary>Where actors run that name no dispatcher.</summary>
    public static readonly string DefaultDispatcherId = "akka.actor.default-dispatcher";

    private readonly ActorSystem _system;
    private readonly ConcurrentDictionary<string, MessageDispatcherConfigurator> _configurators = new();
    private MessageDispatcher? _default;

    /// <summary>The dispatchers of <paramref name="system"/>.</summary>
    public Dispatchers(ActorSystem system, IDispatcherPrerequisites prerequisites, ILoggingAdapter logger)
    {
        _system = system;
        Prerequisites = prerequisites;
    }

    /// <summary>What a dispatcher needs.</summary>
    public IDispatcherPrerequisites Prerequisites { get; }

    /// <summary>The default dispatcher's section.</summary>
    public Config DefaultDispatcherConfig => _system.Settings.Config.GetConfig(DefaultDispatcherId);

    /// <summary>The default dispatcher.</summary>
    public MessageDispatcher DefaultGlobalDispatcher => _default ??= Lookup(DefaultDispatcherId);

    /// <summary>A dispatcher by name. Throws <see cref="ConfigurationException"/> where there is none, or its type is unknown.</summary>
    public MessageDispatcher Lookup(string dispatcherName)
        => _configurators.GetOrAdd(dispatcherName, static (name, self) => self.Make(name), this).Dispatcher();

    /// <summary>Whether there is a dispatcher of that name.</summary>
    public bool HasDispatcher(string id) => _configurators.ContainsKey(id) || _system.Settings.Config.HasPath(id);

    /// <summary>Adds a dispatcher that no configuration names; false where the name is taken.</summary>
    public bool RegisterConfigurator(string id, MessageDispatcherConfigurator configurator) => _configurators.TryAdd(id, configurator);

    internal void Shutdown()
    {
        foreach (var configurator in _configurators.Values) configurator.Dispatcher().ShutdownNow();
    }

    private MessageDispatcherConfigurator Make(string id)
    {
        var replaced = Actor.Internal.EngineSetup.Of(_system).Dispatcher;
        if (id == DefaultDispatcherId && replaced is not null) return replaced(DefaultDispatcherConfig, Prerequisites);
        if (!_system.Settings.Config.HasPath(id)) throw new ConfigurationException($"Dispatcher [{id}] not configured.");
        var section = ConfigurationFactory.ParseString($"id = \"{id}\"").WithFallback(_system.Settings.Config.GetConfig(id)).WithFallback(DefaultDispatcherConfig);
        if (replaced is not null) return replaced(section, Prerequisites);
        var type = section.GetString("type", "Dispatcher")!;
        return type switch
        {
            "Dispatcher" or "TaskDispatcher" => new DispatcherConfigurator(section, Prerequisites),
            "PinnedDispatcher" => new PinnedDispatcherConfigurator(section, Prerequisites),
            _ => Custom(id, type, section),
        };
    }

    private MessageDispatcherConfigurator Custom(string id, string type, Config section)
        => Type.GetType(type) is { } found && typeof(MessageDispatcherConfigurator).IsAssignableFrom(found)
            ? (MessageDispatcherConfigurator)Activator.CreateInstance(found, section, Prerequisites)!
            : throw new ConfigurationException($"Dispatcher [{id}]: type [{type}] is neither Dispatcher, TaskDispatcher nor PinnedDispatcher, nor a class that derives from MessageDispatcherConfigurator.");
}
