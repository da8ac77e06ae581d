using Akka.Actor;

namespace Akka.Routing;

/// <summary>Chooses for each message who gets it.</summary>
public abstract class RoutingLogic
{
    /// <summary>Who gets a message; <see cref="Routee.NoRoutee"/> where nobody is there.</summary>
    public abstract Routee Select(object message, Routee[] routees);
}

/// <summary>One that a router sends to.</summary>
public class Routee
{
    /// <summary>Nobody.</summary>
    public static readonly Routee NoRoutee = new();

    /// <summary>An actor.</summary>
    public static Routee FromActorRef(IActorRef actorRef) => new ActorRefRoutee(actorRef);

    /// <summary>Sends it a message.</summary>
    public virtual void Send(object message, IActorRef? sender)
    {
    }
}

/// <summary>An actor that a router sends to.</summary>
public class ActorRefRoutee(IActorRef actor) : Routee
{
    /// <summary>The actor.</summary>
    public IActorRef Actor { get; } = actor;

    /// <inheritdoc/>
    public override void Send(object message, IActorRef? sender) => Actor.Tell(message, sender);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorRefRoutee other && Actor.Equals(other.Actor);

    /// <inheritdoc/>
    public override int GetHashCode() => Actor.GetHashCode();
}

/// <summary>A selection that a router sends to.</summary>
public class ActorSelectionRoutee(ActorSelection actor) : Routee
{
    /// <summary>The selection.</summary>
    public ActorSelection Selection { get; } = actor;

    /// <inheritdoc/>
    public override void Send(object message, IActorRef? sender) => Selection.Tell(message, sender);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorSelectionRoutee other && Selection.Equals(other.Selection);

    /// <inheritdoc/>
    public override int GetHashCode() => Selection.GetHashCode();
}

/// <summary>Several at once.</summary>
public class SeveralRoutees(Routee[] routees) : Routee
{
    /// <inheritdoc/>
    public override void Send(object message, IActorRef? sender)
    {
        foreach (var routee in routees) routee.Send(message, sender);
    }
}

/// <summary>A message around another one that the router unwraps.</summary>
public class RouterEnvelope(object message) : IWrappedMessage
{
    /// <inheritdoc/>
    public object Message { get; } = message;
}

/// <summary>A message that all routees get, whatever the router does else.</summary>
public class Broadcast(object message) : RouterEnvelope(message);

/// <summary>A message that the router handles itself.</summary>
public abstract class RouterManagementMessage;

/// <summary>Asks for the routees; the answer is <see cref="Routees"/>.</summary>
public sealed class GetRoutees : RouterManagementMessage
{
    /// <summary>The only one needed.</summary>
    public static GetRoutees Instance { get; } = new();
}

/// <summary>The answer to <see cref="GetRoutees"/>.</summary>
public sealed class Routees(IEnumerable<Routee> routees)
{
    /// <summary>The routees.</summary>
    public IEnumerable<Routee> Members { get; } = [.. routees];
}

/// <summary>Adds a routee.</summary>
public sealed class AddRoutee(Routee routee) : RouterManagementMessage
{
    /// <summary>Which one.</summary>
    public Routee Routee { get; } = routee;
}

/// <summary>Removes a routee; a pool's is stopped.</summary>
public sealed class RemoveRoutee(Routee routee) : RouterManagementMessage
{
    /// <summary>Which one.</summary>
    public Routee Routee { get; } = routee;
}

/// <summary>Routees and the logic that chooses among them. Immutable.</summary>
public class Router
{
    private readonly Routee[] _routees;

    /// <summary>With these routees.</summary>
    public Router(RoutingLogic logic, params Routee[] routees)
    {
        RoutingLogic = logic;
        _routees = routees;
    }

    /// <summary>With these actors.</summary>
    public Router(RoutingLogic logic, IActorRef routee, params IActorRef[] routees)
        : this(logic, [Routee.FromActorRef(routee), .. routees.Select(Routee.FromActorRef)])
    {
    }

    /// <summary>The logic.</summary>
    public RoutingLogic RoutingLogic { get; }

    /// <summary>The routees.</summary>
    public IEnumerable<Routee> Routees => _routees;

    /// <summary>Sends a message to whom the logic chooses, a <see cref="Broadcast"/> to all; to the dead letters where nobody is there.</summary>
    public virtual void Route(object message, IActorRef? sender)
    {
        if (message is Broadcast broadcast) new SeveralRoutees(_routees).Send(broadcast.Message, sender);
        else Send(RoutingLogic.Select(message, _routees), message, sender);
    }

    /// <summary>The router with other routees.</summary>
    public virtual Router WithRoutees(params Routee[] routees) => new(RoutingLogic, routees);

    /// <summary>The router with a further routee.</summary>
    public virtual Router AddRoutee(Routee routee) => new(RoutingLogic, [.. _routees, routee]);

    /// <summary>The router with a further routee.</summary>
    public Router AddRoutee(IActorRef routee) => AddRoutee(Routee.FromActorRef(routee));

    /// <summary>The router without a routee.</summary>
    public virtual Router RemoveRoutee(Routee routee) => new(RoutingLogic, [.. _routees.Where(each => !each.Equals(routee))]);

    /// <summary>The router without a routee.</summary>
    public Router RemoveRoutee(IActorRef routee) => RemoveRoutee(Routee.FromActorRef(routee));

    /// <summary>Sends a message to a routee.</summary>
    protected virtual void Send(Routee routee, object message, IActorRef? sender)
    {
        var inner = message is RouterEnvelope envelope ? envelope.Message : message;
        if (!ReferenceEquals(routee, Routee.NoRoutee)) routee.Send(inner, sender);
        else (sender as IInternalActorRef)?.Provider.DeadLetters.Tell(inner, sender);
    }

    internal Routee[] All => _routees;
}
