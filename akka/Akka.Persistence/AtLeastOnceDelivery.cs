using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What an actor that delivers at least once keeps in its own snapshots.</summary>
public sealed class AtLeastOnceDeliverySnapshot : IEquatable<AtLeastOnceDeliverySnapshot>
{
    /// <summary>A snapshot. Throws <see cref="ArgumentNullException"/> without deliveries.</summary>
    public AtLeastOnceDeliverySnapshot(long currentDeliveryId, UnconfirmedDelivery[] unconfirmedDeliveries)
    {
        ArgumentNullException.ThrowIfNull(unconfirmedDeliveries);
        CurrentDeliveryId = currentDeliveryId;
        UnconfirmedDeliveries = unconfirmedDeliveries;
    }

    /// <summary>The last number that was given.</summary>
    public long CurrentDeliveryId { get; }

    /// <summary>What was not confirmed.</summary>
    public UnconfirmedDelivery[] UnconfirmedDeliveries { get; }

    /// <inheritdoc/>
    public bool Equals(AtLeastOnceDeliverySnapshot? other)
        => other is not null && CurrentDeliveryId == other.CurrentDeliveryId && UnconfirmedDeliveries.AsSpan().SequenceEqual(other.UnconfirmedDeliveries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AtLeastOnceDeliverySnapshot);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(CurrentDeliveryId, UnconfirmedDeliveries.Length);

    /// <inheritdoc/>
    public override string ToString() => $"AtLeastOnceDeliverySnapshot<currentDeliveryId: {CurrentDeliveryId}, unconfirmedDeliveries: {UnconfirmedDeliveries.Length}>";
}

/// <summary>A message that was not confirmed.</summary>
public sealed class UnconfirmedDelivery : IEquatable<UnconfirmedDelivery>
{
    /// <summary>A message.</summary>
    public UnconfirmedDelivery(long deliveryId, ActorPath destination, object message)
    {
        DeliveryId = deliveryId;
        Destination = destination;
        Message = message;
    }

    /// <summary>Its number.</summary>
    public long DeliveryId { get; }

    /// <summary>Where it goes.</summary>
    public ActorPath Destination { get; }

    /// <summary>The message itself.</summary>
    public object Message { get; }

    /// <inheritdoc/>
    public bool Equals(UnconfirmedDelivery? other) => other is not null && DeliveryId == other.DeliveryId && Equals(Destination, other.Destination) && Equals(Message, other.Message);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnconfirmedDelivery);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DeliveryId, Destination, Message);

    /// <inheritdoc/>
    public override string ToString() => $"UnconfirmedDelivery<deliveryId: {DeliveryId}, dest: {Destination}, message: {Message}>";
}

/// <summary>To the actor itself: messages that were sent often and never confirmed.</summary>
public sealed class UnconfirmedWarning : IEquatable<UnconfirmedWarning>
{
    /// <summary>A warning. Throws <see cref="ArgumentNullException"/> without deliveries.</summary>
    public UnconfirmedWarning(UnconfirmedDelivery[] unconfirmedDeliveries)
    {
        ArgumentNullException.ThrowIfNull(unconfirmedDeliveries);
        UnconfirmedDeliveries = unconfirmedDeliveries;
    }

    /// <summary>The messages.</summary>
    public UnconfirmedDelivery[] UnconfirmedDeliveries { get; }

    /// <inheritdoc/>
    public bool Equals(UnconfirmedWarning? other) => other is not null && UnconfirmedDeliveries.AsSpan().SequenceEqual(other.UnconfirmedDeliveries);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnconfirmedWarning);

    /// <inheritdoc/>
    public override int GetHashCode() => UnconfirmedDeliveries.Length;

    /// <inheritdoc/>
    public override string ToString() => $"UnconfirmedWarning<{string.Join<UnconfirmedDelivery>(", ", UnconfirmedDeliveries)}>";
}

/// <summary>More messages are unconfirmed than may be.</summary>
public class MaxUnconfirmedMessagesExceededException : Exception
{
    /// <summary>Without a message.</summary>
    public MaxUnconfirmedMessagesExceededException()
    {
    }

    /// <summary>With a message.</summary>
    public MaxUnconfirmedMessagesExceededException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what led to it.</summary>
    public MaxUnconfirmedMessagesExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
