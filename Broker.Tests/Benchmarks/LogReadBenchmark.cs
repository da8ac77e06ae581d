using System.Diagnostics;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Records;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// Reading 1 GB of a log, whose pages are in memory or not, beside <c>cat</c> over the same file. AKKASTREAM_BENCH=log-read; as root on Linux, otherwise all is warm.
/// </summary>
public sealed class LogReadBenchmark(ITestOutputHelper output)
{
    private const long Total = 1L << 30;
    private const int Batch = 64 << 10;
    private const string Caches = "/proc/sys/vm/drop_caches";

    private readonly byte[] _buffer = new byte[1 << 20];
    private int _batch;
    private uint _crc;

    [Fact]
    public void Read_beside_cat()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "log-read") return;
        var home = Path.Combine(Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_DIR") ?? Path.GetTempPath(), $"akkastream-read-{Guid.NewGuid():n}");
        var directory = $"{home}/topic-0";
        _batch = Make(directory);
        // What was just written is not on the disk yet, and the caches drop only what is.
        using (var sync = Process.Start("sync")) sync.WaitForExit();
        output.WriteLine($"{"",-44}{"s",8}{"MB/s",8}{"CPU s",8}");
        for (var round = 0; round < 4; round++)
        {
            output.WriteLine(round == 0 ? "to warm up" : $"round {round}");
            Show("checksums of 1 GB in memory", false, Checksums);
            foreach (var isCold in new[] { true, false })
            {
                var state = isCold ? "cold" : "warm";
                Show($"cat, {state}", isCold, () => Cat(directory));
                Show($"read by 256 KiB and no more, {state}", isCold, () => Plain(directory));
                var log = Open(directory);
                Show($"the log, first look, checksums too, {state}", isCold, () => Read(log, directory));
                Show("the log, second look", false, () => Read(log, directory));
                log.Abandon();
            }
        }

        Directory.Delete(home, recursive: true);
    }

    private static int Make(string directory)
    {
        var log = Open(directory);
        using var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, null, new byte[Batch - RecordBatchHeader.Size - 20]);
        var batch = builder.Build(new RecordBatchFields());
        RecordBatchHeader.TryParse(batch.Span, out var header);
        for (var written = 0L; written < Total; written += batch.Length)
        {
            log.Stage(batch, header, 0, 0);
            log.Commit();
        }

        log.Close();
        return batch.Length;
    }

    // What a fetch does, with a copy into memory for sendfile's into the socket.
    private long Read(PartitionLog log, string directory)
    {
        var bytes = 0L;
        using var file = File.OpenHandle($"{directory}/{log.View.Segments[0].BaseOffset:D20}.log");
        for (var offset = log.View.StartOffset; offset < log.View.EndOffset;)
        {
            using var read = log.Read(offset, _buffer.Length, ReadLimit.End, minOneBatch: true);
            bytes += RandomAccess.Read(file, _buffer.AsSpan(0, read.Length), read.Position);
            offset += Math.Max(1, read.Length / _batch);
        }

        return bytes;
    }

    private long Plain(string directory)
    {
        using var file = File.OpenHandle(Directory.GetFiles(directory, "*.log")[0]);
        var bytes = 0L;
        for (int got; (got = RandomAccess.Read(file, _buffer.AsSpan(0, 256 << 10), bytes)) > 0;) bytes += got;
        return bytes;
    }

    private long Checksums()
    {
        for (var done = 0L; done < Total; done += 256 << 10) _crc ^= Crc32C.Compute(_buffer.AsSpan(0, 256 << 10));
        return Total;
    }

    private static long Cat(string directory)
    {
        var file = Directory.GetFiles(directory, "*.log")[0];
        using var cat = Process.Start("sh", ["-c", $"cat {file} > /dev/null"]);
        cat.WaitForExit();
        return new FileInfo(file).Length;
    }

    private void Show(string what, bool isCold, Func<long> read)
    {
        if (isCold && File.Exists(Caches)) File.WriteAllText(Caches, "3");
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var bytes = read();
        var seconds = watch.Elapsed.TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        output.WriteLine($"{what,-44}{seconds,8:F2}{bytes / 1e6 / seconds,8:F0}{cpu.TotalSeconds,8:F2}");
    }

    private static PartitionLog Open(string directory)
        => PartitionLog.Open(new LogOpening { Disk = new LocalDisk(), Directory = directory, Config = LogConfig.Default with { SegmentBytes = int.MaxValue }, WasCleanlyShutDown = true });
}
