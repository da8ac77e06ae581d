namespace AkkaStream.Actors.Partitions;

/// <summary>Whether checkpoint files are out of date: raised by any partition, taken by the one timer that writes them.</summary>
public sealed class CheckpointSignal
{
    private int raised;

    /// <summary>What a checkpoint would say has changed.</summary>
    public void Raise() => Volatile.Write(ref raised, 1);

    /// <summary>Whether it had; it has not any more.</summary>
    public bool Take() => Interlocked.Exchange(ref raised, 0) != 0;
}
