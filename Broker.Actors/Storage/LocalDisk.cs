// The one class that owns files and directories.
#pragma warning disable RS0030
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Actors.Storage;

/// <summary>The disks of this machine.</summary>
public sealed class LocalDisk : IDisk
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, RecurseSubdirectories = false, ReturnSpecialDirectories = false };

    private const int UsualOpenFiles = 1024;

    /// <inheritdoc/>
    public OpenFileTable OpenFiles { get; } = new(Math.Min(Limits.OpenLogFiles, OpenFilesAllowed() / 2));

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskAccess access)
    {
        var mode = access == DiskAccess.Create ? FileMode.OpenOrCreate : FileMode.Open;
        var rights = access == DiskAccess.Read ? FileAccess.Read : FileAccess.ReadWrite;
        return new LocalFile(File.OpenHandle(path, mode, rights, FileShare.ReadWrite | FileShare.Delete, FileOptions.None));
    }

    /// <inheritdoc/>
    public long LengthOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : -1;
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<DiskEntry> List(string directory)
    {
        var found = new List<DiskEntry>();
        if (!Directory.Exists(directory)) return found;
        var entries = new FileSystemEnumerable<DiskEntry>(directory, static (ref FileSystemEntry entry) => new DiskEntry(entry.FileName.ToString(), entry.IsDirectory), Everything);
        foreach (var entry in entries) found.Add(entry);
        return found;
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path))) File.Delete(path);
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        if (Directory.Exists(from)) Directory.Move(from, to);
        else File.Move(from, to, overwrite: true);
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        // Windows keeps names in order by itself and opens no directories.
        if (OperatingSystem.IsWindows()) return;
        var descriptor = PosixOpen(path, 0);
        if (descriptor < 0) throw new IOException($"{path}: cannot be opened (errno {Marshal.GetLastPInvokeError()})");
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (PosixSync(handle) != 0) throw new IOException($"{path}: cannot be made durable (errno {Marshal.GetLastPInvokeError()})");
    }

    /// <inheritdoc/>
    public DiskSpace SpaceOf(string directory)
    {
        var drive = new DriveInfo(Path.GetFullPath(directory));
        return new DiskSpace(drive.TotalSize, drive.AvailableFreeSpace);
    }

    // What `ulimit -n` says of this process.
    private static int OpenFilesAllowed()
    {
        if (!OperatingSystem.IsLinux()) return UsualOpenFiles;
        return PosixLimit(7, out var limit) == 0 ? (int)Math.Clamp(limit.Soft, 64, int.MaxValue) : UsualOpenFiles;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PosixLimits
    {
        public ulong Soft;
        public ulong Hard;
    }

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static extern int PosixLimit(int resource, out PosixLimits limits);

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int PosixOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int PosixSync(SafeFileHandle file);

    private sealed class LocalFile(SafeFileHandle handle) : IDiskFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public SafeFileHandle Handle => handle;

        public int Read(Span<byte> to, long position)
        {
            var got = 0;
            while (got < to.Length)
            {
                var n = RandomAccess.Read(handle, to[got..], position + got);
                if (n <= 0) break;
                got += n;
            }

            return got;
        }

        public void Write(ReadOnlySpan<byte> from, long position) => RandomAccess.Write(handle, from, position);

        public void Write(IReadOnlyList<ReadOnlyMemory<byte>> from, long position)
        {
            if (from.Count == 1) RandomAccess.Write(handle, from[0].Span, position);
            else RandomAccess.Write(handle, from, position);
        }

        public void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
