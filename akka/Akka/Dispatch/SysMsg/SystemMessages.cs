using Akka.Actor;
using Akka.Event;

namespace Akka.Dispatch.SysMsg;

/// <summary>The engine's own messages, which overtake all others.</summary>
public interface ISystemMessage : INoSerializationVerificationNeeded;

/// <summary>A system message as it waits in a mailbox: linked, so that a waiting one costs no more than itself. It goes to one mailbox once.</summary>
internal abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage? Next;
}

/// <summary>First of all: make the actor; or fail at once.</summary>
internal sealed class Create(ActorInitializationException? failure) : SystemMessage
{
    public ActorInitializationException? Failure { get; } = failure;
}

/// <summary>Replace the actor by a new instance.</summary>
internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;
}

/// <summary>Take no more messages.</summary>
internal sealed class Suspend : SystemMessage;

/// <summary>Go on.</summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; } = causedByFailure;
}

/// <summary>End.</summary>
internal sealed class Terminate : SystemMessage;

/// <summary>Tell <see cref="Watcher"/> of the end.</summary>
internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>No longer.</summary>
internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>A child failed.</summary>
internal sealed class Failed(IActorRef child, Exception cause, long uid) : SystemMessage
{
    public IActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    public long Uid { get; } = uid;

    public override string ToString() => $"<Failed>: {Child} (uid={Uid}) - Cause: {Cause}";
}

/// <summary>A watched actor or a child ended.</summary>
internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated) : SystemMessage, IDeadLetterSuppression
{
    public IActorRef Actor { get; } = actor;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool AddressTerminated { get; } = addressTerminated;
}

/// <summary>A step of an asynchronous handler.</summary>
internal sealed class ActorTask(ActorTaskScheduler owner, Task task) : SystemMessage
{
    public ActorTaskScheduler Owner { get; } = owner;

    public Task Task { get; } = task;
}

/// <summary>An asynchronous handler is through.</summary>
internal sealed class ActorTaskDone(ActorTaskScheduler owner, Exception? failure) : SystemMessage
{
    public ActorTaskScheduler Owner { get; } = owner;

    public Exception? Failure { get; } = failure;
}
