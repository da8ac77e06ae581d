using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>What other replicas have to do with it: appends that wait for the high watermark, and what a follower takes.</summary>
internal sealed partial class PartitionState
{
    private ReplicaTracker? tracker;

    // Appends that every in-sync replica must have, in the order of the log. Bounded as the requests that they came with.
    private Queue<PartitionAppend>? waiting;

    /// <summary>What the leader knows of its followers; null where there are none, and on a follower.</summary>
    public ReplicaTracker? Tracker
    {
        get => tracker;
        set
        {
            tracker = value;
            Configured();
        }
    }

    /// <summary>There are other replicas, or the partition may get some.</summary>
    public bool IsReplicated { get; init; }

    /// <summary>Up to where this replica has the log, as it counts for the high watermark.</summary>
    public long CountedEnd => IsGroup ? handle.Log.RecoveryPoint : handle.Log.View.EndOffset;

    /// <summary>When the first append that waits for replicas has waited long enough; <see cref="long.MaxValue"/> where none waits.</summary>
    public long WaitsUntilMs { get; private set; } = long.MaxValue;

    private bool HasMinInSync => tracker!.HasMinInSync(handle.Config.MinInsyncReplicas);

    /// <summary>Replicas, or the in-sync set, are not as they were: moves the high watermark, and answers what waited for it.</summary>
    public void Advance()
    {
        Configured();
        var log = handle.Log;
        var before = log.View.HighWatermark;
        // With too few in sync nothing more is acknowledged: what waits may be in time still, when others have come back.
        if (HasMinInSync && tracker!.HighWatermark(CountedEnd) is var safe && safe > before) log.SetHighWatermark(safe);
        Show(before);
    }

    /// <summary>Refuses what waited too long for replicas.</summary>
    public void GiveUpOn(long nowMs)
    {
        if (nowMs < WaitsUntilMs) return;
        WaitsUntilMs = long.MaxValue;
        var kept = new Queue<PartitionAppend>();
        foreach (var append in waiting ?? [])
        {
            if (append.DeadlineMs > nowMs)
            {
                kept.Enqueue(append);
                WaitsUntilMs = Math.Min(WaitsUntilMs, append.DeadlineMs);
                continue;
            }

            append.StageError = ErrorCode.RequestTimedOut;
            Complete(append, null);
        }

        waiting = kept;
    }

    /// <summary>A follower wrote what its leader sent. Gives a flush that is to be run off this turn, or null.</summary>
    public LogFlush? Took(long bytes, long nowMs)
    {
        unflushed += bytes;
        return FlushDue(nowMs);
    }

    private void Await(PartitionAppend append, long nowMs)
    {
        append.DeadlineMs = nowMs + append.TimeoutMs;
        WaitsUntilMs = Math.Min(WaitsUntilMs, append.DeadlineMs);
        (waiting ??= []).Enqueue(append);
    }

    // A leader with followers wrote: nothing is shown before the high watermark passes it.
    private void Written(long before, long nowMs)
    {
        if (handle.Log.View.EndOffset > before) tracker!.Appended(before, nowMs);
        Advance();
    }

    private void Show(long before)
    {
        var seen = handle.Log.View.HighWatermark;
        seesMore |= seen > before;
        while (waiting is not null && waiting.TryPeek(out var append) && append.LastOffset < seen)
        {
            waiting.Dequeue();
            Complete(append, null);
        }

        if (waiting is not { Count: > 0 }) WaitsUntilMs = long.MaxValue;
    }

    private void GiveUp(ErrorCode error)
    {
        while (waiting is not null && waiting.TryDequeue(out var append))
        {
            append.StageError = error;
            Complete(append, null);
        }

        WaitsUntilMs = long.MaxValue;
    }

    // With flush.mode=group a copy counts when it is on disk, which this one is not.
    private void FailUnflushed(ErrorCode error)
    {
        if (IsGroup) GiveUp(error);
    }

    private void RestReplicated()
    {
        if (waiting is { Count: 0 }) waiting = null;
    }
}
