namespace AkkaStream.Actors.Storage;

/// <summary>Small files, whole.</summary>
internal static class DiskFiles
{
    /// <summary>All bytes of a file; null where there is none. One over <see cref="Limits.SmallFileBytes"/> is damaged, whatever it is: of it comes a single zero, which no such file is.</summary>
    public static byte[]? TryReadAll(this IDisk disk, string path)
    {
        return disk.LengthOf(path) < 0 ? null : disk.ReadAll(path);
    }

    /// <summary>All bytes of a file that is there; errors as of <see cref="TryReadAll"/> and <see cref="IDisk"/>.</summary>
    public static byte[] ReadAll(this IDisk disk, string path)
    {
        using var file = disk.Open(path, DiskAccess.Read);
        var length = file.Length;
        if (length > Limits.SmallFileBytes) return [0];
        var bytes = new byte[length];
        var got = file.Read(bytes, 0);
        return got == bytes.Length ? bytes : bytes[..got];
    }

    /// <summary>Replaces a file in one step: a reader, or a start after a crash, sees the old bytes or the new ones.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its new contents.</param>
    /// <param name="durable">Wait until they survive a loss of power.</param>
    public static void ReplaceAll(this IDisk disk, string path, ReadOnlySpan<byte> bytes, bool durable)
    {
        var draft = path + ".tmp";
        using (var file = disk.Open(draft, DiskAccess.Create))
        {
            if (file.Length > bytes.Length) file.SetLength(bytes.Length);
            file.Write(bytes, 0);
            if (durable) file.Flush();
        }

        disk.Rename(draft, path);
        if (durable) disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>What an <see cref="IDisk"/> throws.</summary>
    public static bool IsDiskError(this Exception error) => error is IOException or UnauthorizedAccessException;

    /// <summary>
    /// Whether a disk's error says that there is no room (or no quota, or no descriptor) and not that the disk is broken: it ends when room is made.
    /// </summary>
    public static bool IsLackOfRoom(this Exception error)
        => error is IOException && (error.HResult is NoSpace or NoQuota or NoDescriptor or NoDescriptorLeft || error.HResult == WindowsDiskFull || error.HResult == WindowsHandleDiskFull);

    // The system's own numbers: .NET hands them on where it has no exception for them.
    internal const int NoSpace = 28;
    private const int NoQuota = 122;
    private const int NoDescriptorLeft = 23;
    private const int NoDescriptor = 24;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
}
