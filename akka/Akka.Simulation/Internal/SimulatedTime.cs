namespace Akka.Simulation.Internal;

/// <summary>The virtual time of one life, as code outside of actors takes it.</summary>
internal sealed class SimulatedTime(SimulationLoop loop, Life life) : TimeProvider
{
    /// <summary>What the clocks say when a simulation begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(loop.Now + life.Skew);

    public override long GetTimestamp() => loop.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(loop, new LifeTimer(life, () => callback(state), 3));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(SimulationLoop loop, LifeTimer timer) : ITimer
    {
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed) return false;
            timer.Interval = period > TimeSpan.Zero ? period.Ticks : 0;
            if (dueTime == Timeout.InfiniteTimeSpan) loop.Remove(timer);
            else loop.Schedule(timer, loop.Now + dueTime.Ticks);
            return true;
        }

        public void Dispose()
        {
            if (_disposed) return;
            _disposed = true;
            loop.Remove(timer);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
