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

    /// <summary>Whether the router ends with its last routee.</summary>
    public virtual bool StopRouterWhenAllRouteesRemoved => true;

    /// <summary>The router without routees.</summary>
    public abstract Router CreateRouter(ActorSystem system);

    /// <inheritdoc/>
    public bool Equals(RouterConfig? other) => ReferenceEquals(this, other) || (other is not null && GetType() == other.GetType() && RouterDispatcher == other.RouterDispatcher);
}

/// <summary>No router.</summary>
public class NoRouter : RouterConfig
{
    /// <summary>The only one needed.</summary>
    public static NoRouter Instance { get; } = new();

    /// <inheritdoc/>
    public override Router CreateRouter(ActorSystem system) => throw new NotSupportedException("NoRouter has no Router");
}

/// <summary>A router whose routees are its children: ended ones are not replaced.</summary>
public abstract class Pool : RouterConfig
{
    /// <summary>With so many routees.</summary>
    private protected Pool(int nrOfInstances, SupervisorStrategy? supervisorStrategy, string routerDispatcher)
        : base(routerDispatcher)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nrOfInstances);
        NrOfInstances = nrOfInstances;
        SupervisorStrategy = supervisorStrategy ?? DefaultSupervisorStrategy;
    }

    /// <summary>Escalates: a routee's failure is the router's.</summary>
    public static SupervisorStrategy DefaultSupervisorStrategy { get; } = new OneForOneStrategy(_ => Directive.Escalate);

    /// <summary>How many routees there are at the start.</summary>
    public int NrOfInstances { get; }

    /// <summary>How failures of routees are handled.</summary>
    public SupervisorStrategy SupervisorStrategy { get; }

    /// <summary>How many routees there are at the start.</summary>
    public abstract int GetNrOfInstances(ActorSystem system);

    /// <summary>A pool of actors of <paramref name="routeeProps"/>.</summary>
    public Props Props(Props routeeProps) => routeeProps.WithRouter(this);
}

/// <summary>A router whose routees live elsewhere and are known by their paths.</summary>
public abstract class Group : RouterConfig
{
    private readonly string[] _paths;

    /// <summary>With routees at these paths.</summary>
    protected Group(IEnumerable<string> paths, string routerDispatcher)
        : base(routerDispatcher)
        => _paths = [.. paths];

    /// <summary>The routees' paths.</summary>
    public abstract IEnumerable<string> GetPaths(ActorSystem system);

    /// <summary>A router of this group.</summary>
    public Props Props() => Actor.Props.Empty.WithRouter(this);

    private protected IEnumerable<string> Paths => _paths;
}
