using System.Diagnostics;

namespace AkkaStream.Tests.Cluster;

/// <summary>A disk of a few megabytes at a folder, which can be filled. Linux only, and as root; it goes when it is disposed of, whoever uses it still.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 16;
    private readonly string folder;

    /// <summary>Makes the folder, and the disk at it.</summary>
    /// <exception cref="InvalidOperationException"><c>mount</c> failed.</exception>
    public SmallDisk(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        Run("mount", $"-t tmpfs -o size={Megabytes}m tmpfs {folder}");
    }

    /// <summary>Whether one can be made here.</summary>
    public static bool CanBeMade => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/mount");

    private string Filler => Path.Combine(folder, "filler");

    /// <summary>Takes all the room there is.</summary>
    public void Fill()
    {
        using var file = File.Open(Filler, FileMode.OpenOrCreate);
        file.Seek(0, SeekOrigin.End);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(page);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    /// <summary>There is room again.</summary>
    public void Empty() => File.Delete(Filler);

    public void Dispose() => Run("umount", $"-l {folder}");

    private static void Run(string command, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo($"/usr/bin/{command}", arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command} {arguments}: {said}");
    }
}
