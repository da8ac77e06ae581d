namespace AkkaStream.Host.Embedded;

/// <summary>The produces of a connection that are not completed yet, for what has to wait behind them. Safe from any thread.</summary>
internal sealed class OpenProduces
{
    private readonly Lock gate = new();
    private int open;
    private TaskCompletionSource? ended;

    /// <summary>Done when none is open.</summary>
    public Task Ended
    {
        get
        {
            lock (gate)
            {
                if (open == 0) return Task.CompletedTask;
                return (ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>One more is open.</summary>
    public void Begin()
    {
        lock (gate) open++;
    }

    /// <summary>One was completed.</summary>
    public void End()
    {
        TaskCompletionSource? told = null;
        lock (gate)
        {
            if (--open == 0) (told, ended) = (ended, null);
        }

        told?.TrySetResult();
    }
}
