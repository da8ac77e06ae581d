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

    private static readonly bool IsLinux64 = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    private const int UsualOpenFiles = 1024;
    private const long NanosecondsOfSecond = 1_000_000_000;

    // Linux, on every processor that .NET knows.
    private const int ReadWrite = 2;
    private const int CreateFile = 0x40;
    private const int CloseOnExec = 0x80000;
    private const int EverybodyMay = 0x1B6;
    private const int NoSuchFile = 2;
    private const int WorkingDirectory = -100;
    private const int StatusSize = 256;
    private const int StatusModeAt = 28;
    private const int StatusLengthAt = 40;
    private const int StatusIdAt = 32;
    private const int StatusChangedAt = 96;
    private const uint StatusWanted = 0x203;
    private const uint StampWanted = 0x380;
    private const int WouldBlock = 11;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int FileKind = 0xF000;
    private const int RegularKind = 0x8000;

    /// <inheritdoc/>
    public OpenFileTable OpenFiles { get; } = new(Math.Min(Limits.OpenLogFiles, OpenFilesAllowed() / 2));

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskAccess access)
    {
        if (TryOpenAtOnce(path, access) is { } opened) return new LocalFile(opened);
        var mode = access == DiskAccess.Create ? FileMode.OpenOrCreate : FileMode.Open;
        var rights = access == DiskAccess.Read ? FileAccess.Read : FileAccess.ReadWrite;
        return new LocalFile(File.OpenHandle(path, mode, rights, FileShare.ReadWrite | FileShare.Delete, FileOptions.None));
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException held) when (held.HResult is WouldBlock or SharingViolation)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public long LengthOf(string path)
    {
        if (LengthAtOnce(path) is { } length) return length;
        var file = new FileInfo(path);
        return file.Exists ? file.Length : -1;
    }

    /// <inheritdoc/>
    public unsafe FileStamp? StampOf(string path)
    {
        var status = stackalloc byte[StatusSize];
        // What a file system does not know it does not claim.
        if (!TryStatus(path, StampWanted, status) || (*(uint*)status & StampWanted) != StampWanted) return null;
        var changed = (*(long*)(status + StatusChangedAt) * NanosecondsOfSecond) + *(uint*)(status + StatusChangedAt + 8);
        return new FileStamp(*(ulong*)(status + StatusIdAt), *(long*)(status + StatusLengthAt), changed);
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<DiskEntry> List(string directory)
    {
        var found = new List<DiskEntry>();
        try
        {
            var entries = new FileSystemEnumerable<DiskEntry>(directory, static (ref FileSystemEntry entry) => new DiskEntry(entry.FileName.ToString(), entry.IsDirectory), Everything);
            foreach (var entry in entries) found.Add(entry);
        }
        catch (DirectoryNotFoundException)
        {
            // One that is not there is empty.
        }

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
        var descriptor = PosixOpen(path, 0, 0);
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

    // The system's call and nothing around it: .NET also locks a file and asks what it is, five calls for one, which a start with tens of thousands of files feels.
    // Where it fails, .NET tries again and says why.
    private static SafeFileHandle? TryOpenAtOnce(string path, DiskAccess access)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var descriptor = PosixOpen(path, CloseOnExec | access switch { DiskAccess.Read => 0, DiskAccess.Create => ReadWrite | CreateFile, _ => ReadWrite }, EverybodyMay);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static unsafe long? LengthAtOnce(string path)
    {
        var status = stackalloc byte[StatusSize];
        if (!TryStatus(path, StatusWanted, status)) return OperatingSystem.IsLinux() && Marshal.GetLastPInvokeError() == NoSuchFile ? -1 : null;
        return (*(ushort*)(status + StatusModeAt) & FileKind) == RegularKind ? *(long*)(status + StatusLengthAt) : -1;
    }

    private static unsafe bool TryStatus(string path, uint wanted, byte* status)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return PosixStatus(WorkingDirectory, path, 0, wanted, status) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            Marshal.SetLastPInvokeError(0);
            return false; // an old C library
        }
    }

    // .NET first finds out, by one more call, whether a file can be read anywhere. Below 0 where .NET is to try and say why.
    private static unsafe int ReadAtOnce(SafeFileHandle handle, Span<byte> to, long position)
    {
        if (!IsLinux64) return -1;
        fixed (byte* start = to) return (int)PosixRead(handle, start, to.Length, position);
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
    private static extern int PosixOpen([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport("libc", EntryPoint = "statx", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern unsafe int PosixStatus(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint wanted, byte* status);

    [DllImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static extern unsafe nint PosixRead(SafeFileHandle file, byte* to, nint size, long position);

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
                var n = ReadAtOnce(handle, to[got..], position + got);
                if (n < 0) n = RandomAccess.Read(handle, to[got..], position + got);
                if (n == 0) break;
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
