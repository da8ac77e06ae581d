namespace Akka.Actor.Internal;

/// <summary>
/// A task that the engine completes. Whoever waits for it goes on elsewhere, never inside of the turn that completes it: on the thread pool; or, where a
/// simulation says where, there and each on a turn of its own (of several who wait for one task, all but one would go on in the pool).
/// </summary>
internal sealed class Promise<T>(Action<Action>? later)
{
    private readonly TaskCompletionSource<T>? _source = later is null ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    private List<TaskCompletionSource<T>>? _waiting;
    private Action<TaskCompletionSource<T>>? _outcome;
    private int _kept;

    /// <summary>The task; in a simulation another one for each who asks.</summary>
    public Task<T> Task => _source?.Task ?? OneMore();

    /// <summary>Whether it was completed, even where those who wait do not know yet.</summary>
    public bool IsKept => Volatile.Read(ref _kept) != 0;

    public bool TrySetResult(T result)
    {
        if (!Keep()) return false;
        if (_source is not null) _source.SetResult(result);
        else SetLater(result);
        return true;
    }

    public bool TrySetException(Exception reason)
    {
        if (!Keep()) return false;
        if (_source is not null) _source.SetException(reason);
        else Later(task => task.SetException(reason));
        return true;
    }

    public bool TrySetCanceled(CancellationToken token)
    {
        if (!Keep()) return false;
        if (_source is not null) _source.SetCanceled(token);
        else Later(task => task.SetCanceled(token));
        return true;
    }

    private bool Keep() => Interlocked.Exchange(ref _kept, 1) == 0;

    // A method of its own: what it captures is allocated only where it is called.
    private void SetLater(T result) => Later(task => task.SetResult(result));

    private void Later(Action<TaskCompletionSource<T>> outcome)
    {
        _outcome = outcome;
        if (_waiting is null) return;
        foreach (var task in _waiting) later!(() => outcome(task));
        _waiting = null;
    }

    private Task<T> OneMore()
    {
        var task = new TaskCompletionSource<T>();
        if (_outcome is not null) _outcome(task);
        else (_waiting ??= []).Add(task);
        return task.Task;
    }
}
