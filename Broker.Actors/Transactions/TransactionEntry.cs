using System.Collections.Immutable;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Transactions;

/// <summary>
/// What the coordinator knows of one transactional id: immutable, one record of <c>__transaction_state</c>. A change makes the next entry; it counts
/// once the log has it. Changes that no state allows throw <see cref="InvalidOperationException"/>: the coordinator asks for none.
/// </summary>
/// <param name="Id">The transactional id.</param>
public sealed record TransactionEntry(string Id)
{
    /// <summary>The last epoch but one that a number has room for: with it a producer id is used up.</summary>
    public const short LastUsableEpoch = short.MaxValue - 1;

    /// <summary>From this version of the transaction protocol on the epoch rises with every transaction (KIP-890).</summary>
    public const short EpochPerTransaction = 2;

    /// <summary>The producer's id.</summary>
    public required long ProducerId { get; init; }

    /// <summary>The id before this one, or the same one; -1 before the first record.</summary>
    public long PreviousProducerId { get; init; } = RecordBatchHeader.NoProducerId;

    /// <summary>While a transaction ends with a used up epoch, the id that follows; else -1.</summary>
    public long NextProducerId { get; init; } = RecordBatchHeader.NoProducerId;

    /// <summary>The producer's epoch; -1 before the first.</summary>
    public short Epoch { get; init; } = RecordBatchHeader.NoProducerEpoch;

    /// <summary>The epoch before, which a retry may still name; -1 where none may.</summary>
    public short LastEpoch { get; init; } = RecordBatchHeader.NoProducerEpoch;

    /// <summary>How long a transaction may be open, milliseconds.</summary>
    public required int TimeoutMs { get; init; }

    /// <summary>The state.</summary>
    public TransactionState State { get; init; }

    /// <summary>The partitions that the transaction wrote to or may write to.</summary>
    public ImmutableHashSet<TopicPartition> Partitions { get; init; } = [];

    /// <summary>Its partitions by topic and number: what goes out goes in the same order in every process.</summary>
    public IEnumerable<TopicPartition> PartitionsInOrder => Partitions.OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition);

    /// <summary>When the transaction began, milliseconds since 1970; -1 before the first.</summary>
    public long StartMs { get; init; } = -1;

    /// <summary>When the entry changed last, milliseconds since 1970.</summary>
    public required long UpdateMs { get; init; }

    /// <summary>The version of the transaction protocol that the client speaks: 0 or 2.</summary>
    public short ClientVersion { get; init; }

    /// <summary>Whether no further epoch can be given to a client.</summary>
    public bool IsEpochExhausted => Epoch >= LastUsableEpoch;

    /// <summary>The next epoch of the same producer, for a new instance of it (<paramref name="expected"/> null) or for one that names its epoch.</summary>
    /// <returns>The entry, or <see cref="ErrorCode.ProducerFenced"/> for an epoch that is neither this one nor the one before.</returns>
    public (ErrorCode Error, TransactionEntry? Next) Increment(short? expected, int timeoutMs, long nowMs)
    {
        if (IsEpochExhausted) throw new InvalidOperationException($"{this}: there is no epoch after {Epoch}");
        short epoch, last;
        if (expected is not { } named) (epoch, last) = ((short)(Epoch + 1), RecordBatchHeader.NoProducerEpoch);
        else if (Epoch == RecordBatchHeader.NoProducerEpoch || named == Epoch) (epoch, last) = ((short)(Epoch + 1), Epoch);
        else if (named == LastEpoch) (epoch, last) = (Epoch, LastEpoch);
        else return (ErrorCode.ProducerFenced, null);
        Check(TransactionState.Empty);
        return (ErrorCode.None, Fresh(ProducerId, epoch, last, timeoutMs, nowMs));
    }

    /// <summary>A new producer id in place of one whose epochs are used up.</summary>
    /// <param name="producerId">The new id.</param>
    /// <param name="keepLast">The client named its epoch, and may repeat the request with it.</param>
    /// <param name="timeoutMs">How long its transactions may be open.</param>
    /// <param name="nowMs">Now.</param>
    public TransactionEntry Rotate(long producerId, bool keepLast, int timeoutMs, long nowMs)
    {
        Check(TransactionState.Empty);
        return Fresh(producerId, 0, keepLast ? Epoch : RecordBatchHeader.NoProducerEpoch, timeoutMs, nowMs);
    }

    /// <summary>The open transaction is to end, and its producer with it.</summary>
    public TransactionEntry Fence()
    {
        Check(TransactionState.PrepareEpochFence);
        if (Epoch == short.MaxValue) throw new InvalidOperationException($"{this}: there is no epoch after {Epoch}");
        return this with { State = TransactionState.PrepareEpochFence, PreviousProducerId = ProducerId, Epoch = (short)(Epoch + 1) };
    }

    /// <summary>The transaction, begun where none is open, with more partitions.</summary>
    public TransactionEntry Add(IEnumerable<TopicPartition> partitions, short clientVersion, long nowMs)
    {
        CheckEpoch(Epoch);
        Check(TransactionState.Ongoing);
        return this with
        {
            State = TransactionState.Ongoing,
            PreviousProducerId = ProducerId,
            Partitions = Partitions.Union(partitions),
            StartMs = State == TransactionState.Ongoing ? StartMs : nowMs,
            UpdateMs = nowMs,
            ClientVersion = clientVersion,
        };
    }

    /// <summary>The decision how the transaction ends.</summary>
    /// <param name="commit">Whether it is committed.</param>
    /// <param name="clientVersion">The protocol's version: from 2 on the epoch rises.</param>
    /// <param name="nextProducerId">The id that follows one whose epochs are used up, else -1.</param>
    /// <param name="nowMs">Now.</param>
    /// <param name="isEmpty">No partition was ever added: the transaction begins and ends in one.</param>
    public TransactionEntry End(bool commit, short clientVersion, long nextProducerId, long nowMs, bool isEmpty)
    {
        var rises = clientVersion >= EpochPerTransaction;
        var epoch = rises ? (short)(Epoch + 1) : Epoch;
        CheckEpoch(epoch);
        var next = commit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort;
        Check(next);
        return this with
        {
            State = next,
            PreviousProducerId = ProducerId,
            NextProducerId = nextProducerId,
            Epoch = epoch,
            LastEpoch = rises ? Epoch : LastEpoch,
            StartMs = isEmpty ? nowMs : StartMs,
            UpdateMs = nowMs,
            ClientVersion = clientVersion,
        };
    }

    /// <summary>Every marker is written.</summary>
    public TransactionEntry Complete(long nowMs)
    {
        var isNewProducer = ClientVersion >= EpochPerTransaction && NextProducerId >= 0;
        CheckEpoch(isNewProducer ? (short)0 : Epoch);
        var next = State == TransactionState.PrepareCommit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort;
        Check(next);
        return this with
        {
            State = next,
            ProducerId = isNewProducer ? NextProducerId : ProducerId,
            PreviousProducerId = ProducerId,
            NextProducerId = RecordBatchHeader.NoProducerId,
            Epoch = isNewProducer ? (short)0 : Epoch,
            Partitions = [],
            UpdateMs = nowMs,
        };
    }

    /// <summary>The id was not used for long: it is forgotten.</summary>
    public TransactionEntry Die()
    {
        Check(TransactionState.Dead);
        return this with { State = TransactionState.Dead, PreviousProducerId = ProducerId, Partitions = [] };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({State}, producer {ProducerId}, epoch {Epoch})";

    private TransactionEntry Fresh(long producerId, short epoch, short last, int timeoutMs, long nowMs) => this with
    {
        State = TransactionState.Empty,
        ProducerId = producerId,
        PreviousProducerId = ProducerId,
        Epoch = epoch,
        LastEpoch = last,
        TimeoutMs = timeoutMs,
        Partitions = [],
        StartMs = -1,
        UpdateMs = nowMs,
    };

    private void Check(TransactionState next)
    {
        if (!State.MayBecome(next)) throw new InvalidOperationException($"{this} cannot become {next}");
    }

    private void CheckEpoch(short epoch)
    {
        if (epoch < 0) throw new InvalidOperationException($"{this}: {epoch} is no epoch");
    }
}
