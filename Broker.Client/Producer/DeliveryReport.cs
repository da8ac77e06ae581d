using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Producer;

/// <summary>What became of a record, as a callback is told it.</summary>
/// <param name="Location">Where it is; the offset is -1 where it is nowhere, or with <see cref="Acks.None"/>.</param>
/// <param name="Error">Why it is not in the log, or <see cref="ErrorCode.None"/>.</param>
/// <param name="Message">The error in words, or null.</param>
public readonly record struct DeliveryReport(RecordLocation Location, ErrorCode Error, string? Message)
{
    /// <summary>Whether the record is as safe as was asked for.</summary>
    public bool IsDelivered => Error == ErrorCode.None;

    /// <summary>What can be done where it was not delivered.</summary>
    public ErrorKind Kind => Error.Kind();

    /// <summary>Throws unless the record was delivered.</summary>
    /// <exception cref="BrokerException">The broker refused it for good, or did not take it within delivery.timeout.ms.</exception>
    /// <exception cref="ProducerFencedException">Another producer has the transactional id.</exception>
    public void ThrowIfFailed() => RecordProducer.ThrowIfFailed(Location.Partition, Error, Message);
}

/// <summary>Somebody who is to be told of a record. A struct with a state of its own, so that nothing is allocated for each record.</summary>
/// <param name="Tell">Told, with <paramref name="State"/>; null where nobody is.</param>
/// <param name="State">What the callback needs.</param>
internal readonly record struct Delivery(Action<object?, DeliveryReport>? Tell, object? State);
