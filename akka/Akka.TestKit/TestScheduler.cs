using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose time goes on only as the test says, step by step: what falls due runs on the test's thread, in the order of its times,
/// and of two with the same time in the order in which they were scheduled. See <see cref="Configs.TestConfigs.TestSchedulerConfig"/>.
/// </summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private static readonly DateTimeOffset Start = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Entry, (DateTimeOffset Time, long Number)> _entries = new();
    private DateTimeOffset _now = Start;
    private long _number;

    /// <summary>A scheduler as a system creates it.</summary>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
    }

    /// <summary>The time; it begins at 2000-01-01.</summary>
    public DateTimeOffset Now
    {
        get
        {
            lock (_lock) return _now;
        }
    }

    /// <inheritdoc/>
    public TimeSpan MonotonicClock => Now - Start;

    /// <inheritdoc/>
    public TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    public IAdvancedScheduler Advanced => this;

    /// <summary>The time.</summary>
    protected DateTimeOffset TimeNow => Now;

    /// <summary>Lets time go on.</summary>
    public void Advance(TimeSpan offset) => AdvanceTo(Now + offset);

    /// <summary>Lets time go on to <paramref name="when"/>. Throws <see cref="InvalidOperationException"/> where that is past.</summary>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < Now) throw new InvalidOperationException($"it is {Now:O} already, time does not go back to {when:O}");
        while (TakeDue(when) is { } due)
        {
            if (due.Cancelable?.IsCancellationRequested != true) due.Run();
        }

        lock (_lock) _now = when;
    }

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) => Add(delay, null, () => receiver.Tell(message, sender), null);

    /// <inheritdoc/>
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable) => Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) => Add(initialDelay, interval, () => receiver.Tell(message, sender), null);

    /// <inheritdoc/>
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable)
        => Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) => Add(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, IRunnable action) => Add(delay, null, action.Run, null);

    /// <inheritdoc/>
    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Add(delay, null, action.Run, cancelable);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) => Add(initialDelay, interval, action.Run, null);

    /// <inheritdoc/>
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable) => Add(initialDelay, interval, action.Run, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action run, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (interval is { } given) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(given, TimeSpan.Zero, nameof(interval));
        lock (_lock) _entries.Enqueue(new Entry(interval, run, cancelable), (_now + delay, _number++));
    }

    private Entry? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            if (!_entries.TryPeek(out var entry, out var due) || due.Time > until) return null;
            _entries.Dequeue();
            if (due.Time > _now) _now = due.Time;
            if (entry.Interval is { } interval && entry.Cancelable?.IsCancellationRequested != true) _entries.Enqueue(entry, (due.Time + interval, _number++));
            return entry;
        }
    }

    private sealed record Entry(TimeSpan? Interval, Action Run, ICancelable? Cancelable);
}
