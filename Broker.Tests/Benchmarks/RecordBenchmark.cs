using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// What checksums, validation and building of batches cost: processor time, so that a busy machine matters less. AKKASTREAM_BENCH=records.
/// </summary>
public sealed class RecordBenchmark(ITestOutputHelper output)
{
    private const int BatchBytes = 1 << 20;
    private const int Rounds = 5;
    private const long Now = 1_800_000_000_000;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(200);

    [Fact]
    public void Checksum_validation_and_building()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "records") return;
        var data = new byte[BatchBytes];
        new Random(1).NextBytes(data);
        var copy = new byte[BatchBytes];
        var sum = 0u;
        output.WriteLine($"{"",-44}{"CPU s/GB",10}{"GB/s",8}{"M records/s",14}{"bytes/call",12}");
        Measure("copy 1 MB", BatchBytes, 0, () => data.CopyTo(copy.AsSpan()));
        Measure("CRC-32C of 1 MB", BatchBytes, 0, () => sum ^= Crc32C.Compute(data));
        Measure("CRC-32C of 1 KiB", 1024, 0, () => sum ^= Crc32C.Compute(data.AsSpan(0, 1024)));
        foreach (var size in new[] { 1024, 100 })
        {
            foreach (var codec in Enum.GetValues<CompressionType>()) Validation(codec, size);
            Building(size);
        }
    }

    private void Validation(CompressionType codec, int size)
    {
        var (batch, count) = Batch(codec, size);
        var rules = new RecordRules { MaxMessageBytes = int.MaxValue };
        Measure($"validate {count} records of {size} B, {codec}", BatchBytes, count, () => Assert.True(RecordValidator.Validate(batch, rules, Now).IsAccepted));
    }

    private void Building(int size)
    {
        var count = BatchBytes / size;
        var value = new byte[size];
        using var builder = new RecordBatchBuilder(capacity: BatchBytes + (BatchBytes / 4));
        Measure($"build {count} records of {size} B", BatchBytes, count, () =>
        {
            builder.Reset();
            for (var i = 0; i < count; i++) builder.Append(Now, null, value);
            builder.Build(new RecordBatchFields());
        });
    }

    private static (byte[] Batch, int Count) Batch(CompressionType codec, int size)
    {
        var random = new Random(size);
        var value = new byte[size];
        using var builder = new RecordBatchBuilder(codec);
        var count = BatchBytes / size;
        for (var i = 0; i < count; i++)
        {
            for (var at = 0; at < size; at++) value[at] = (byte)('a' + random.Next(at % 8 == 0 ? 26 : 2));
            builder.Append(Now + i, null, value);
        }

        return (builder.Build(new RecordBatchFields()).ToArray(), count);
    }

    private void Measure(string name, int bytes, int records, Action action)
    {
        var (best, allocated) = (double.MaxValue, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var start = Environment.CpuUsage.TotalTime;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var calls = 0;
            var used = TimeSpan.Zero;
            for (; used < Round; used = Environment.CpuUsage.TotalTime - start)
            {
                for (var i = 0; i < 8; i++, calls++) action();
            }

            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / calls;
            best = Math.Min(best, used.TotalSeconds / calls);
        }

        output.WriteLine($"{name,-44}{best / bytes * 1e9,10:N3}{bytes / best / 1e9,8:N2}{(records == 0 ? "" : $"{records / best / 1e6:N1}"),14}{allocated,12:N0}");
    }
}
