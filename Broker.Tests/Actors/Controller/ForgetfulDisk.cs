using AkkaStream.Actors.Storage;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Tests.Actors.Controller;

/// <summary>A disk on which nothing of a snapshot is made durable, though the process is told that it is: what it does next it does too early.</summary>
internal sealed class ForgetfulDisk(IDisk inner) : IDisk
{
    private bool _isNamed;

    public IDiskFile Open(string path, DiskAccess access) => IsSnapshot(path) ? new ForgetfulFile(inner.Open(path, access)) : inner.Open(path, access);

    public long LengthOf(string path) => inner.LengthOf(path);

    public FileStamp? StampOf(string path) => inner.StampOf(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public IReadOnlyList<DiskEntry> List(string directory) => inner.List(directory);

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public void Delete(string path) => inner.Delete(path);

    public void DeleteDirectory(string path) => inner.DeleteDirectory(path);

    public void Rename(string from, string to)
    {
        inner.Rename(from, to);
        _isNamed |= IsSnapshot(from);
    }

    // The one behind a snapshot's name does nothing.
    public void SyncDirectory(string path)
    {
        if (!_isNamed) inner.SyncDirectory(path);
        _isNamed = false;
    }

    public DiskSpace SpaceOf(string directory) => inner.SpaceOf(directory);

    private static bool IsSnapshot(string path) => path.Contains(".image", StringComparison.Ordinal);

    private sealed class ForgetfulFile(IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public SafeFileHandle? Handle => file.Handle;

        public int Read(Span<byte> to, long position) => file.Read(to, position);

        public void Write(ReadOnlySpan<byte> from, long position) => file.Write(from, position);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> from, long position) => file.Write(from, position);

        public void SetLength(long length) => file.SetLength(length);

        public void Flush()
        {
        }

        public void Dispose() => file.Dispose();
    }
}
