using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// Which producers were asked about at their transaction's coordinator (KIP-890): the first batch of a transaction in a partition is taken only with the
/// number that <see cref="Begin"/> gave, so that no batch comes into the log behind the coordinator's back. Plain.
/// </summary>
internal sealed class TransactionVerifications
{
    private readonly Dictionary<long, Entry> _entries = [];
    private long _last;

    /// <summary>A batch is going to be asked about. Gives the number that its append has to show.</summary>
    /// <param name="header">The batch's header.</param>
    /// <param name="bumpsEpoch">The producer's epoch rises with each transaction (transactions of version 2).</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    public long Begin(in RecordBatchHeader header, bool bumpsEpoch, long nowMs)
    {
        var lowest = header.BaseSequence;
        var number = ++_last;
        if (_entries.TryGetValue(header.ProducerId, out var known))
        {
            number = known.Number;
            if (known.Epoch == header.ProducerEpoch) lowest = Math.Min(lowest, known.LowestSequence);
            else if (known.Epoch > header.ProducerEpoch) return known.Number;
        }
        else if (_entries.Count >= Limits.TransactionVerifications)
        {
            Forget();
        }

        _entries[header.ProducerId] = new Entry(number, header.ProducerEpoch, lowest, bumpsEpoch, nowMs);
        return number;
    }

    /// <summary>
    /// Judges the first batch of a transaction: <see cref="ErrorCode.InvalidTxnState"/> where it does not show the number;
    /// <see cref="ErrorCode.OutOfOrderSequenceNumber"/> where an earlier batch was asked about and is not in the log.
    /// </summary>
    public ErrorCode Check(in RecordBatchHeader header, long number, bool isKnownProducer)
    {
        if (!_entries.TryGetValue(header.ProducerId, out var entry) || entry.Number != number) return ErrorCode.InvalidTxnState;
        if (entry.BumpsEpoch && header.BaseSequence != 0 && !isKnownProducer) return ErrorCode.OutOfOrderSequenceNumber;
        return entry.Epoch == header.ProducerEpoch && header.BaseSequence > entry.LowestSequence ? ErrorCode.OutOfOrderSequenceNumber : ErrorCode.None;
    }

    /// <summary>
    /// A batch or a marker of the producer's transaction is in the log. What was asked about a later transaction stays: with transactions of version 2 the
    /// producer may begin the next one, in the epoch that the marker bears, before the marker of the last one is written.
    /// </summary>
    /// <param name="header">The batch's header.</param>
    public void End(in RecordBatchHeader header)
    {
        if (_entries.Count == 0 || !_entries.TryGetValue(header.ProducerId, out var entry)) return;
        var isNext = header.IsControl && entry.BumpsEpoch ? entry.Epoch >= header.ProducerEpoch : entry.Epoch > header.ProducerEpoch;
        if (!isNext) _entries.Remove(header.ProducerId);
    }

    /// <summary>Forgets what was asked longer ago than <paramref name="expirationMs"/>.</summary>
    public void Expire(long nowMs, long expirationMs)
    {
        foreach (var (id, entry) in _entries)
        {
            if (nowMs - entry.AskedMs >= expirationMs) _entries.Remove(id);
        }
    }

    /// <summary>When the first of them was asked about, milliseconds since 1970; <see cref="long.MaxValue"/> where there is none.</summary>
    public long OldestMs
    {
        get
        {
            var oldest = long.MaxValue;
            foreach (var entry in _entries.Values) oldest = Math.Min(oldest, entry.AskedMs);
            return oldest;
        }
    }

    private void Forget()
    {
        var oldest = (Id: -1L, AskedMs: long.MaxValue);
        foreach (var (id, entry) in _entries)
        {
            if (entry.AskedMs < oldest.AskedMs) oldest = (id, entry.AskedMs);
        }

        _entries.Remove(oldest.Id);
    }

    private readonly record struct Entry(long Number, short Epoch, int LowestSequence, bool BumpsEpoch, long AskedMs);
}
