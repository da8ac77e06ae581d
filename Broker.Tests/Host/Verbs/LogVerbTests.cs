using System.Diagnostics;
using System.Globalization;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Verbs;
using AkkaStream.Tests.Actors.Storage;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Verbs;

/// <summary>Damage in a closed segment: the scrubber tells it, the verbs find it and cut it out.</summary>
public sealed class LogVerbTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("damage").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_broker_scrubs_and_what_it_finds_can_be_cut_out()
    {
        if (OperatingSystem.IsWindows()) return;
        var partition = Path.Combine(folder, "topic-0");
        WriteDamagedSegment(partition);
        using (var broker = Start("--data", folder, "--override", "listeners=PLAINTEXT://127.0.0.1:0", "--override", "log.scrub.interval.ms=1", "--override", "log.retention.ms=-1"))
        {
            var line = "";
            while (!line.Contains("damaged at byte", StringComparison.Ordinal)) line = await NextLine(broker);
            Assert.Contains($"{partition}/00000000000000000000.log is damaged at byte 181: the batch of offsets 2 to 3 is not as its checksum says", line);
            var (refused, said) = Run("log", "repair", partition);
            Assert.Equal(1, refused);
            Assert.Contains("stop the broker", said);
            using var kill = Process.Start("kill", ["-TERM", broker.Id.ToString(CultureInfo.InvariantCulture)]);
            await broker.WaitForExitAsync();
        }

        var (found, where) = Run("log", "check", partition);
        Assert.Equal((1, $"{partition}/00000000000000000000.log: 181 bytes from byte 181, offsets 2 to 3\n"), (found, where));
        Assert.Equal(0, Run("log", "repair", partition).Code);
        Assert.Equal((0, $"{partition}: all batches are good\n"), Run("log", "check", partition + "/"));
        Assert.Equal(1, Run("log", "check", partition + "-none").Code);
    }

    private static void WriteDamagedSegment(string partition)
    {
        var log = PartitionLog.Open(new LogOpening { Disk = new LocalDisk(), Directory = partition, Config = LogConfig.Default with { SegmentBytes = 1000 } });
        for (var i = 0; i < 20; i++)
        {
            var batch = TestBatch.Plain(2, 53);
            Assert.Equal(181, batch.Length);
            Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch), 0, 0).Error);
            Assert.Equal(ErrorCode.None, log.Commit().Error);
        }

        Assert.Equal(ErrorCode.None, log.Close());
        var path = Path.Combine(partition, "00000000000000000000.log");
        var bytes = File.ReadAllBytes(path);
        bytes[300] ^= 8;
        File.WriteAllBytes(path, bytes);

        // An orderly stop: what was closed before is believed.
        var home = Path.GetDirectoryName(partition)!;
        File.WriteAllText(Path.Combine(home, OffsetCheckpoint.RecoveryPoint), "0\n1\ntopic 0 40\n");
        File.WriteAllBytes(Path.Combine(home, CleanShutdownMarker.FileName), CleanShutdownMarker.Encode(0));
    }

    private static async Task<string> NextLine(Process broker)
    {
        try
        {
            return await broker.StandardError.ReadLineAsync().WaitAsync(Eventually.Patience) ?? throw new InvalidOperationException("the broker ended");
        }
        catch (TimeoutException)
        {
            broker.Kill();
            throw;
        }
    }

    private static (int Code, string Said) Run(params string[] args)
    {
        using var said = new StringWriter { NewLine = "\n" };
        return (VerbProgram.Run(args, said, said), said.ToString());
    }

    private static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AkkaStream.Host.dll"));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment.Remove("AKKASTREAM_LOG_DIRS");
        start.Environment["AKKASTREAM_PETABRIDGE_CMD_ENABLE"] = "false";
        return Process.Start(start)!;
    }
}
