using System.Runtime.CompilerServices;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>A batch that a producer appended.</summary>
/// <param name="LastSequence">Sequence number of its last record.</param>
/// <param name="LastOffset">Offset of its last record.</param>
/// <param name="OffsetDelta">Records less one.</param>
/// <param name="Timestamp">Its largest timestamp, milliseconds since 1970.</param>
public readonly record struct ProducerBatch(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    /// <summary>Offset of its first record.</summary>
    public long FirstOffset => LastOffset - OffsetDelta;

    /// <summary>Sequence number of its first record.</summary>
    public int FirstSequence => LastSequence < OffsetDelta ? int.MaxValue - (OffsetDelta - LastSequence) + 1 : LastSequence - OffsetDelta;
}

/// <summary>What a partition knows of one idempotent producer; a value, so that it can be put back as it was.</summary>
public struct ProducerEntry
{
    /// <summary>How many of a producer's batches are remembered: as many requests as it may have on the way.</summary>
    public const int RememberedBatches = 5;

    private BatchRing _batches;

    /// <summary>A producer of which nothing is known yet.</summary>
    public ProducerEntry(long producerId)
    {
        this = default;
        ProducerId = producerId;
        Epoch = RecordBatchHeader.NoProducerEpoch;
        CoordinatorEpoch = -1;
        FirstOffsetOfTransaction = -1;
        LastTimestamp = RecordBatchHeader.NoTimestamp;
    }

    /// <summary>The producer's id.</summary>
    public long ProducerId { get; private set; }

    /// <summary>Its epoch, -1 before its first batch.</summary>
    public short Epoch { get; set; }

    /// <summary>Epoch of the coordinator that wrote its last marker, or -1.</summary>
    public int CoordinatorEpoch { get; set; }

    /// <summary>Timestamp of its last batch or marker, milliseconds since 1970.</summary>
    public long LastTimestamp { get; set; }

    /// <summary>Where its open transaction begins, or -1.</summary>
    public long FirstOffsetOfTransaction { get; set; }

    /// <summary>How many batches are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence number of its last record; -1 where none is known.</summary>
    public readonly int LastSequence => Count == 0 ? RecordBatchHeader.NoSequence : _batches[Count - 1].LastSequence;

    /// <summary>A remembered batch; 0 is the oldest.</summary>
    public readonly ProducerBatch this[int index] => _batches[index];

    internal void Add(in ProducerBatch batch)
    {
        if (Count == RememberedBatches)
        {
            for (var i = 1; i < RememberedBatches; i++) _batches[i - 1] = _batches[i];
            Count--;
        }

        _batches[Count++] = batch;
    }

    internal void EnterEpoch(short epoch)
    {
        if (epoch == Epoch) return;
        Epoch = epoch;
        Count = 0;
    }

    internal readonly bool TryFindDuplicate(in RecordBatchHeader header, out ProducerBatch duplicate)
    {
        duplicate = default;
        // Without a number nothing tells one batch from another.
        if (header.ProducerEpoch != Epoch || header.BaseSequence < 0) return false;
        for (var i = 0; i < Count; i++)
        {
            duplicate = _batches[i];
            if (duplicate.FirstSequence == header.BaseSequence && duplicate.LastSequence == header.LastSequence) return true;
        }

        return false;
    }

    [InlineArray(RememberedBatches)]
    private struct BatchRing
    {
        private ProducerBatch _first;
    }
}
