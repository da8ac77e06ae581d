using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AkkaStream.Host.Cluster;

/// <summary>What a cluster of processes on this machine is made of.</summary>
/// <param name="Brokers">How many.</param>
/// <param name="Data">Folder of all of them.</param>
/// <param name="Port">Port for clients of the first; the others follow.</param>
/// <param name="ClusterPort">Port for other brokers of the first; the others follow.</param>
/// <param name="ConsolePort">Port for <c>pbm</c> of the first; the others follow.</param>
/// <param name="Overrides">Settings for all of them, as <c>key=value</c>; they win.</param>
internal sealed record LocalClusterOptions(int Brokers, string Data, int Port, int ClusterPort, int ConsolePort, IReadOnlyList<string> Overrides)
{
    /// <summary>The addresses for clients.</summary>
    internal string Bootstrap => string.Join(',', Enumerable.Range(0, Brokers).Select(i => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port + i}")));

    /// <summary>The folder of a broker.</summary>
    internal string FolderOf(int id) => Path.Combine(Data, string.Create(CultureInfo.InvariantCulture, $"broker-{id}"));

    /// <summary>The arguments of a broker's process.</summary>
    internal IReadOnlyList<string> ArgumentsOf(int id)
    {
        var copies = Math.Min(Brokers, 3).ToString(CultureInfo.InvariantCulture);
        var most = Brokers >= 3 ? "2" : "1";
        var voters = string.Join(',', Enumerable.Range(0, Brokers).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i + 1}@127.0.0.1:{ClusterPort + i}")));
        var settings = new List<string>
        {
            $"node.id={id}",
            string.Create(CultureInfo.InvariantCulture, $"listeners=PLAINTEXT://127.0.0.1:{Port + id - 1}"),
            $"log.dirs={FolderOf(id)}",
            $"controller.quorum.voters={voters}",
            string.Create(CultureInfo.InvariantCulture, $"petabridge.cmd.port={ConsolePort + id - 1}"),
            $"broker.rack=rack-{id}",
            // Whoever looks shall see a broker that came back lead again.
            "leader.imbalance.check.interval.seconds=15",
            $"default.replication.factor={copies}",
            $"min.insync.replicas={most}",
            $"offsets.topic.replication.factor={copies}",
            $"transaction.state.log.replication.factor={copies}",
            $"transaction.state.log.min.isr={most}",
        };
        settings.AddRange(Overrides);
        return ["broker", .. settings.SelectMany(setting => new[] { "--override", setting })];
    }
}

/// <summary>A broker's process.</summary>
internal sealed class LocalBroker(int id, string address)
{
    /// <summary>The broker's id.</summary>
    internal int Id => id;

    /// <summary>Where clients find it.</summary>
    internal string Address => address;

    /// <summary>The process; null before the first start.</summary>
    internal Process? Process { get; set; }

    /// <summary>When it ended, by the clock of <see cref="Environment.TickCount64"/>; null while it runs.</summary>
    internal long? EndedAt { get; set; }

    /// <summary>Whether the cluster has counted it as there since it was started.</summary>
    internal bool HasTakenPart { get; set; }

    /// <summary>Whether it runs.</summary>
    internal bool IsRunning => Process is { HasExited: false };

    /// <summary>Whether somebody stopped the process (SIGSTOP); only Linux tells.</summary>
    internal bool IsPaused
    {
        get
        {
            try
            {
                // The process's name stands in brackets and may hold anything; its state is the letter behind.
                return Process is { } process && OperatingSystem.IsLinux() && File.ReadAllText($"/proc/{process.Id}/stat") is var stat && stat.AsSpan(stat.LastIndexOf(')') + 1).TrimStart() is ['T', ..];
            }
            catch (IOException)
            {
                return false; // it has just ended
            }
        }
    }
}

/// <summary>Brokers as processes of this machine: started, watched, stopped together.</summary>
internal sealed partial class LocalCluster(LocalClusterOptions options) : IDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);
    private readonly List<LocalBroker> brokers = Enumerable.Range(1, options.Brokers).Select(id => new LocalBroker(id, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{options.Port + id - 1}"))).ToList();

    /// <summary>Its brokers, by id.</summary>
    internal IReadOnlyList<LocalBroker> Brokers => brokers;

    /// <summary>Starts those that do not run.</summary>
    /// <exception cref="IOException">A process could not be started, or its log not be written.</exception>
    internal void Start()
    {
        Directory.CreateDirectory(options.Data);
        foreach (var broker in brokers) Start(broker);
    }

    /// <summary>Starts one, where it does not run.</summary>
    internal void Start(LocalBroker broker)
    {
        if (broker.IsRunning) return;
        broker.Process?.Dispose();
        var (file, first) = Self();
        // A shell puts the output into the file, so that it goes on whatever becomes of this process.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("log=$1; shift; exec \"$@\" >> \"$log\" 2>&1");
        start.ArgumentList.Add("sh");
        start.ArgumentList.Add(LogOf(broker));
        start.ArgumentList.Add(file);
        foreach (var argument in first.Concat(options.ArgumentsOf(broker.Id))) start.ArgumentList.Add(argument);
        (broker.EndedAt, broker.HasTakenPart) = (null, false);
        broker.Process = Process.Start(start) ?? throw new IOException($"broker {broker.Id} could not be started");
    }

    /// <summary>The file with what a broker says.</summary>
    internal string LogOf(LocalBroker broker) => options.FolderOf(broker.Id) + ".log";

    /// <summary>Asks all to stop, in order, and waits for them; those that take longer than ten seconds are killed.</summary>
    internal async Task StopAsync()
    {
        foreach (var broker in brokers)
        {
            if (broker.IsRunning) _ = Kill(broker.Process!.Id, Terminate);
        }

        using var patience = new CancellationTokenSource(StopWithin);
        foreach (var broker in brokers)
        {
            if (broker.Process is not { } process) continue;
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var broker in brokers) broker.Process?.Dispose();
    }

    // Under `dotnet AkkaStream.Host.dll` the process is dotnet's own.
    private static (string File, IReadOnlyList<string> First) Self()
    {
        var path = Environment.ProcessPath ?? throw new IOException("the program's own file is not known");
        return Path.GetFileNameWithoutExtension(path) == "dotnet" ? (path, [Assembly.GetExecutingAssembly().Location]) : (path, []);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
