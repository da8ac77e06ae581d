using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Tells the time.</summary>
public interface ITimeProvider
{
    /// <summary>The time of day, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since some point in the past; never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>As <see cref="MonotonicClock"/>, as fine as the machine can.</summary>
    TimeSpan HighResMonotonicClock { get; }
}

/// <summary>Sends messages later. Delays are at least 0, intervals more than 0; else <see cref="ArgumentOutOfRangeException"/>.</summary>
public interface ITellScheduler
{
    /// <summary>Sends a message after a delay.</summary>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender);

    /// <summary>Sends a message after a delay unless cancelled.</summary>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable);

    /// <summary>Sends a message again and again.</summary>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender);

    /// <summary>Sends a message again and again until cancelled.</summary>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable);
}

/// <summary>Calls later, on a thread of the pool; an action must not wait.</summary>
public interface IActionScheduler
{
    /// <summary>Calls after a delay unless cancelled.</summary>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    /// <summary>Calls after a delay.</summary>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Calls again and again until cancelled.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);

    /// <summary>Calls again and again.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);
}

/// <summary>Runs work later, on a thread of the pool; it must not wait.</summary>
public interface IRunnableScheduler
{
    /// <summary>Runs after a delay unless cancelled.</summary>
    void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable);

    /// <summary>Runs after a delay.</summary>
    void ScheduleOnce(TimeSpan delay, IRunnable action);

    /// <summary>Runs again and again until cancelled.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable);

    /// <summary>Runs again and again.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action);
}

/// <summary>Calls and runs later.</summary>
public interface IAdvancedScheduler : IActionScheduler, IRunnableScheduler;

/// <summary>A system's time: what it is, and what happens later.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>Actions instead of messages.</summary>
    IAdvancedScheduler Advanced { get; }
}

/// <summary>What can be called off.</summary>
public interface ICancelable
{
    /// <summary>Whether it was called off.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>The same as a token.</summary>
    CancellationToken Token { get; }

    /// <summary>Calls it off.</summary>
    void Cancel();

    /// <summary>Calls it off after a time.</summary>
    void CancelAfter(TimeSpan delay);

    /// <summary>Calls it off after milliseconds.</summary>
    void CancelAfter(int millisecondsDelay);

    /// <summary>Calls it off; with true the first exception of a callback ends that.</summary>
    void Cancel(bool throwOnFirstException);
}

/// <summary>Short forms.</summary>
public static class CancelableExtensions
{
    /// <summary>Calls it off where there is something.</summary>
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
