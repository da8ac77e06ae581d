using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Simulation.Internal;

/// <summary>A system's scheduler on the virtual time of one life of its node.</summary>
internal sealed class SimulatedScheduler(SimulationLoop loop, Life life, Config config, ILoggingAdapter log) : SchedulerBase(config, log)
{
    public override TimeSpan MonotonicClock => TimeSpan.FromTicks(loop.Now);

    public override TimeSpan HighResMonotonicClock => TimeSpan.FromTicks(loop.Now);

    protected override DateTimeOffset TimeNow => SimulatedTime.Epoch.AddTicks(loop.Now + life.Skew);

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable)
        => Add(() => receiver.Tell(message, sender), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable? cancelable)
        => Add(() => receiver.Tell(message, sender), initialDelay, interval, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(action, delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable? cancelable) => Add(action.Run, delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
        => Add(action, initialDelay, interval, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable? cancelable)
        => Add(action.Run, initialDelay, interval, cancelable);

    private void Add(Action action, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        if (cancelable is { IsCancellationRequested: true }) return;
        var timer = new LifeTimer(life, () => Run(action), 2) { Interval = interval.Ticks, Cancelable = cancelable };
        loop.Schedule(timer, loop.Now + delay.Ticks);
        if (cancelable is Cancelable own) own.Attach(loop, timer);
    }

    private void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Log.Error(e, "scheduled work failed");
        }
    }
}
