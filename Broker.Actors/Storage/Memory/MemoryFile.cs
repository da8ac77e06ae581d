using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Actors.Storage.Memory;

/// <summary>An open file of a <see cref="MemoryDisk"/>.</summary>
internal sealed class MemoryFile(MemoryDisk disk, MemoryNode node) : IDiskFile
{
    public long Length => node.Length;

    public SafeFileHandle? Handle => null;

    public int Read(Span<byte> to, long position) => disk.Read(node, to, position);

    public void Write(ReadOnlySpan<byte> from, long position) => disk.Write(node, from, position);

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> from, long position)
    {
        for (var i = 0; i < from.Count; i++)
        {
            disk.Write(node, from[i].Span, position);
            position += from[i].Length;
        }
    }

    public void SetLength(long length) => disk.SetLength(node, length);

    public void Flush() => disk.Flush(node);

    public void Dispose()
    {
    }
}
