using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Producer;

/// <summary>Where a transactional producer stands.</summary>
public enum TransactionPhase
{
    /// <summary>InitTransactions was not called.</summary>
    Fresh,

    /// <summary>No transaction is open.</summary>
    Ready,

    /// <summary>A transaction is open.</summary>
    Open,

    /// <summary>A commit was asked for and its outcome is not known yet.</summary>
    Committing,

    /// <summary>An abort was asked for and its outcome is not known yet.</summary>
    Aborting,

    /// <summary>Something failed: the transaction can only be aborted, then the producer goes on.</summary>
    Abortable,

    /// <summary>The producer can do nothing more: another instance has its transactional id, or it may not do this.</summary>
    Fatal,
}

/// <summary>
/// The state of a producer's transaction: what may be called when, what an error leaves possible, which partitions the transaction has. A plain state
/// machine without clock or sockets.
/// </summary>
/// <param name="id">The transactional id, for errors.</param>
public sealed class TransactionSession(string id)
{
    private readonly HashSet<TopicPartition> partitions = [];
    private readonly HashSet<string> groups = [];
    private (ErrorCode Code, string Why) failure;

    /// <summary>Where the producer stands.</summary>
    public TransactionPhase Phase { get; private set; }

    /// <summary>Whether the epoch rises with every transaction and brokers add partitions by themselves (KIP-890).</summary>
    public bool IsEpochPerTransaction { get; private set; }

    /// <summary>Whether the coordinator knows, or may know, of something in this transaction, so that it has to be told of the end.</summary>
    public bool HasWork { get; private set; }

    /// <summary>Something failed since the transaction began: an old protocol's epoch has to rise before the next one.</summary>
    public bool HadError { get; private set; }

    /// <summary>The producer has its identity.</summary>
    public void Initialized(bool epochPerTransaction)
    {
        IsEpochPerTransaction = epochPerTransaction;
        Phase = TransactionPhase.Ready;
    }

    /// <summary>A transaction begins.</summary>
    /// <exception cref="InvalidOperationException">InitTransactions was not called, or a transaction is open.</exception>
    /// <exception cref="TransactionException">The producer is of no more use.</exception>
    public void Begin()
    {
        ThrowIfFailed();
        if (Phase != TransactionPhase.Ready) throw Misused("begin a transaction");
        Phase = TransactionPhase.Open;
        HasWork = HadError = false;
        partitions.Clear();
        groups.Clear();
    }

    /// <summary>Records or offsets are to be sent.</summary>
    /// <exception cref="InvalidOperationException">No transaction is open.</exception>
    /// <exception cref="TransactionException">The transaction failed.</exception>
    public void CheckOpen()
    {
        ThrowIfFailed();
        if (Phase != TransactionPhase.Open) throw Misused("send in a transaction");
    }

    /// <summary>Whether records may go to a partition, or the coordinator has to be told first.</summary>
    public bool MaySend(TopicPartition partition)
    {
        if (IsEpochPerTransaction) HasWork = true;
        return IsEpochPerTransaction || partitions.Contains(partition);
    }

    /// <summary>The coordinator knows of partitions.</summary>
    public void Added(IEnumerable<TopicPartition> added)
    {
        HasWork = true;
        partitions.UnionWith(added);
    }

    /// <summary>Whether the coordinator has to be told that offsets of a group are going to be committed.</summary>
    public bool MustAddGroup(string group)
    {
        if (!IsEpochPerTransaction) return !groups.Contains(group);
        HasWork = true;
        return false;
    }

    /// <summary>The coordinator knows of a group.</summary>
    public void GroupAdded(string group)
    {
        HasWork = true;
        groups.Add(group);
    }

    /// <summary>A commit is asked for, the first time or again because its outcome is not known.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to commit.</exception>
    /// <exception cref="TransactionException">The transaction failed.</exception>
    public void BeginCommit()
    {
        ThrowIfFailed();
        if (Phase is not (TransactionPhase.Open or TransactionPhase.Committing)) throw Misused("commit");
        Phase = TransactionPhase.Committing;
    }

    /// <summary>An abort is asked for.</summary>
    /// <exception cref="InvalidOperationException">There is nothing to abort, or a commit was asked for.</exception>
    /// <exception cref="TransactionException">The producer is of no more use.</exception>
    public void BeginAbort()
    {
        if (Phase == TransactionPhase.Fatal) ThrowIfFailed();
        if (Phase is not (TransactionPhase.Open or TransactionPhase.Aborting or TransactionPhase.Abortable)) throw Misused("abort");
        Phase = TransactionPhase.Aborting;
    }

    /// <summary>The transaction has ended.</summary>
    public void Ended()
    {
        Phase = TransactionPhase.Ready;
        HasWork = false;
    }

    /// <summary>A batch of the transaction failed for good: what its partition's leader says of the transaction's state is for the coordinator to confirm.</summary>
    public void BatchFailed(ErrorCode code, string why) => Failed(code, why, code is ErrorCode.ProducerFenced or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed);

    /// <summary>A request of the transaction failed for good.</summary>
    public void Failed(ErrorCode code, string why) => Failed(code, why, IsFatal(code));

    private void Failed(ErrorCode code, string why, bool isFatal)
    {
        if (Phase is TransactionPhase.Fatal) return;
        HadError = true;
        if (isFatal) (Phase, failure) = (TransactionPhase.Fatal, (code, why));
        // An abort goes on whatever else fails.
        else if (Phase is TransactionPhase.Open or TransactionPhase.Committing) (Phase, failure) = (TransactionPhase.Abortable, (code, why));
    }

    /// <summary>Throws what failed, if anything.</summary>
    /// <exception cref="TransactionException">The transaction failed.</exception>
    public void ThrowIfFailed()
    {
        if (Phase is TransactionPhase.Fatal or TransactionPhase.Abortable) throw TransactionException.Of(failure.Code, Phase == TransactionPhase.Fatal, $"transactional id {id}: {failure.Why}");
    }

    // With the others the producer may go on after an abort.
    private static bool IsFatal(ErrorCode code) => code is ErrorCode.ProducerFenced or ErrorCode.InvalidProducerIdMapping or ErrorCode.TransactionalIdAuthorizationFailed
        or ErrorCode.ClusterAuthorizationFailed or ErrorCode.InvalidTxnState or ErrorCode.InvalidTransactionTimeout or ErrorCode.InvalidRequest or ErrorCode.UnsupportedVersion
        or ErrorCode.TransactionCoordinatorFenced or ErrorCode.UnsupportedForMessageFormat or ErrorCode.PolicyViolation;

    private InvalidOperationException Misused(string what) => new($"transactional id {id} cannot {what} now: it is {Phase switch
    {
        TransactionPhase.Fresh => "not initialised (call InitTransactionsAsync first)",
        TransactionPhase.Ready => "in no transaction (call BeginTransaction first)",
        TransactionPhase.Open => "in an open transaction",
        TransactionPhase.Committing => "committing, and only a commit can find out how that ended",
        _ => "aborting, and only an abort can find out how that ended",
    }}");
}
