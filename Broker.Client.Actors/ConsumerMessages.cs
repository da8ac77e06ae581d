using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;

namespace AkkaStream.Client.Actors;

/// <summary>What a <see cref="ConsumerActor{TKey, TValue}"/> and its receiver tell each other.</summary>
public static class ConsumerMessages
{
    /// <summary>Receiver to consumer: so many more records may come. None come before the first.</summary>
    /// <param name="Count">How many, besides those that were asked for and have not come.</param>
    public sealed record Request(int Count);

    /// <summary>Consumer to receiver: a record. Those of a partition come in order.</summary>
    /// <param name="Record">The record; its values must not point into the consumer's memory (Serdes.Memory does).</param>
    public sealed record Received<TKey, TValue>(ConsumeResult<TKey, TValue> Record);

    /// <summary>Receiver to consumer: a record is handled. What is committed never goes beyond one that is not.</summary>
    /// <param name="Partition">Where it is.</param>
    /// <param name="Offset">Its offset.</param>
    public sealed record Acknowledge(TopicPartition Partition, long Offset);

    /// <summary>Consumer to receiver: it has these partitions besides from now on.</summary>
    /// <param name="Partitions">The partitions.</param>
    public sealed record Assigned(IReadOnlyList<TopicPartition> Partitions);

    /// <summary>Consumer to receiver: it gives these partitions back. What is not acknowledged by then comes to whoever has them next.</summary>
    /// <param name="Partitions">The partitions.</param>
    public sealed record Revoked(IReadOnlyList<TopicPartition> Partitions);

    /// <summary>Consumer to receiver: the group went on without it, and what it had may be another's already.</summary>
    /// <param name="Partitions">The partitions.</param>
    public sealed record Lost(IReadOnlyList<TopicPartition> Partitions);
}
