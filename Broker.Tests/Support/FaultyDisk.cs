using AkkaStream.Actors.Storage;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Tests.Support;

/// <summary>A disk of which a part can break: what is done to a path for which there is a fault throws it.</summary>
internal sealed class FaultyDisk(IDisk disk) : IDisk
{
    private Func<string, bool, Exception?>? fault;
    private int asked;

    /// <summary>How often anything was asked of a path while it had a fault.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>Told of each file that is opened and each directory that is listed.</summary>
    public Action<string>? Looked { get; init; }

    public OpenFileTable? OpenFiles => disk.OpenFiles;

    /// <summary>Everything below a directory fails from now on.</summary>
    public void Break(string directory, string message = "input/output error", bool onlyWrites = false)
        => fault = (path, isWrite) => path.StartsWith(directory, StringComparison.Ordinal) && (isWrite || !onlyWrites) ? new IOException(message) : null;

    /// <summary>Nothing fails any more.</summary>
    public void Mend() => fault = null;

    public IDiskFile Open(string path, DiskAccess access)
    {
        Looked?.Invoke(path);
        Check(path, access == DiskAccess.Create && disk.LengthOf(path) < 0);
        return new FaultyFile(this, path, disk.Open(path, access));
    }

    public long LengthOf(string path)
    {
        Check(path, false);
        return disk.LengthOf(path);
    }

    public FileStamp? StampOf(string path)
    {
        Check(path, false);
        return disk.StampOf(path);
    }

    public bool DirectoryExists(string path)
    {
        Check(path, false);
        return disk.DirectoryExists(path);
    }

    public IReadOnlyList<DiskEntry> List(string directory)
    {
        Looked?.Invoke(directory);
        Check(directory, false);
        return disk.List(directory);
    }

    public void CreateDirectory(string path)
    {
        Check(path, true);
        disk.CreateDirectory(path);
    }

    public void Delete(string path)
    {
        Check(path, true);
        disk.Delete(path);
    }

    public void DeleteDirectory(string path)
    {
        Check(path, true);
        disk.DeleteDirectory(path);
    }

    public void Rename(string from, string to)
    {
        Check(from, true);
        Check(to, true);
        disk.Rename(from, to);
    }

    public void SyncDirectory(string path)
    {
        Check(path, true);
        disk.SyncDirectory(path);
    }

    public DiskSpace SpaceOf(string directory)
    {
        Check(directory, false);
        return disk.SpaceOf(directory);
    }

    private void Check(string path, bool isWrite)
    {
        if (fault?.Invoke(path, isWrite) is not { } error) return;
        Interlocked.Increment(ref asked);
        throw error;
    }

    private sealed class FaultyFile(FaultyDisk owner, string path, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public SafeFileHandle? Handle => file.Handle;

        public int Read(Span<byte> to, long position)
        {
            owner.Check(path, false);
            return file.Read(to, position);
        }

        public void Write(ReadOnlySpan<byte> from, long position)
        {
            owner.Check(path, true);
            file.Write(from, position);
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> from, long position)
        {
            owner.Check(path, true);
            file.Write(from, position);
        }

        public void SetLength(long length)
        {
            owner.Check(path, true);
            file.SetLength(length);
        }

        public void Flush()
        {
            owner.Check(path, true);
            file.Flush();
        }

        public void Dispose() => file.Dispose();
    }
}
