namespace Akka.Actor.Internal;

/// <summary>The receive timeout: a clock reading after each message, and a timer only once per timeout.</summary>
internal sealed partial class ActorCell
{
    private ReceiveTimeoutWatch? _receiveTimeout;

    public TimeSpan? ReceiveTimeout => _receiveTimeout?.Timeout;

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        _receiveTimeout?.End();
        _receiveTimeout = null;
        if (timeout is not { } time || time == global::System.Threading.Timeout.InfiniteTimeSpan) return;
        if (time <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(timeout), "the receive timeout must be more than 0");
        _receiveTimeout = new ReceiveTimeoutWatch(_self, SystemImpl.Scheduler, time);
    }

    private void CheckReceiveTimeout(object? message)
    {
        if (message is not INotInfluenceReceiveTimeout) _receiveTimeout!.Active();
    }

    private sealed class ReceiveTimeoutWatch
    {
        private readonly IActorRef _self;
        private readonly IScheduler _scheduler;
        private readonly Action _check;
        private long _lastActive;
        private bool _ended;
        private int _scheduled;

        public ReceiveTimeoutWatch(IActorRef self, IScheduler scheduler, TimeSpan timeout)
        {
            _self = self;
            _scheduler = scheduler;
            Timeout = timeout;
            _check = Check;
            Active();
        }

        public TimeSpan Timeout { get; }

        public void Active()
        {
            Volatile.Write(ref _lastActive, _scheduler.MonotonicClock.Ticks);
            if (Interlocked.Exchange(ref _scheduled, 1) == 0) _scheduler.Advanced.ScheduleOnce(Timeout, _check);
        }

        /// <summary>A message is being handled, however long that takes.</summary>
        public void Busy() => Volatile.Write(ref _lastActive, long.MaxValue);

        public void End() => Volatile.Write(ref _ended, true);

        private void Check()
        {
            if (Volatile.Read(ref _ended)) return;
            var lastActive = Volatile.Read(ref _lastActive);
            var left = lastActive == long.MaxValue ? Timeout.Ticks : Timeout.Ticks - (_scheduler.MonotonicClock.Ticks - lastActive);
            if (left > 0)
            {
                _scheduler.Advanced.ScheduleOnce(TimeSpan.FromTicks(left), _check);
                return;
            }

            // The next message, which may be the timeout itself, starts it anew.
            Volatile.Write(ref _scheduled, 0);
            _self.Tell(Actor.ReceiveTimeout.Instance, null);
        }
    }
}
