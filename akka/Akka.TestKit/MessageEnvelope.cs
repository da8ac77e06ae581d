using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that a test actor got, and who sent it.</summary>
public abstract class MessageEnvelope
{
    /// <summary>The message.</summary>
    public abstract object Message { get; }

    /// <summary>Who sent it.</summary>
    public abstract IActorRef Sender { get; }
}

/// <summary>No message.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    /// <summary>The only value.</summary>
    public static readonly NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    /// <summary>Throws <see cref="InvalidOperationException"/>: there is none.</summary>
    public override object Message => throw new InvalidOperationException("there is no last message");

    /// <summary>Throws <see cref="InvalidOperationException"/>: there is none.</summary>
    public override IActorRef Sender => throw new InvalidOperationException("there is no last message, and so no sender");

    /// <inheritdoc/>
    public override string ToString() => "<null>";
}

/// <summary>A message and its sender.</summary>
public class RealMessageEnvelope(object message, IActorRef? sender) : MessageEnvelope
{
    /// <inheritdoc/>
    public override object Message { get; } = message;

    /// <inheritdoc/>
    public override IActorRef Sender { get; } = sender!;

    /// <inheritdoc/>
    public override string ToString() => $"<{Message ?? "null"}> from {Sender?.ToString() ?? "NoSender"}";
}
