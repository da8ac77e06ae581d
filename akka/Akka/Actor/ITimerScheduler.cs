namespace Akka.Actor;

/// <summary>An actor with timers.</summary>
public interface IWithTimers
{
    /// <summary>Set by the engine.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>
/// Timers of one actor, each with a key; starting one with a key that is in use ends the other, whose message does not arrive even when it is already in
/// the mailbox. All end with the actor and when it is restarted.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>The keys in use.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Sends <paramref name="msg"/> to the actor every <paramref name="interval"/>, the first time after one.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>As <see cref="StartPeriodicTimer(object, object, TimeSpan)"/>, with a sender.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    /// <summary>Sends <paramref name="msg"/> to the actor after <paramref name="initialDelay"/> and then every <paramref name="interval"/>.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>As <see cref="StartPeriodicTimer(object, object, TimeSpan, TimeSpan)"/>, with a sender.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    /// <summary>Sends <paramref name="msg"/> to the actor once.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>As <see cref="StartSingleTimer(object, object, TimeSpan)"/>, with a sender.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    /// <summary>Whether a key is in use.</summary>
    bool IsTimerActive(object key);

    /// <summary>Ends a timer.</summary>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}
