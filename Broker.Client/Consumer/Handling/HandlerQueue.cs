using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Consumer.Handling;

/// <summary>A record on its way through the handler.</summary>
/// <param name="partition">Where it is.</param>
/// <param name="offset">Its offset.</param>
/// <param name="lane">Records of one lane are handled one after the other.</param>
internal sealed class HandlerItem(TopicPartition partition, long offset, (TopicPartition, long) lane)
{
    public TopicPartition Partition { get; } = partition;

    public long Offset { get; } = offset;

    public (TopicPartition, long) Lane { get; } = lane;

    /// <summary>How often its handler has thrown.</summary>
    public int Failures { get; set; }

    public bool IsDone { get; set; }

    /// <summary>Its partition is another's now: whatever becomes of it counts no more.</summary>
    public bool IsForgotten { get; set; }

    public bool IsActive { get; set; }

    /// <summary>The record, for whoever runs the handler.</summary>
    public ConsumedRecord Record { get; init; }

    /// <summary>Holds the record's bytes.</summary>
    public PolledLease? Lease { get; init; }
}

/// <summary>
/// Which record is handled next, which ones wait, and how far each partition is: what is committed never goes beyond a record that is not handled. A plain state
/// machine: times are handed in, in milliseconds of any clock; its loop calls it under a lock.
/// <code>
/// offered --> ready --TryStart--> active --Succeeded--> done
///              ^                    | Failed: waits and is ready again, or is given up: still active until the loop has put it elsewhere
///              +--------------------+
/// </code>
/// </summary>
internal sealed class HandlerQueue(HandlerOptions options)
{
    private readonly Dictionary<(TopicPartition, long), Queue<HandlerItem>> lanes = [];
    private readonly Queue<HandlerItem> ready = new();
    private readonly PriorityQueue<HandlerItem, long> waiting = new();
    private readonly Dictionary<TopicPartition, Queue<HandlerItem>> inOrder = [];

    /// <summary>Records that are offered and not done.</summary>
    public int Count { get; private set; }

    /// <summary>Records whose handler runs.</summary>
    public int Active { get; private set; }

    /// <summary>How many more records may begin, whatever runs; null: <see cref="HandlerOptions.Parallelism"/> says how many may run at once.</summary>
    public int? Permits { get; set; }

    /// <summary>When a record that waits for another try can go; null where none does.</summary>
    public long? NextDueMs
    {
        get
        {
            while (waiting.TryPeek(out var item, out var due))
            {
                if (!item.IsForgotten) return due;
                waiting.Dequeue();
            }

            return null;
        }
    }

    /// <summary>A record came. Those of a partition come in the order of their offsets.</summary>
    public void Offer(HandlerItem item)
    {
        if (!inOrder.TryGetValue(item.Partition, out var order)) inOrder.Add(item.Partition, order = new());
        order.Enqueue(item);
        Count++;
        if (lanes.TryGetValue(item.Lane, out var lane))
        {
            lane.Enqueue(item);
            return;
        }

        lanes.Add(item.Lane, new Queue<HandlerItem>([item]));
        ready.Enqueue(item);
    }

    /// <summary>The next record whose handler may run now; it counts as active from now on.</summary>
    public bool TryStart(long nowMs, out HandlerItem item)
    {
        while (NextDueMs <= nowMs) ready.Enqueue(waiting.Dequeue());
        item = null!;
        if (Permits is { } left ? left <= 0 : Active >= options.Parallelism) return false;
        while (ready.TryDequeue(out item!))
        {
            if (item.IsForgotten) continue;
            item.IsActive = true;
            Active++;
            Permits--;
            return true;
        }

        return false;
    }

    /// <summary>The handler, or whatever took its place, is done with the record.</summary>
    public void Succeeded(HandlerItem item)
    {
        End(item);
        if (item.IsForgotten) return;
        item.IsDone = true;
        Count--;
        var lane = lanes[item.Lane];
        lane.Dequeue();
        if (lane.TryPeek(out var next)) ready.Enqueue(next);
        else lanes.Remove(item.Lane);
    }

    /// <summary>The handler threw.</summary>
    /// <param name="item">The record.</param>
    /// <param name="mayRetry">Whether another try may help.</param>
    /// <param name="nowMs">The present time.</param>
    /// <returns>True: it is tried again, after a pause. False: it is given up, and stays active until the loop has put it elsewhere.</returns>
    public bool Failed(HandlerItem item, bool mayRetry, long nowMs)
    {
        item.Failures++;
        if (!item.IsForgotten && (!mayRetry || item.Failures > options.Retries)) return false;
        Postpone(item, nowMs);
        return true;
    }

    /// <summary>The record could not be put elsewhere either: it is tried again after a pause.</summary>
    public void Postpone(HandlerItem item, long nowMs)
    {
        End(item);
        if (!item.IsForgotten) waiting.Enqueue(item, nowMs + PauseMs(item.Failures));
    }

    /// <summary>The offset that a commit may name for a partition: that of the first record that is not done; <paramref name="read"/>, up to where it was read, where all are.</summary>
    public long Committable(TopicPartition partition, long read)
    {
        if (!inOrder.TryGetValue(partition, out var order)) return read;
        while (order.TryPeek(out var first))
        {
            if (!first.IsDone) return first.Offset;
            order.Dequeue();
        }

        return read;
    }

    /// <summary>How many records of these partitions are active.</summary>
    public int ActiveOf(IReadOnlyCollection<TopicPartition> partitions)
    {
        var active = 0;
        foreach (var partition in partitions)
        {
            if (inOrder.TryGetValue(partition, out var order)) active += order.Count(i => i is { IsActive: true, IsDone: false });
        }

        return active;
    }

    /// <summary>Records of these partitions that are not active are not handled any more; what they hold back in their partition stays held back.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="activeToo">Those that are active count no more either, whatever becomes of them.</param>
    /// <returns>Those records, without the active ones.</returns>
    public List<HandlerItem> Withdraw(IReadOnlyCollection<TopicPartition> partitions, bool activeToo = false)
    {
        var withdrawn = new List<HandlerItem>();
        foreach (var partition in partitions)
        {
            foreach (var item in inOrder.GetValueOrDefault(partition, new Queue<HandlerItem>()).Where(i => i is { IsDone: false, IsForgotten: false } && (activeToo || !i.IsActive)))
            {
                item.IsForgotten = true;
                Count--;
                if (!item.IsActive) withdrawn.Add(item);
            }
        }

        // In its lane an active record may be the head of those that are withdrawn.
        foreach (var (lane, items) in lanes.ToList())
        {
            if (!items.Any(i => i.IsForgotten)) continue;
            var left = new Queue<HandlerItem>(items.Where(i => !i.IsForgotten));
            if (left.Count > 0) lanes[lane] = left;
            else lanes.Remove(lane);
        }

        return withdrawn;
    }

    /// <summary>These partitions are another's now: nothing of them counts any more. What is active ends for itself.</summary>
    /// <returns>The records that were not active.</returns>
    public List<HandlerItem> Forget(IReadOnlyCollection<TopicPartition> partitions)
    {
        var withdrawn = Withdraw(partitions);
        foreach (var partition in partitions)
        {
            if (!inOrder.Remove(partition, out var order)) continue;
            foreach (var item in order.Where(i => i is { IsDone: false, IsForgotten: false }))
            {
                item.IsForgotten = true;
                Count--;
                lanes.Remove(item.Lane);
            }
        }

        return withdrawn;
    }

    private void End(HandlerItem item)
    {
        if (!item.IsActive) throw new InvalidOperationException($"{item.Partition}, offset {item.Offset}: its handler does not run");
        item.IsActive = false;
        Active--;
    }

    private long PauseMs(int failures)
        => (long)Math.Min(options.RetryBackoff.TotalMilliseconds * (1L << Math.Clamp(failures - 1, 0, 20)), options.RetryBackoffMax.TotalMilliseconds);
}

/// <summary>Keeps what a poll brought until the last of its records is done.</summary>
/// <param name="polled">What was polled.</param>
internal sealed class PolledLease(Polled polled)
{
    private int left = polled.Count;

    /// <summary>One record is done.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref left) == 0) polled.Dispose();
    }
}
