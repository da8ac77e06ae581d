using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Producer;

/// <content>Transactions.</content>
public sealed partial class RecordProducer
{
    private readonly TransactionSession? session;
    private readonly TransactionClient? requests;
    private readonly HashSet<TopicPartition> toAdd = [];
    private Task? adding;

    /// <summary>Where the transaction stands; <see cref="TransactionPhase.Fresh"/> without a transactional id.</summary>
    public TransactionPhase Phase
    {
        get
        {
            lock (gate) return session?.Phase ?? TransactionPhase.Fresh;
        }
    }

    /// <summary>
    /// Takes over the transactional id: whatever an older instance left open is aborted, and that instance can do nothing more. To be called once, before
    /// the first transaction.
    /// </summary>
    /// <exception cref="TransactionException">The broker refuses it for good.</exception>
    /// <exception cref="TransportException">No coordinator could be reached in time; it may be called again.</exception>
    public async ValueTask InitTransactionsAsync(CancellationToken cancellation = default)
    {
        var (state, client) = Transactional();
        await Guard(async () =>
        {
            var (identity, rises) = await client.Init(ProducerIdentity.None, cancellation).ConfigureAwait(false);
            lock (gate)
            {
                window.Identity = identity;
                sender.AddsPartitions = rises;
                state.Initialized(rises);
            }
        }).ConfigureAwait(false);
    }

    /// <summary>Begins a transaction: what is sent from now on belongs to it. Asks nobody.</summary>
    /// <exception cref="InvalidOperationException">One is open already, or the producer is not initialised.</exception>
    /// <exception cref="TransactionException">The producer is of no more use.</exception>
    public void BeginTransaction()
    {
        var (state, _) = Transactional();
        lock (gate) state.Begin();
    }

    /// <summary>
    /// Begins a transaction that ends with the block it is used in: see <see cref="ProducerTransaction"/>. The first one takes over the transactional id; one that could not be
    /// aborted before is aborted now.
    /// </summary>
    /// <exception cref="InvalidOperationException">One is open already, or the producer has no transactional id.</exception>
    /// <exception cref="TransactionException">The producer is of no more use.</exception>
    /// <exception cref="TransportException">No coordinator could be reached in time; it may be called again.</exception>
    public async ValueTask<ProducerTransaction> BeginTransactionAsync(CancellationToken cancellation = default)
    {
        _ = Transactional();
        if (Phase == TransactionPhase.Fresh) await InitTransactionsAsync(cancellation).ConfigureAwait(false);
        if (Phase is TransactionPhase.Abortable or TransactionPhase.Aborting) await AbortTransactionAsync(cancellation).ConfigureAwait(false);
        BeginTransaction();
        return new ProducerTransaction(this);
    }

    /// <summary>Commits a group's offsets as part of the transaction: they count if and when it is committed.</summary>
    /// <param name="offsets">The offsets to read next, by partition.</param>
    /// <param name="member">The group, and the member that owns the partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TransactionException">They were refused: the transaction can only be aborted, or the producer is of no more use.</exception>
    public async ValueTask SendOffsetsAsync(IReadOnlyDictionary<TopicPartition, OffsetToCommit> offsets, ConsumerGroupMetadata member, CancellationToken cancellation = default)
    {
        var (state, client) = Transactional();
        ProducerIdentity identity;
        bool mustAdd;
        lock (gate)
        {
            state.CheckOpen();
            identity = window.Identity;
            mustAdd = state.MustAddGroup(member.GroupId);
        }

        if (offsets.Count == 0) return;
        await Guard(async () =>
        {
            if (mustAdd)
            {
                await client.AddGroup(identity, member.GroupId, cancellation).ConfigureAwait(false);
                lock (gate) state.GroupAdded(member.GroupId);
            }

            await client.CommitOffsets(identity, state.IsEpochPerTransaction, member, offsets, cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Sends what waits, and commits: all of it shows to readers of committed records, or none.</summary>
    /// <exception cref="TransactionException">A record or an offset was refused: the transaction can only be aborted, or the producer is of no more use.</exception>
    /// <exception cref="TransportException">The outcome is not known: call it again.</exception>
    public async ValueTask CommitTransactionAsync(CancellationToken cancellation = default)
    {
        var (state, _) = Transactional();
        lock (gate) state.BeginCommit();
        await FlushAsync(cancellation).ConfigureAwait(false);
        lock (gate) state.ThrowIfFailed();
        await End(commit: true, cancellation).ConfigureAwait(false);
    }

    /// <summary>Aborts: nothing of the transaction ever shows to readers of committed records. Records that wait are not sent.</summary>
    /// <exception cref="TransactionException">The producer is of no more use.</exception>
    /// <exception cref="TransportException">The outcome is not known: call it again.</exception>
    public async ValueTask AbortTransactionAsync(CancellationToken cancellation = default)
    {
        var (state, client) = Transactional();
        lock (gate)
        {
            state.BeginAbort();
            var given = new List<ProducerBatch>();
            accumulator.Abort(new BatchResult(ErrorCode.TransactionAbortable, -1, -1, "the transaction was aborted"), given);
            foreach (var batch in given) window.Dropped(batch);
        }

        // What is under way must have ended, or it could come into the log behind the marker.
        await FlushAsync(cancellation).ConfigureAwait(false);
        await End(commit: false, cancellation).ConfigureAwait(false);
        lock (gate)
        {
            if (state.IsEpochPerTransaction || (!state.HadError && !window.NeedsIdentity)) return;
        }

        await Guard(async () =>
        {
            // Where the epoch stays over transactions, it has to rise after an error, so that numbers begin anew.
            var (identity, _) = await client.Init(window.Identity, cancellation).ConfigureAwait(false);
            lock (gate) window.Identity = identity;
        }).ConfigureAwait(false);
    }

    private async ValueTask End(bool commit, CancellationToken cancellation)
    {
        var (state, client) = Transactional();
        ProducerIdentity identity;
        lock (gate)
        {
            identity = window.Identity;
            if (!state.HasWork)
            {
                state.Ended();
                return;
            }
        }

        await Guard(async () =>
        {
            var next = await client.End(identity, state.IsEpochPerTransaction, commit, cancellation).ConfigureAwait(false);
            lock (gate)
            {
                window.Identity = next;
                state.Ended();
            }
        }).ConfigureAwait(false);
    }

    // What a broker refuses for good is the transaction's failure; a broker that cannot be reached is the caller's to try again.
    private async ValueTask Guard(Func<ValueTask> work)
    {
        var (state, _) = Transactional();
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (BrokerException e)
        {
            lock (gate)
            {
                state.Failed(e.Code, e.Message);
                state.ThrowIfFailed();
            }

            throw;
        }
    }

    private (TransactionSession Session, TransactionClient Client) Transactional()
        => session is not null && requests is not null ? (session, requests) : throw new InvalidOperationException("the producer has no transactional id: set ProducerOptions.TransactionalId");

    // Under the lock: whether the transaction has the partition; if not, it is added first.
    private bool MaySend(TopicPartition partition)
    {
        if (session is null || session.MaySend(partition)) return true;
        toAdd.Add(partition);
        return false;
    }

    // A partition turned out to be missing in the transaction, and nothing is under way that would wake the loop.
    private bool MustAdd()
    {
        if (adding is { IsCompleted: false }) return false;
        lock (gate) return toAdd.Count > 0;
    }

    private void PrepareTransaction()
    {
        if (adding is { IsCompleted: false }) return;
        List<TopicPartition> partitions;
        lock (gate)
        {
            if (toAdd.Count == 0) return;
            partitions = [.. toAdd];
            toAdd.Clear();
        }

        adding = AddPartitions(partitions);
    }

    private async Task AddPartitions(List<TopicPartition> partitions)
    {
        var (state, client) = Transactional();
        try
        {
            await client.Add(window.Identity, partitions, closing.Token).ConfigureAwait(false);
            lock (gate) state.Added(partitions);
        }
        catch (Exception e) when (e is BrokerException or TransportException or OperationCanceledException or ObjectDisposedException)
        {
            var code = e is BrokerException refused ? refused.Code : ErrorCode.NetworkException;
            lock (gate)
            {
                // A coordinator that was not reached in time leaves the transaction to be aborted.
                state.Failed(code, e.Message);
                accumulator.Abort(new BatchResult(code, -1, -1, e.Message));
            }
        }

        Wake();
    }
}
