namespace AkkaStream.Actors.Storage;

/// <summary>A transaction that a marker ended.</summary>
/// <param name="Aborted">Its producer and offsets, whether it was aborted or not.</param>
/// <param name="IsAborted">It was aborted, not committed.</param>
internal readonly record struct EndedTransaction(AbortedTransaction Aborted, bool IsAborted);

/// <summary>
/// The transactions of a partition that hold the last stable offset back: those without a marker, and those whose marker not every replica has yet. Plain.
/// </summary>
internal sealed class OpenTransactions
{
    private readonly SortedSet<(long FirstOffset, long ProducerId)> _ongoing = [];
    private readonly SortedSet<(long FirstOffset, long ProducerId)> _unreplicated = [];
    private readonly Queue<AbortedTransaction> _ended = [];

    /// <summary>Offset of the first record that a later marker may still take back, or -1.</summary>
    public long FirstUnstableOffset
    {
        get
        {
            var first = _ongoing.Count == 0 ? long.MaxValue : _ongoing.Min.FirstOffset;
            if (_unreplicated.Count > 0) first = Math.Min(first, _unreplicated.Min.FirstOffset);
            return first == long.MaxValue ? -1 : first;
        }
    }

    /// <summary>Whether no transaction is without a marker.</summary>
    public bool NoneOngoing => _ongoing.Count == 0;

    /// <summary>Whether none is open in either way.</summary>
    public bool IsEmpty => _ongoing.Count == 0 && _unreplicated.Count == 0 && _ended.Count == 0;

    /// <summary>Where the oldest transaction without a marker begins; <paramref name="otherwise"/> where there is none.</summary>
    public long FirstOngoing(long otherwise) => _ongoing.Count == 0 ? otherwise : _ongoing.Min.FirstOffset;

    /// <summary>A producer's transaction that begins at <paramref name="before"/> begins at <paramref name="now"/>; -1 is none.</summary>
    public void Move(long producerId, long before, long now)
    {
        if (before == now) return;
        if (before >= 0) _ongoing.Remove((before, producerId));
        if (now >= 0) _ongoing.Add((now, producerId));
    }

    /// <summary>A marker is in the log: the transaction holds readers back until every replica has it.</summary>
    public void End(in AbortedTransaction transaction)
    {
        _unreplicated.Add((transaction.FirstOffset, transaction.ProducerId));
        _ended.Enqueue(transaction);
    }

    /// <summary>Every replica has the log below <paramref name="highWatermark"/>.</summary>
    public void Replicated(long highWatermark)
    {
        while (_ended.TryPeek(out var ended) && ended.LastOffset < highWatermark)
        {
            _unreplicated.Remove((ended.FirstOffset, ended.ProducerId));
            _ended.Dequeue();
        }
    }

    /// <summary>None is open.</summary>
    public void Clear()
    {
        _ongoing.Clear();
        _unreplicated.Clear();
        _ended.Clear();
    }
}
