using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// An open file. Positions are bytes from its start. Reads may run on any thread beside one writer. Errors as of <see cref="IDisk"/>.
/// </summary>
public interface IDiskFile : IDisposable
{
    /// <summary>Bytes in the file now.</summary>
    long Length { get; }

    /// <summary>The handle for sendfile; null where the file has none (a file in memory).</summary>
    SafeFileHandle? Handle { get; }

    /// <summary>Reads as much as is there, up to the whole of <paramref name="to"/>; gives the bytes read.</summary>
    int Read(Span<byte> to, long position);

    /// <summary>Writes all, or throws; part of it may then be there.</summary>
    void Write(ReadOnlySpan<byte> from, long position);

    /// <summary>Writes several buffers back to back in as few calls as the system allows. Errors as of the other overload.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> from, long position);

    /// <summary>Cuts the file, or lengthens it with zeros.</summary>
    void SetLength(long length);

    /// <summary>Returns when all that was written is durable.</summary>
    void Flush();
}
