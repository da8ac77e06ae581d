namespace AkkaStream.Client.Consumer.Handling;

/// <summary>Which records wait for each other.</summary>
public enum HandlerOrder
{
    /// <summary>Those of a partition with equal keys; records without a key wait for nobody.</summary>
    PerKey,

    /// <summary>All of a partition.</summary>
    PerPartition,

    /// <summary>None.</summary>
    None,
}

/// <summary>How records are handled by <see cref="Consumer{TKey, TValue}.HandleAsync"/>.</summary>
public sealed record HandlerOptions
{
    /// <summary>Records that are handled at once. At least 1; 16 by default.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>Which records wait for each other.</summary>
    public HandlerOrder Order { get; init; } = HandlerOrder.PerKey;

    /// <summary>Records that may be fetched and not handled yet; beyond it nothing more is fetched. What one poll brings may go over it. At least 1; 1,000 by default.</summary>
    public int MaxInFlight { get; init; } = 1000;

    /// <summary>How often a record whose handler throws is handled again. 3 by default.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The pause before that; it doubles each time. Only records that wait for the failed one wait with it. 100 ms by default.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such pause. 10 s by default.</summary>
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether an exception is worth another try; null: every one is.</summary>
    public Func<Exception, bool>? ShouldRetry { get; init; }

    /// <summary>
    /// Where records go, with headers that say where they come from and why, whose handler has thrown for the last time. Null: the loop ends with a <see cref="HandlerException"/>, and
    /// the record is met again by whoever reads next.
    /// </summary>
    public string? DeadLetterTopic { get; init; }

    /// <summary>
    /// How long handlers may go on when the loop is to stop, or their partitions go to another member. When it stops, they are cancelled then; those of a partition that goes are waited for no longer, and
    /// their records are handled again by its next owner. 10 s by default.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal void Check()
    {
        if (Parallelism < 1) throw new ArgumentException($"Parallelism is {Parallelism}: at least 1 is possible");
        if (MaxInFlight < 1) throw new ArgumentException($"MaxInFlight is {MaxInFlight}: at least 1 is possible");
        if (Retries < 0) throw new ArgumentException($"Retries is {Retries}: at least 0 is possible");
    }
}

/// <summary>A record's handler threw for the last time, and there is no dead-letter topic.</summary>
public sealed class HandlerException : Exception
{
    /// <summary>A failure to handle a record.</summary>
    /// <param name="partition">Where the record is.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="why">What the handler threw last.</param>
    public HandlerException(Cluster.TopicPartition partition, long offset, Exception why)
        : base($"{partition}, offset {offset}: the handler failed: {why.Message}", why)
    {
        Partition = partition;
        Offset = offset;
    }

    /// <summary>Where the record is.</summary>
    public Cluster.TopicPartition Partition { get; }

    /// <summary>Its offset.</summary>
    public long Offset { get; }
}
