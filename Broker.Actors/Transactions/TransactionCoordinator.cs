using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

/// <summary>
/// The coordinator of the transactional ids of one partition of <c>__transaction_state</c>: it belongs to that partition's leader and is rebuilt by
/// reading it. A plain state machine: messages in, effects out; times come with the calls. An id changes only when the log has the change, so one
/// change of an id is under way at a time; what comes meanwhile waits a moment, because clients that are told CONCURRENT_TRANSACTIONS pause for longer
/// than the change takes.
/// </summary>
/// <param name="epoch">The leader epoch of the partition: older coordinators' markers are refused by it.</param>
public sealed partial class TransactionCoordinator(int epoch)
{
    private readonly Dictionary<string, Slot> slots = new(StringComparer.Ordinal);
    private readonly HashSet<Slot> open = [];
    private readonly HashSet<Slot> timed = [];

    /// <summary>What is to be done now.</summary>
    public TransactionEffects Effects { get; } = new();

    /// <summary>The settings.</summary>
    public TransactionSettings Settings { get; set; } = new();

    /// <summary>How many ids are known.</summary>
    public int Count => slots.Count;

    /// <summary>How many of them have an open transaction.</summary>
    public int Open => open.Count;

    /// <summary>When <see cref="Tick"/> has something to do, milliseconds since 1970; null while nothing waits.</summary>
    public long? NextTickMs
    {
        get
        {
            long? next = null;
            foreach (var slot in timed)
            {
                if (slot.DueMs is { } due && (next is null || due < next)) next = due;
            }

            return next;
        }
    }

    /// <summary>A record of the log, in the log's order, before <see cref="Loaded"/>: the id's entry, or null where it was forgotten.</summary>
    public void Load(string id, TransactionEntry? entry)
    {
        if (entry is null) slots.Remove(id);
        else slots[id] = new Slot(entry);
    }

    /// <summary>The whole log was read: what was decided before is brought to its end.</summary>
    public void Loaded(long nowMs)
    {
        foreach (var slot in slots.Values)
        {
            if (slot.Current.State == TransactionState.Ongoing) open.Add(slot);
            if (slot.Current.State.IsEnding()) WriteMarkers(slot, nowMs);
        }
    }

    /// <summary>A request. It is answered now, when the log has what it leads to, or when it waited too long.</summary>
    public void Handle(TransactionRequest request, long nowMs)
    {
        switch (request)
        {
            case InitProducer init: Init(init, nowMs); break;
            case AddPartitions add: Add(add, nowMs); break;
            case GatheredAdditions gathered: Add(gathered.AsOne(), nowMs); break;
            case VerifyPartitions verify: Verify(verify, nowMs); break;
            case EndTransaction end: End(end, nowMs); break;
            case AbortTimedOut abort: TimeOut(abort, nowMs); break;
        }
    }

    /// <summary>The producer id that a request needed, or why there is none. The request is judged anew: the id may have changed meanwhile.</summary>
    public void ProducerIdGiven(TransactionRequest request, ErrorCode error, long producerId, long nowMs)
    {
        if (error != ErrorCode.None)
        {
            request.Refuse(ErrorCode.CoordinatorNotAvailable);
            return;
        }

        request.FreshProducerId = producerId;
        Handle(request, nowMs);
    }

    /// <summary>The log has an entry, or refused it.</summary>
    public void Appended(TransactionEntry entry, ErrorCode error, long nowMs)
    {
        if (!slots.TryGetValue(entry.Id, out var slot) || !ReferenceEquals(slot.Pending, entry)) return;
        var done = slot.Done;
        slot.Done = null;
        if (error == ErrorCode.None)
        {
            Apply(slot, entry, nowMs);
        }
        else
        {
            slot.Pending = null;
            // The decision stands and every marker is written: only the record of that is missing.
            if (slot.Current.State.IsEnding()) Retry(slot, nowMs);
            else if (slot.Current.Epoch < 0) slots.Remove(slot.Current.Id);
        }

        done?.Invoke(ErrorOf(error));
        if (slot.Pending is null && !slot.Current.State.IsEnding()) RunWaiting(slot, nowMs);
    }

    /// <summary>A partition has a marker, or refused it.</summary>
    /// <param name="order">The order that the marker came from.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="error"><see cref="ErrorCode.UnknownTopicOrPartition"/> only where the partition is gone for good.</param>
    /// <param name="nowMs">Now.</param>
    public void Marked(MarkerOrder order, TopicPartition partition, ErrorCode error, long nowMs)
    {
        if (!slots.TryGetValue(order.Id, out var slot) || slot.Unmarked is not { } unmarked) return;
        if (slot.Current.ProducerId != order.ProducerId || slot.Current.Epoch != order.Epoch) return;
        // A later producer with this id has written there, or nobody can: there is nothing left to end.
        if (error is not (ErrorCode.None or ErrorCode.UnknownTopicOrPartition or ErrorCode.InvalidProducerEpoch or ErrorCode.ProducerFenced))
        {
            Retry(slot, nowMs);
            return;
        }

        if (unmarked.Remove(partition) && unmarked.Count == 0) Complete(slot, nowMs);
    }

    /// <summary>Time has passed: requests that waited too long are answered, and what failed is tried again.</summary>
    public void Tick(long nowMs)
    {
        if (timed.Count == 0) return;
        foreach (var slot in timed.ToList())
        {
            while (slot.Waiting.TryPeek(out var first) && first.DeadlineMs <= nowMs) slot.Take().Refuse(ErrorCode.ConcurrentTransactions);
            if (slot.RetryMs is { } at && at <= nowMs)
            {
                slot.RetryMs = null;
                if (slot.Unmarked is { Count: > 0 } unmarked) Effects.Markers.Add(OrderOf(slot.Current, [.. unmarked]));
                else if (slot.Pending is null && slot.Current.State.IsEnding()) Complete(slot, nowMs);
            }

            Timed(slot);
        }
    }

    /// <summary>Aborts what is open longer than its timeout: asked for every <c>transaction.abort.timed.out.transaction.cleanup.interval.ms</c>.</summary>
    public void AbortTimedOut(long nowMs)
    {
        foreach (var slot in open.ToList())
        {
            if (slot.Pending is null && slot.Current.StartMs + slot.Current.TimeoutMs < nowMs) Handle(new AbortTimedOut(slot.Current.Id), nowMs);
        }
    }

    /// <summary>Forgets ids without use: asked for every <c>transaction.remove.expired.transaction.cleanup.interval.ms</c>.</summary>
    public void Expire(long nowMs)
    {
        foreach (var slot in slots.Values)
        {
            var current = slot.Current;
            if (slot.Pending is null && current.State.IsIdle() && nowMs - current.UpdateMs >= Settings.IdExpirationMs) Append(slot, current.Die(), null);
        }
    }

    /// <summary>Another broker leads the partition, this one stops, or the log is to be read anew: whoever waits is told so.</summary>
    public void Resign(ErrorCode error)
    {
        foreach (var slot in slots.Values)
        {
            slot.Done?.Invoke(error);
            while (slot.Waiting.Count > 0) slot.Take().Refuse(error);
        }

        slots.Clear();
        open.Clear();
        timed.Clear();
    }

    /// <summary>The id's entry, or null where there is none.</summary>
    public TransactionEntry? Find(string id) => slots.TryGetValue(id, out var slot) && slot.Current.State != TransactionState.Dead ? slot.Current : null;

    /// <summary>Every entry that a filter lets through.</summary>
    public IEnumerable<TransactionEntry> List(Func<TransactionEntry, bool> filter)
    {
        foreach (var slot in slots.Values)
        {
            if (slot.Current.State != TransactionState.Dead && filter(slot.Current)) yield return slot.Current;
        }
    }

    private static ErrorCode ErrorOf(ErrorCode append) => append switch
    {
        ErrorCode.None => ErrorCode.None,
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.RecordListTooLarge or ErrorCode.MessageTooLarge => ErrorCode.UnknownServerError,
        _ => ErrorCode.CoordinatorNotAvailable,
    };

    private void Append(Slot slot, TransactionEntry next, Action<ErrorCode>? done)
    {
        slot.Pending = next;
        slot.Done = done;
        Effects.Appends.Add(next);
    }

    private void Apply(Slot slot, TransactionEntry entry, long nowMs)
    {
        slot.Current = entry;
        slot.Pending = null;
        if (entry.State == TransactionState.Ongoing) open.Add(slot);
        else open.Remove(slot);
        if (entry.State == TransactionState.Dead) slots.Remove(entry.Id);
        else if (entry.State.IsEnding()) WriteMarkers(slot, nowMs);
    }

    private void WriteMarkers(Slot slot, long nowMs)
    {
        var partitions = slot.Current.PartitionsInOrder.ToList();
        slot.Unmarked = [.. partitions];
        if (partitions.Count == 0) Complete(slot, nowMs);
        else Effects.Markers.Add(OrderOf(slot.Current, partitions));
    }

    private MarkerOrder OrderOf(TransactionEntry entry, IReadOnlyList<TopicPartition> partitions)
        => new(entry.Id, entry.ProducerId, entry.Epoch, entry.State == TransactionState.PrepareCommit, epoch, entry.ClientVersion, partitions);

    private void Complete(Slot slot, long nowMs)
    {
        slot.Unmarked = null;
        Append(slot, slot.Current.Complete(nowMs), null);
    }

    private void Retry(Slot slot, long nowMs)
    {
        slot.RetryMs ??= nowMs + Limits.TransactionRetryMs;
        Timed(slot);
    }

    // The request is judged again when the change that is under way has ended.
    private void Wait(Slot slot, TransactionRequest request, long nowMs)
    {
        if (slot.Waiting.Count + (slot.Gathering?.Count ?? 0) >= Limits.TransactionRequestsWaiting)
        {
            request.Refuse(ErrorCode.ConcurrentTransactions);
            return;
        }

        if (request is AddPartitions add)
        {
            if (slot.Gathering?.TryTake(add) == true) return;
            request = slot.Gathering = new GatheredAdditions(add);
        }
        else
        {
            slot.Gathering = null;
        }

        slot.Waiting.Enqueue(new(request, nowMs + Limits.TransactionWaitMs));
        Timed(slot);
    }

    private void RunWaiting(Slot slot, long nowMs)
    {
        // Only those that wait now: one that has to wait again goes to the end.
        for (var left = slot.Waiting.Count; left > 0 && slot.Pending is null && !slot.Current.State.IsEnding(); left--) Handle(slot.Take(), nowMs);
        Timed(slot);
    }

    private void Timed(Slot slot)
    {
        if (slot.DueMs is null) timed.Remove(slot);
        else timed.Add(slot);
    }

    private sealed class Slot(TransactionEntry current)
    {
        public TransactionEntry Current { get; set; } = current;

        /// <summary>The entry that the log is asked to take.</summary>
        public TransactionEntry? Pending { get; set; }

        /// <summary>Told what became of it.</summary>
        public Action<ErrorCode>? Done { get; set; }

        /// <summary>Partitions without their marker; null while no transaction ends.</summary>
        public HashSet<TopicPartition>? Unmarked { get; set; }

        public long? RetryMs { get; set; }

        public Queue<(TransactionRequest Request, long DeadlineMs)> Waiting { get; } = new();

        /// <summary>The last of <see cref="Waiting"/>, where it is one that takes more in.</summary>
        public GatheredAdditions? Gathering { get; set; }

        public long? DueMs => Waiting.TryPeek(out var first) ? Math.Min(first.DeadlineMs, RetryMs ?? long.MaxValue) : RetryMs;

        public TransactionRequest Take()
        {
            var request = Waiting.Dequeue().Request;
            if (ReferenceEquals(request, Gathering)) Gathering = null;
            return request;
        }
    }
}
