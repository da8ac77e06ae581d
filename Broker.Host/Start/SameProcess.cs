using System.Runtime.InteropServices;

namespace AkkaStream.Host.Start;

/// <summary>Has this process begin anew: the same program with the same arguments and environment, under the same number.</summary>
internal static partial class SameProcess
{
    private const string Arguments = "/proc/self/cmdline";
    private const string Program = "/proc/self/exe";

    /// <summary>Does not return where it succeeds. Files of the runtime close by themselves.</summary>
    internal static bool Begin()
    {
        if (!OperatingSystem.IsLinux()) return false;
        var arguments = File.ReadAllText(Arguments).TrimEnd('\0').Split('\0');
        var program = new FileInfo(Program).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        if (program is null) return false;
        return Execute(program, [.. arguments, null]) == 0;
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments);
}
