using System.Collections.Concurrent;
using Akka.Actor;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Which partitions' checkpoints are out of date: raised by any partition, taken by the one that writes the files. While none is raised nobody is woken.
/// Safe from any thread.
/// </summary>
/// <param name="scheduler">Wakes.</param>
/// <param name="due">Called a second after the first one was raised; must be quick.</param>
public sealed class CheckpointSignal(IScheduler scheduler, Action due)
{
    private static readonly TimeSpan Gather = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<PartitionHandle> raised = [];
    private int isArmed;
    private bool isStopped;

    /// <summary>What a checkpoint would say of this partition has changed. Said twice before it is taken, it counts once: the queue holds at most every partition.</summary>
    public void Raise(PartitionHandle handle)
    {
        if (!handle.MarkForCheckpoint()) return;
        raised.Enqueue(handle);
        if (!Volatile.Read(ref isStopped) && Interlocked.Exchange(ref isArmed, 1) == 0) scheduler.Advanced.ScheduleOnce(Gather, Pass);
    }

    /// <summary>One that is raised; it is not any more. Its log is to be looked at after this.</summary>
    public PartitionHandle? Take()
    {
        if (!raised.TryDequeue(out var handle)) return null;
        handle.UnmarkForCheckpoint();
        return handle;
    }

    /// <summary>Nobody is woken any more.</summary>
    public void Stop() => Volatile.Write(ref isStopped, true);

    private void Pass()
    {
        // Before anything is taken: what is raised from now on asks anew.
        Volatile.Write(ref isArmed, 0);
        if (!Volatile.Read(ref isStopped)) due();
    }
}
