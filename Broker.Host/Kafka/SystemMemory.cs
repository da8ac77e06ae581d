using System.Runtime.InteropServices;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// Memory straight from the system. Large pieces are mapped: the C library keeps what it once had, so a burst of large requests would be
/// paid for until the end.
/// </summary>
internal static unsafe partial class SystemMemory
{
    private const int MappedFrom = 64 * 1024;
    private const int Page = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    public static byte* Allocate(int length)
    {
        if (!IsMapped(length)) return (byte*)NativeMemory.AlignedAlloc((nuint)length, Page);
        var start = mmap(0, (nuint)length, ReadWrite, PrivateAnonymous, -1, 0);
        return start == -1 ? throw new OutOfMemoryException($"the system has no {length} bytes for a request") : (byte*)start;
    }

    public static void Free(byte* start, int length)
    {
        if (IsMapped(length)) _ = munmap((nint)start, (nuint)length);
        else NativeMemory.AlignedFree(start);
    }

    private static bool IsMapped(int length) => length >= MappedFrom && OperatingSystem.IsLinux();

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);
}
