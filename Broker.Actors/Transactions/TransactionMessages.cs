using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

/// <summary>Something asked of the coordinator of a transactional id. It is answered once.</summary>
/// <param name="Id">The transactional id, not empty.</param>
public abstract record TransactionRequest(string Id)
{
    /// <summary>A producer id that nobody has, once the request turned out to need one; else -1.</summary>
    internal long FreshProducerId { get; set; } = -1;

    /// <summary>Answers with an error.</summary>
    public abstract void Refuse(ErrorCode error);
}

/// <summary>A producer's id and epoch, or an error.</summary>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
/// <param name="ProducerId">The id, or -1.</param>
/// <param name="Epoch">The epoch, or -1.</param>
public readonly record struct ProducerAnswer(ErrorCode Error, long ProducerId, short Epoch)
{
    /// <summary>An error.</summary>
    public static ProducerAnswer Refused(ErrorCode error) => new(error, -1, -1);
}

/// <summary>InitProducerId: a producer begins, or goes on after an error. What it or an older one left open is aborted.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="TimeoutMs">How long its transactions may be open.</param>
/// <param name="ProducerId">The id that the producer has, or -1.</param>
/// <param name="Epoch">The epoch that the producer has, or -1.</param>
/// <param name="Done">Gets the answer.</param>
public sealed record InitProducer(string Id, int TimeoutMs, long ProducerId, short Epoch, Action<ProducerAnswer> Done) : TransactionRequest(Id)
{
    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => Done(ProducerAnswer.Refused(error));
}

/// <summary>AddPartitionsToTxn and AddOffsetsToTxn: the transaction, begun where none is open, may write to these partitions.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="ProducerId">The producer's id.</param>
/// <param name="Epoch">The producer's epoch.</param>
/// <param name="Partitions">Partitions that exist.</param>
/// <param name="ClientVersion">The version of the transaction protocol that the client speaks: 0 or 2.</param>
/// <param name="Done">Gets the answer.</param>
public sealed record AddPartitions(string Id, long ProducerId, short Epoch, IReadOnlyList<TopicPartition> Partitions, short ClientVersion, Action<ErrorCode> Done) : TransactionRequest(Id)
{
    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => Done(error);
}

/// <summary>Asks whether partitions are in the open transaction, before a leader appends for it.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="ProducerId">The producer's id.</param>
/// <param name="Epoch">The producer's epoch.</param>
/// <param name="Partitions">The partitions.</param>
/// <param name="Done">Gets an error for all of them, or for each whether it is in.</param>
public sealed record VerifyPartitions(string Id, long ProducerId, short Epoch, IReadOnlyList<TopicPartition> Partitions, Action<ErrorCode, IReadOnlyList<bool>> Done) : TransactionRequest(Id)
{
    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => Done(error, []);
}

/// <summary>EndTxn: commits or aborts. Answered when the decision is durable; the markers follow.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="ProducerId">The producer's id.</param>
/// <param name="Epoch">The producer's epoch.</param>
/// <param name="Commit">Whether to commit.</param>
/// <param name="ClientVersion">The version of the transaction protocol that the client speaks: 0 or 2.</param>
/// <param name="Done">Gets the id and epoch for the next transaction.</param>
public sealed record EndTransaction(string Id, long ProducerId, short Epoch, bool Commit, short ClientVersion, Action<ProducerAnswer> Done) : TransactionRequest(Id)
{
    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => Done(ProducerAnswer.Refused(error));
}

/// <summary>
/// Additions of one producer that wait together: a produce to many partitions asks for each of them, and one record of the log is enough for all.
/// </summary>
/// <param name="First">The one that waited first.</param>
internal sealed record GatheredAdditions(AddPartitions First) : TransactionRequest(First.Id)
{
    private readonly List<Action<ErrorCode>> done = [First.Done];

    /// <summary>All their partitions.</summary>
    public List<TopicPartition> Partitions { get; } = [.. First.Partitions];

    /// <summary>How many there are.</summary>
    public int Count => done.Count;

    /// <summary>Takes one more; false where it is another producer's.</summary>
    public bool TryTake(AddPartitions more)
    {
        if (more.ProducerId != First.ProducerId || more.Epoch != First.Epoch || more.ClientVersion != First.ClientVersion) return false;
        Partitions.AddRange(more.Partitions);
        done.Add(more.Done);
        return true;
    }

    /// <summary>As one request.</summary>
    public AddPartitions AsOne() => First with { Partitions = Partitions, Done = Refuse };

    /// <inheritdoc/>
    public override void Refuse(ErrorCode error)
    {
        foreach (var one in done) one(error);
    }
}

/// <summary>The coordinator's own: a transaction that is open too long is aborted and its producer fenced.</summary>
/// <param name="Id">The transactional id.</param>
internal sealed record AbortTimedOut(string Id) : TransactionRequest(Id)
{
    /// <inheritdoc/>
    public override void Refuse(ErrorCode error)
    {
    }
}


/// <summary>Markers to write: the end of a transaction, for the leaders of its partitions.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="ProducerId">The producer's id.</param>
/// <param name="Epoch">The epoch of the marker.</param>
/// <param name="Commit">Whether it was committed.</param>
/// <param name="CoordinatorEpoch">The coordinator's epoch.</param>
/// <param name="ClientVersion">The version of the transaction protocol: 0 or 2.</param>
/// <param name="Partitions">Where to.</param>
public sealed record MarkerOrder(string Id, long ProducerId, short Epoch, bool Commit, int CoordinatorEpoch, short ClientVersion, IReadOnlyList<TopicPartition> Partitions);

/// <summary>What the coordinator wants done. Its owner does it and empties the lists.</summary>
public sealed class TransactionEffects
{
    /// <summary>Entries for the log, in this order; each is answered with <see cref="TransactionCoordinator.Appended"/>.</summary>
    public List<TransactionEntry> Appends { get; } = [];

    /// <summary>Markers; each partition is answered with <see cref="TransactionCoordinator.Marked"/>.</summary>
    public List<MarkerOrder> Markers { get; } = [];

    /// <summary>Requests that need a fresh producer id; each is answered with <see cref="TransactionCoordinator.ProducerIdGiven"/>.</summary>
    public List<TransactionRequest> ProducerIds { get; } = [];
}

/// <summary>The settings that the coordinator acts on; Kafka's defaults.</summary>
/// <param name="MaxTimeoutMs"><c>transaction.max.timeout.ms</c>.</param>
/// <param name="IdExpirationMs"><c>transactional.id.expiration.ms</c>.</param>
public sealed record TransactionSettings(int MaxTimeoutMs = 900_000, long IdExpirationMs = 7L * 24 * 60 * 60 * 1000)
{
    /// <summary>The settings in a configuration.</summary>
    public static TransactionSettings Of(BrokerConfig config) => new(config.Int("transaction.max.timeout.ms"), config.Int("transactional.id.expiration.ms"));

    /// <summary>Whether a producer's transactions may be open for so long, milliseconds; else it gets INVALID_TRANSACTION_TIMEOUT.</summary>
    public bool Allows(int timeoutMs) => timeoutMs > 0 && timeoutMs <= MaxTimeoutMs;
}
