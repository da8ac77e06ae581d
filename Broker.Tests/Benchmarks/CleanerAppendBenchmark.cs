using System.Diagnostics;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Records;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// What an append feels of a cleaning beside it, on the local disk: AKKASTREAM_BENCH=cleaner-append. Slices of so many appends take turns, with a cleaning and without, in one run; both
/// kinds are split in two again, and what those halves differ by is what the machine cannot show.
/// </summary>
public sealed class CleanerAppendBenchmark(ITestOutputHelper output)
{
    private const int SlicesOfKind = 60;
    private const int AppendsOfSlice = 1000;
    private const int BatchBytes = 16 << 10;

    // An append path under a load that two cores bear beside a cleaning.
    private const double BytesPerSecond = 64 << 20;

    // A cleaning that is told to pause ends its step first.
    private const int LeftOut = 50;

    [Fact]
    public async Task Append_beside_a_cleaning()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "cleaner-append") return;
        var home = $"{CleanerBenchmark.Home}/append-{Guid.NewGuid():n}";
        using var made = new CleanerBenchmark.Copy(CleanerBenchmark.SourceOf(CleanerBenchmark.KeyCounts[0]));
        using var mayClean = new ManualResetEventSlim();
        using var stop = new CancellationTokenSource();
        var cleaning = Task.Factory.StartNew(() => Clean(made.Directory, mayClean, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var log = PartitionLog.Open(new LogOpening { Disk = new LocalDisk(), Directory = $"{home}/topic-0" });
        using var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, null, new byte[BatchBytes - RecordBatchHeader.Size - 20]);
        var batch = builder.Build(new RecordBatchFields());

        var kinds = new List<double>[] { [], [], [], [] };
        for (var slice = -4; slice < 2 * SlicesOfKind; slice++)
        {
            var isBeside = slice % 2 != 0;
            if (isBeside) mayClean.Set();
            else mayClean.Reset();
            var times = Slice(log, batch);
            if (slice >= 0) kinds[(isBeside ? 2 : 0) + (slice / 2 % 2)].AddRange(times);
        }

        await stop.CancelAsync();
        mayClean.Set();
        var passes = await cleaning;
        log.Abandon();
        Directory.Delete(home, recursive: true);
        output.WriteLine($"{"µs an append of 16 KiB",-28}{"p50",8}{"p90",8}{"p99",8}{"mean",8}   ({passes} whole cleanings)");
        Show("alone", [.. kinds[0], .. kinds[1]]);
        Show("beside a cleaning", [.. kinds[2], .. kinds[3]]);
        Show("alone, one half", kinds[0]);
        Show("alone, other half", kinds[1]);
        Show("beside, one half", kinds[2]);
        Show("beside, other half", kinds[3]);
    }

    private static List<double> Slice(PartitionLog log, Memory<byte> batch)
    {
        var times = new List<double>(AppendsOfSlice);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < AppendsOfSlice; i++)
        {
            var start = Stopwatch.GetTimestamp();
            CleanerBenchmark.Stage(log, batch);
            if (i >= LeftOut) times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            while ((i + 1L) * BatchBytes > watch.Elapsed.TotalSeconds * BytesPerSecond) Thread.Sleep(1);
        }

        return times;
    }

    private static int Clean(string directory, ManualResetEventSlim mayClean, CancellationToken stop)
    {
        var log = CleanerBenchmark.Open(directory);
        var passes = 0;
        for (; !stop.IsCancellationRequested; passes++)
        {
            using var pass = new CleaningPass(log.BeginCleaning(0, 1_800_000_000_000)!, new CleaningMeans(128 << 20, 0.9, 256 << 10, Guid.NewGuid()));
            CleanerBenchmark.Run(log, pass, stop, mayClean.Wait);
        }

        log.Abandon();
        return passes;
    }

    private void Show(string what, List<double> times)
    {
        times.Sort();
        output.WriteLine($"{what,-28}{At(times, 0.5),8:F1}{At(times, 0.9),8:F1}{At(times, 0.99),8:F1}{times.Average(),8:F1}");
    }

    private static double At(List<double> sorted, double part) => sorted[(int)(sorted.Count * part)];
}
