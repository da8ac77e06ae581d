using System.Diagnostics;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>What appends, reads and recovery of the log cost, on one thread and the local disk. AKKASTREAM_BENCH=log.</summary>
public sealed class LogBenchmark(ITestOutputHelper output)
{
    private const long Total = 1L << 30;

    [Fact]
    public void Append_read_and_recover()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "log") return;
        output.WriteLine($"{"",-52}{"MB/s",9}{"CPU s/GB",10}{"ns/call",10}{"bytes/call",12}");
        foreach (var (size, together) in new[] { (1 << 10, 1), (16 << 10, 1), (16 << 10, 8), (64 << 10, 1), (1 << 20, 1) }) OneSize(size, together);
    }

    private void OneSize(int size, int together)
    {
        var home = Path.Combine(Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_DIR") ?? Path.GetTempPath(), $"akkastream-{Guid.NewGuid():n}");
        var disk = new LocalDisk();
        try
        {
            var total = size < 4096 ? Total / 16 : Total;
            var log = Open(disk, home);
            var batches = Enumerable.Range(0, together).Select(_ => Batch(size)).ToArray();
            Measure($"append {size >> 10} KiB, {together} a write", total, size * together, () => Append(log, batches));
            var offset = 0L;
            Measure($"find 1 MiB to read, batches of {size >> 10} KiB", total, 1 << 20, () =>
            {
                using var read = log.Read(offset, 1 << 20, ReadLimit.HighWatermark, minOneBatch: true);
                offset += read.Length / size;
                if (read.Length < 1 << 20) offset = 0;
            });
            var end = log.View.EndOffset;
            Measure($"recover {total >> 20} MiB after a kill, batches of {size >> 10} KiB", total, total, () => Assert.Equal(end, Open(disk, home).View.EndOffset));
        }
        finally
        {
            disk.DeleteDirectory(home);
        }
    }

    private static PartitionLog Open(LocalDisk disk, string home) => PartitionLog.Open(new LogOpening { Disk = disk, Directory = $"{home}/topic-0" });

    private static void Append(PartitionLog log, byte[][] batches)
    {
        foreach (var batch in batches)
        {
            RecordBatchHeader.TryParse(batch, out var header);
            log.Stage(batch, header, 0, 0);
        }

        if (log.Commit().Error != ErrorCode.None) throw new InvalidOperationException("the disk failed");
    }

    private static byte[] Batch(int size)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, null, new byte[size - RecordBatchHeader.Size - 20]);
        return builder.Build(new RecordBatchFields()).ToArray();
    }

    private void Measure(string what, long total, long perCall, Action call)
    {
        var calls = total / perCall;
        if (calls > 10) call();
        var memory = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        for (var i = 0L; i < calls; i++) call();
        watch.Stop();
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        memory = GC.GetAllocatedBytesForCurrentThread() - memory;
        output.WriteLine($"{what,-52}{total / 1e6 / watch.Elapsed.TotalSeconds,9:F0}{cpu.TotalSeconds / total * 1e9,10:F2}{watch.Elapsed.TotalNanoseconds / calls,10:F0}{memory / calls,12}");
    }
}
