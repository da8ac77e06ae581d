using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;

namespace AkkaStream.Client.Consumer.Handling;

/// <summary>Runs a handler over what a source brings, as <see cref="HandlerQueue"/> says.</summary>
/// <param name="source">Where records come from.</param>
/// <param name="options">How they are handled.</param>
/// <param name="handle">Deserialises a record and handles it.</param>
/// <param name="bury">Puts a record into the dead-letter topic.</param>
/// <param name="time">The client's time.</param>
/// <param name="isCredited">Records begin one after the other, in the order in which they came, as many as <see cref="Permit"/> allows; their handlers must be quick to return.</param>
internal sealed class HandlerLoop(
    IRecordSource source,
    HandlerOptions options,
    Func<ConsumedRecord, CancellationToken, ValueTask> handle,
    Func<string, ConsumedRecord, string, CancellationToken, ValueTask> bury,
    TimeProvider time,
    bool isCredited = false)
{
    private static readonly TimeSpan PollWait = TimeSpan.FromSeconds(1);
    private readonly HandlerQueue queue = new(options) { Permits = isCredited ? 0 : null };
    private readonly Lock gate = new();
    private readonly WakeUp progress = new(time);
    private readonly HashSet<TopicPartition> held = [];
    private readonly CancellationTokenSource ending = new();
    private readonly CancellationTokenSource cancelled = new();
    private Exception? failure;
    private long alarmMs = long.MaxValue;
    private long unkeyed;

    private long NowMs => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    private bool HasRoom
    {
        get
        {
            lock (gate) return queue.Count < options.MaxInFlight;
        }
    }

    /// <summary>Polls and handles until it is stopped, then lets what runs come to its end.</summary>
    /// <exception cref="HandlerException">A handler failed for good, and there is no dead-letter topic.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var registered = stopping.Register(ending.Cancel);
        try
        {
            while (!ending.IsCancellationRequested)
            {
                await MakeRoom().ConfigureAwait(false);
                Offer(await source.PollAsync(PollWait, ending.Token).ConfigureAwait(false));
                Pump();
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // It is to stop.
        }
        finally
        {
            ending.Cancel();
            await DrainAsync(source.Reader.Partitions.ToList()).ConfigureAwait(false);
        }

        if (failure is not null) throw failure;
    }

    /// <summary>So many more records may begin, up to a limit.</summary>
    public void Permit(int more, int most)
    {
        lock (gate) queue.Permits = (int)Math.Min((long)queue.Permits.GetValueOrDefault() + more, most);
        Pump();
    }

    /// <summary>What may be committed for a partition; <paramref name="read"/> where everything up to there is handled.</summary>
    public long Handled(TopicPartition partition, long read)
    {
        lock (gate) return queue.Committable(partition, read);
    }

    /// <summary>Partitions are about to go: what runs comes to its end, or is cancelled in the end; what does not run yet is left to their next owner.</summary>
    public async ValueTask DrainAsync(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (gate) Release(queue.Withdraw(partitions));
        var started = time.GetTimestamp();
        while (Running(partitions) && options.DrainTimeout - time.GetElapsedTime(started) is { Ticks: > 0 } left) await progress.Wait(left, CancellationToken.None).ConfigureAwait(false);
        // A handler that does not end then is not waited for much longer: its record is not committed.
        if (ending.IsCancellationRequested && Running(partitions))
        {
            await cancelled.CancelAsync().ConfigureAwait(false);
            var warned = time.GetTimestamp();
            while (Running(partitions) && options.DrainTimeout - time.GetElapsedTime(warned) is { Ticks: > 0 } left) await progress.Wait(left, CancellationToken.None).ConfigureAwait(false);
        }

        // What failed meanwhile would be tried again, and what still runs would count too late.
        lock (gate) Release(queue.Withdraw(partitions, activeToo: true));
    }

    /// <summary>Partitions are another's.</summary>
    public void Forget(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (gate)
        {
            Release(queue.Forget(partitions));
            held.ExceptWith(partitions);
        }
    }

    private bool Running(IReadOnlyCollection<TopicPartition> partitions)
    {
        lock (gate) return queue.ActiveOf(partitions) > 0;
    }

    // Where too much waits, nothing more is fetched; the group is polled all the same, or it would take this member for dead.
    private async ValueTask MakeRoom()
    {
        if (!HasRoom) await progress.Wait(PollWait, ending.Token).ConfigureAwait(false);
        if (HasRoom)
        {
            source.Reader.Resume(held);
            held.Clear();
            return;
        }

        foreach (var partition in source.Reader.Partitions)
        {
            if (!source.Reader.IsPaused(partition)) held.Add(partition);
        }

        source.Reader.Pause(held);
    }

    private void Offer(Polled polled)
    {
        if (polled.Count == 0)
        {
            polled.Dispose();
            return;
        }

        var lease = new PolledLease(polled);
        lock (gate)
        {
            foreach (var record in polled) queue.Offer(new HandlerItem(record.Partition, record.Offset, (record.Partition, LaneOf(record))) { Record = record, Lease = lease });
        }
    }

    private long LaneOf(in ConsumedRecord record) => options.Order switch
    {
        HandlerOrder.PerPartition => 0,
        // Keys whose hashes are equal share a lane, which orders more than it has to.
        HandlerOrder.PerKey when record.Key is { } key => Murmur2.Hash(key.Span),
        _ => int.MinValue - ++unkeyed,
    };

    private void Pump()
    {
        // Whoever begins records in order under the lock goes on by itself.
        if (gate.IsHeldByCurrentThread) return;
        while (TryBegin())
        {
            // Until nothing may begin.
        }
    }

    private bool TryBegin()
    {
        HandlerItem item;
        lock (gate)
        {
            if (ending.IsCancellationRequested) return false;
            if (!queue.TryStart(NowMs, out item))
            {
                SetAlarm();
                return false;
            }

            if (isCredited)
            {
                _ = Handle(item);
                return true;
            }
        }

        _ = Handle(item);
        return true;
    }

    // Under the lock: somebody has to look again when the first record that waits is due.
    private void SetAlarm()
    {
        if (queue.NextDueMs is not { } due || due >= alarmMs) return;
        alarmMs = due;
        _ = Ring(Math.Max(1, due - NowMs));
    }

    private async Task Ring(long inMs)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(inMs), time, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate) alarmMs = long.MaxValue;
        Pump();
    }

    private async Task Handle(HandlerItem item)
    {
        // A handler that computes must not keep others from beginning. A time that was handed in has one thread.
        if (time == TimeProvider.System && !isCredited) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await handle(item.Record, cancelled.Token).ConfigureAwait(false);
            Done(item);
        }
        catch (Exception why)
        {
            await Fail(item, why).ConfigureAwait(false);
        }

        progress.Give();
        Pump();
    }

    private async ValueTask Fail(HandlerItem item, Exception why)
    {
        var mayRetry = why is not BadRecordException && options.ShouldRetry?.Invoke(why) != false;
        lock (gate)
        {
            // One that was cancelled is met again by whoever reads next.
            if (cancelled.IsCancellationRequested || queue.Failed(item, mayRetry, NowMs))
            {
                if (item.IsActive) queue.Postpone(item, NowMs);
                if (item.IsForgotten) item.Lease?.Release();
                return;
            }
        }

        if (options.DeadLetterTopic is not { } topic || why is BadRecordException)
        {
            lock (gate)
            {
                failure ??= why is BadRecordException ? why : new HandlerException(item.Partition, item.Offset, why);
                queue.Postpone(item, NowMs);
            }

            await ending.CancelAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await bury(topic, item.Record, $"{why.GetType().Name}: {why.Message}", cancelled.Token).ConfigureAwait(false);
            Done(item);
        }
        catch (Exception e) when (e is IClientError or OperationCanceledException)
        {
            lock (gate) queue.Postpone(item, NowMs);
        }
    }

    private void Done(HandlerItem item)
    {
        lock (gate) queue.Succeeded(item);
        item.Lease?.Release();
    }

    private static void Release(List<HandlerItem> items)
    {
        foreach (var item in items) item.Lease?.Release();
    }
}
