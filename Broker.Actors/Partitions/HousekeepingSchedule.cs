using Akka.Actor;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// When each partition wants to be told <see cref="Housekeep"/> next: a heap by time, in which a partition that waits for nothing does not stand and costs
/// nothing. The scheduler is asked to wake for the first one only. Safe from any thread.
/// </summary>
/// <param name="scheduler">Gives the time and wakes.</param>
public sealed class HousekeepingSchedule(IScheduler scheduler)
{
    // After a start, or a change of every topic's configuration, thousands are due at once: others have their turns in between.
    private const int MostAtOnce = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private PartitionHandle[] heap = [];
    private int count;
    private Cancelable? timer;
    private long wakesAt = long.MaxValue;
    private bool isStopped;

    /// <summary>Milliseconds between two looks at what may be due at any time, such as retention: <c>log.retention.check.interval.ms</c>.</summary>
    public long IntervalMs { get; internal set; } = 300_000;

    /// <summary>How many partitions wait for a time.</summary>
    public int Count
    {
        get
        {
            lock (gate) return count;
        }
    }

    /// <summary>Sets when a partition is told next, milliseconds since 1970; <see cref="long.MaxValue"/> for never. What was set before does not count any more.</summary>
    public void Set(PartitionHandle handle, long atMs)
    {
        if (atMs == handle.HousekeepAt) return;
        lock (gate)
        {
            if (isStopped) return;
            Place(handle, atMs);
            Arm();
        }
    }

    /// <summary>As <see cref="Set"/>, where the partition is not told as early anyway.</summary>
    public void SetEarlier(PartitionHandle handle, long atMs)
    {
        if (atMs < handle.HousekeepAt) Set(handle, atMs);
    }

    /// <summary>Nobody is told any more.</summary>
    public void Stop()
    {
        lock (gate)
        {
            isStopped = true;
            timer?.Cancel();
            heap = [];
            count = 0;
        }
    }

    private void Wake()
    {
        var due = new List<PartitionHandle>();
        lock (gate)
        {
            if (isStopped) return;
            wakesAt = long.MaxValue;
            var now = scheduler.Now.ToUnixTimeMilliseconds();
            while (count > 0 && due.Count < MostAtOnce && heap[0].HousekeepAt <= now)
            {
                due.Add(heap[0]);
                Place(heap[0], long.MaxValue);
            }

            Arm();
        }

        foreach (var handle in due) handle.Actor.Tell(Housekeep.Instance, ActorRefs.NoSender);
    }

    // The clock of the day may be set meanwhile: not trusted for longer than an interval.
    private void Arm()
    {
        if (count == 0 || heap[0].HousekeepAt >= wakesAt) return;
        timer?.Cancel();
        timer = new Cancelable(scheduler.Advanced);
        wakesAt = heap[0].HousekeepAt;
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(wakesAt - scheduler.Now.ToUnixTimeMilliseconds(), 0, Math.Max(IntervalMs, 1000)));
        scheduler.Advanced.ScheduleOnce(wait > Pause ? wait : Pause, Wake, timer);
    }

    private void Place(PartitionHandle handle, long atMs)
    {
        var at = handle.HousekeepPlace;
        var before = handle.HousekeepAt;
        handle.HousekeepAt = atMs;
        if (atMs == long.MaxValue)
        {
            if (at >= 0) Remove(handle, at);
            return;
        }

        if (at < 0)
        {
            if (count == heap.Length) Array.Resize(ref heap, Math.Max(16, count * 2));
            at = count++;
            before = long.MaxValue;
        }

        if (atMs < before) Up(handle, at);
        else Down(handle, at);
    }

    private void Remove(PartitionHandle handle, int at)
    {
        handle.HousekeepPlace = -1;
        var last = heap[--count];
        heap[count] = null!;
        if (at == count) return;
        if (at > 0 && last.HousekeepAt < heap[(at - 1) / 2].HousekeepAt) Up(last, at);
        else Down(last, at);
    }

    private void Up(PartitionHandle handle, int at)
    {
        for (; at > 0 && heap[(at - 1) / 2].HousekeepAt > handle.HousekeepAt; at = (at - 1) / 2) Put(heap[(at - 1) / 2], at);
        Put(handle, at);
    }

    private void Down(PartitionHandle handle, int at)
    {
        while (true)
        {
            var child = (at * 2) + 1;
            if (child >= count) break;
            if (child + 1 < count && heap[child + 1].HousekeepAt < heap[child].HousekeepAt) child++;
            if (heap[child].HousekeepAt >= handle.HousekeepAt) break;
            Put(heap[child], at);
            at = child;
        }

        Put(handle, at);
    }

    private void Put(PartitionHandle handle, int at)
    {
        heap[at] = handle;
        handle.HousekeepPlace = at;
    }
}
