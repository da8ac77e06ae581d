using System.Diagnostics;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Client.Protocol;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>What the codec costs on the hot paths: nanoseconds and allocated bytes for one message, records themselves untouched. AKKASTREAM_BENCH=codec.</summary>
public sealed class CodecBenchmark(ITestOutputHelper output)
{
    private const int Rounds = 5;
    private const int RecordBytes = 16 * 1024;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(150);

    [Fact]
    public void Produce_and_fetch()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "codec") return;
        output.WriteLine($"{"",-44}{"ns",10}{"bytes",10}");
        foreach (var partitions in new[] { 1, 100 })
        {
            Both("Produce v11 request", ProduceOf(partitions), 11, () => new ProduceRequest(), partitions);
            Both("Produce v11 answer", ProducedOf(partitions), 11, () => new ProduceResponse(), partitions);
            Both("Fetch v17 request", FetchOf(partitions), 17, () => new FetchRequest(), partitions);
            Both("Fetch v12 answer", FetchedOf(partitions), 12, () => new FetchResponse(), partitions);
        }
    }

    private void Both(string name, IApiMessage message, short version, Func<IApiMessage> empty, int partitions)
    {
        var bytes = MessageVector.Encoded(message, version);
        Measure($"{name}, {partitions} partitions: read", () =>
        {
            var reader = new MessageReader(bytes);
            empty().Read(ref reader, version);
        });
        using var writer = new MessageWriter();
        Measure($"{name}, {partitions} partitions: write", () =>
        {
            writer.Clear();
            message.Write(writer, version);
        });
    }

    private void Measure(string name, Action action)
    {
        var (best, bytes) = (double.MaxValue, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var count = 0;
            for (; watch.Elapsed < Round; count += 16) Sixteen(action);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / count;
            best = Math.Min(best, watch.Elapsed.TotalNanoseconds / count);
        }

        output.WriteLine($"{name,-44}{best,10:N0}{bytes,10:N0}");
    }

    private static void Sixteen(Action action)
    {
        for (var i = 0; i < 16; i++) action();
    }

    private static ProduceRequest ProduceOf(int partitions)
    {
        var topic = new ProduceRequest.TopicProduceData { Name = "a-topic-of-many" };
        for (var i = 0; i < partitions; i++) topic.PartitionData.Add(new() { Index = i, Records = new byte[RecordBytes] });
        return new ProduceRequest { Acks = -1, TimeoutMs = 30_000, TopicData = [topic] };
    }

    private static ProduceResponse ProducedOf(int partitions)
    {
        var topic = new ProduceResponse.TopicProduceResponse { Name = "a-topic-of-many" };
        for (var i = 0; i < partitions; i++) topic.PartitionResponses.Add(new() { Index = i, BaseOffset = 1_000_000 + i, LogStartOffset = 0 });
        return new ProduceResponse { Responses = [topic] };
    }

    private static FetchRequest FetchOf(int partitions)
    {
        var topic = new FetchRequest.FetchTopic { TopicId = Guid.Parse("5d7bb9f8-6f3b-4f0c-93c2-5a0b3b7b9a11") };
        for (var i = 0; i < partitions; i++) topic.Partitions.Add(new() { Partition = i, CurrentLeaderEpoch = 3, FetchOffset = 1_000_000, PartitionMaxBytes = 1 << 20 });
        return new FetchRequest { MaxWaitMs = 500, MinBytes = 1, Topics = [topic] };
    }

    private static FetchResponse FetchedOf(int partitions)
    {
        var topic = new FetchResponse.FetchableTopicResponse { Topic = "a-topic-of-many" };
        for (var i = 0; i < partitions; i++) topic.Partitions.Add(new() { PartitionIndex = i, HighWatermark = 1_000_000, LastStableOffset = 1_000_000, Records = new byte[RecordBytes] });
        return new FetchResponse { Responses = [topic] };
    }
}
