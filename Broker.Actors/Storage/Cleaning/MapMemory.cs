using System.Runtime.InteropServices;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>Memory outside of the garbage collector's heap, zeroed. Pages that nothing touched cost nothing; it goes back to the system at once.</summary>
internal static unsafe class MapMemory
{
    // Linux, on every processor that .NET knows.
    private const int WantsHugePages = 14;
    private const nuint HugePage = 2 << 20;

    /// <summary>Gets memory; from some megabytes on in huge pages where the system has them, since at random places the search for a page costs as much as the page's miss.</summary>
    public static void* Allocate(nuint bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < 2 * HugePage) return NativeMemory.AllocZeroed(bytes);
        var memory = NativeMemory.AllocZeroed(bytes);
        var first = ((nuint)memory + HugePage - 1) & ~(HugePage - 1);
        // A wish: where it is not heard, nothing is lost.
        _ = Advise(first, ((nuint)memory + bytes - first) & ~(HugePage - 1), WantsHugePages);
        return memory;
    }

    /// <summary>Gives memory back.</summary>
    public static void Free(void* memory) => NativeMemory.Free(memory);

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nuint address, nuint length, int advice);
}
