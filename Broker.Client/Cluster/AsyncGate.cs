namespace AkkaStream.Client.Cluster;

/// <summary>Lets so many through at a time, in the order in which they came. Those that wait go on as a <see cref="Completion{T}"/> says.</summary>
/// <param name="places">How many.</param>
/// <param name="time">The client's time.</param>
internal sealed class AsyncGate(int places, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Queue<Completion<bool>> waiting = new();
    private int free = places;

    /// <summary>Takes a place, or waits for one.</summary>
    public ValueTask WaitAsync(CancellationToken cancellation = default)
    {
        Completion<bool> place;
        lock (gate)
        {
            if (free > 0)
            {
                free--;
                return default;
            }

            place = new Completion<bool>(time);
            waiting.Enqueue(place);
        }

        return new ValueTask(cancellation.CanBeCanceled ? Wait(place, cancellation) : place.Task);
    }

    /// <summary>Gives a place back.</summary>
    public void Release()
    {
        while (true)
        {
            Completion<bool>? next;
            lock (gate)
            {
                if (!waiting.TryDequeue(out next))
                {
                    free++;
                    return;
                }
            }

            if (next.TrySetResult(true)) return;
        }
    }

    private async Task Wait(Completion<bool> place, CancellationToken cancellation)
    {
        try
        {
            await place.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The place came at the same moment: it is for the next one.
            if (!place.TryGiveUp()) Release();
            throw;
        }
    }
}
