using Akka.Event;

namespace Akka.Actor;

/// <summary>A message that the engine handles itself before the actor sees it.</summary>
public interface IAutoReceivedMessage;

/// <summary>A message that is not taken from other processes unless trusted.</summary>
public interface IPossiblyHarmful;

/// <summary>A message that never leaves the process.</summary>
public interface INoSerializationVerificationNeeded;

/// <summary>A message that does not count as activity for the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout;

/// <summary>A message around another one.</summary>
public interface IWrappedMessage
{
    /// <summary>The inner message.</summary>
    object Message { get; }
}

/// <summary>Stops the actor when its turn comes, after all that was sent before.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    /// <summary>The only one.</summary>
    public static PoisonPill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes the actor fail with <see cref="ActorKilledException"/>; its supervisor decides, by default to stop it.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    private Kill()
    {
    }

    /// <summary>The only one.</summary>
    public static Kill Instance { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => "<Kill>";
}

/// <summary>A watched actor ended. Unhandled, it fails the watcher with <see cref="DeathPactException"/>.</summary>
public sealed class Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    : IAutoReceivedMessage, IPossiblyHarmful, INoSerializationVerificationNeeded, IDeadLetterSuppression, IEquatable<Terminated>
{
    /// <summary>Who ended.</summary>
    public IActorRef ActorRef { get; } = actorRef;

    /// <summary>Whether its whole system is gone.</summary>
    public bool AddressTerminated { get; } = addressTerminated;

    /// <summary>Whether it was alive when it was watched, as far as known.</summary>
    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    /// <inheritdoc/>
    public bool Equals(Terminated? other)
        => other is not null && ActorRef.Equals(other.ActorRef) && AddressTerminated == other.AddressTerminated && ExistenceConfirmed == other.ExistenceConfirmed;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Terminated);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ActorRef, AddressTerminated, ExistenceConfirmed);

    /// <inheritdoc/>
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>Asks an actor for its reference; the engine answers with <see cref="ActorIdentity"/>.</summary>
public sealed class Identify(object? messageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout
{
    /// <summary>Comes back in the answer.</summary>
    public object? MessageId { get; } = messageId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Identify other && Equals(MessageId, other.MessageId);

    /// <inheritdoc/>
    public override int GetHashCode() => MessageId?.GetHashCode() ?? 0;

    /// <inheritdoc/>
    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>.</summary>
public sealed class ActorIdentity(object? messageId, IActorRef? subject)
{
    /// <summary>What the question held.</summary>
    public object? MessageId { get; } = messageId;

    /// <summary>The actor; null where there is none.</summary>
    public IActorRef? Subject { get; } = subject;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorIdentity other && Equals(MessageId, other.MessageId) && Equals(Subject, other.Subject);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MessageId, Subject);

    /// <inheritdoc/>
    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}

/// <summary>Nothing came for the time that <see cref="IActorContext.SetReceiveTimeout"/> set.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    /// <summary>The only one.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>How something went, as an answer.</summary>
public abstract class Status
{
    /// <summary>It went well.</summary>
    public sealed class Success(object? status) : Status
    {
        /// <summary>With nothing to tell.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>What there is to tell.</summary>
        public readonly object? Status = status;

        /// <inheritdoc/>
        public override string ToString() => $"Success: {Status}";
    }

    /// <summary>It failed; to an asker this is the exception of its task.</summary>
    public sealed class Failure(Exception cause, object? state) : Status
    {
        /// <summary>Why.</summary>
        public readonly Exception Cause = cause;

        /// <summary>What was being done.</summary>
        public readonly object? State = state;

        /// <summary>A failure with its reason.</summary>
        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        /// <inheritdoc/>
        public override string ToString() => State is null ? $"Failure: {Cause}" : $"Failure[state={State}]: {Cause}";
    }
}

/// <summary>A message and who sent it.</summary>
public readonly struct Envelope
{
    /// <summary>A message from <paramref name="sender"/>, from nobody where that is null.</summary>
    public Envelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <summary>A message; the system's dead letters stand for a missing sender.</summary>
    public Envelope(object message, IActorRef? sender, ActorSystem system)
    {
        Message = message;
        Sender = sender ?? system.DeadLetters;
    }

    /// <summary>The sender.</summary>
    public IActorRef Sender { get; }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <inheritdoc/>
    public override string ToString() => $"<{Message}> from {(Sender is null ? "NoSender" : Sender)}";
}
