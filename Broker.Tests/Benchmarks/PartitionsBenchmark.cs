using System.Diagnostics;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Records;
using AkkaStream.Host;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// What many partitions cost a broker of which nobody asks anything. AKKASTREAM_BENCH=partitions-data makes AKKASTREAM_BENCH_PARTITIONS topics of one partition with
/// AKKASTREAM_BENCH_BYTES each in AKKASTREAM_BENCH_DIR, as an orderly stop leaves them, for a broker of its own to start on; =partitions starts one here.
/// </summary>
public sealed class PartitionsBenchmark(ITestOutputHelper output)
{
    private const int BatchBytes = 16 << 10;
    private static readonly string? Bench = Environment.GetEnvironmentVariable("AKKASTREAM_BENCH");
    private static readonly int Partitions = int.Parse(Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_PARTITIONS") ?? "10000");
    private static readonly long BytesOfEach = long.Parse(Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_BYTES") ?? "1000000");

    private static string Home => Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_DIR") ?? Path.Combine(Path.GetTempPath(), "akkastream-partitions");

    [Fact]
    public async Task Make_partitions()
    {
        if (Bench != "partitions-data") return;
        Make(Home, Partitions, BytesOfEach);
        // Topics that are found in the directory are taken in at the first start, which writes them down.
        await using var broker = RunningBroker.Start(Config(Home));
        output.WriteLine($"{broker.Node.Services.Partitions.All.Count()} partitions in {Home}");
    }

    [Fact]
    public async Task What_an_idle_partition_holds()
    {
        if (Bench != "partitions") return;
        var empty = $"{Home}-empty";
        output.WriteLine($"{"partitions",12}{"start s",9}{"managed MB",12}{"files open",12}{"mappings",10}");
        await Show(empty);
        var few = await Show(empty);
        var many = await Show(Home);
        output.WriteLine($"{(many - few) / Partitions} bytes for a partition");
        Directory.Delete(empty, recursive: true);
    }

    private async Task<long> Show(string home)
    {
        var watch = Stopwatch.StartNew();
        await using var broker = RunningBroker.Start(Config(home));
        var time = watch.Elapsed;
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var (files, mappings) = OperatingSystem.IsLinux() ? (Directory.GetFiles("/proc/self/fd").Length, File.ReadLines("/proc/self/maps").Count()) : (0, 0);
        output.WriteLine($"{broker.Node.Services.Partitions.All.Count(),12}{time.TotalSeconds,9:F2}{memory / 1e6,12:F1}{files,12}{mappings,10}");
        return memory;
    }

    private static BrokerConfig Config(string home)
        => BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = home, ["listeners"] = "PLAINTEXT://127.0.0.1:0" });

    private static void Make(string home, int count, long bytes)
    {
        Directory.CreateDirectory(home);
        var directory = LogDirectory.Open(new LocalDisk(), home, null);
        var logs = new PartitionLog[count];
        Parallel.For(0, count, i => logs[i] = Fill(directory.OpenPartition(NameOf(i), LogConfig.Default, Guid.NewGuid(), 0), bytes));
        var result = directory.WriteCheckpoints(logs.Select((log, i) => new KeyValuePair<PartitionName, PartitionLog>(NameOf(i), log)));
        if (result == default) result = directory.MarkCleanShutdown(0);
        Assert.Equal(default, result);
    }

    private static PartitionName NameOf(int i) => new($"many-{i:D5}", 0);

    private static PartitionLog Fill(PartitionLog log, long bytes)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1_790_000_000_000, null, new byte[BatchBytes - RecordBatchHeader.Size - 20]);
        var batch = builder.Build(new RecordBatchFields());
        RecordBatchHeader.TryParse(batch.Span, out var header);
        log.BecomeLeader(0);
        for (var written = 0L; written < bytes; written += batch.Length)
        {
            log.Stage(batch, header, 0, 1_790_000_000_000);
            if (log.Commit().Error != default) throw new InvalidOperationException("the disk failed");
        }

        if (log.Close() != default) throw new InvalidOperationException("the log cannot be closed");
        return log;
    }
}
