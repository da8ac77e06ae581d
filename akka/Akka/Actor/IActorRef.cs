using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;

namespace Akka.Actor;

/// <summary>What messages can be sent to.</summary>
public interface ICanTell
{
    /// <summary>Sends a message; never waits, never fails because of the receiver. Throws <see cref="InvalidMessageException"/> for null.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>An actor as others see it: its path, and where messages go. Stays valid after the actor ended; messages then are dead letters.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor is in the tree.</summary>
    ActorPath Path { get; }
}

/// <summary>Whether an actor is in this process.</summary>
public interface IActorRefScope
{
    /// <summary>Whether it is in this process.</summary>
    bool IsLocal { get; }
}

/// <summary>What the engine itself needs of a reference.</summary>
public interface IInternalActorRef : IActorRef, IActorRefScope
{
    /// <summary>The supervisor.</summary>
    IInternalActorRef Parent { get; }

    /// <summary>Who made it.</summary>
    IActorRefProvider Provider { get; }

    /// <summary>Whether the actor ended.</summary>
    bool IsTerminated { get; }

    /// <summary>The actor below by these names; <see cref="Nobody"/> where there is none.</summary>
    IActorRef GetChild(IReadOnlyList<string> name);

    /// <summary>Goes on with messages after a failure, with the state kept.</summary>
    void Resume(Exception? causedByFailure = null);

    /// <summary>Lets it begin.</summary>
    void Start();

    /// <summary>Ends it after the message at hand.</summary>
    void Stop();

    /// <summary>Replaces the actor by a new instance.</summary>
    void Restart(Exception cause);

    /// <summary>Takes no more messages until resumed or restarted.</summary>
    void Suspend();

    /// <summary>Sends one of the engine's own messages, which overtake all others.</summary>
    void SendSystemMessage(ISystemMessage message);
}

/// <summary>References that stand for something else than an actor.</summary>
public static class ActorRefs
{
    /// <summary>No sender: answers are dead letters.</summary>
    public static readonly IActorRef NoSender = null!;

    /// <summary>No actor.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;
}

/// <summary>Short forms.</summary>
public static class ActorRefExtensions
{
    /// <summary>Whether it is null or <see cref="Nobody"/>.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null or Nobody;

    /// <summary>It, or what <paramref name="elseValue"/> gives where it is nobody.</summary>
    public static IActorRef GetOrElse(this IActorRef actorRef, Func<IActorRef> elseValue) => actorRef.IsNobody() ? elseValue() : actorRef;
}

/// <summary>Sending from within an actor.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends with the running actor as sender; outside of actors with none.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, InternalCurrentActorCellKeeper.Current?.Self);

    /// <summary>Sends on with the sender of the message at hand.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, InternalCurrentActorCellKeeper.Current?.Sender);
}

/// <summary>What makes actors: a system, or an actor for its children.</summary>
public interface IActorRefFactory
{
    /// <summary>
    /// Creates a child; the name is generated where none is given. Throws <see cref="InvalidActorNameException"/> for a name that is taken or malformed,
    /// <see cref="Akka.Configuration.ConfigurationException"/> for a dispatcher or mailbox that does not exist.
    /// </summary>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>The actors at a path, which may hold the wildcards * and ? and "..".</summary>
    ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc cref="ActorSelection(ActorPath)"/>
    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Short forms.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Creates a child of a type with a parameterless constructor.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new()
        => factory.ActorOf(Props.Create<TActor>([]), name);

    /// <summary>The actors at a path relative to <paramref name="anchorRef"/>.</summary>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) => new(anchorRef, actorPath);
}
