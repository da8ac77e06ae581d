using Akka.Actor;
using Akka.Dispatch.SysMsg;

namespace Akka.TestKit;

/// <summary>An actor that handles messages on the thread that sends them, and lets the test look inside.</summary>
public abstract class TestActorRefBase<TActor> : IInternalActorRef
    where TActor : ActorBase
{
    private readonly LocalActorRef _ref;

    /// <summary>Creates the actor below <paramref name="supervisor"/>, or below the user guardian.</summary>
    protected TestActorRefBase(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    {
        var parent = (LocalActorRef)(supervisor as IInternalActorRef ?? ((ExtendedActorSystem)system).Guardian);
        var props = actorProps.Dispatcher is null or "akka.actor.default-dispatcher" or "" ? actorProps.WithDispatcher(CallingThreadDispatcher.Id) : actorProps;
        _ref = (LocalActorRef)parent.Cell.AttachChild(props, name, false);
    }

    /// <summary>The instance at present; a restart makes another one. Throws <see cref="InvalidOperationException"/> where the actor ended.</summary>
    public TActor UnderlyingActor => (TActor)(_ref.Cell.Instance ?? throw new InvalidOperationException($"{_ref} has ended, or did not start"));

    /// <summary>The reference behind it.</summary>
    public IActorRef Ref => _ref;

    /// <inheritdoc/>
    public ActorPath Path => _ref.Path;

    bool IActorRefScope.IsLocal => true;

    IInternalActorRef IInternalActorRef.Parent => _ref.Parent;

    IActorRefProvider IInternalActorRef.Provider => _ref.Provider;

    bool IInternalActorRef.IsTerminated => _ref.IsTerminated;

    /// <summary>Whether both mean the same actor.</summary>
    public static bool operator ==(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) => testActorRef is null ? actorRef is null : testActorRef.Equals(actorRef);

    /// <summary>Whether both mean different actors.</summary>
    public static bool operator !=(TestActorRefBase<TActor>? testActorRef, IActorRef? actorRef) => !(testActorRef == actorRef);

    /// <summary>Whether both mean the same actor.</summary>
    public static bool operator ==(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) => testActorRef == actorRef;

    /// <summary>Whether both mean different actors.</summary>
    public static bool operator !=(IActorRef? actorRef, TestActorRefBase<TActor>? testActorRef) => !(testActorRef == actorRef);

    /// <summary>Has the actor handle a message on this thread, outside of its mailbox: what it throws comes to the caller and not to its supervisor.</summary>
    public void Receive(object message, IActorRef? sender = null) => _ref.Cell.InvokeHere(new Envelope(message, sender!));

    /// <summary>Sends a message.</summary>
    public void Tell(object message, IActorRef? sender) => _ref.Tell(message, sender);

    /// <summary>Sends a message with the running actor as sender.</summary>
    public void Tell(object message) => _ref.Tell(message);

    /// <summary>Sends a message on with the sender of the one at hand.</summary>
    public void Forward(object message) => _ref.Forward(message);

    /// <summary>Sends one of the engine's own messages.</summary>
    public void SendSystemMessage(ISystemMessage message) => _ref.SendSystemMessage(message);

    /// <summary>Has the actor watch another one.</summary>
    public void Watch(IActorRef subject) => _ref.Cell.Watch(subject);

    /// <summary>Ends a watch of the actor.</summary>
    public void Unwatch(IActorRef subject) => _ref.Cell.Unwatch(subject);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) => _ref.Equals(other is TestActorRefBase<TActor> test ? test._ref : other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _ref.GetHashCode();

    /// <summary>The order of the actors' paths.</summary>
    public int CompareTo(object? obj) => _ref.CompareTo(obj is TestActorRefBase<TActor> test ? test._ref : obj);

    /// <inheritdoc/>
    public override string ToString() => _ref.ToString();

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => CompareTo(other);

    IActorRef IInternalActorRef.GetChild(IReadOnlyList<string> name) => _ref.GetChild(name);

    void IInternalActorRef.Resume(Exception? causedByFailure) => _ref.Resume(causedByFailure);

    void IInternalActorRef.Start()
    {
        // Started when it was created.
    }

    void IInternalActorRef.Stop() => _ref.Stop();

    void IInternalActorRef.Restart(Exception cause) => _ref.Restart(cause);

    void IInternalActorRef.Suspend() => _ref.Suspend();
}

/// <inheritdoc/>
public class TestActorRef<TActor>(ActorSystem system, Props actorProps, IActorRef? supervisor = null, string? name = null)
    : TestActorRefBase<TActor>(system, actorProps, supervisor, name)
    where TActor : ActorBase;
