using AkkaStream.Actors.Storage;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Tests.Support;

/// <summary>A disk on which nothing of some files is made durable, though the process is told that it is: what it does next it does too early.</summary>
/// <param name="inner">The disk.</param>
/// <param name="forgets">What of a path marks such a file.</param>
internal sealed class ForgetfulDisk(IDisk inner, string forgets) : IDisk
{
    private bool _isNamed;

    public IDiskFile Open(string path, DiskAccess access) => IsForgotten(path) ? new ForgetfulFile(inner.Open(path, access)) : inner.Open(path, access);

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
        _isNamed |= IsForgotten(from);
    }

    // The one behind the name of such a file does nothing.
    public void SyncDirectory(string path)
    {
        if (!_isNamed) inner.SyncDirectory(path);
        _isNamed = false;
    }

    public DiskSpace SpaceOf(string directory) => inner.SpaceOf(directory);

    private bool IsForgotten(string path) => path.Contains(forgets, StringComparison.Ordinal);

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
