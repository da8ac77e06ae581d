namespace AkkaStream.Host.Embedded;

/// <summary>The produces of a connection that are not completed yet, for what has to wait behind them. Safe from any thread.</summary>
internal sealed class OpenProduces
{
    private readonly Lock gate = new();
    private int open;
    private bool isClosed;
    private TaskCompletionSource? ended;

    /// <summary>Done when none is open.</summary>
    public Task Ended
    {
        get
        {
            lock (gate)
            {
                if (open == 0 || isClosed) return Task.CompletedTask;
                return (ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Nothing has to wait any more.</summary>
    public void Close()
    {
        TaskCompletionSource? told;
        lock (gate)
        {
            isClosed = true;
            (told, ended) = (ended, null);
        }

        told?.TrySetResult();
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
