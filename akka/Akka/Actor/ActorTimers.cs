using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A timer's message on its way: only the actor that still wants it unwraps it.</summary>
internal sealed class TimerMessage(object key, object message, IActorRef? sender)
    : IAutoReceivedMessage, INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public object Key { get; } = key;

    public object Message { get; } = message;

    public IActorRef? Sender { get; } = sender;
}

/// <summary>The timers of one instance of an actor.</summary>
internal sealed class ActorTimers(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, Timer> _timers = [];

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Begin(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => Begin(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Begin(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) => Begin(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Begin(key, msg, timeout, null, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Begin(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer)) timer.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values) timer.Task.Cancel();
        _timers.Clear();
    }

    /// <summary>Whether a message is of a timer that still runs; one that runs once is over then.</summary>
    public bool Takes(TimerMessage message)
    {
        if (!_timers.TryGetValue(message.Key, out var timer) || !ReferenceEquals(timer.Message, message)) return false;
        if (!timer.Periodic) _timers.Remove(message.Key);
        return true;
    }

    private void Begin(object key, object msg, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(msg);
        Cancel(key);
        var message = new TimerMessage(key, msg, sender);
        var scheduler = cell.SystemImpl.Scheduler;
        var task = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, cell.Self, message, sender!)
            : scheduler.ScheduleTellOnceCancelable(delay, cell.Self, message, sender!);
        _timers[key] = new Timer(message, task, interval is not null);
    }

    private sealed record Timer(TimerMessage Message, ICancelable Task, bool Periodic);
}
