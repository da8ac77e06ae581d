using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>What an actor system needs first: its configuration and its provider. Immutable.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config, Option<Config> fallback, Option<ProviderSelection> provider)
    {
        Config = config;
        ConfigFallback = fallback;
        ActorRefProvider = provider;
    }

    /// <summary>The configuration, if one was given.</summary>
    public Option<Config> Config { get; }

    /// <summary>The provider, if one was given; else <c>akka.actor.provider</c> decides.</summary>
    public Option<ProviderSelection> ActorRefProvider { get; }

    internal Option<Config> ConfigFallback { get; }

    /// <summary>Nothing given.</summary>
    public static BootstrapSetup Create() => new(Option<Config>.None, Option<Config>.None, Option<ProviderSelection>.None);

    /// <summary>With this provider.</summary>
    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, ConfigFallback, new Option<ProviderSelection>(name));

    /// <summary>With this configuration, over the engine's defaults.</summary>
    public BootstrapSetup WithConfig(Config config) => new(new Option<Config>(config), ConfigFallback, ActorRefProvider);

    /// <summary>With this configuration between the one given and the engine's defaults.</summary>
    public BootstrapSetup WithConfigFallback(Config fallback) => new(Config, new Option<Config>(fallback), ActorRefProvider);
}
