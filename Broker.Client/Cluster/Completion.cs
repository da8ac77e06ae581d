namespace AkkaStream.Client.Cluster;

/// <summary>
/// A result that somebody waits for. Whoever waits goes on elsewhere, never inside of what completes it: on the thread pool; and where a time was handed in, on
/// a turn of that time (a timer of zero) for each, so that in a simulation nothing of a client runs outside of it.
/// </summary>
/// <param name="time">The client's time.</param>
internal sealed class Completion<T>(TimeProvider time)
{
    private readonly TaskCompletionSource<T>? source = time == TimeProvider.System ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private readonly Lock gate = new();
    private List<TaskCompletionSource<T>>? waiting;
    private Action<TaskCompletionSource<T>>? outcome;
    private int taken;

    /// <summary>The result to come; on a time that was handed in another task for each who asks.</summary>
    public Task<T> Task => source?.Task ?? OneMore();

    /// <summary>Completes it; false where that was done before, or nobody waits any more.</summary>
    public bool TrySetResult(T result)
    {
        if (!TryGiveUp()) return false;
        if (source is not null) source.SetResult(result);
        else SetLater(result);
        return true;
    }

    /// <summary>Fails it; false where it was completed before.</summary>
    public bool TrySetException(Exception failure)
    {
        if (!TryGiveUp()) return false;
        if (source is not null) source.SetException(failure);
        else Later(task => task.SetException(failure));
        return true;
    }

    /// <summary>Cancels it; false where it was completed before.</summary>
    public bool TrySetCanceled()
    {
        if (!TryGiveUp()) return false;
        if (source is not null) source.SetCanceled();
        else Later(static task => task.SetCanceled());
        return true;
    }

    /// <summary>Nobody will wait for it; false where it was completed before.</summary>
    public bool TryGiveUp() => Interlocked.Exchange(ref taken, 1) == 0;

    // A method of its own: what it captures is allocated only where it is called.
    private void SetLater(T result) => Later(task => task.SetResult(result));

    private void Later(Action<TaskCompletionSource<T>> complete)
    {
        List<TaskCompletionSource<T>>? all;
        lock (gate)
        {
            outcome = complete;
            all = waiting;
            waiting = null;
        }

        if (all is null) return;
        foreach (var task in all) time.CreateTimer(_ => complete(task), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private Task<T> OneMore()
    {
        var task = new TaskCompletionSource<T>();
        lock (gate)
        {
            if (outcome is null)
            {
                (waiting ??= []).Add(task);
                return task.Task;
            }
        }

        outcome(task);
        return task.Task;
    }
}
