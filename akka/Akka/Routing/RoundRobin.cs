using Akka.Actor;

namespace Akka.Routing;

/// <summary>One after the other.</summary>
public sealed class RoundRobinRoutingLogic(int next) : RoutingLogic
{
    private int _next = next;

    /// <summary>From the first one on.</summary>
    public RoundRobinRoutingLogic()
        : this(-1)
    {
    }

    /// <inheritdoc/>
    public override Routee Select(object message, Routee[] routees)
        => routees.Length == 0 ? Routee.NoRoutee : routees[(int)((uint)Interlocked.Increment(ref _next) % (uint)routees.Length)];
}

/// <summary>A pool whose routees get messages in turn.</summary>
public sealed class RoundRobinPool : Pool
{
    /// <summary>With so many routees.</summary>
    public RoundRobinPool(int nrOfInstances)
        : this(nrOfInstances, DefaultSupervisorStrategy, Dispatch.Dispatchers.DefaultDispatcherId)
    {
    }

    private RoundRobinPool(int nrOfInstances, SupervisorStrategy strategy, string dispatcher)
        : base(nrOfInstances, strategy, dispatcher)
    {
    }

    /// <inheritdoc/>
    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic(), Array.Empty<Routee>());

    /// <inheritdoc/>
    public override int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    /// <summary>With another way to handle failures of routees.</summary>
    public RoundRobinPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(NrOfInstances, strategy, RouterDispatcher);

    /// <summary>On another dispatcher.</summary>
    public RoundRobinPool WithDispatcher(string dispatcherId) => new(NrOfInstances, SupervisorStrategy, dispatcherId);
}

/// <summary>A group whose routees get messages in turn.</summary>
public sealed class RoundRobinGroup : Group
{
    /// <summary>With routees at these paths.</summary>
    public RoundRobinGroup(params string[] paths)
        : this((IEnumerable<string>)paths)
    {
    }

    /// <summary>With routees at these paths.</summary>
    public RoundRobinGroup(IEnumerable<string> paths)
        : this(paths, Dispatch.Dispatchers.DefaultDispatcherId)
    {
    }

    /// <summary>With routees at these paths, on a dispatcher.</summary>
    public RoundRobinGroup(IEnumerable<string> paths, string routerDispatcher)
        : base(paths, routerDispatcher)
    {
    }

    /// <inheritdoc/>
    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic(), Array.Empty<Routee>());

    /// <inheritdoc/>
    public override IEnumerable<string> GetPaths(ActorSystem system) => Paths;
}
