using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Producer;

/// <summary>What became of a batch.</summary>
/// <param name="Error">The broker's error, or <see cref="ErrorCode.None"/>.</param>
/// <param name="BaseOffset">Offset of the first record, -1 where it is not known.</param>
/// <param name="AppendTimeMs">The broker's time of the append where the topic keeps that, else -1.</param>
/// <param name="Message">The broker's words about the error, or null.</param>
public readonly record struct BatchResult(ErrorCode Error, long BaseOffset, long AppendTimeMs, string? Message = null);

/// <summary>Records of one partition that go to the broker together. It belongs to its <see cref="RecordAccumulator"/>, which guards it.</summary>
public sealed class ProducerBatch
{
    private readonly Completion<BatchResult> _result;
    private readonly RecordBatchBuilder _builder;
    private bool _disposed;
    private int _count;
    private DeliveryList? _deliveries;

    internal ProducerBatch(TopicPartition partition, RecordBatchBuilder builder, long reserved, long nowMs, TimeProvider time)
    {
        _result = new Completion<BatchResult>(time);
        Partition = partition;
        _builder = builder;
        Reserved = reserved;
        CreatedMs = nowMs;
    }

    /// <summary>Where the records go.</summary>
    public TopicPartition Partition { get; }

    /// <summary>How many records it holds.</summary>
    public int Count => _disposed ? _count : _builder.Count;

    /// <summary>Bytes of the batch before compression.</summary>
    public int UncompressedSize => _disposed ? 0 : _builder.UncompressedSize;

    /// <summary>When the first record came, by the caller's clock.</summary>
    public long CreatedMs { get; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; internal set; }

    /// <summary>Sequence number of the first record, given when it is first sent and kept for every repetition; -1 without idempotence.</summary>
    public int BaseSequence { get; set; } = RecordBatchHeader.NoSequence;

    /// <summary>Whose number <see cref="BaseSequence"/> is.</summary>
    public ProducerIdentity Identity { get; internal set; } = ProducerIdentity.None;

    /// <summary>The answer; never faulted.</summary>
    public Task<BatchResult> Result => _result.Task;

    /// <summary>Why it is sent again: the last answer, in words; null where it was not refused yet.</summary>
    public string? LastRefusal { get; internal set; }

    internal long Reserved { get; }

    internal long NotBeforeMs { get; set; }

    internal bool IsClosed { get; set; }

    /// <summary>The how manyth of its partition's numbered batches it is.</summary>
    internal long Ordinal { get; set; }

    /// <summary>When it was sent last, nothing of its partition before it was unanswered.</summary>
    internal bool WasOldest { get; set; }

    /// <summary>
    /// The batch as it goes over the wire, valid until it is completed.
    /// </summary>
    /// <exception cref="CorruptRecordException">The codec's library is not on this machine.</exception>
    /// <exception cref="ObjectDisposedException">It is completed: its memory may be another batch's.</exception>
    public Memory<byte> Build(bool transactional = false)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _builder.Build(new RecordBatchFields
        {
            ProducerId = Identity.Id,
            ProducerEpoch = Identity.Epoch,
            BaseSequence = BaseSequence,
            IsTransactional = transactional,
        });
    }

    /// <summary>Somebody is to be told of a record of this batch; before it is completed.</summary>
    /// <returns>The list, where this is its first one: it has to be started.</returns>
    internal DeliveryList? WhenDelivered(int index, in Delivery delivery)
    {
        var first = _deliveries is null ? _deliveries = new DeliveryList(this) : null;
        _deliveries.Add(index, delivery);
        return first;
    }

    internal bool HasRoom(int recordSize, int batchSize) => !IsClosed && _builder.UncompressedSize + recordSize <= batchSize;

    internal int Add(long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers)
    {
        _builder.Append(timestamp, key, value, headers);
        return _builder.Count - 1;
    }

    /// <summary>Whoever waits is told.</summary>
    /// <returns>The memory, which is the caller's now; null where it was completed before.</returns>
    internal RecordBatchBuilder? Complete(in BatchResult result)
    {
        if (_disposed) return null;
        (_disposed, _count) = (true, _builder.Count);
        _result.TrySetResult(result);
        return _builder;
    }
}
