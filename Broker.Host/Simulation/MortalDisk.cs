using AkkaStream.Actors.Storage;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// What one process sees of a disk: after a number of changes the process dies, and from then on nothing that it does reaches the disk, in the middle of
/// whatever it was doing. The next process gets another one over the same disk.
/// </summary>
internal sealed class MortalDisk(IDisk inner, int changes, Action died) : IDisk
{
    private int left = changes;

    public bool IsDead => Volatile.Read(ref left) <= 0;

    public void Kill()
    {
        if (Interlocked.Exchange(ref left, 0) > 0) died();
    }

    public IDiskFile Open(string path, DiskAccess access)
    {
        Alive();
        return new MortalFile(this, inner.Open(path, access));
    }

    public long LengthOf(string path)
    {
        Alive();
        return inner.LengthOf(path);
    }

    public FileStamp? StampOf(string path)
    {
        Alive();
        return inner.StampOf(path);
    }

    public bool DirectoryExists(string path)
    {
        Alive();
        return inner.DirectoryExists(path);
    }

    public IReadOnlyList<DiskEntry> List(string directory)
    {
        Alive();
        return inner.List(directory);
    }

    public void CreateDirectory(string path) => Change(() => inner.CreateDirectory(path));

    public void Delete(string path) => Change(() => inner.Delete(path));

    public void DeleteDirectory(string path) => Change(() => inner.DeleteDirectory(path));

    public void Rename(string from, string to) => Change(() => inner.Rename(from, to));

    public void SyncDirectory(string path) => Change(() => inner.SyncDirectory(path));

    public DiskSpace SpaceOf(string directory)
    {
        Alive();
        return inner.SpaceOf(directory);
    }

    private void Alive()
    {
        if (IsDead) throw new IOException("this process is dead");
    }

    private void Change(Action action)
    {
        if (Interlocked.Decrement(ref left) == 0) died();
        Alive();
        action();
    }

    private sealed class MortalFile(MortalDisk disk, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public SafeFileHandle? Handle => file.Handle;

        public int Read(Span<byte> to, long position)
        {
            disk.Alive();
            return file.Read(to, position);
        }

        public void Write(ReadOnlySpan<byte> from, long position)
        {
            var bytes = from.ToArray();
            disk.Change(() => file.Write(bytes, position));
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> from, long position) => disk.Change(() => file.Write(from, position));

        public void SetLength(long length) => disk.Change(() => file.SetLength(length));

        public void Flush() => disk.Change(file.Flush);

        public void Dispose() => file.Dispose();
    }
}
