using System.Runtime.CompilerServices;
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
    // From this version of transactions on, every transaction has an epoch of its own.
    private const int BumpsEpochSince = 2;

    // Never written to: it stands for the producers of the many partitions that have none.
    private static readonly Dictionary<long, ProducerEntry> None = [];

    private Dictionary<long, ProducerEntry> _producers = None;
    private Change? _change;
    private OpenTransactions? _transactions;
    private TransactionVerifications? _verifications;
    private int _forgetAt = Limits.ProducersOfPartition;
    private int _refusals;

    /// <summary>How many producers are known.</summary>
    public int Count => _producers.Count;

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyCollection<ProducerEntry> All => _producers.Values;

    /// <summary>The offset after the last batch that was applied: what a snapshot of this state is named by.</summary>
    public long EndOffset { get; set; }

    /// <summary>Offset of the first record whose transaction has no marker yet, or none that every replica has; -1 where there is none.</summary>
    public long FirstUnstableOffset => _transactions?.FirstUnstableOffset ?? -1;

    /// <summary>A transactional batch or a producer that had a transaction was seen.</summary>
    public bool SawTransactions { get; private set; }

    private TransactionVerifications Verifications => _verifications ??= new();

    /// <summary>
    /// Judges a client's batch: <see cref="ErrorCode.None"/>, the batch that it repeats, <see cref="ErrorCode.InvalidProducerEpoch"/> (fenced),
    /// <see cref="ErrorCode.OutOfOrderSequenceNumber"/>, <see cref="ErrorCode.InvalidTxnState"/> (not part of the open transaction, or not verified), or
    /// <see cref="ErrorCode.ThrottlingQuotaExceeded"/> at <see cref="Limits.ProducersOfPartition"/>.
    /// </summary>
    /// <param name="header">Its header.</param>
    /// <param name="verification">The number of <see cref="BeginVerification"/>; 0 without, -1 where none is asked for.</param>
    /// <param name="duplicate">The batch that was there already.</param>
    public ErrorCode Check(in RecordBatchHeader header, long verification, out ProducerBatch? duplicate)
    {
        duplicate = null;
        if (!header.HasProducerId) return ErrorCode.None;
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_producers, header.ProducerId);
        var isKnown = !Unsafe.IsNullRef(ref known);
        if (isKnown && known.TryFindDuplicate(header, out var same))
        {
            duplicate = same;
            return ErrorCode.None;
        }

        if (isKnown && header.ProducerEpoch < known.Epoch) return ErrorCode.InvalidProducerEpoch;
        if (verification >= 0 && MustVerify(header) && Verifications.Check(header, verification, isKnown) is var verified and not ErrorCode.None) return verified;
        if (!isKnown) return _producers.Count >= Limits.ProducersOfPartition && !MakeRoom() ? ErrorCode.ThrottlingQuotaExceeded : ErrorCode.None;
        var inOrder = header.ProducerEpoch != known.Epoch
            ? header.BaseSequence == 0 || known.Epoch == RecordBatchHeader.NoProducerEpoch
            : header.BaseSequence == RecordBatchHeader.AddSequence(known.LastSequence, 1);
        // What a group's coordinator writes for a transaction has no numbers; a client's batch without them does not come this far.
        if (!inOrder && header.BaseSequence != RecordBatchHeader.NoSequence) return ErrorCode.OutOfOrderSequenceNumber;
        return known.FirstOffsetOfTransaction >= 0 && !header.IsTransactional ? ErrorCode.InvalidTxnState : ErrorCode.None;
    }

    /// <summary>
    /// Judges a coordinator's marker: <see cref="ErrorCode.InvalidProducerEpoch"/>, <see cref="ErrorCode.TransactionCoordinatorFenced"/>, or
    /// <see cref="ErrorCode.None"/>. <paramref name="isRepeated"/>: with transactions of version 2 the epoch shows that this very marker is there already.
    /// </summary>
    public ErrorCode CheckMarker(in RecordBatchHeader header, in Marker marker, int transactionVersion, out bool isRepeated)
    {
        isRepeated = false;
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_producers, header.ProducerId);
        if (Unsafe.IsNullRef(ref known)) return ErrorCode.None;
        if (header.ProducerEpoch < known.Epoch) return ErrorCode.InvalidProducerEpoch;
        if (marker.CoordinatorEpoch < known.CoordinatorEpoch) return ErrorCode.TransactionCoordinatorFenced;
        if (transactionVersion < BumpsEpochSince || header.ProducerEpoch > known.Epoch) return ErrorCode.None;
        // Every transaction has an epoch of its own: records of this epoch belong to the next one, which this marker must not end.
        isRepeated = known.Count == 0 && known.FirstOffsetOfTransaction < 0 && known.CoordinatorEpoch >= 0;
        return isRepeated ? ErrorCode.None : ErrorCode.InvalidProducerEpoch;
    }

    /// <summary>Whether a batch would begin a transaction here, so that its coordinator has to know of it before it is appended.</summary>
    public bool MustVerify(in RecordBatchHeader header)
    {
        if (!header.IsTransactional || header.IsControl) return false;
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_producers, header.ProducerId);
        if (Unsafe.IsNullRef(ref known) || header.ProducerEpoch > known.Epoch) return true;
        return known.Epoch == header.ProducerEpoch && known.FirstOffsetOfTransaction < 0 && !known.TryFindDuplicate(header, out _);
    }

    /// <summary>The coordinator is asked about a batch; the number is what <see cref="Check"/> wants to see.</summary>
    public long BeginVerification(in RecordBatchHeader header, bool bumpsEpoch, long nowMs) => Verifications.Begin(header, bumpsEpoch, nowMs);

    /// <summary>Takes a batch with its final offsets into account. True where it ended a transaction that had records.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="marker">What it says of a transaction's end.</param>
    /// <param name="ended">The transaction that it ended.</param>
    public bool Apply(in RecordBatchHeader header, in Marker marker, out EndedTransaction ended)
    {
        ended = default;
        EndOffset = header.NextOffset;
        // What compaction left of a marker says nothing.
        if (!header.HasProducerId || (header.IsControl && !marker.EndsTransaction)) return false;
        var change = _change ??= new Change();
        if (ReferenceEquals(_producers, None)) _producers = [];
        ref var producer = ref CollectionsMarshal.GetValueRefOrAddDefault(_producers, header.ProducerId, out var wasThere);
        if (!wasThere) producer = new ProducerEntry(header.ProducerId);
        if (change.Touched.Add(header.ProducerId)) change.Undo.Add((producer, wasThere));

        SawTransactions |= header.IsTransactional;
        var first = producer.FirstOffsetOfTransaction;
        producer.EnterEpoch(header.ProducerEpoch);
        producer.LastTimestamp = header.MaxTimestamp;
        if (marker.EndsTransaction)
        {
            _refusals = 0;
            producer.FirstOffsetOfTransaction = -1;
            producer.CoordinatorEpoch = marker.CoordinatorEpoch;
        }
        else
        {
            producer.Add(new ProducerBatch(header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
            if (header.IsTransactional && first < 0) producer.FirstOffsetOfTransaction = header.BaseOffset;
        }

        if (first != producer.FirstOffsetOfTransaction) (_transactions ??= new()).Move(header.ProducerId, first, producer.FirstOffsetOfTransaction);
        if (header.IsTransactional) _verifications?.End(header);
        if (_producers.Count > _forgetAt) ForgetSilent(header.ProducerId);
        if (!marker.EndsTransaction || first < 0) return false;
        var stable = _transactions!.FirstOngoing(header.LastOffset + 1);
        ended = new EndedTransaction(new AbortedTransaction(header.ProducerId, first, header.LastOffset, stable), marker.IsAbort);
        change.Ended.Add(ended.Aborted);
        return true;
    }

    /// <summary>Every replica has the log below an offset: transactions that ended below it hold nobody back.</summary>
    public void Replicated(long highWatermark) => _transactions?.Replicated(highWatermark);

    /// <summary>What was applied is in the log: it stays.</summary>
    public void Keep()
    {
        if (_change is not { Undo.Count: > 0 } change) return;
        foreach (var ended in change.Ended) _transactions!.End(ended);
        Settle();
    }

    /// <summary>Takes back what was applied since <see cref="Keep"/>.</summary>
    public void Undo(long endOffset)
    {
        foreach (var (before, wasThere) in _change?.Undo ?? [])
        {
            var now = _producers.TryGetValue(before.ProducerId, out var producer) ? producer.FirstOffsetOfTransaction : -1;
            _transactions?.Move(before.ProducerId, now, wasThere ? before.FirstOffsetOfTransaction : -1);
            if (wasThere) _producers[before.ProducerId] = before;
            else _producers.Remove(before.ProducerId);
        }

        EndOffset = endOffset;
        Settle();
    }

    /// <summary>Forgets all and starts from a snapshot's entries.</summary>
    public void Reset(IReadOnlyList<ProducerEntry> entries, long endOffset)
    {
        Settle();
        _producers = entries.Count == 0 ? None : new Dictionary<long, ProducerEntry>(entries.Count);
        _transactions = null;
        EndOffset = endOffset;
        foreach (var entry in entries)
        {
            _producers[entry.ProducerId] = entry;
            if (entry.FirstOffsetOfTransaction >= 0) (_transactions ??= new()).Move(entry.ProducerId, -1, entry.FirstOffsetOfTransaction);
            SawTransactions |= entry.FirstOffsetOfTransaction >= 0 || entry.CoordinatorEpoch >= 0;
        }
    }

    /// <summary>A producer's open transaction begins at another offset, or (-1) is over. Between appends.</summary>
    public void MoveTransaction(long producerId, long firstOffset)
    {
        ref var producer = ref CollectionsMarshal.GetValueRefOrNullRef(_producers, producerId);
        if (Unsafe.IsNullRef(ref producer)) return;
        (_transactions ??= new()).Move(producerId, producer.FirstOffsetOfTransaction, firstOffset);
        producer.FirstOffsetOfTransaction = firstOffset;
    }

    /// <summary>Forgets producers that have been silent for <paramref name="expirationMs"/> and have no open transaction.</summary>
    public void Expire(long nowMs, long expirationMs)
    {
        _verifications?.Expire(nowMs, expirationMs);
        if (_producers.Count == 0) return;
        foreach (var (id, producer) in _producers)
        {
            // Removing the entry that an enumeration stands on is allowed.
            if (producer.FirstOffsetOfTransaction < 0 && nowMs - producer.LastTimestamp >= expirationMs && !IsTouched(id)) _producers.Remove(id);
        }
    }

    /// <summary>When <see cref="Expire"/> has something to forget at the earliest, milliseconds since 1970; <see cref="long.MaxValue"/> for never.</summary>
    public long NextExpiry(long expirationMs)
    {
        var next = _verifications?.OldestMs ?? long.MaxValue;
        foreach (var producer in _producers.Values)
        {
            if (producer.FirstOffsetOfTransaction < 0) next = Math.Min(next, producer.LastTimestamp);
        }

        return next > long.MaxValue - expirationMs ? long.MaxValue : next + expirationMs;
    }

    /// <summary>Lets go of memory that only appends need: none came for a while.</summary>
    public void Rest()
    {
        if (_change is { Undo.Count: 0 }) _change = null;
        if (_producers.Count == 0) _producers = None;
        if (_transactions is { IsEmpty: true }) _transactions = null;
    }

    private void Settle()
    {
        if (_change is not { } change) return;
        change.Undo.Clear();
        change.Touched.Clear();
        change.Ended.Clear();
    }

    private bool IsTouched(long producerId) => _change is { } change && change.Touched.Contains(producerId);

    private bool MakeRoom()
    {
        // Where all have an open transaction the search is in vain: not each time.
        if (_refusals++ % 1024 == 0) ForgetSilent(RecordBatchHeader.NoProducerId);
        if (_producers.Count >= Limits.ProducersOfPartition) return false;
        _refusals = 0;
        return true;
    }

    // A stranger can ask for ids without end: an eighth goes at a time, so that the search for the silent ones is not paid at every batch.
    private void ForgetSilent(long except)
    {
        var idle = new List<(long Timestamp, long Id)>();
        foreach (var (id, producer) in _producers)
        {
            if (id != except && producer.FirstOffsetOfTransaction < 0 && !IsTouched(id)) idle.Add((producer.LastTimestamp, id));
        }

        idle.Sort();
        var surplus = Math.Min(idle.Count, Limits.ProducersOfPartition / 8);
        for (var i = 0; i < surplus; i++) _producers.Remove(idle[i].Id);
        // Where hardly any is idle the search would be in vain each time.
        _forgetAt = Math.Max(Limits.ProducersOfPartition, _producers.Count + (Limits.ProducersOfPartition / 64));
    }

    // What was applied since the last Keep.
    private sealed class Change
    {
        public List<(ProducerEntry Before, bool WasThere)> Undo { get; } = [];

        public HashSet<long> Touched { get; } = [];

        public List<AbortedTransaction> Ended { get; } = [];
    }
}
