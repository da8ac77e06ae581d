namespace Akka.Actor.Internal;

/// <summary>How often a child was restarted, for the limits of a strategy.</summary>
public class ChildRestartStats
{
    private readonly IScheduler? _scheduler;

    internal ChildRestartStats(IInternalActorRef child, IScheduler scheduler)
    {
        Child = child;
        _scheduler = scheduler;
    }

    /// <summary>The child's incarnation.</summary>
    public long Uid => Child.Path.Uid;

    /// <summary>The child.</summary>
    public IInternalActorRef Child { get; }

    /// <summary>How many restarts there were in the window.</summary>
    public uint MaxNrOfRetriesCount { get; private set; }

    /// <summary>When the window began, in units of 100 ns.</summary>
    public long RestartTimeWindowStartTicks { get; private set; } = -1;

    /// <summary>Counts a restart: false where it is one too many. A negative limit of either kind is none.</summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0) return false;
        if (withinTimeMilliseconds <= 0) return maxNrOfRetries < 0 || ++MaxNrOfRetriesCount <= maxNrOfRetries;

        // Without a count the window allows one restart.
        var most = maxNrOfRetries < 0 ? 1 : maxNrOfRetries;
        var now = _scheduler!.MonotonicClock.Ticks;
        if (RestartTimeWindowStartTicks < 0 || now - RestartTimeWindowStartTicks > withinTimeMilliseconds * TimeSpan.TicksPerMillisecond)
        {
            MaxNrOfRetriesCount = 1;
            RestartTimeWindowStartTicks = now;
            return true;
        }

        return ++MaxNrOfRetriesCount <= most;
    }
}
