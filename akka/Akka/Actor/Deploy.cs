using Akka.Configuration;
using Akka.Routing;

namespace Akka.Actor;

/// <summary>Where an actor runs.</summary>
public abstract class Scope : IEquatable<Scope>
{
    /// <summary>In this process.</summary>
    public static readonly LocalScope Local = LocalScope.Instance;

    /// <inheritdoc/>
    public virtual bool Equals(Scope? other) => other is not null && GetType() == other.GetType();

    /// <summary>This scope where it says something, else <paramref name="other"/>.</summary>
    public abstract Scope WithFallback(Scope other);

    /// <summary>An equal scope.</summary>
    public abstract Scope Copy();
}

/// <summary>In this process.</summary>
public class LocalScope : Scope
{
    private LocalScope()
    {
    }

    /// <summary>The only one.</summary>
    public static LocalScope Instance { get; } = new();

    /// <inheritdoc/>
    public override Scope WithFallback(Scope other) => this;

    /// <inheritdoc/>
    public override Scope Copy() => this;
}

/// <summary>Nothing said.</summary>
internal sealed class NoScope : Scope
{
    public static readonly NoScope Instance = new();

    public override Scope WithFallback(Scope other) => other;

    public override Scope Copy() => this;
}

/// <summary>How an actor is set up beside its class: dispatcher, mailbox, router, place. Immutable.</summary>
public class Deploy : IEquatable<Deploy>
{
    /// <summary>No dispatcher named.</summary>
    public static readonly string NoDispatcherGiven = "";

    /// <summary>No mailbox named.</summary>
    public static readonly string NoMailboxGiven = "";

    /// <summary>No capacity of the stash given.</summary>
    public static readonly int NoStashSize = -1;

    /// <summary>No place given.</summary>
    public static readonly Scope NoScopeGiven = NoScope.Instance;

    /// <summary>In this process.</summary>
    public static readonly Deploy Local = new(Scope.Local);

    /// <summary>Nothing said.</summary>
    internal static readonly Deploy Nothing = new();

    /// <summary>Nothing said.</summary>
    public Deploy()
        : this("", Config.Empty, NoRouter.Instance, NoScopeGiven, NoDispatcherGiven, NoMailboxGiven, NoStashSize)
    {
    }

    /// <summary>A place.</summary>
    public Deploy(Scope scope)
        : this("", Config.Empty, NoRouter.Instance, scope, NoDispatcherGiven, NoMailboxGiven, NoStashSize)
    {
    }

    /// <summary>A router.</summary>
    public Deploy(RouterConfig routerConfig)
        : this("", Config.Empty, routerConfig, NoScopeGiven, NoDispatcherGiven, NoMailboxGiven, NoStashSize)
    {
    }

    /// <summary>All of it.</summary>
    public Deploy(string path, Config config, RouterConfig routerConfig, Scope scope, string dispatcher, string mailbox, int stashCapacity)
    {
        Path = path;
        Config = config;
        RouterConfig = routerConfig;
        Scope = scope;
        Dispatcher = dispatcher;
        Mailbox = mailbox;
        StashCapacity = stashCapacity;
    }

    /// <summary>The path that a configuration has it for.</summary>
    public string Path { get; }

    /// <summary>The configuration that it was read from.</summary>
    public Config Config { get; }

    /// <summary>How messages are spread.</summary>
    public RouterConfig RouterConfig { get; }

    /// <summary>Where it runs.</summary>
    public Scope Scope { get; }

    /// <summary>The mailbox's name in the configuration.</summary>
    public string Mailbox { get; }

    /// <summary>The dispatcher's name in the configuration.</summary>
    public string Dispatcher { get; }

    /// <summary>How many messages a bounded stash takes.</summary>
    public int StashCapacity { get; }

    /// <summary>What this says, and what <paramref name="other"/> says where this says nothing.</summary>
    public virtual Deploy WithFallback(Deploy other)
        => new(
            Path,
            Config.Equals(other.Config) ? Config : Config.WithFallback(other.Config),
            RouterConfig is NoRouter ? other.RouterConfig : RouterConfig,
            Scope.WithFallback(other.Scope),
            Dispatcher == NoDispatcherGiven ? other.Dispatcher : Dispatcher,
            Mailbox == NoMailboxGiven ? other.Mailbox : Mailbox,
            StashCapacity == NoStashSize ? other.StashCapacity : StashCapacity);

    /// <summary>At another place.</summary>
    public virtual Deploy WithScope(Scope scope) => new(Path, Config, RouterConfig, scope, Dispatcher, Mailbox, StashCapacity);

    /// <summary>With another mailbox.</summary>
    public virtual Deploy WithMailbox(string mailbox) => new(Path, Config, RouterConfig, Scope, Dispatcher, mailbox, StashCapacity);

    /// <summary>On another dispatcher.</summary>
    public virtual Deploy WithDispatcher(string dispatcher) => new(Path, Config, RouterConfig, Scope, dispatcher, Mailbox, StashCapacity);

    /// <summary>Behind a router.</summary>
    public virtual Deploy WithRouterConfig(RouterConfig routerConfig) => new(Path, Config, routerConfig, Scope, Dispatcher, Mailbox, StashCapacity);

    /// <summary>With another capacity of the stash.</summary>
    public virtual Deploy WithStashCapacity(int stashSize) => new(Path, Config, RouterConfig, Scope, Dispatcher, Mailbox, stashSize);

    /// <inheritdoc/>
    public bool Equals(Deploy? other)
        => other is not null && Path == other.Path && Dispatcher == other.Dispatcher && Mailbox == other.Mailbox && StashCapacity == other.StashCapacity
           && RouterConfig.Equals(other.RouterConfig) && Scope.Equals(other.Scope);
}
