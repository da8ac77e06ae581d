using System.Buffers;
using System.Collections;
using System.Diagnostics;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Consumer;

/// <summary>A record with an application's own types.</summary>
public readonly struct ConsumeResult<TKey, TValue>
{
    private readonly ReadOnlyMemory<byte> headers;
    private readonly int headerCount;

    internal ConsumeResult(in ConsumedRecord record, TKey key, TValue value)
    {
        Partition = record.Partition;
        Offset = record.Offset;
        TimestampMs = record.Timestamp;
        Key = key;
        Value = value;
        headers = record.RawHeaders;
        headerCount = record.HeaderCount;
    }

    /// <summary>Its topic.</summary>
    public string Topic => Partition.Topic;

    /// <summary>Where it was.</summary>
    public TopicPartition Partition { get; }

    /// <summary>Its offset.</summary>
    public long Offset { get; }

    /// <summary>Its time; null where it has none.</summary>
    public DateTimeOffset? Timestamp => TimestampMs < 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs);

    /// <summary>Its time in milliseconds since 1970, or -1.</summary>
    public long TimestampMs { get; }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>The value.</summary>
    public TValue Value { get; }

    /// <summary>Its headers, read anew each time; the values are valid until the consumer is asked for the next record or batch.</summary>
    public IReadOnlyList<RecordHeader> Headers => ConsumedRecord.Read(headers, headerCount);

    /// <summary>
    /// Begins a span of <see cref="Diagnostics.ClientTelemetry"/> for the handling of this record, as a child of that of its sender: <c>using var span = record.StartActivity();</c>. Null where nobody
    /// listens, or it is not sampled. The handler loop does it by itself.
    /// </summary>
    public Activity? StartActivity() => Diagnostics.ClientTelemetry.Traces ? Diagnostics.ClientTelemetry.StartProcess(Partition, Offset, Headers) : null;
}

/// <summary>Records of one partition, in order. Valid until the consumer is asked for the next batch.</summary>
public sealed class ConsumeBatch<TKey, TValue> : IReadOnlyList<ConsumeResult<TKey, TValue>>
{
    private ConsumeResult<TKey, TValue>[] results;

    internal ConsumeBatch(TopicPartition partition, int capacity)
    {
        Partition = partition;
        results = ArrayPool<ConsumeResult<TKey, TValue>>.Shared.Rent(capacity);
    }

    /// <summary>Where they were.</summary>
    public TopicPartition Partition { get; }

    /// <summary>How many records; at least one.</summary>
    public int Count { get; private set; }

    /// <summary>The records.</summary>
    public ReadOnlySpan<ConsumeResult<TKey, TValue>> Span => results.AsSpan(0, Count);

    /// <inheritdoc/>
    public ConsumeResult<TKey, TValue> this[int index] => (uint)index < (uint)Count ? results[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <inheritdoc/>
    public IEnumerator<ConsumeResult<TKey, TValue>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return results[i];
    }

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(in ConsumeResult<TKey, TValue> result) => results[Count++] = result;

    internal void GiveBack()
    {
        Count = 0;
        if (results.Length > 0) ArrayPool<ConsumeResult<TKey, TValue>>.Shared.Return(results, clearArray: true);
        results = [];
    }
}
