using System.Diagnostics;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Kafka's own tool reads what is written here.</summary>
public sealed class DumpToolTests(ITestOutputHelper output)
{
    [Fact]
    public void Kafkas_dump_tool_reads_log_indexes_and_snapshot()
    {
        if (Repository.SharedPath("kafka/kafka.sh", output) is not { } tool) return;
        var home = Path.Combine(Path.GetTempPath(), $"akkastream-{Guid.NewGuid():n}");
        var disk = new LocalDisk();
        try
        {
            var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = $"{home}/topic-0", Config = new LogConfig { SegmentBytes = 4000, IndexIntervalBytes = 500 } });
            for (var i = 0; i < 20; i++)
            {
                var batch = TestBatch.Idempotent(5, 0, i * 3, 3, 100, 1_700_000_000_000 + (i * 100));
                Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch), 2, 0).Error);
                Assert.Equal(ErrorCode.None, log.Commit().Error);
            }

            log.Close();
            var files = Directory.GetFiles($"{home}/topic-0").Where(file => !file.EndsWith("checkpoint", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
            Assert.True(files.Length >= 8);
            var text = Run(tool, "tool", "dump-log", "--files", string.Join(',', files), "--print-data-log");
            output.WriteLine(text);
            Assert.Equal(60, text.Split('\n').Count(line => line.Contains("| offset:", StringComparison.Ordinal)));
            Assert.Equal(20, text.Split('\n').Count(line => line.Contains("baseOffset:", StringComparison.Ordinal) && line.Contains("isvalid: true", StringComparison.Ordinal)));
            foreach (var wrong in new[] { "Found", "mismatch", "Exception", "isvalid: false" }) Assert.DoesNotContain(wrong, text, StringComparison.Ordinal);
        }
        finally
        {
            disk.DeleteDirectory(home);
        }
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text + errors.Result;
    }
}
