using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Consumer;

/// <summary>
/// The aborted transactions of one partition's answer, met in the order of the log: each begins at its first offset and ends at its producer's next
/// marker. Plain.
/// </summary>
internal sealed class AbortedRanges
{
    private readonly List<FetchResponse.AbortedTransaction> ahead;
    private readonly HashSet<long> producers = [];
    private int next;

    /// <param name="aborted">As the broker tells them, in any order.</param>
    public AbortedRanges(IEnumerable<FetchResponse.AbortedTransaction> aborted)
    {
        ahead = [.. aborted];
        ahead.Sort(static (a, b) => a.FirstOffset.CompareTo(b.FirstOffset));
    }

    /// <summary>Whether a batch belongs to an aborted transaction. To be asked for each batch, in order.</summary>
    public bool IsAborted(in RecordBatchHeader header)
    {
        Reach(header.LastOffset);
        return header.IsTransactional && !header.IsControl && producers.Contains(header.ProducerId);
    }

    /// <summary>A marker: what its producer writes after it is another transaction.</summary>
    /// <param name="header">The control batch's header.</param>
    /// <param name="records">Its record.</param>
    public void End(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        // The transaction's own records may all lie before what was read.
        Reach(header.LastOffset);
        var marker = new RecordReader(header, records);
        if (marker.MoveNext() && ControlRecord.TryReadType(marker.Key, out var type) && type == ControlRecordType.Abort) producers.Remove(header.ProducerId);
    }

    private void Reach(long offset)
    {
        while (next < ahead.Count && ahead[next].FirstOffset <= offset) producers.Add(ahead[next++].ProducerId);
    }
}
