using AkkaStream.Client;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Tests.Support;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// What the client itself takes and allocates for a record, by BenchmarkDotNet: a producer and a consumer over a broker that answers at once and allocates nothing but its answers. With records a
/// tenth as large ten times as many fit in a batch: what is allocated for a batch is a tenth then, and what were allocated for a record would stay. AKKASTREAM_BENCH=allocation.
/// </summary>
public sealed class AllocationBenchmark(ITestOutputHelper output)
{
    [Fact]
    public void Bytes_for_a_record()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "allocation") return;
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(2).WithIterationCount(5).WithInvocationCount(1).WithUnrollFactor(1))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddLogger(NullLogger.Instance);
        foreach (var report in BenchmarkRunner.Run<PerRecord>(config).Reports) output.WriteLine(Line(report));
    }

    private static string Line(BenchmarkReport report)
    {
        var bytes = report.GcStats.GetTotalAllocatedBytes(excludeAllocationQuantumSideEffects: false) ?? 0;
        var records = report.GcStats.TotalOperations;
        return $"{report.BenchmarkCase.Descriptor.WorkloadMethod.Name,-24}{report.BenchmarkCase.Parameters["Size"],5} B{report.ResultStatistics?.Mean ?? -1,10:0.0} ns{bytes / (double)records,10:0.000} B allocated a record";
    }
}

/// <summary>The benchmarks; of each a record is an operation.</summary>
public class PerRecord
{
    private const int Records = 2_000_000;
    private InstantBroker broker = null!;
    private AkkaStreamClient client = null!;
    private Producer<long, ReadOnlyMemory<byte>> producer = null!;
    private ReadOnlyMemory<byte> value;

    /// <summary>Bytes of a value.</summary>
    [Params(10, 100, 1000)]
    public int Size { get; set; }

    /// <summary>A client and its producer, and one batch at the broker.</summary>
    [GlobalSetup]
    public async Task Begin()
    {
        broker = new InstantBroker();
        client = new AkkaStreamClient(broker);
        producer = client.CreateProducer<long, ReadOnlyMemory<byte>>(new ProducerOptions { Batching = new AccumulatorOptions { BatchSize = 128 << 10, LingerMs = 50, BufferMemory = 16 << 20 } });
        value = new byte[Size];
        await Produce();
    }

    /// <summary>Closes both.</summary>
    [GlobalCleanup]
    public async Task End()
    {
        await producer.DisposeAsync();
        await client.DisposeAsync();
    }

    /// <summary>Fire and forget.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public async Task Produce()
    {
        for (var i = 0; i < Records; i++)
        {
            var placing = producer.EnqueueAsync(InstantBroker.Topic, i, value);
            if (!placing.IsCompletedSuccessfully) await placing;
        }

        await producer.FlushAsync();
    }

    /// <summary>One by one.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public async Task<long> Consume()
    {
        await using var consumer = Reader();
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(InstantBroker.Topic, 0)] = 0 });
        var (count, sum) = (0, 0L);
        await foreach (var record in consumer.ConsumeAsync())
        {
            sum += record.Key + record.Value.Length;
            if (++count == Records) break;
        }

        return sum;
    }

    /// <summary>In batches.</summary>
    [Benchmark(OperationsPerInvoke = Records)]
    public async Task<long> ConsumeBatches()
    {
        await using var consumer = Reader();
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(InstantBroker.Topic, 0)] = 0 });
        var (count, sum) = (0, 0L);
        await foreach (var batch in consumer.ConsumeBatchesAsync())
        {
            foreach (ref readonly var record in batch.Span) sum += record.Key + record.Value.Length;
            if ((count += batch.Count) >= Records) break;
        }

        return sum;
    }

    private Consumer<long, ReadOnlyMemory<byte>> Reader() => client.CreateConsumer<long, ReadOnlyMemory<byte>>(new ConsumerOptions { MaxPollRecords = 10_000 });
}
