namespace AkkaStream.Actors.Storage;

/// <summary>
/// Files and directories, as the log needs them. Paths are the host's; a parent directory must exist. Every member may throw
/// <see cref="IOException"/> (a full disk is one) or <see cref="UnauthorizedAccessException"/>; nothing else.
/// </summary>
public interface IDisk
{
    /// <summary>Bounds the files that are held open for later; null where open files cost nothing.</summary>
    OpenFileTable? OpenFiles => null;

    /// <summary>Opens a file. Only <see cref="DiskAccess.Create"/> makes one that is not there; otherwise <see cref="FileNotFoundException"/>.</summary>
    IDiskFile Open(string path, DiskAccess access);

    /// <summary>Length in bytes of a file, or -1 where there is none.</summary>
    long LengthOf(string path);

    /// <summary>What tells whether a file or a directory's names changed since it was asked for before; null where there is none, or the disk cannot tell.</summary>
    FileStamp? StampOf(string path);

    /// <summary>Whether a directory is there.</summary>
    bool DirectoryExists(string path);

    /// <summary>What a directory holds, in no order; empty where there is no such directory.</summary>
    IReadOnlyList<DiskEntry> List(string directory);

    /// <summary>Makes a directory and those above it; nothing where it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Removes a file; nothing where there is none. What has it open goes on reading it.</summary>
    void Delete(string path);

    /// <summary>Removes a directory with all in it; nothing where there is none.</summary>
    void DeleteDirectory(string path);

    /// <summary>Renames a file or a directory; a file of the new name is replaced in one step.</summary>
    void Rename(string from, string to);

    /// <summary>Makes what was created, renamed and removed in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>
    /// Takes a file, made where it is not there, for this holder alone until what is returned is disposed or the process ends; null where another has it. A disk that one process alone can see locks nothing.
    /// </summary>
    IDisposable? TryLock(string path) => NoLock.Instance;

    /// <summary>Bytes of the volume that holds a directory: all, and free for this process.</summary>
    DiskSpace SpaceOf(string directory);
}

/// <summary>The lock of a disk that nobody else can see.</summary>
internal sealed class NoLock : IDisposable
{
    public static readonly NoLock Instance = new();

    public void Dispose()
    {
    }
}

/// <summary>What a file is opened for.</summary>
public enum DiskAccess
{
    /// <summary>Reading only.</summary>
    Read,

    /// <summary>Reading and writing a file that is there.</summary>
    Write,

    /// <summary>Reading and writing; made empty where it is not there.</summary>
    Create,
}

/// <summary>A name in a directory.</summary>
/// <param name="Name">Last part of the path.</param>
/// <param name="IsDirectory">A directory, not a file.</param>
public readonly record struct DiskEntry(string Name, bool IsDirectory);

/// <summary>Room on a volume, in bytes.</summary>
/// <param name="Total">Its size.</param>
/// <param name="Free">What may still be written.</param>
public readonly record struct DiskSpace(long Total, long Free);
