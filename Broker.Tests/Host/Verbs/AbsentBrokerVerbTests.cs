using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AkkaStream.Host.Verbs;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Verbs;

/// <summary>What <c>consume</c> and <c>produce</c>, as processes, say and do while their broker is away.</summary>
public sealed class AbsentBrokerVerbTests : IDisposable
{
    private const string Quiet = "petabridge.cmd.enable=false";
    private readonly Processes processes = new();
    private readonly string folder = Directory.CreateTempSubdirectory("absent").FullName;
    private readonly int port = Processes.FreePort();

    public void Dispose()
    {
        processes.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Whoever_waits_is_told_for_whom_and_Ctrl_C_ends_it()
    {
        if (OperatingSystem.IsWindows()) return;
        var address = $"127.0.0.1:{port}";
        var fifo = Path.Combine(folder, "lines");
        using (var make = Process.Start("mkfifo", [fifo])) await make.WaitForExitAsync();
        var broker = await Broker();
        Assert.Equal(0, VerbProgram.Run(["topics", "create", "t", "-b", address], TextWriter.Null, TextWriter.Null));
        var produce = new Watched(processes.Host(["sh", "-c", $"exec \"$@\" < {fifo}", "sh"], "produce", "t", "-b", address));
        await using var lines = new FileStream(fifo, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await lines.WriteAsync("1\n"u8.ToArray());
        var consume = new Watched(processes.Host("consume", "t", "--group", "g", "--from-beginning", "-b", address));
        await consume.Shows("1");

        await End(broker);
        await lines.WriteAsync("2\n"u8.ToArray());
        await produce.Says($"cannot reach {address}: Connection refused; sending goes on when it answers, records are kept for 120 s (--delivery-timeout)");
        await consume.Says($"cannot reach {address}: Connection refused; reading goes on when it answers");
        broker = await Broker();
        await produce.Says($"{address} is there again");
        await consume.Says($"{address} is there again");
        await consume.Shows("2");

        await End(broker);
        await lines.WriteAsync("3\n"u8.ToArray());
        await produce.Says("cannot reach", times: 2);
        var codes = await Task.WhenAll(consume.Interrupt(), produce.Interrupt());
        Assert.Equal([0, 1], codes);
        await consume.Says("group g could not be told: what was read last was not committed and may be read again");
        await produce.Says("1 record was not acknowledged: what was not written is lost");
    }

    private Task<Process> Broker() => processes.Broker(port, Quiet, "group.initial.rebalance.delay.ms=0", "offsets.topic.num.partitions=1");

    private static async Task End(Process broker)
    {
        broker.Kill();
        await broker.WaitForExitAsync();
    }

    // A process and the lines of it so far.
    private sealed class Watched
    {
        private readonly Process process;
        private readonly ConcurrentQueue<string> shown = new();
        private readonly ConcurrentQueue<string> said = new();

        public Watched(Process process)
        {
            this.process = process;
            _ = Read(process.StandardOutput, shown);
            _ = Read(process.StandardError, said);
        }

        public Task Shows(string line) => Eventually.Holds(() => shown.Contains(line), $"{line} is shown");

        public Task Says(string text, int times = 1) => Eventually.Holds(() => said.Count(l => l.StartsWith(text, StringComparison.Ordinal)) >= times, $"'{text}' is said");

        public async Task<int> Interrupt()
        {
            using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
            await process.WaitForExitAsync();
            return process.ExitCode;
        }

        private static async Task Read(StreamReader from, ConcurrentQueue<string> into)
        {
            while (await from.ReadLineAsync() is { } line) into.Enqueue(line);
        }
    }
}
