using Akka.Actor;

namespace Akka.Routing;

/// <summary>All at once.</summary>
public sealed class BroadcastRoutingLogic : RoutingLogic
{
    /// <inheritdoc/>
    public override Routee Select(object message, Routee[] routees) => routees.Length == 0 ? Routee.NoRoutee : new SeveralRoutees(routees);
}

/// <summary>A pool whose routees all get every message.</summary>
public sealed class BroadcastPool : Pool
{
    /// <summary>With so many routees.</summary>
    public BroadcastPool(int nrOfInstances)
        : this(nrOfInstances, DefaultSupervisorStrategy, Dispatch.Dispatchers.DefaultDispatcherId)
    {
    }

    private BroadcastPool(int nrOfInstances, SupervisorStrategy strategy, string dispatcher)
        : base(nrOfInstances, strategy, dispatcher)
    {
    }

    /// <inheritdoc/>
    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic(), Array.Empty<Routee>());

    /// <inheritdoc/>
    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    /// <summary>With another way to handle failures of routees.</summary>
    public BroadcastPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(NrOfInstances, strategy, RouterDispatcher);

    /// <summary>On another dispatcher.</summary>
    public BroadcastPool WithDispatcher(string dispatcherId) => new(NrOfInstances, SupervisorStrategy, dispatcherId);
}

/// <summary>A group whose routees all get every message.</summary>
public sealed class BroadcastGroup : Group
{
    /// <summary>With routees at these paths.</summary>
    public BroadcastGroup(params string[] paths)
        : this((IEnumerable<string>)paths)
    {
    }

    /// <summary>With routees at these paths.</summary>
    public BroadcastGroup(IEnumerable<string> paths)
        : this(paths, Dispatch.Dispatchers.DefaultDispatcherId)
    {
    }

    /// <summary>With routees at these paths, on a dispatcher.</summary>
    public BroadcastGroup(IEnumerable<string> paths, string routerDispatcher)
        : base(paths, routerDispatcher)
    {
    }

    /// <inheritdoc/>
    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic(), Array.Empty<Routee>());

    /// <inheritdoc/>
    public override IEnumerable<string> GetPaths(ActorSystem system) => Paths;
}
