using System.Text.RegularExpressions;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Transactions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Transactions;

/// <summary>DescribeTransactions: state, producer and partitions of transactional ids.</summary>
public sealed class DescribeTransactionsHandler(TransactionGate transactions) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var ids = ((DescribeTransactionsRequest)slot.Request).TransactionalIds;
        var answer = new DescribeTransactionsResponse();
        var open = ids.Count + 1;
        foreach (var id in ids)
        {
            var state = new DescribeTransactionsResponse.TransactionStateEntry { TransactionalId = id };
            answer.TransactionStates.Add(state);
            if (id.Length == 0)
            {
                state.ErrorCode = ErrorCode.InvalidRequest;
                Arrived();
                continue;
            }

            transactions.Tell(id, new TransactionQuery(
                coordinator =>
                {
                    Fill(state, coordinator.Find(id));
                    Arrived();
                },
                error =>
                {
                    state.ErrorCode = error;
                    Arrived();
                }));
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) slot.Complete(answer);
        }
    }

    private static void Fill(DescribeTransactionsResponse.TransactionStateEntry state, TransactionEntry? entry)
    {
        if (entry is null)
        {
            state.ErrorCode = ErrorCode.TransactionalIdNotFound;
            return;
        }

        state.TransactionState = entry.State.ToString();
        state.TransactionTimeoutMs = entry.TimeoutMs;
        state.TransactionStartTimeMs = entry.StartMs;
        state.ProducerId = entry.ProducerId;
        state.ProducerEpoch = entry.Epoch;
        foreach (var topic in entry.Partitions.GroupBy(p => p.Topic)) state.Topics.Add(new() { Topic = topic.Key, Partitions = topic.Select(p => p.Partition).Order().ToList() });
    }
}

/// <summary>ListTransactions: every transactional id whose coordinator is here, as far as filters let it through.</summary>
public sealed class ListTransactionsHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (ListTransactionsRequest)slot.Request;
        var answer = new ListTransactionsResponse();
        var states = new HashSet<TransactionState>();
        foreach (var name in request.StateFilters)
        {
            if (TransactionStates.TryParse(name, out var state)) states.Add(state);
            else answer.UnknownStateFilters.Add(name);
        }

        if (!TryCompile(request.TransactionalIdPattern, out var pattern))
        {
            slot.Complete(new ListTransactionsResponse { ErrorCode = ErrorCode.InvalidRegularExpression });
            return;
        }

        var isAnyState = request.StateFilters.Count == 0;
        var producers = request.ProducerIdFilters.ToHashSet();
        var startedBefore = request.DurationFilter < 0 ? long.MaxValue : broker.NowMs - request.DurationFilter;
        Gather(slot, answer, entry => (isAnyState || states.Contains(entry.State)) && (producers.Count == 0 || producers.Contains(entry.ProducerId))
            && entry.StartMs < startedBefore && (pattern is null || pattern.IsMatch(entry.Id)));
    }

    // Linear in the id's length whatever the pattern (as RE2, which Kafka takes); it has to fit the whole id.
    private static bool TryCompile(string? text, out Regex? pattern)
    {
        pattern = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (text.Length > Limits.TransactionPatternLength) return false;
        try
        {
            pattern = new Regex($"\\A(?:{text})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private void Gather(RequestSlot slot, ListTransactionsResponse answer, Func<TransactionEntry, bool> filter)
    {
        var handles = broker.Partitions.TryGetTopic(TopicNames.TransactionState, out var all) ? all.OfType<PartitionHandle>().Where(handle => handle.IsLeader).ToArray() : [];
        var open = handles.Length + 1;
        foreach (var handle in handles)
        {
            handle.TellCoordinator(new TransactionQuery(
                coordinator =>
                {
                    lock (answer)
                    {
                        foreach (var entry in coordinator.List(filter)) answer.TransactionStates.Add(new() { TransactionalId = entry.Id, ProducerId = entry.ProducerId, TransactionState = entry.State.ToString() });
                    }

                    Arrived();
                },
                error =>
                {
                    lock (answer) answer.ErrorCode = error;
                    Arrived();
                }));
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) > 0) return;
            if (answer.ErrorCode != ErrorCode.None) answer.TransactionStates.Clear();
            slot.Complete(answer);
        }
    }
}
