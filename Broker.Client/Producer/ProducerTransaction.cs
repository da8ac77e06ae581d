using AkkaStream.Client.Cluster;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Producer;

/// <summary>
/// An open transaction: <c>await using var transaction = await producer.BeginTransactionAsync();</c>. What the producer sends belongs to it until it is committed; one
/// that is left without a commit is aborted.
/// </summary>
public sealed class ProducerTransaction : IAsyncDisposable
{
    private readonly RecordProducer producer;
    private bool ended;

    internal ProducerTransaction(RecordProducer producer) => this.producer = producer;

    /// <summary>Commits a group's offsets as part of the transaction: they count if and when it is committed.</summary>
    /// <param name="offsets">The offsets to read next, by partition.</param>
    /// <param name="member">The group and the member that owns the partitions, as the consumer tells it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TransactionException">They were refused: the transaction can only be aborted, or the producer is of no more use.</exception>
    public ValueTask SendOffsetsAsync(IReadOnlyDictionary<TopicPartition, OffsetToCommit> offsets, ConsumerGroupMetadata member, CancellationToken cancellation = default)
        => producer.SendOffsetsAsync(offsets, member, cancellation);

    /// <summary>Sends what waits, and commits: all of it shows to readers of committed records, or none.</summary>
    /// <exception cref="ProducerFencedException">Another producer has the transactional id.</exception>
    /// <exception cref="TransactionException">A record or an offset was refused: the transaction is aborted when this is disposed; or the producer is of no more use.</exception>
    /// <exception cref="TransportException">The outcome is not known: call it again.</exception>
    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        try
        {
            await producer.CommitTransactionAsync(cancellation).ConfigureAwait(false);
        }
        catch (TransactionException stale) when (stale is { IsFatal: false, IsFenced: true })
        {
            // A partition's leader says that the epoch is old. Whether another instance has the id only the coordinator knows: it is asked by the abort that is due anyway.
            await producer.AbortTransactionAsync(cancellation).ConfigureAwait(false);
            ended = true;
            throw;
        }

        ended = true;
    }

    /// <summary>Aborts: nothing of the transaction ever shows to readers of committed records.</summary>
    /// <exception cref="TransactionException">The producer is of no more use.</exception>
    /// <exception cref="TransportException">The outcome is not known: call it again.</exception>
    public async ValueTask AbortAsync(CancellationToken cancellation = default)
    {
        await producer.AbortTransactionAsync(cancellation).ConfigureAwait(false);
        ended = true;
    }

    /// <summary>
    /// Aborts what was not committed. Where no coordinator is reached for it, the next transaction of this producer does it first; where the producer is of no more
    /// use, the coordinator has done it already. Neither is thrown here, since it would hide why the transaction was left. A commit whose outcome is not known is asked
    /// for once more.
    /// </summary>
    /// <exception cref="TransportException">The outcome of the commit is still not known.</exception>
    public async ValueTask DisposeAsync()
    {
        if (ended) return;
        ended = true;
        if (producer.Phase == TransactionPhase.Committing) await producer.CommitTransactionAsync().ConfigureAwait(false);
        if (producer.Phase is not (TransactionPhase.Open or TransactionPhase.Abortable or TransactionPhase.Aborting)) return;
        try
        {
            await producer.AbortTransactionAsync().ConfigureAwait(false);
        }
        catch (Exception told) when (told is TransportException or TransactionException)
        {
            // See above.
            return;
        }
    }
}
