using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Admin;

/// <summary>A transactional id, in short.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="Coordinator">Broker id of its coordinator.</param>
/// <param name="ProducerId">Its producer's id.</param>
/// <param name="State">Its state, as Kafka calls it.</param>
public sealed record TransactionListing(string Id, int Coordinator, long ProducerId, string State);

/// <summary>Which transactional ids to list; everything that is left out lets all through.</summary>
public sealed record TransactionFilter
{
    /// <summary>States, by Kafka's names.</summary>
    public IReadOnlyCollection<string> States { get; init; } = [];

    /// <summary>Producer ids.</summary>
    public IReadOnlyCollection<long> ProducerIds { get; init; } = [];

    /// <summary>Only transactions that have been open for longer, milliseconds; -1 for all.</summary>
    public long LongerThanMs { get; init; } = -1;

    /// <summary>A regular expression that fits the whole id.</summary>
    public string? Pattern { get; init; }
}

/// <summary>A transactional id and its transaction.</summary>
/// <param name="Id">The transactional id.</param>
/// <param name="Coordinator">Broker id of its coordinator, or -1 where it is not known by id.</param>
/// <param name="State">Its state, as Kafka calls it.</param>
/// <param name="TimeoutMs">How long a transaction may be open.</param>
/// <param name="StartMs">When the last one began, milliseconds since 1970; -1 for none.</param>
/// <param name="Producer">Its producer.</param>
/// <param name="Partitions">Where the open transaction has records.</param>
public sealed record TransactionState(string Id, int Coordinator, string State, int TimeoutMs, long StartMs, Client.Producer.ProducerIdentity Producer, IReadOnlyList<TopicPartition> Partitions);

/// <summary>A producer that a partition knows.</summary>
/// <param name="Producer">Its id and epoch.</param>
/// <param name="LastSequence">Sequence number of its last record, or -1.</param>
/// <param name="LastTimestamp">Timestamp of its last record or marker, milliseconds since 1970.</param>
/// <param name="CoordinatorEpoch">Epoch of the coordinator that wrote its last marker, or -1.</param>
/// <param name="TransactionStart">Offset where its open transaction begins, or -1.</param>
public sealed record ActiveProducer(Client.Producer.ProducerIdentity Producer, int LastSequence, long LastTimestamp, int CoordinatorEpoch, long TransactionStart);

/// <content>Transactions.</content>
public sealed partial class AdminClient
{
    private const short FirstListByDuration = 1;
    private const short FirstListByPattern = 2;

    /// <summary>The transactional ids of the whole cluster.</summary>
    /// <exception cref="BrokerException">A filter is none, or a broker knows no such filter.</exception>
    public async ValueTask<IReadOnlyList<TransactionListing>> ListTransactionsAsync(TransactionFilter? filter = null, CancellationToken cancellation = default)
    {
        var wanted = filter ?? new TransactionFilter();
        await cluster.RetryAsync("Metadata", token => cluster.RefreshAsync([], cancellation: token), cancellation).ConfigureAwait(false);
        var all = new List<TransactionListing>();
        foreach (var broker in cluster.Metadata.Brokers.Keys.Order())
        {
            var answer = await cluster.RetryAsync("ListTransactions", token => ListTransactions(broker, wanted, token), cancellation).ConfigureAwait(false);
            if (answer.UnknownStateFilters.Count > 0) throw new BrokerException(ErrorCode.InvalidRequest, "ListTransactions", $"there is no state {string.Join(", ", answer.UnknownStateFilters)}");
            all.AddRange(answer.TransactionStates.Select(t => new TransactionListing(t.TransactionalId, broker, t.ProducerId, t.TransactionState)));
        }

        return all;
    }

    /// <summary>One transactional id.</summary>
    /// <exception cref="BrokerException">There is none of that name.</exception>
    public async ValueTask<TransactionState> DescribeTransactionAsync(string id, CancellationToken cancellation = default)
    {
        var address = default(BrokerAddress?);
        var answer = await cluster.SendToCoordinatorAsync<DescribeTransactionsResponse>(
            CoordinatorType.Transaction,
            id,
            connection =>
            {
                address = connection.Address;
                return (new DescribeTransactionsRequest { TransactionalIds = [id] }, short.MaxValue);
            },
            a => a.TransactionStates[0].ErrorCode,
            cancellation).ConfigureAwait(false);
        var found = answer.TransactionStates[0];
        BrokerException.ThrowIf(found.ErrorCode, $"transactional id {id}");
        // Where nobody has asked for metadata yet, no broker is known by its id.
        if (cluster.Metadata.Brokers.Count == 0) await cluster.RefreshAsync([], cancellation: cancellation).ConfigureAwait(false);
        var coordinator = cluster.Metadata.Brokers.FirstOrDefault(b => b.Value == address, new(-1, default!)).Key;
        var partitions = found.Topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p))).ToList();
        return new TransactionState(id, coordinator, found.TransactionState, found.TransactionTimeoutMs, found.TransactionStartTimeMs, new(found.ProducerId, found.ProducerEpoch), partitions);
    }

    /// <summary>The producers that a partition's leader knows.</summary>
    /// <exception cref="BrokerException">There is no such partition.</exception>
    public ValueTask<IReadOnlyList<ActiveProducer>> DescribeProducersAsync(TopicPartition partition, CancellationToken cancellation = default)
        => cluster.RetryAsync("DescribeProducers", async token =>
        {
            var request = new DescribeProducersRequest { Topics = [new() { Name = partition.Topic, PartitionIndexes = [partition.Partition] }] };
            var answer = await AtLeader<DescribeProducersResponse>(partition, request, token).ConfigureAwait(false);
            var found = answer.Topics[0].Partitions[0];
            BrokerException.ThrowIf(found.ErrorCode, partition.ToString(), found.ErrorMessage);
            return (IReadOnlyList<ActiveProducer>)found.ActiveProducers.Select(p => new ActiveProducer(new(p.ProducerId, (short)p.ProducerEpoch), p.LastSequence, p.LastTimestamp, p.CoordinatorEpoch, p.CurrentTxnStartOffset)).ToList();
        }, cancellation);

    /// <summary>
    /// Ends a producer's open transaction in one partition by a marker, behind the coordinator's back: for one that no coordinator will ever end. Its
    /// records do not show to readers of committed records.
    /// </summary>
    /// <exception cref="BrokerException">The leader refused the marker.</exception>
    public async ValueTask AbortTransactionAsync(TopicPartition partition, Client.Producer.ProducerIdentity producer, int coordinatorEpoch, CancellationToken cancellation = default)
    {
        var marker = new WriteTxnMarkersRequest.WritableTxnMarker
        {
            ProducerId = producer.Id,
            ProducerEpoch = producer.Epoch,
            TransactionResult = false,
            CoordinatorEpoch = coordinatorEpoch,
            Topics = [new() { Name = partition.Topic, PartitionIndexes = [partition.Partition] }],
        };
        await cluster.RetryAsync("WriteTxnMarkers", async token =>
        {
            var answer = await AtLeader<WriteTxnMarkersResponse>(partition, new WriteTxnMarkersRequest { Markers = [marker] }, token).ConfigureAwait(false);
            BrokerException.ThrowIf(answer.Markers[0].Topics[0].Partitions[0].ErrorCode, $"aborting producer {producer.Id} in {partition}");
            return answer;
        }, cancellation).ConfigureAwait(false);
    }

    /// <summary>Aborts whatever a transactional id has open, and fences its producer.</summary>
    /// <exception cref="BrokerException">The coordinator refused it.</exception>
    public async ValueTask TerminateTransactionAsync(string id, CancellationToken cancellation = default)
    {
        var request = new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 60_000 };
        var answer = await cluster.SendToCoordinatorAsync<InitProducerIdResponse>(CoordinatorType.Transaction, id, _ => (request, 5), a => a.ErrorCode, cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, $"transactional id {id}");
    }

    private async ValueTask<ListTransactionsResponse> ListTransactions(int broker, TransactionFilter wanted, CancellationToken cancellation)
    {
        var connection = await cluster.ToAsync(broker, cancellation).ConfigureAwait(false);
        var needed = wanted.Pattern is not null ? FirstListByPattern : wanted.LongerThanMs >= 0 ? FirstListByDuration : (short)0;
        if (connection.VersionOf(ApiKey.ListTransactions) < needed) throw new BrokerException(ErrorCode.UnsupportedVersion, "ListTransactions", $"broker {broker} knows no such filter");
        var request = new ListTransactionsRequest { StateFilters = [.. wanted.States], ProducerIdFilters = [.. wanted.ProducerIds], DurationFilter = wanted.LongerThanMs, TransactionalIdPattern = wanted.Pattern };
        using var answer = await connection.SendAsync(request, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        var response = answer.As<ListTransactionsResponse>();
        BrokerException.ThrowIf(response.ErrorCode, "ListTransactions");
        return response;
    }

    private async ValueTask<T> AtLeader<T>(TopicPartition partition, IApiMessage request, CancellationToken cancellation) where T : class, IApiMessage
    {
        await cluster.RefreshAsync([partition.Topic], cancellation: cancellation).ConfigureAwait(false);
        var connection = await cluster.ToAsync(LeaderOf(partition), cancellation).ConfigureAwait(false);
        using var answer = await connection.SendAsync(request, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        return answer.As<T>();
    }
}
