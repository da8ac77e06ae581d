using AkkaStream.Client.Records;

namespace AkkaStream.Client.Producer;

/// <summary>A record to send, with the application's own types.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Key">The key; null for none.</param>
/// <param name="Value">The value; null for a tombstone.</param>
public readonly record struct Message<TKey, TValue>(string Topic, TKey Key, TValue Value)
{
    /// <summary>The partition; null leaves it to the key's hash, or to the sticky partitioner where there is no key.</summary>
    public int? Partition { get; init; }

    /// <summary>The record's time, kept to the millisecond; null for now.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Headers, or null.</summary>
    public IReadOnlyList<RecordHeader>? Headers { get; init; }
}

/// <summary>Sees every message of a producer before it is serialised, and what became of it. Must be quick, and must not throw.</summary>
public interface IProducerInterceptor<TKey, TValue>
{
    /// <summary>A message is about to be sent.</summary>
    /// <returns>What is sent in its place; mostly the message itself, or with headers added.</returns>
    Message<TKey, TValue> OnSend(Message<TKey, TValue> message) => message;

    /// <summary>A message was acknowledged or refused; on a thread of the producer.</summary>
    void OnDelivered(in DeliveryReport report)
    {
    }
}
