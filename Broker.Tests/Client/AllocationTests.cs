using AkkaStream.Client;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client;

/// <summary>Nothing is allocated for a record, by the thread that sends or reads it: the smallest object would take 24 bytes.</summary>
public sealed class AllocationTests
{
    private const int Records = 200_000;
    private const double Most = 4;

    [Fact]
    public async Task Sending_allocates_nothing_for_a_record()
    {
        await using var client = new AkkaStreamClient(new InstantBroker());
        await using var producer = Producer(client);
        ReadOnlyMemory<byte> value = new byte[20];
        await Send(producer, value);
        var allocated = await Send(producer, value);
        Assert.True(allocated < Most, $"{allocated:0.00} bytes a record");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reading_allocates_nothing_for_a_record(bool batches)
    {
        await using var client = new AkkaStreamClient(new InstantBroker());
        await using (var producer = Producer(client)) await Send(producer, new byte[20]);
        await using var consumer = client.CreateConsumer<long, ReadOnlyMemory<byte>>(new ConsumerOptions { MaxPollRecords = 10_000 });
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(InstantBroker.Topic, 0)] = 0 });
        var meter = new ThreadMeter();
        await (batches ? ReadBatches(consumer, meter) : ReadEach(consumer, meter));
        var allocated = meter.Allocated / (double)Records;
        Assert.True(allocated < Most, $"{allocated:0.00} bytes a record");
    }

    private static Producer<long, ReadOnlyMemory<byte>> Producer(AkkaStreamClient client)
        => client.CreateProducer<long, ReadOnlyMemory<byte>>(new ProducerOptions { Batching = new AccumulatorOptions { BatchSize = 64 << 10, LingerMs = 50, BufferMemory = 8 << 20 } });

    // Bytes that the sending thread allocated for each; where it changes, what it did between two records is left out.
    private static async Task<double> Send(Producer<long, ReadOnlyMemory<byte>> producer, ReadOnlyMemory<byte> value)
    {
        var meter = new ThreadMeter();
        for (var i = 0; i < Records; i++)
        {
            meter.Next();
            var placing = producer.EnqueueAsync(InstantBroker.Topic, i, value);
            if (!placing.IsCompletedSuccessfully) await placing;
        }

        meter.Next();
        await producer.FlushAsync();
        return meter.Allocated / (double)Records;
    }

    private static async Task ReadEach(Consumer<long, ReadOnlyMemory<byte>> consumer, ThreadMeter meter)
    {
        var count = 0;
        await foreach (var record in consumer.ConsumeAsync())
        {
            meter.Next();
            if (record.Value.Length != 20) Assert.Fail("not what was sent");
            if (++count == 2 * Records) return;
            if (count == Records) meter.Forget();
        }
    }

    private static async Task ReadBatches(Consumer<long, ReadOnlyMemory<byte>> consumer, ThreadMeter meter)
    {
        var count = 0;
        await foreach (var batch in consumer.ConsumeBatchesAsync())
        {
            meter.Next();
            foreach (ref readonly var record in batch.Span) count += record.Value.Length == 20 ? 1 : 0;
            meter.Next();
            if (count >= 2 * Records) return;
            if (count is >= Records and < Records + 10_000) meter.Forget();
        }
    }

    /// <summary>What a thread allocates between two looks, added up for as long as it is the same one.</summary>
    private sealed class ThreadMeter
    {
        private int thread;
        private long before;

        public long Allocated { get; private set; }

        public void Next()
        {
            var now = GC.GetAllocatedBytesForCurrentThread();
            if (Environment.CurrentManagedThreadId == thread) Allocated += now - before;
            (thread, before) = (Environment.CurrentManagedThreadId, now);
        }

        public void Forget() => Allocated = 0;
    }
}
