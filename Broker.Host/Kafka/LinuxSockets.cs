using System.Runtime.InteropServices;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// The system calls of the door on Linux. The base class library has no readiness events, no gathering send without an array of
/// segments, and no sendfile for a socket that does not wait.
/// </summary>
internal static unsafe partial class LinuxSockets
{
    public const int EpollIn = 0x1;
    public const int EpollOut = 0x4;
    public const int EpollError = 0x8;
    public const int EpollHangUp = 0x10;
    public const int EpollPeerClosed = 0x2000;
    public const int EpollEdge = 1 << 31;

    public const int Again = 11;
    public const int Interrupted = 4;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int AddToSet = 1;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int MoreFollows = 0x8000;
    private const int BothDirections = 2;

    // x86-64 packs the kernel's event structure, the others align its 64-bit part.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Bytes of one event in the array that <see cref="Wait"/> fills.</summary>
    public static readonly int EventBytes = DataAt + 8;

    public static int LastError => Marshal.GetLastPInvokeError();

    public static int CreatePoll() => epoll_create1(CloseOnExec);

    public static int CreateWakeUp() => eventfd(0, CloseOnExec | NonBlocking);

    public static int Watch(int poll, int socket, int events, long data)
    {
        var entry = stackalloc byte[16];
        *(int*)entry = events;
        *(long*)(entry + DataAt) = data;
        return epoll_ctl(poll, AddToSet, socket, entry);
    }

    public static int Wait(int poll, byte* events, int most, int milliseconds) => epoll_wait(poll, events, most, milliseconds);

    public static int EventFlags(byte* events, int index) => *(int*)(events + index * EventBytes);

    public static long EventData(byte* events, int index) => *(long*)(events + index * EventBytes + DataAt);

    public static void Signal(int wakeUp)
    {
        long one = 1;
        _ = write(wakeUp, &one, 8);
    }

    public static void Drain(int wakeUp)
    {
        long count;
        _ = read(wakeUp, &count, 8);
    }

    public static void Close(int handle) => _ = close(handle);

    public static nint Receive(int socket, Span<byte> to)
    {
        fixed (byte* start = to)
        {
            return recv(socket, start, (nuint)to.Length, DontWait);
        }
    }

    public static nint Send(int socket, ReadOnlySpan<byte> from, bool more)
    {
        fixed (byte* start = from)
        {
            return send(socket, start, (nuint)from.Length, DontWait | NoSignal | (more ? MoreFollows : 0));
        }
    }

    /// <summary>Ends both directions; what was sent still arrives.</summary>
    public static void Shutdown(int socket) => _ = shutdown(socket, BothDirections);

    public static nint SendFile(int socket, int file, long position, nuint length) => sendfile(socket, file, &position, length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int poll, int operation, int handle, void* entry);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int poll, void* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int handle, void* to, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int handle, void* from, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, void* to, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, void* from, nuint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int socket, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int socket, int file, long* position, nuint length);
}
