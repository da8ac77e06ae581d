using Akka.Actor;

namespace Akka.Routing;

/// <summary>How messages are spread over routees.</summary>
public abstract class RouterConfig : IEquatable<RouterConfig>
{
    /// <summary>On the default dispatcher.</summary>
    protected RouterConfig()
        : this(Dispatch.Dispatchers.DefaultDispatcherId)
    {
    }

    /// <summary>On a dispatcher.</summary>
    protected RouterConfig(string routerDispatcher) => RouterDispatcher = routerDispatcher;

    /// <summary>Where the router runs.</summary>
    public virtual string RouterDispatcher { get; }

    /// <inheritdoc/>
    public bool Equals(RouterConfig? other) => ReferenceEquals(this, other) || (other is not null && GetType() == other.GetType() && RouterDispatcher == other.RouterDispatcher);
}

/// <summary>No router.</summary>
public class NoRouter : RouterConfig
{
    /// <summary>The only one needed.</summary>
    public static NoRouter Instance { get; } = new();
}

/// <summary>Makes routers.</summary>
internal static class RoutedActors
{
    public static IInternalActorRef Make(Actor.Internal.ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path)
        => throw new Configuration.ConfigurationException($"{path}: there is no router of type {props.RouterConfig.GetType()}");
}
