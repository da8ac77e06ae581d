using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AkkaStream.Tests.Support;

/// <summary>Real processes over one folder, which go with it: brokers, verbs, and programs of this assembly.</summary>
internal sealed class Processes : IDisposable
{
    private const int FirstPort = 15_000;
    private const int PortCount = 17_000;
    private static int lastPort = Environment.ProcessId * 101;

    private readonly List<Process> started = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("kill").FullName;

    public int Count => started.Count;

    public void Dispose()
    {
        foreach (var process in started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A broker on the folder that serves.</summary>
    public async Task<Process> Broker(int port, params string[] overrides)
    {
        var process = Host(["--data", Folder, "--override", $"listeners=PLAINTEXT://127.0.0.1:{port}", .. overrides.SelectMany(o => new[] { "--override", o })]);
        // The banner's last line says that it serves.
        for (var i = 0; i < 4; i++) Assert.True(await process.StandardOutput.ReadLineAsync() is not null, "the broker did not start");
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    /// <summary>A verb of the host.</summary>
    public Process Host(params string[] args) => Start([], "AkkaStream.Host.dll", args);

    /// <summary>A verb of the host, as another command's last arguments.</summary>
    public Process Host(IReadOnlyList<string> within, params string[] args) => Start(within, "AkkaStream.Host.dll", args);

    /// <summary>A program of this assembly; see <see cref="SecondProcess"/>.</summary>
    public Process Here(params string[] args) => Start([], "AkkaStream.Tests.dll", args);

    /// <summary>A program of this assembly, as another command's last arguments.</summary>
    public Process Here(IReadOnlyList<string> within, params string[] args) => Start(within, "AkkaStream.Tests.dll", args);

    /// <summary>A port that nobody listens on, each time another one. None of those that systems give away for port 0: one of them may be somebody else's before it is used.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (int)((uint)Interlocked.Increment(ref lastPort) % PortCount);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: the next one.
            }
        }
    }

    private Process Start(IReadOnlyList<string> within, string assembly, string[] args)
    {
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        string[] all = [.. within, dotnet, Path.Combine(AppContext.BaseDirectory, assembly), .. args];
        var start = new ProcessStartInfo(all[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in all[1..]) start.ArgumentList.Add(arg);
        start.Environment.Remove("AKKASTREAM_LOG_DIRS");
        var process = Process.Start(start)!;
        started.Add(process);
        return process;
    }
}
