namespace AkkaStream.Client.Cluster;

/// <summary>Wakes whoever waits; given while nobody does, it is kept, once. Whoever waits goes on as a <see cref="Completion{T}"/> says.</summary>
/// <param name="time">The client's time.</param>
internal sealed class WakeUp(TimeProvider time)
{
    private readonly Lock gate = new();
    private Completion<bool>? waiting;
    private bool given;

    /// <summary>Wakes.</summary>
    public void Give()
    {
        Completion<bool>? woken;
        lock (gate)
        {
            woken = waiting;
            waiting = null;
            given = woken is null;
        }

        woken?.TrySetResult(true);
    }

    /// <summary>Waits until it is woken, or so long; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes. For one at a time.</summary>
    public async ValueTask Wait(TimeSpan most, CancellationToken cancellation)
    {
        Completion<bool> mine;
        lock (gate)
        {
            if (given)
            {
                given = false;
                return;
            }

            waiting = mine = new Completion<bool>(time);
        }

        // Timers count whole milliseconds: less than one would be none, and whoever waits for the rest of a time would never see it pass.
        if (most > TimeSpan.Zero) most = TimeSpan.FromMilliseconds(Math.Ceiling(most.TotalMilliseconds));
        await ((Task)mine.Task.WaitAsync(most, time, cancellation)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (ReferenceEquals(waiting, mine)) waiting = null;
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
