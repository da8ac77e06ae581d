namespace AkkaStream.Client.Producer;

/// <summary>How safe a record is when its send completes.</summary>
public enum Acks : short
{
    /// <summary>On every in-sync replica.</summary>
    All = -1,

    /// <summary>Nobody says; errors are not heard of.</summary>
    None = 0,

    /// <summary>On the leader.</summary>
    Leader = 1,
}

/// <summary>How a producer sends.</summary>
public sealed record ProducerOptions
{
    /// <summary>How records are gathered into batches.</summary>
    public AccumulatorOptions Batching { get; init; } = new();

    /// <summary>acks.</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary>enable.idempotence: a batch that is repeated is appended once, and order holds. Needs <see cref="Acks.All"/>.</summary>
    public bool Idempotence { get; init; } = true;

    /// <summary>
    /// max.in.flight.requests.per.connection: batches of one partition under way at once, 1 to 5, as many as brokers remember. Without
    /// <see cref="Idempotence"/> it is one, since nothing else would keep order.
    /// </summary>
    public int MaxInFlight { get; init; } = 5;

    /// <summary>transactional.id: what is sent between begin and commit is seen all together or not at all. Null for none.</summary>
    public string? TransactionalId { get; init; }

    /// <summary>transaction.timeout.ms: how long a transaction may be open before the coordinator aborts it.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the broker may take to append.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>retries: how often a batch is sent again that may succeed then. delivery.timeout.ms ends it in any case.</summary>
    public int Retries { get; init; } = int.MaxValue;

    /// <summary>retry.backoff.ms: the pause before a batch is sent again; from the sixth time on it doubles each time.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>retry.backoff.max.ms: the longest such pause.</summary>
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>max.block.ms: how long a send may wait for room in the buffer or for the topic's metadata.</summary>
    public TimeSpan MaxBlock { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>partitioner.class: who chooses the partition of records that name none; null for Kafka's way, by the key's hash, or sticky where there is no key.</summary>
    public IPartitioner? Partitioner { get; init; }

    /// <summary>partitioner.ignore.keys: keys do not decide where a record goes.</summary>
    public bool IgnoreKeys { get; init; }

    /// <summary>partitioner.adaptive.partitioning.enable: records without a key go less often to partitions whose batches wait.</summary>
    public bool AdaptivePartitioning { get; init; } = true;

    /// <summary>Dice of the sticky partitioner; its own where left out.</summary>
    public Random? Dice { get; init; }
}

/// <summary>A record to send.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Value">The value, or null for a tombstone.</param>
/// <param name="Key">The key, or null.</param>
public readonly record struct ProducerRecord(string Topic, ReadOnlyMemory<byte>? Value, ReadOnlyMemory<byte>? Key = null)
{
    /// <summary>The partition; null leaves it to the key's hash, or to the sticky partitioner where there is no key.</summary>
    public int? Partition { get; init; }

    /// <summary>Milliseconds since 1970; null for now.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Headers, or null.</summary>
    public IReadOnlyList<Records.RecordHeader>? Headers { get; init; }
}

/// <summary>Where a record went.</summary>
/// <param name="Partition">Topic and partition.</param>
/// <param name="Offset">Its offset; -1 with <see cref="Acks.None"/>.</param>
public readonly record struct RecordLocation(Cluster.TopicPartition Partition, long Offset)
{
    /// <summary>The broker's time of the append, milliseconds since 1970, where the topic keeps that; else -1.</summary>
    public long AppendTimeMs { get; init; } = -1;
}
