using System.Collections.Concurrent;

namespace AkkaStream.Actors.Partitions;

/// <summary>Which partitions' checkpoints are out of date: raised by any partition, taken by the one that writes the files. Safe from any thread.</summary>
public sealed class CheckpointSignal
{
    private readonly ConcurrentQueue<PartitionHandle> raised = [];

    /// <summary>Whether none is raised.</summary>
    public bool IsEmpty => raised.IsEmpty;

    /// <summary>What a checkpoint would say of this partition has changed. Said twice before it is taken, it counts once: the queue holds at most every partition.</summary>
    public void Raise(PartitionHandle handle)
    {
        if (handle.MarkForCheckpoint()) raised.Enqueue(handle);
    }

    /// <summary>One that is raised; it is not any more. Its log is to be looked at after this.</summary>
    public PartitionHandle? Take()
    {
        if (!raised.TryDequeue(out var handle)) return null;
        handle.UnmarkForCheckpoint();
        return handle;
    }
}
