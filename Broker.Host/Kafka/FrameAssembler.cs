using System.Buffers.Binary;

namespace AkkaStream.Host.Kafka;

/// <summary>A request's bytes, without the length before them.</summary>
/// <param name="Buffer">Where they lie; held once for the frame.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Frame(PooledBuffer Buffer, int Offset, int Length)
{
    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => Buffer.Memory.Slice(Offset, Length);
}

/// <summary>What an assembler found.</summary>
internal enum FrameStatus
{
    /// <summary>A whole frame.</summary>
    Whole,

    /// <summary>More bytes are needed.</summary>
    Partial,

    /// <summary>A length below 0 or above the limit.</summary>
    Refused,
}

/// <summary>
/// Makes frames of the bytes of a connection: tells where the next bytes go, so that the socket writes them to their final place. Small
/// frames lie one after the other in a block; a frame that a block cannot hold gets a buffer of its own size.
/// </summary>
internal sealed class FrameAssembler(BufferPool pool, int mostBytes)
{
    private const int LengthBytes = 4;
    private const int RoomWorthReading = 1024;
    private PooledBuffer? block;
    private int start;
    private int end;
    private PooledBuffer? large;
    private int largeLength;
    private int largeFilled;
    private bool afterLarge;

    /// <summary>Bytes that must be admitted, and <see cref="BeginLarge"/> be called, before more is received; 0 where nothing is.</summary>
    public int LargePending { get; private set; }

    /// <summary>Bytes that were admitted for the frame which is being received.</summary>
    public int LargeAdmitted => large is null ? 0 : largeLength;

    /// <summary>Whether the beginning of a frame is here.</summary>
    public bool IsInFrame => large is not null || end > start;

    /// <summary>The length that was refused.</summary>
    public int RefusedLength { get; private set; }

    /// <summary>Takes the next whole frame.</summary>
    public FrameStatus TryTake(out Frame frame, out bool admitted)
    {
        frame = default;
        admitted = large is not null;
        if (large is not null) return TakeLarge(out frame);
        if (end - start < LengthBytes) return FrameStatus.Partial;
        var length = BinaryPrimitives.ReadInt32BigEndian(block!.GetSpan()[start..]);
        if (length < 0 || length > mostBytes)
        {
            RefusedLength = length;
            return FrameStatus.Refused;
        }

        if (end - start - LengthBytes >= length)
        {
            block.Hold();
            frame = new Frame(block, start + LengthBytes, length);
            start += LengthBytes + length;
            return FrameStatus.Whole;
        }

        if (length > Limits.ReceiveBlockBytes - LengthBytes) LargePending = length;
        return FrameStatus.Partial;
    }

    /// <summary>The bytes of <see cref="LargePending"/> were admitted.</summary>
    public void BeginLarge()
    {
        largeLength = LargePending;
        LargePending = 0;
        large = pool.Take(largeLength);
        var have = block!.GetSpan()[(start + LengthBytes)..end];
        have.CopyTo(large.GetSpan());
        largeFilled = have.Length;
        start = end = 0;
        ReleaseBlock();
    }

    /// <summary>Where the next bytes go. Never empty.</summary>
    public Memory<byte> Target()
    {
        if (large is not null) return large.Memory[largeFilled..largeLength];
        MakeRoom();
        var most = afterLarge && start == end ? Limits.ReadAheadAfterLargeFrame : int.MaxValue;
        return block!.Memory.Slice(end, Math.Min(Limits.ReceiveBlockBytes - end, most));
    }

    /// <summary>That many bytes were put there.</summary>
    public void Received(int count)
    {
        if (large is not null) largeFilled += count;
        else end += count;
    }

    /// <summary>Holds no memory when there is nothing to hold it for.</summary>
    public void ReleaseIfEmpty()
    {
        if (start == end) ReleaseBlock();
    }

    /// <summary>Lets go of everything; gives the bytes that had been admitted.</summary>
    public int Abandon()
    {
        var admitted = LargeAdmitted;
        ReleaseBlock();
        large?.Release();
        large = null;
        return admitted;
    }

    private FrameStatus TakeLarge(out Frame frame)
    {
        frame = default;
        if (largeFilled < largeLength) return FrameStatus.Partial;
        frame = new Frame(large!, 0, largeLength);
        large = null;
        afterLarge = true;
        return FrameStatus.Whole;
    }

    // Frames that are still being handled lie in the block too, so it is only written to where they are not.
    private void MakeRoom()
    {
        if (block is null)
        {
            block = pool.Take(Limits.ReceiveBlockBytes);
            start = end = 0;
            return;
        }

        var partial = end - start;
        var needed = partial >= LengthBytes ? LengthBytes + BinaryPrimitives.ReadInt32BigEndian(block.GetSpan()[start..]) : LengthBytes;
        if (partial == 0 && block.Holders == 1) start = end = 0;
        if (Limits.ReceiveBlockBytes - start >= needed && Limits.ReceiveBlockBytes - end >= RoomWorthReading) return;
        if (Limits.ReceiveBlockBytes - start >= needed && Limits.ReceiveBlockBytes - end > 0 && partial > 0) return;
        MoveToFreshPlace(partial);
    }

    private void MoveToFreshPlace(int partial)
    {
        var from = block!;
        var to = from.Holders == 1 ? from : pool.Take(Limits.ReceiveBlockBytes);
        from.GetSpan().Slice(start, partial).CopyTo(to.GetSpan());
        if (to != from) from.Release();
        block = to;
        start = 0;
        end = partial;
    }

    private void ReleaseBlock()
    {
        block?.Release();
        block = null;
        start = end = 0;
    }
}
