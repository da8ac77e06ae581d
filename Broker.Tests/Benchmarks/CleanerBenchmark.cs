using System.Buffers.Binary;
using System.Diagnostics;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// What a cleaning costs, on the local disk. AKKASTREAM_BENCH=cleaner-data makes the logs in AKKASTREAM_BENCH_DIR, for Kafka to clean as well; =cleaner cleans
/// (links to) them, made where they are not there. What appends feel of it: <see cref="CleanerAppendBenchmark"/>.
/// </summary>
public sealed class CleanerBenchmark(ITestOutputHelper output)
{
    private const int ValueBytes = 100;
    private const int RecordsOfBatch = 130;
    private static readonly string? Bench = Environment.GetEnvironmentVariable("AKKASTREAM_BENCH");
    private static readonly long Total = long.Parse(Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_BYTES") ?? "2147483648");
    internal static readonly int[] KeyCounts = [.. (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_KEYS") ?? "1000000,20000000").Split(',').Select(int.Parse)];

    internal static string Home => Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_DIR") ?? Path.Combine(Path.GetTempPath(), "akkastream-cleaner");

    private static LogConfig Config => LogConfig.Default with { SegmentBytes = 256 << 20, Compacts = true, DeletesByRetention = false, RetentionMs = -1 };

    [Fact]
    public void Make_logs()
    {
        if (Bench != "cleaner-data") return;
        foreach (var keys in KeyCounts) output.WriteLine($"{SourceOf(keys)}: {Open(SourceOf(keys)).SizeInBytes} bytes");
    }

    [Fact]
    public void Clean()
    {
        if (Bench != "cleaner") return;
        output.WriteLine($"{"",-40}{"passes",8}{"MB",8}{"MB after",10}{"s",8}{"MB/s",8}{"CPU s",8}{"MB/CPU s",10}{"peak MB over idle",19}");
        foreach (var keys in KeyCounts) CleanOne(keys, 128 << 20);
    }

    internal static string SourceOf(int keys)
    {
        var directory = $"{Home}/source-{keys}-0";
        if (Directory.Exists(directory)) return directory;
        Directory.CreateDirectory(Home);
        var dice = new Random(keys);
        var log = Open(directory);
        log.BecomeLeader(0);
        using var builder = new RecordBatchBuilder();
        var (key, value) = (new byte[12], new byte[ValueBytes]);
        dice.NextBytes(value);
        for (var written = 0L; written < Total;)
        {
            builder.Reset();
            for (var i = 0; i < RecordsOfBatch; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(key, dice.Next(keys));
                BinaryPrimitives.WriteInt32LittleEndian(value, dice.Next());
                builder.Append(1_700_000_000_000 + (written >> 10), key, true, value, true);
            }

            var batch = builder.Build(new RecordBatchFields());
            written += batch.Length;
            Stage(log, batch);
        }

        log.Close();
        return directory;
    }

    private void CleanOne(int keys, long map)
    {
        using var made = new Copy(SourceOf(keys));
        var log = Open(made.Directory);
        var size = log.SizeInBytes;
        var idle = Memory("VmRSS", reset: true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        var (passes, read) = (0, 0L);
        for (var next = 0L; log.BeginCleaning(next, 1_800_000_000_000) is { } job; passes++)
        {
            using var pass = new CleaningPass(job, new CleaningMeans(map, 0.9, 256 << 10, Guid.NewGuid()));
            Run(log, pass, CancellationToken.None);
            next = pass.NextDirty;
            read += pass.BytesRead;
        }

        watch.Stop();
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        var peak = Memory("VmHWM", reset: false) - idle;
        output.WriteLine($"{keys,12} keys, map of {map >> 20} MiB".PadRight(40) + $"{passes,8}{size / 1e6,8:F0}{log.SizeInBytes / 1e6,10:F0}{watch.Elapsed.TotalSeconds,8:F1}{size / 1e6 / watch.Elapsed.TotalSeconds,8:F0}{cpu.TotalSeconds,8:F1}{size / 1e6 / cpu.TotalSeconds,10:F0}{peak / 1024.0,19:F0}");
        output.WriteLine($"{"",40}{read / 1e6:F0} MB read in all");
        log.Abandon();
    }

    internal static void Run(PartitionLog log, CleaningPass pass, CancellationToken stop, Action? beforeStep = null)
    {
        while (pass.State == CleaningState.Working)
        {
            beforeStep?.Invoke();
            if (stop.IsCancellationRequested) pass.Abort();
            else pass.Step();
            if (pass.Ready is not { } ready) continue;
            if (log.SwapCleaned(ready, 1_800_000_000_000) != ErrorCode.None) throw new InvalidOperationException("the swap failed");
            pass.Swapped();
        }

        if (pass.State != CleaningState.Done && !stop.IsCancellationRequested) throw new InvalidOperationException(pass.Failure);
    }

    internal static void Stage(PartitionLog log, Memory<byte> batch)
    {
        RecordBatchHeader.TryParse(batch.Span, out var header);
        log.Stage(batch, header, 0, 0);
        if (log.Commit().Error != ErrorCode.None) throw new InvalidOperationException("the disk failed");
    }

    internal static PartitionLog Open(string directory) => PartitionLog.Open(new LogOpening { Disk = new LocalDisk(), Directory = directory, Config = Config, WasCleanlyShutDown = true });

    // KB of this process, by the kernel; resetting forgets the highest so far.
    private static long Memory(string field, bool reset)
    {
        if (!OperatingSystem.IsLinux()) return 0;
        GC.Collect();
        if (reset) File.WriteAllText("/proc/self/clear_refs", "5");
        return long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>Links to a log's files: a cleaning renames and removes files but never writes into one that is there.</summary>
    internal sealed class Copy : IDisposable
    {
        public Copy(string source)
        {
            Directory = $"{Home}/copy-{Guid.NewGuid():n}-0";
            using var copying = Process.Start("cp", ["-al", source, Directory]);
            copying.WaitForExit();
        }

        public string Directory { get; }

        public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
    }
}
