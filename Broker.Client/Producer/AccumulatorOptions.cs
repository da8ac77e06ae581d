using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Producer;

/// <summary>How a producer gathers records into batches; names and defaults are Kafka's.</summary>
public sealed record AccumulatorOptions
{
    /// <summary>batch.size: bytes of records (before compression) that go into one batch. A larger record gets a batch of its own.</summary>
    public int BatchSize { get; init; } = 16384;

    /// <summary>linger.ms: how long a batch waits for more records.</summary>
    public long LingerMs { get; init; } = 5;

    /// <summary>buffer.memory: bytes of batches that may be held, sent and not yet answered ones too. Beyond it appends are told to wait.</summary>
    public long BufferMemory { get; init; } = 32 << 20;

    /// <summary>max.request.size: the largest record, with the header of its batch.</summary>
    public int MaxRequestSize { get; init; } = 1048576;

    /// <summary>delivery.timeout.ms: how long a batch may take from its first record to the answer.</summary>
    public long DeliveryTimeoutMs { get; init; } = 120000;

    /// <summary>compression.type.</summary>
    public CompressionType Compression { get; init; }

    /// <summary>The codec's level, or null for its default.</summary>
    public int? CompressionLevel { get; init; }
}
