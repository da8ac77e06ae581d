using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

public sealed partial class PartitionLog
{
    private volatile bool _hasTransactions;

    /// <summary>
    /// Whether a batch of data begins a transaction here, so that <see cref="Stage"/> takes it only with the number of <see cref="BeginVerification"/>,
    /// once the transaction's coordinator said that it knows of it. False for batches of an open transaction, and where nothing is verified. For the owner.
    /// </summary>
    public bool MustVerify(in RecordBatchHeader header) => _config.VerifiesTransactions && _producers.MustVerify(header);

    /// <summary>
    /// Notes that the coordinator is being asked about a producer's batch, and gives the number to show to <see cref="Stage"/> once it agreed. Until a batch
    /// of the producer's transaction is in the log, later calls give the same number. One that is older than
    /// <see cref="LogConfig.ProducerIdExpirationMs"/> is forgotten. For the owner.
    /// </summary>
    /// <param name="header">The batch's header.</param>
    /// <param name="bumpsEpoch">The producer speaks transactions of version 2 (Produce 12 and later): its epoch rises with each transaction, sequences begin at 0.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    public long BeginVerification(in RecordBatchHeader header, bool bumpsEpoch, long nowMs) => _producers.BeginVerification(header, bumpsEpoch, nowMs);

    /// <summary>
    /// The aborted transactions that a reader of committed records has to leave out of what it read: those with records below
    /// <see cref="ReadResult.UpTo"/> and a marker at or behind the offset that was asked for, by rising offset of their markers. From any thread.
    /// </summary>
    /// <param name="read">What <see cref="Read"/> gave, with <see cref="ReadLimit.Committed"/>.</param>
    /// <param name="into">Gets them.</param>
    /// <returns><see cref="ErrorCode.KafkaStorageError"/> where an index cannot be read.</returns>
    public ErrorCode AbortedTransactions(in ReadResult read, List<AbortedTransaction> into)
        => read.Length == 0 ? ErrorCode.None : AbortedTransactions(read.Offset, read.UpTo, into);

    /// <summary>
    /// The aborted transactions that concern [<paramref name="from"/>, <paramref name="upTo"/>), by rising offset of their markers; at most those whose
    /// markers are in the log. An index that is missing or damaged is made anew from the log at the first question, which then takes as long as reading the
    /// segment's headers. From any thread.
    /// </summary>
    /// <param name="from">First offset.</param>
    /// <param name="upTo">Offset behind the last.</param>
    /// <param name="into">Gets them.</param>
    /// <returns><see cref="ErrorCode.KafkaStorageError"/> where an index cannot be read.</returns>
    public ErrorCode AbortedTransactions(long from, long upTo, List<AbortedTransaction> into)
    {
        if (!_hasTransactions || from >= upTo) return ErrorCode.None;
        while (true)
        {
            var view = View;
            into.Clear();
            try
            {
                if (TryCollect(view, from, upTo, into)) return ErrorCode.None;
            }
            catch (Exception error) when (error.IsDiskError())
            {
                Report($"aborted transactions cannot be read: {error.Message}");
                return ErrorCode.KafkaStorageError;
            }

            // A segment went meanwhile: a newer view does without it.
            if (ReferenceEquals(view, View)) return ErrorCode.KafkaStorageError;
        }
    }

    private bool TryCollect(LogView view, long from, long upTo, List<AbortedTransaction> into)
    {
        for (var at = IndexOf(view.Segments, from); at < view.Segments.Length; at++)
        {
            var index = view.Segments[at].Transactions;
            if (!index.IsKnown && !LookAtTransactions(view, at)) return false;
            if (!index.TryCollect(from, upTo, into, out var complete)) return false;
            if (complete) break;
        }

        return true;
    }

    private bool LookAtTransactions(LogView view, int at)
    {
        var segment = view.Segments[at];
        if (segment.Transactions.IsKnown) return true;
        var end = at == view.Segments.Length - 1 ? view.EndOffset : view.Segments[at + 1].BaseOffset;
        return segment.Transactions.Look(segment.BaseOffset, end, () => TransactionHistory.AbortedIn(_disk, _directory, view, at), Report);
    }
}
