using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Embedded;

/// <summary>The produces of a connection that are not completed yet, for what has to wait behind them. Safe from any thread.</summary>
/// <param name="time">The client's time.</param>
internal sealed class OpenProduces(TimeProvider time)
{
    private readonly Lock gate = new();
    private int open;
    private Completion<bool>? ended;

    /// <summary>Done when none is open.</summary>
    public Task Ended
    {
        get
        {
            lock (gate)
            {
                if (open == 0) return Task.CompletedTask;
                return (ended ??= new Completion<bool>(time)).Task;
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
        Completion<bool>? told = null;
        lock (gate)
        {
            if (--open == 0) (told, ended) = (ended, null);
        }

        told?.TrySetResult(true);
    }
}
