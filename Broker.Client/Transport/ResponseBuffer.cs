using System.Buffers;

namespace AkkaStream.Client.Transport;

/// <summary>A pooled buffer that holds one answer.</summary>
internal sealed class ResponseBuffer(int length) : IDisposable
{
    private byte[]? array = ArrayPool<byte>.Shared.Rent(length);

    /// <summary>The answer's bytes.</summary>
    public Memory<byte> Memory => (array ?? throw new ObjectDisposedException(nameof(ResponseBuffer))).AsMemory(0, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref array, null) is { } rented) ArrayPool<byte>.Shared.Return(rented);
    }
}
