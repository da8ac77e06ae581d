using System.Runtime.InteropServices;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// The idempotent and transactional producers of one partition: which sequence number comes next, which batch was there already, which transaction is open.
/// Changes since <see cref="Keep"/> can be undone, since a batch counts only once it is in the file.
/// </summary>
internal sealed class ProducerStates
{
    private readonly Dictionary<long, ProducerEntry> _producers = [];
    private readonly List<(ProducerEntry Before, bool WasThere)> _undo = [];
    private readonly HashSet<long> _touched = [];
    private int _openTransactions;

    /// <summary>How many producers are known.</summary>
    public int Count => _producers.Count;

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<ProducerEntry> All => _producers.Values;

    /// <summary>The offset after the last batch that was applied: what a snapshot of this state is named by.</summary>
    public long EndOffset { get; set; }

    /// <summary>Where the oldest open transaction begins, or -1.</summary>
    public long FirstUnstableOffset
    {
        get
        {
            if (_openTransactions == 0) return -1;
            var first = long.MaxValue;
            foreach (var (_, producer) in _producers)
            {
                if (producer.FirstOffsetOfTransaction >= 0) first = Math.Min(first, producer.FirstOffsetOfTransaction);
            }

            return first == long.MaxValue ? -1 : first;
        }
    }

    /// <summary>
    /// Judges a client's batch: <see cref="ErrorCode.None"/>, the batch that it repeats, <see cref="ErrorCode.InvalidProducerEpoch"/> (fenced) or
    /// <see cref="ErrorCode.OutOfOrderSequenceNumber"/>.
    /// </summary>
    public ErrorCode Check(in RecordBatchHeader header, out ProducerBatch? duplicate)
    {
        duplicate = null;
        if (!header.HasProducerId) return ErrorCode.None;
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_producers, header.ProducerId);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known)) return ErrorCode.None;
        if (!header.IsControl && known.TryFindDuplicate(header, out var same))
        {
            duplicate = same;
            return ErrorCode.None;
        }

        if (header.ProducerEpoch < known.Epoch) return ErrorCode.InvalidProducerEpoch;
        if (header.IsControl) return ErrorCode.None;
        var inOrder = header.ProducerEpoch != known.Epoch
            ? header.BaseSequence == 0 || known.Epoch == RecordBatchHeader.NoProducerEpoch
            : header.BaseSequence == RecordBatchHeader.AddSequence(known.LastSequence, 1);
        return inOrder ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;
    }

    /// <summary>Takes a batch with its final offsets into account.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="coordinatorEpoch">For a marker, the epoch in it.</param>
    public void Apply(in RecordBatchHeader header, int coordinatorEpoch = -1)
    {
        EndOffset = header.NextOffset;
        if (!header.HasProducerId) return;
        ref var producer = ref CollectionsMarshal.GetValueRefOrAddDefault(_producers, header.ProducerId, out var wasThere);
        if (!wasThere) producer = new ProducerEntry(header.ProducerId);
        if (_touched.Add(header.ProducerId)) _undo.Add((producer, wasThere));

        var wasOpen = producer.FirstOffsetOfTransaction >= 0;
        producer.EnterEpoch(header.ProducerEpoch);
        producer.LastTimestamp = header.MaxTimestamp;
        if (header.IsControl)
        {
            producer.FirstOffsetOfTransaction = -1;
            producer.CoordinatorEpoch = coordinatorEpoch;
        }
        else
        {
            producer.Add(new ProducerBatch(header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
            if (header.IsTransactional && !wasOpen) producer.FirstOffsetOfTransaction = header.BaseOffset;
        }

        CountOpen(wasOpen, producer.FirstOffsetOfTransaction >= 0);
        if (_producers.Count > Limits.ProducersOfPartition) ForgetSilent(header.ProducerId);
    }

    /// <summary>What was applied is in the log: it stays.</summary>
    public void Keep()
    {
        if (_undo.Count == 0) return;
        _undo.Clear();
        _touched.Clear();
    }

    /// <summary>Takes back what was applied since <see cref="Keep"/>.</summary>
    public void Undo(long endOffset)
    {
        foreach (var (before, wasThere) in _undo)
        {
            var isOpen = _producers.TryGetValue(before.ProducerId, out var now) && now.FirstOffsetOfTransaction >= 0;
            CountOpen(isOpen, wasThere && before.FirstOffsetOfTransaction >= 0);
            if (wasThere) _producers[before.ProducerId] = before;
            else _producers.Remove(before.ProducerId);
        }

        EndOffset = endOffset;
        Keep();
    }

    /// <summary>Forgets all and starts from a snapshot's entries.</summary>
    public void Reset(IReadOnlyList<ProducerEntry> entries, long endOffset)
    {
        Keep();
        _producers.Clear();
        _openTransactions = 0;
        EndOffset = endOffset;
        foreach (var entry in entries)
        {
            _producers[entry.ProducerId] = entry;
            CountOpen(false, entry.FirstOffsetOfTransaction >= 0);
        }
    }

    /// <summary>Forgets producers that have been silent for <paramref name="expirationMs"/> and have no open transaction.</summary>
    public void Expire(long nowMs, long expirationMs)
    {
        if (_producers.Count == 0) return;
        foreach (var (id, producer) in _producers)
        {
            // Removing the entry that an enumeration stands on is allowed.
            if (producer.FirstOffsetOfTransaction < 0 && nowMs - producer.LastTimestamp >= expirationMs && !_touched.Contains(id)) _producers.Remove(id);
        }
    }

    private void CountOpen(bool before, bool after) => _openTransactions += (after ? 1 : 0) - (before ? 1 : 0);

    // A stranger can ask for ids without end: an eighth goes at a time, so that the search for the silent ones is not paid at every batch.
    private void ForgetSilent(long except)
    {
        var idle = new List<(long Timestamp, long Id)>();
        foreach (var (id, producer) in _producers)
        {
            if (id != except && producer.FirstOffsetOfTransaction < 0 && !_touched.Contains(id)) idle.Add((producer.LastTimestamp, id));
        }

        idle.Sort();
        var surplus = Math.Min(idle.Count, Limits.ProducersOfPartition / 8);
        for (var i = 0; i < surplus; i++) _producers.Remove(idle[i].Id);
    }
}
