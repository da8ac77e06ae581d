using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// Follows transactions through the batches that a cleaning reads: data of aborted ones goes at once, a marker goes when nothing of its transaction is left before it.
/// </summary>
internal sealed class CleanedTransactions
{
    private readonly PriorityQueue<AbortedSpan, (long First, long Last)> _ahead = new();
    private readonly HashSet<AbortedSpan> _known = [];
    private readonly Dictionary<long, (AbortedSpan Span, bool HasData)> _aborted = [];
    private readonly HashSet<long> _committed = [];

    /// <summary>Takes an aborted transaction whose data is retained still, for the index of the segment that its marker goes to.</summary>
    public Action<AbortedSpan>? OnAbortedKept { get; set; }

    /// <summary>Aborted transactions that the batches to come may belong to; the same one may be told again.</summary>
    public void Expect(IReadOnlyList<AbortedSpan> spans)
    {
        foreach (var span in spans)
        {
            if (_known.Add(span)) _ahead.Enqueue(span, (span.FirstOffset, span.LastOffset));
        }
    }

    /// <summary>A batch of data comes by. True where it belongs to an aborted transaction.</summary>
    public bool IsAborted(in RecordBatchHeader header)
    {
        Begin(header.LastOffset);
        if (!header.IsTransactional) return false;
        if (_aborted.TryGetValue(header.ProducerId, out var transaction))
        {
            _aborted[header.ProducerId] = transaction with { HasData = true };
            return true;
        }

        _committed.Add(header.ProducerId);
        return false;
    }

    /// <summary>A control batch comes by. True where nothing of its transaction is left, so that it may go in time.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="records">Its records, uncompressed.</param>
    public bool MayGo(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        Begin(header.LastOffset);
        // One that was emptied before says nothing any more.
        var reader = new RecordReader(header, records);
        if (header.RecordCount == 0 || !reader.MoveNext()) return true;
        if (!ControlRecord.TryReadType(reader.Key, out var type)) return false;
        if (type == ControlRecordType.Commit) return !_committed.Remove(header.ProducerId);
        if (type != ControlRecordType.Abort) return false;
        if (!_aborted.Remove(header.ProducerId, out var transaction) || !transaction.HasData) return true;
        OnAbortedKept?.Invoke(transaction.Span);
        return false;
    }

    private void Begin(long offset)
    {
        while (_ahead.TryPeek(out var next, out _) && next.FirstOffset <= offset)
        {
            _ahead.Dequeue();
            _aborted.TryAdd(next.ProducerId, (next, false));
        }
    }
}
