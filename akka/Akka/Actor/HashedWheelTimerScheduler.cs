#pragma warning disable RS0030 // The scheduler owns the timer that it sleeps on.

using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The real time. It sleeps until the next deadline and wakes for nothing else; what is due runs on a thread of the pool, never before its time
/// and usually within a millisecond after. What is called off gives its place back at once.
/// </summary>
public class HashedWheelTimerScheduler : SchedulerBase, IWorkHolder, IDisposable
{
    private readonly Lock _lock = new();
    private readonly DeadlineHeap _deadlines = new();
    private readonly Timer _timer;
    private long _wakeAt = long.MaxValue;
    private bool _disposed;

    /// <summary>A scheduler of a system.</summary>
    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log)
        : base(scheduler, log)
    {
        // The timer must not keep the execution context of whoever made the system.
        var restore = !ExecutionContext.IsFlowSuppressed();
        if (restore) ExecutionContext.SuppressFlow();
        try
        {
            _timer = new Timer(static self => ((HashedWheelTimerScheduler)self!).RunDue(), this, Timeout.Infinite, Timeout.Infinite);
        }
        finally
        {
            if (restore) ExecutionContext.RestoreFlow();
        }
    }

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => SystemClock.Monotonic;

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => SystemClock.Monotonic;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => SystemClock.Now;

    /// <summary>Nothing happens any more, and nothing more can be scheduled. Asks that wait for an answer fail.</summary>
    public void Dispose()
    {
        List<ScheduledWork>? last = null;
        lock (_lock)
        {
            _disposed = true;
            while (_deadlines.Count > 0)
            {
                var work = _deadlines.First;
                _deadlines.Remove(work);
                if (work is ScheduledRunnable { EndsWithTheSystem: true }) (last ??= []).Add(work);
            }
        }

        _timer.Dispose();

        // Whoever waits for an answer would wait for ever.
        foreach (var work in last ?? []) Run(work);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable)
        => Add(new ScheduledTell(receiver, message, sender), delay, TimeSpan.Zero, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable)
        => Add(new ScheduledTell(receiver, message, sender), initialDelay, interval, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(new ScheduledAction(action), delay, TimeSpan.Zero, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Add(new ScheduledRunnable(action), delay, TimeSpan.Zero, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
        => Add(new ScheduledAction(action), initialDelay, interval, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable)
        => Add(new ScheduledRunnable(action), initialDelay, interval, cancelable);

    void IWorkHolder.Remove(ScheduledWork work)
    {
        lock (_lock) _deadlines.Remove(work);
    }

    private void Add(ScheduledWork work, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        work.Deadline = SystemClock.Monotonic.Ticks + delay.Ticks;
        if (work.Deadline < 0) work.Deadline = long.MaxValue;
        work.Interval = interval.Ticks;
        work.Cancelable = cancelable;
        lock (_lock)
        {
            if (_disposed) throw new SchedulerException("cannot enqueue after timer shutdown");
            _deadlines.Add(work);
            Arm();
        }

        // Its own kind of cancelable takes the work out at once; another one is asked when the time has come.
        if (cancelable is Cancelable own) own.Attach(this, work);
    }

    // Under _lock. Setting the timer costs more than the rest: only an earlier deadline does.
    private void Arm()
    {
        if (_deadlines.Count == 0 || _deadlines.First.Deadline >= _wakeAt) return;
        _wakeAt = _deadlines.First.Deadline;
        var ticks = Math.Max(0, _wakeAt - SystemClock.Monotonic.Ticks);
        var milliseconds = (ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        _timer.Change(Math.Min(milliseconds, int.MaxValue), Timeout.Infinite);
    }

    private void RunDue()
    {
        List<ScheduledWork>? due = null;
        lock (_lock)
        {
            if (_disposed) return;
            _wakeAt = long.MaxValue;
            var now = SystemClock.Monotonic.Ticks;
            while (_deadlines.Count > 0 && _deadlines.First.Deadline <= now)
            {
                var work = _deadlines.First;
                _deadlines.Remove(work);
                if (work.Cancelable is { IsCancellationRequested: true }) continue;
                (due ??= []).Add(work);
                if (work.Interval <= 0) continue;

                // From the deadline on, so that it does not drift; a system that slept through some does not catch up on them.
                work.Deadline = Math.Max(work.Deadline + work.Interval, now + 1);
                _deadlines.Add(work);
            }

            Arm();
        }

        if (due is null) return;
        foreach (var work in due) Run(work);
    }

    private void Run(ScheduledWork work)
    {
        try
        {
            if (work.Cancelable is not { IsCancellationRequested: true }) work.Run();
        }
        catch (Exception e)
        {
            Log.Error(e, "scheduled work failed");
        }
    }
}
