using System.Runtime.InteropServices;

namespace AkkaStream.Host.Verbs;

/// <summary>Who reads the output has gone: nothing more of it is wanted.</summary>
internal sealed class OutputClosedException() : IOException("the reader of the output has gone");

/// <summary>
/// This process's stdout as bytes. The console's own stream takes what is written to a closed pipe in silence, and a verb that has no end of its own would go on
/// for ever behind <c>| head</c>.
/// </summary>
internal static unsafe partial class StandardOutput
{
    private const int Descriptor = 1;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int BrokenPipe = 32;

    /// <summary>Writes all of it.</summary>
    /// <exception cref="OutputClosedException">The reader has gone.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(ReadOnlySpan<byte> bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            using var stream = Console.OpenStandardOutput();
            stream.Write(bytes);
            return;
        }

        while (bytes.Length > 0)
        {
            nint written;
            fixed (byte* start = bytes) written = PosixWrite(Descriptor, start, bytes.Length);
            if (written >= 0) bytes = bytes[(int)written..];
            else Judge(Marshal.GetLastPInvokeError());
        }
    }

    private static void Judge(int error)
    {
        if (error == BrokenPipe) throw new OutputClosedException();
        if (error == TryAgain) PosixWaitForRoom();
        else if (error != Interrupted) throw new IOException($"the output cannot be written (errno {error})");
    }

    // A pipe that somebody set to non-blocking.
    private static void PosixWaitForRoom()
    {
        var wanted = new PollEntry { Descriptor = Descriptor, Events = 4 };
        _ = PosixPoll(&wanted, 1, -1);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Seen;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint PosixWrite(int descriptor, byte* from, nint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int PosixPoll(PollEntry* entries, nint count, int timeout);
}
