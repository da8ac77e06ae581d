using System.Buffers;

namespace AkkaStream.Client.Compression;

/// <summary>
/// A growing buffer whose memory comes from the shared pool and goes back to it when disposed. Not thread-safe; nothing of it may be used after.
/// </summary>
public sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] _array;

    /// <summary>An empty buffer with room for <paramref name="capacity"/> bytes.</summary>
    public PooledBuffer(int capacity = 256) => _array = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 16));

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that fit before the buffer grows.</summary>
    public int Capacity => _array.Length;

    /// <summary>What was written.</summary>
    public Span<byte> WrittenSpan => _array.AsSpan(0, Length);

    /// <summary>What was written.</summary>
    public Memory<byte> WrittenMemory => _array.AsMemory(0, Length);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length), nameof(count));
        Length += count;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 1)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _array.AsSpan(Length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 1)
    {
        EnsureRoom(Math.Max(sizeHint, 1));
        return _array.AsMemory(Length);
    }

    /// <summary>Adds a copy of <paramref name="bytes"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureRoom(bytes.Length);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets everything after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>Gives the memory back. The buffer is empty afterwards and may be written again.</summary>
    public void Dispose()
    {
        var array = _array;
        _array = [];
        Length = 0;
        if (array.Length > 0) ArrayPool<byte>.Shared.Return(array);
    }

    private void EnsureRoom(int more)
    {
        if (_array.Length - Length >= more) return;
        var needed = checked(Length + more);
        var doubled = (int)Math.Min((long)_array.Length * 2, Array.MaxLength);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, doubled), 256));
        _array.AsSpan(0, Length).CopyTo(larger);
        if (_array.Length > 0) ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
