using System.Numerics;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>
/// Arrays for records on their way to followers, used again once every follower that got one has said so: memory that was never touched costs more than copying into it does. An array of which
/// that is not known is the collector's. Safe from any thread.
/// </summary>
/// <param name="limit">Bytes that are kept for later.</param>
internal sealed class ReplicaFrames(long limit)
{
    // Eight sizes from one power of two to the next: at most an eighth of an array goes over the network for nothing.
    private const int SizesOfDoubling = 3;
    private const int LeastStep = 9;
    private readonly Lock gate = new();
    private readonly Dictionary<int, Stack<byte[]>> free = [];
    private long kept;

    /// <summary>Bytes that lie ready.</summary>
    public long Kept
    {
        get
        {
            lock (gate) return kept;
        }
    }

    /// <summary>An array of at least so many bytes, with whatever it held before.</summary>
    public byte[] Rent(int bytes)
    {
        var step = 1 << Math.Max(LeastStep, BitOperations.Log2((uint)Math.Max(1, bytes - 1)) - SizesOfDoubling);
        var size = (bytes + step - 1) & -step;
        lock (gate)
        {
            if (free.TryGetValue(size, out var stack) && stack.TryPop(out var array))
            {
                kept -= size;
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>(size);
    }

    /// <summary>Takes one back that nobody reads any more.</summary>
    public void Return(byte[] array)
    {
        lock (gate)
        {
            if (kept + array.Length > limit) return;
            if (!free.TryGetValue(array.Length, out var stack)) free.Add(array.Length, stack = new Stack<byte[]>());
            stack.Push(array);
            kept += array.Length;
        }
    }
}

/// <summary>A piece of the log that followers get, and who of them may still have it to come. The leader's alone.</summary>
/// <param name="data">The message.</param>
/// <param name="next">What comes after it.</param>
internal sealed class ReplicaFrame(ReplicaData data, long next)
{
    private int users;

    /// <summary>The message.</summary>
    public ReplicaData Data => data;

    /// <summary>Offset of what comes after it.</summary>
    public long Next => next;

    /// <summary>It goes to one more follower.</summary>
    public void Use() => users++;

    /// <summary>A follower has it. True where that was the last one.</summary>
    public bool Arrived() => --users == 0;

    /// <summary>Whether it went to nobody.</summary>
    public bool IsUnused => users == 0;
}
