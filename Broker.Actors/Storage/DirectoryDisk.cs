using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// The disk as one log directory uses it: whatever fails there is told to the directory, which judges whether it is the end of it, and once it is offline
/// nothing is tried any more. So a disk that fails slowly is asked once, and no reader or writer has to know.
/// </summary>
internal sealed class DirectoryDisk(IDisk disk, Func<Exception, bool> failed, Action worked) : IDisk
{
    private string? _offline;
    private bool _isShort;

    /// <summary>Whether there was no room lately: then each write that works is told.</summary>
    public bool IsShort
    {
        get => Volatile.Read(ref _isShort);
        set => Volatile.Write(ref _isShort, value);
    }

    /// <summary>Refuses everything from now on, with this sentence.</summary>
    public void TakeOffline(string why) => Volatile.Write(ref _offline, why);

    public OpenFileTable? OpenFiles => disk.OpenFiles;

    public IDiskFile Open(string path, DiskAccess access) => new DirectoryFile(this, Do(static (disk, file) => disk.Open(file.Path, file.Access), (Path: path, Access: access)));

    public long LengthOf(string path) => Do(static (disk, path) => disk.LengthOf(path), path);

    public FileStamp? StampOf(string path) => Do(static (disk, path) => disk.StampOf(path), path);

    public bool DirectoryExists(string path) => Do(static (disk, path) => disk.DirectoryExists(path), path);

    public IReadOnlyList<DiskEntry> List(string directory) => Do(static (disk, path) => disk.List(path), directory);

    public DiskSpace SpaceOf(string directory) => Do(static (disk, path) => disk.SpaceOf(path), directory);

    public void CreateDirectory(string path) => Do(static (disk, path) => disk.CreateDirectory(path), path);

    public void Delete(string path) => Do(static (disk, path) => disk.Delete(path), path);

    public void DeleteDirectory(string path) => Do(static (disk, path) => disk.DeleteDirectory(path), path);

    public void SyncDirectory(string path) => Do(static (disk, path) => disk.SyncDirectory(path), path);

    public void Rename(string from, string to) => Do(static (disk, names) => disk.Rename(names.From, names.To), (From: from, To: to));

    private void Do<T>(Action<IDisk, T> work, T about) => Do(static (disk, call) =>
    {
        call.Work(disk, call.About);
        return true;
    }, (Work: work, About: about));

    private TResult Do<T, TResult>(Func<IDisk, T, TResult> work, T about)
    {
        Check();
        try
        {
            return work(disk, about);
        }
        // Tells, and lets the exception pass: the filter is never true.
        catch (Exception error) when (failed(error))
        {
            throw;
        }
    }

    private void Check()
    {
        if (Volatile.Read(ref _offline) is { } why) throw new IOException(why);
    }

    private sealed class DirectoryFile(DirectoryDisk owner, IDiskFile file) : IDiskFile
    {
        public long Length => file.Length;

        public SafeFileHandle? Handle => file.Handle;

        public int Read(Span<byte> to, long position)
        {
            owner.Check();
            try
            {
                return file.Read(to, position);
            }
            catch (Exception error) when (owner.Tell(error))
            {
                throw;
            }
        }

        public void Write(ReadOnlySpan<byte> from, long position)
        {
            owner.Check();
            try
            {
                file.Write(from, position);
                if (owner.IsShort) owner.Worked();
            }
            catch (Exception error) when (owner.Tell(error))
            {
                throw;
            }
        }

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> from, long position)
        {
            owner.Check();
            try
            {
                file.Write(from, position);
                if (owner.IsShort) owner.Worked();
            }
            catch (Exception error) when (owner.Tell(error))
            {
                throw;
            }
        }

        public void SetLength(long length)
        {
            owner.Check();
            try
            {
                file.SetLength(length);
            }
            catch (Exception error) when (owner.Tell(error))
            {
                throw;
            }
        }

        public void Flush()
        {
            owner.Check();
            try
            {
                file.Flush();
            }
            catch (Exception error) when (owner.Tell(error))
            {
                throw;
            }
        }

        public void Dispose() => file.Dispose();
    }

    private bool Tell(Exception error) => failed(error);

    private void Worked() => worked();
}
