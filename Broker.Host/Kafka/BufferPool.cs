using System.Buffers;
using System.Numerics;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// Buffers for requests, in memory of the system and not of the garbage collector: they stay where they are, cost no collection, and go
/// back to the system when they are not used. Sizes are powers of two and the halves between; the last one given back is the first one taken.
/// </summary>
internal sealed class BufferPool(long mostIdleBytes)
{
    private const int SmallestBits = 12;
    private const int Classes = 2 * (32 - SmallestBits);
    private readonly Lock gate = new();
    private readonly Stack<PooledBuffer>?[] idle = new Stack<PooledBuffer>?[Classes];

    // How few buffers of a class lay idle since the last trim: that many were not needed.
    private readonly int[] unused = new int[Classes];
    private long idleBytes;
    private long usedBytes;

    /// <summary>Bytes that lie idle.</summary>
    public long IdleBytes => Volatile.Read(ref idleBytes);

    /// <summary>Bytes that are taken.</summary>
    public long UsedBytes => Volatile.Read(ref usedBytes);

    /// <summary>Takes a buffer with room for at least <paramref name="length"/> bytes; what is in it is left from before.</summary>
    public PooledBuffer Take(int length)
    {
        var index = ClassOf(length);
        PooledBuffer? found = null;
        lock (gate)
        {
            if (idle[index] is { Count: > 0 } stack)
            {
                found = stack.Pop();
                idleBytes -= found.Capacity;
                unused[index] = Math.Min(unused[index], stack.Count);
            }

            usedBytes += SizeOf(index);
        }

        found ??= new PooledBuffer(this, index, SizeOf(index));
        found.Reuse();
        return found;
    }

    /// <summary>Gives idle buffers that nobody needed since the last call back to the system.</summary>
    public void Trim()
    {
        for (var index = 0; index < Classes; index++)
        {
            while (TakeUnused(index) is { } buffer) buffer.Free();
        }
    }

    internal void GiveBack(PooledBuffer buffer, int index)
    {
        lock (gate)
        {
            usedBytes -= buffer.Capacity;
            if (idleBytes + buffer.Capacity <= mostIdleBytes)
            {
                (idle[index] ??= new Stack<PooledBuffer>()).Push(buffer);
                idleBytes += buffer.Capacity;
                return;
            }
        }

        buffer.Free();
    }

    private PooledBuffer? TakeUnused(int index)
    {
        lock (gate)
        {
            if (idle[index] is not { Count: > 0 } stack) return null;
            if (unused[index]-- <= 0)
            {
                unused[index] = stack.Count;
                return null;
            }

            var buffer = stack.Pop();
            idleBytes -= buffer.Capacity;
            return buffer;
        }
    }

    private static int ClassOf(int length)
    {
        var size = (uint)Math.Max(length, 1 << SmallestBits);
        var bits = 31 - BitOperations.LeadingZeroCount(size);
        var floor = 1u << bits;
        var index = 2 * (bits - SmallestBits);
        return size == floor ? index : size <= floor + floor / 2 ? index + 1 : index + 2;
    }

    private static int SizeOf(int index)
    {
        var floor = 1L << (SmallestBits + index / 2);
        return (int)Math.Min(index % 2 == 0 ? floor : floor + floor / 2, int.MaxValue);
    }
}

/// <summary>
/// A pooled buffer. It is shared by the frames that lie in it and by the connection that fills it, and goes back to its pool when the
/// last of them lets go.
/// </summary>
internal sealed unsafe class PooledBuffer : MemoryManager<byte>
{
    private readonly BufferPool pool;
    private readonly int index;
    private byte* start;
    private int holders;

    public PooledBuffer(BufferPool pool, int index, int capacity)
    {
        this.pool = pool;
        this.index = index;
        Capacity = capacity;
        start = SystemMemory.Allocate(capacity);
    }

    /// <summary>Bytes.</summary>
    public int Capacity { get; }

    /// <summary>How many hold it.</summary>
    public int Holders => Volatile.Read(ref holders);

    public override Span<byte> GetSpan() => new(start, start is null ? 0 : Capacity);

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Capacity);
        return new MemoryHandle(start + elementIndex);
    }

    public override void Unpin()
    {
        // The memory never moves.
    }

    /// <summary>One holder more.</summary>
    public void Hold() => Interlocked.Increment(ref holders);

    /// <summary>One holder less; the last one gives the buffer back.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref holders) == 0) pool.GiveBack(this, index);
    }

    /// <summary>Taken from the pool: one holder.</summary>
    public void Reuse() => holders = 1;

    /// <summary>Gives the memory back to the system.</summary>
    public void Free()
    {
        if (start is null) return;
        SystemMemory.Free(start, Capacity);
        start = null;
    }

    protected override void Dispose(bool disposing) => Free();
}
