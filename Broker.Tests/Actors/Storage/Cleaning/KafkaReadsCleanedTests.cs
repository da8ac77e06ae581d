using System.Diagnostics;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>Kafka's own tool reads what was cleaned here.</summary>
public sealed class KafkaReadsCleanedTests(ITestOutputHelper output)
{
    [Fact]
    public void Kafkas_dump_tool_reads_what_was_cleaned()
    {
        if (Repository.SharedPath("kafka/kafka.sh", output) is not { } tool) return;
        var home = Path.Combine(Path.GetTempPath(), $"akkastream-{Guid.NewGuid():n}");
        var disk = new LocalDisk();
        try
        {
            var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = $"{home}/topic-0", Config = KeyedLog.Small with { SegmentBytes = 2000 } });
            var sequence = 0;
            KeyedLog.Append(log, 1_700_000_000_000, ("gone", "once"), ("gone", null));
            for (var i = 0; i < 60; i++)
            {
                var fields = i % 4 == 0 ? new RecordBatchFields { ProducerId = 5, ProducerEpoch = 0, BaseSequence = sequence } : new RecordBatchFields();
                if (i % 4 == 0) sequence += 2;
                KeyedLog.Append(log, 1_700_000_000_000 + i, (CompressionType)(i % 3), fields, ($"k{i % 9}", $"value {i}"), ($"k{i % 11}", i % 5 == 0 ? null : $"other {i}"));
            }

            Assert.Equal(CleaningState.Done, Clean(log, disk));
            var records = KeyedLog.Records(log).Count;
            Assert.Equal(ErrorCode.None, log.Housekeep(long.MaxValue));
            log.Close();
            var files = Directory.GetFiles($"{home}/topic-0").Where(file => !file.EndsWith("checkpoint", StringComparison.Ordinal) && new FileInfo(file).Length > 0).Order(StringComparer.Ordinal).ToArray();
            var text = Run(tool, "tool", "dump-log", "--files", string.Join(',', files), "--print-data-log");
            output.WriteLine(text);
            Assert.Equal(records, text.Split('\n').Count(line => line.Contains("| offset:", StringComparison.Ordinal)));
            Assert.Contains("deleteHorizonMs: OptionalLong[", text, StringComparison.Ordinal);
            foreach (var wrong in new[] { "Found", "mismatch", "Exception", "isvalid: false" }) Assert.DoesNotContain(wrong, text, StringComparison.Ordinal);
        }
        finally
        {
            disk.DeleteDirectory(home);
        }
    }

    private static CleaningState Clean(PartitionLog log, LocalDisk disk)
    {
        using var pass = new CleaningPass(log.BeginCleaning(0, 1_800_000_000_000)!, new CleaningMeans(1 << 20, 0.9, 1 << 16, Guid.Empty));
        while (pass.State == CleaningState.Working)
        {
            pass.Step();
            if (pass.Ready is not { } ready) continue;
            Assert.Equal(ErrorCode.None, log.SwapCleaned(ready, 1_800_000_000_000));
            disk.SyncDirectory(log.Directory);
            pass.Swapped();
        }

        return pass.State;
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
