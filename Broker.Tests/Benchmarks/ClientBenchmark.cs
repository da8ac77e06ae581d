using System.Diagnostics;
using Akka.Actor;
using AkkaStream.Client;
using AkkaStream.Client.Actors;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using AkkaStream.Host.Embedded;
using AkkaStream.Tests.Client.Specification;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// What one producer and one consumer of the client can do, what they allocate, and what a thousand idle consumers take. AKKASTREAM_BENCH=client; AKKASTREAM_BENCH_BROKER=host:port names a
/// broker in a process of its own, which is what figures are compared with, or akka.tcp://akkastream@host:port the same one as an actor; without it one is started here.
/// </summary>
public sealed class ClientBenchmark(ITestOutputHelper output)
{
    private const int Records = 4_000_000;
    private const int Size = 100;
    private const int Idle = 1000;

    [Fact]
    public async Task Throughput_allocation_latency_and_idle_consumers()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "client") return;
        var address = Environment.GetEnvironmentVariable("AKKASTREAM_BENCH_BROKER");
        await using var broker = address is null ? await EmbeddedBroker.StartAsync(new EmbeddedBrokerOptions { Listen = true }) : null;
        var system = ActorSystem.Create("app", ActorCluster.Remote);
        await using var client = system.ConnectAkkaStream(address ?? broker!.BootstrapServers!);
        foreach (var partitions in new[] { 1, 4 })
        {
            var topic = $"client-bench-{partitions}-{Guid.NewGuid():N}";
            (await client.Admin.CreateTopicsAsync([new NewTopic(topic, partitions)]))[0].ThrowIfFailed();
            // The first round compiles.
            for (var round = 0; round < 3; round++) await Measure($"produce {Size} B, {partitions} partition(s), fire and forget", () => Produce(client, topic, Records));
            for (var round = 0; round < 2; round++) await Measure($"consume {Size} B, {partitions} partition(s), batches", () => Consume(client, topic, partitions, batches: true));
            for (var round = 0; round < 2; round++) await Measure($"consume {Size} B, {partitions} partition(s), one by one", () => Consume(client, topic, partitions, batches: false));
        }

        await Measure($"produce {Size} B, callbacks", () => ProduceWithCallbacks(client, $"client-bench-{Guid.NewGuid():N}", Records / 4));
        await Measure($"produce {Size} B, 1,000 sends awaited at once", () => ProduceAwaited(client, $"client-bench-{Guid.NewGuid():N}", Records / 4));
        foreach (var rate in new[] { 1000, 10_000 }) await Latency(client, rate);
        await IdleConsumers(client);
        await system.Terminate();
    }

    private async Task Measure(string what, Func<Task<long>> work)
    {
        var (allocated, cpu, watch) = (GC.GetTotalAllocatedBytes(true), Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        var records = await work();
        var seconds = watch.Elapsed.TotalSeconds;
        var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        output.WriteLine($"{what,-60}{records / seconds / 1e6,8:0.00} M/s{used / records * 1e9,8:0} ns CPU{(GC.GetTotalAllocatedBytes(true) - allocated) / (double)records,8:0.00} B/record");
    }

    private static async Task<long> Produce(AkkaStreamClient client, string topic, long count)
    {
        await using var producer = Make(client);
        ReadOnlyMemory<byte> value = new byte[Size];
        for (long i = 0; i < count; i++)
        {
            var placing = producer.EnqueueAsync(topic, default, value);
            if (!placing.IsCompletedSuccessfully) await placing;
        }

        await producer.FlushAsync();
        return count;
    }

    private static async Task<long> ProduceWithCallbacks(AkkaStreamClient client, string topic, long count)
    {
        await using var producer = Make(client);
        ReadOnlyMemory<byte> value = new byte[Size];
        long told = 0;
        Action<DeliveryReport> tell = _ => Interlocked.Increment(ref told);
        for (long i = 0; i < count; i++) await producer.EnqueueAsync(topic, default, value, tell);
        await producer.FlushAsync();
        return told;
    }

    private static async Task<long> ProduceAwaited(AkkaStreamClient client, string topic, long count)
    {
        await using var producer = Make(client);
        ReadOnlyMemory<byte> value = new byte[Size];
        var sends = new ValueTask<RecordLocation>[1000];
        for (long i = 0; i < count; i += sends.Length)
        {
            for (var j = 0; j < sends.Length; j++) sends[j] = producer.SendAsync(topic, default, value);
            foreach (var send in sends) await send;
        }

        return count;
    }

    private static async Task<long> Consume(AkkaStreamClient client, string topic, int partitions, bool batches)
    {
        await using var consumer = client.CreateConsumer<Nothing, ReadOnlyMemory<byte>>(new ConsumerOptions { MaxPollRecords = 10_000 });
        var all = Enumerable.Range(0, partitions).ToDictionary(p => new TopicPartition(topic, p), _ => OffsetSpec.Earliest);
        await consumer.AssignAsync(all);
        long count = 0;
        if (batches)
        {
            await foreach (var batch in consumer.ConsumeBatchesAsync())
            {
                foreach (ref readonly var record in batch.Span) count += record.Value.Length == Size ? 1 : 0;
                if (count >= Records) break;
            }

            return count;
        }

        await foreach (var record in consumer.ConsumeAsync())
        {
            count += record.Value.Length == Size ? 1 : 0;
            if (count >= Records) break;
        }

        return count;
    }

    private async Task Latency(AkkaStreamClient client, int rate)
    {
        var topic = $"client-bench-{Guid.NewGuid():N}";
        (await client.Admin.CreateTopicsAsync([new NewTopic(topic, 1)]))[0].ThrowIfFailed();
        var took = new List<double>(rate * 5);
        await using var consumer = client.CreateConsumer<Nothing, long>(new ConsumerOptions { FetchMaxWait = TimeSpan.FromMilliseconds(500) });
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(topic, 0)] = 0 });
        var reading = Task.Run(async () =>
        {
            await foreach (var record in consumer.ConsumeAsync())
            {
                if (record.Value == 0) break;
                took.Add(Stopwatch.GetElapsedTime(record.Value).TotalMilliseconds);
            }
        });
        await using (var producer = client.CreateProducer<Nothing, long>(new ProducerOptions { Batching = new AccumulatorOptions { LingerMs = 0 } }))
        {
            var watch = Stopwatch.StartNew();
            for (var sent = 0; sent < rate * 5;)
            {
                for (var due = (int)(watch.Elapsed.TotalSeconds * rate); sent < due; sent++) await producer.EnqueueAsync(topic, default, Stopwatch.GetTimestamp());
                await Task.Delay(1);
            }

            await producer.SendAsync(topic, default, 0);
        }

        await reading;
        took.Sort();
        output.WriteLine($"produce to consume at {rate}/s: p50 {took[took.Count / 2]:0.000} ms, p99 {took[took.Count * 99 / 100]:0.000} ms");
    }

    private async Task IdleConsumers(AkkaStreamClient client)
    {
        var topic = $"client-bench-{Guid.NewGuid():N}";
        (await client.Admin.CreateTopicsAsync([new NewTopic(topic, Idle)]))[0].ThrowIfFailed();
        GC.Collect();
        var (memory, working) = (GC.GetTotalMemory(true), Environment.WorkingSet);
        using var stop = new CancellationTokenSource();
        var consumers = new List<Task>();
        for (var i = 0; i < Idle; i++) consumers.Add(Read(i));
        await Task.Delay(5000);
        GC.Collect();
        output.WriteLine($"{Idle} idle consumers: {(GC.GetTotalMemory(true) - memory) / 1e6:0} MB of objects, {(Environment.WorkingSet - working) / 1e6:0} MB resident");
        await stop.CancelAsync();
        await Task.WhenAll(consumers);

        async Task Read(int partition)
        {
            await using var consumer = client.CreateConsumer<Nothing, long>();
            await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(topic, partition)] = 0 }, stop.Token);
            await foreach (var record in consumer.ConsumeAsync(stop.Token)) Assert.Fail($"{record.Offset}");
        }
    }

    private static Producer<Nothing, ReadOnlyMemory<byte>> Make(AkkaStreamClient client)
        => client.CreateProducer<Nothing, ReadOnlyMemory<byte>>(new ProducerOptions { Batching = new AccumulatorOptions { BatchSize = 512 << 10, LingerMs = 5, BufferMemory = 64 << 20 } });
}
