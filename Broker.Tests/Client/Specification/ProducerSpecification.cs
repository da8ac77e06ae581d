using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Client.Serialization;

namespace AkkaStream.Tests.Client.Specification;

public sealed class ProducerOnEmbeddedTests(EmbeddedCluster cluster) : ProducerSpecification(cluster), IClassFixture<EmbeddedCluster>;

public sealed class ProducerOnWireTests(WireCluster cluster) : ProducerSpecification(cluster), IClassFixture<WireCluster>;

public sealed class ProducerOnActorsTests(ActorCluster cluster) : ProducerSpecification(cluster), IClassFixture<ActorCluster>;

/// <summary>What an application may expect of a producer, whatever cluster it sends to.</summary>
public abstract class ProducerSpecification(SpecCluster cluster) : ClientSpecification(cluster)
{
    [Fact(Timeout = Patience)]
    public async Task A_send_tells_where_the_record_is_and_the_record_is_there_as_it_was_given()
    {
        var topic = await TopicAsync(3);
        await using var producer = Client.CreateProducer<string, int>();
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        var sent = await producer.SendAsync(new Message<string, int>(topic, "key", 258) { Timestamp = time, Partition = 2, Headers = [new RecordHeader("a", "1"u8.ToArray()), new RecordHeader("a", null)] });
        Assert.Equal((new TopicPartition(topic, 2), 0L), (sent.Partition, sent.Offset));
        Assert.Equal(1, (await producer.SendAsync(new Message<string, int>(topic, "key", 1) { Partition = 2 })).Offset);
        var record = (await ReadAsync(topic))[0];
        Assert.Equal((2, 0L, time.ToUnixTimeMilliseconds(), "key"), (record.Partition, record.Offset, record.Timestamp, Encoding.UTF8.GetString(record.Key!)));
        Assert.Equal([0, 0, 1, 2], record.Value);
        Assert.Equal([("a", "1"), ("a", null)], record.Headers.Select(h => (h.Name, h.Value is null ? null : Encoding.UTF8.GetString(h.Value))));
    }

    [Fact(Timeout = Patience)]
    public async Task Equal_keys_go_to_the_partition_that_Kafkas_clients_choose_and_keep_their_order()
    {
        var topic = await TopicAsync(5);
        await using var producer = Client.CreateProducer<string, string>(new ProducerOptions { Batching = new AccumulatorOptions { LingerMs = 1, BatchSize = 300 } });
        for (var i = 0; i < 500; i++) await producer.EnqueueAsync(topic, $"k{i % 7}", $"{i}");
        await producer.FlushAsync();
        var records = await ReadAsync(topic);
        Assert.Equal(500, records.Count);
        Assert.All(records, r => Assert.Equal(Murmur2.PartitionOf(r.Key, 5), r.Partition));
        Assert.All(records.GroupBy(r => Encoding.UTF8.GetString(r.Key!)), key => Assert.Equal(key.Select(r => int.Parse(r.Text!)).Order(), key.Select(r => int.Parse(r.Text!))));
    }

    [Fact(Timeout = Patience)]
    public async Task Callbacks_are_told_once_for_each_record_and_a_flush_waits_for_them()
    {
        var topic = await TopicAsync();
        await using var producer = Client.CreateProducer<Nothing, string>();
        var told = new List<long>();
        for (var i = 0; i < 1000; i++)
        {
            await producer.EnqueueAsync(topic, default, $"{i}", report =>
            {
                lock (told) told.Add(report.Location.Offset);
            });
        }

        await producer.FlushAsync();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), told.Order());
        Assert.All(await ReadAsync(topic), r => Assert.Null(r.Key));
    }

    [Fact(Timeout = Patience)]
    public async Task What_a_callback_throws_comes_out_of_the_flush_and_keeps_no_other_callback_from_being_told()
    {
        var topic = await TopicAsync();
        await using var producer = Client.CreateProducer<Nothing, string>();
        var told = 0;
        await producer.EnqueueAsync(topic, default, "1", _ => throw new InvalidOperationException("mine"));
        await producer.EnqueueAsync(topic, default, "2", _ => told++);
        var thrown = await Assert.ThrowsAsync<AggregateException>(async () => await producer.FlushAsync());
        Assert.Equal("mine", Assert.Single(thrown.InnerExceptions).Message);
        Assert.Equal(1, told);
    }

    [Fact(Timeout = Patience)]
    public async Task Interceptors_change_what_is_sent_and_see_what_became_of_it()
    {
        var topic = await TopicAsync();
        var interceptor = new Marking();
        await using (var producer = new Producer<string?, string>(Client.Cluster, keys: (ISerializer<string?>)Serdes.Utf8) { Interceptors = [interceptor] })
        {
            await producer.SendAsync(topic, null, "a");
            await producer.FlushAsync();
        }

        Assert.Equal(1, interceptor.Delivered);
        Assert.Equal("a!", Assert.Single(await ReadAsync(topic)).Text);
    }

    [Fact(Timeout = Patience)]
    public async Task Null_values_are_tombstones_and_every_codec_arrives()
    {
        var topic = await TopicAsync(1, ("cleanup.policy", "compact"));
        foreach (var codec in Enum.GetValues<CompressionType>())
        {
            await using var producer = Client.CreateProducer<string, string>(new ProducerOptions { Batching = new AccumulatorOptions { Compression = codec, LingerMs = 20 } });
            await producer.EnqueueAsync(topic, $"{codec}", new string('x', 2000));
            await producer.EnqueueAsync(topic, $"{codec}", null!);
            await producer.FlushAsync();
        }

        var records = await ReadAsync(topic);
        Assert.Equal(10, records.Count);
        Assert.Equal(5, records.Count(r => r.Value is null));
    }

    [Fact(Timeout = Patience)]
    public async Task Errors_say_what_can_be_done()
    {
        var topic = await TopicAsync();
        await using var producer = Client.CreateProducer<Nothing, string>(new ProducerOptions { MaxBlock = TimeSpan.FromSeconds(10) });
        var large = await Assert.ThrowsAsync<BrokerException>(async () => await producer.SendAsync(topic, default, new string('x', 2_000_000)));
        Assert.Equal((ErrorCode.MessageTooLarge, ErrorKind.Refused), (large.Code, large.Kind));
        var nowhere = await Assert.ThrowsAsync<BrokerException>(async () => await producer.SendAsync(new Message<Nothing, string>(topic, default, "x") { Partition = 7 }));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, nowhere.Code);
        var name = await Assert.ThrowsAsync<BrokerException>(async () => await producer.SendAsync("no such name!", default, "x"));
        Assert.Equal((ErrorCode.InvalidTopicException, ErrorKind.Refused), (name.Code, name.Kind));
        Assert.Equal(0, (await producer.SendAsync(topic, default, "x")).Offset);
        await producer.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await producer.SendAsync(topic, default, "x"));
    }

    [Fact(Timeout = Patience)]
    public async Task An_applications_own_partitioner_decides_and_round_robin_goes_round()
    {
        var topic = await TopicAsync(3);
        await using (var last = Client.CreateProducer<string, string>(new ProducerOptions { Partitioner = new Last() })) Assert.Equal(2, (await last.SendAsync(topic, "k", "v")).Partition.Partition);
        await using var round = Client.CreateProducer<string, string>(new ProducerOptions { Partitioner = new RoundRobin() });
        var places = new List<int>();
        for (var i = 0; i < 6; i++) places.Add((await round.SendAsync(topic, "k", "v")).Partition.Partition);
        Assert.Equal([0, 1, 2, 0, 1, 2], places);
    }

    [Fact(Timeout = Patience)]
    public async Task A_full_buffer_holds_senders_back_and_loses_nothing()
    {
        var topic = await TopicAsync();
        await using var producer = Client.CreateProducer<Nothing, byte[]>(new ProducerOptions { Batching = new AccumulatorOptions { BufferMemory = 32_000, BatchSize = 4_000 } });
        var value = new byte[1000];
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () => await producer.EnqueueAsync(topic, default, value))));
        await producer.FlushAsync();
        Assert.Equal(400, (await ReadAsync(topic)).Count);
    }

    [Fact(Timeout = Patience)]
    public async Task A_transaction_that_is_committed_shows_and_one_that_is_left_does_not()
    {
        var topic = await TopicAsync(2);
        await using var producer = Client.CreateProducer<string, string>(new ProducerOptions { TransactionalId = SpecCluster.Fresh("tx") });
        await using (var transaction = await producer.BeginTransactionAsync())
        {
            await producer.SendAsync(topic, "a", "left");
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await producer.SendAsync(topic, "a", "outside"));
        await using (var transaction = await producer.BeginTransactionAsync())
        {
            for (var i = 0; i < 10; i++) await producer.EnqueueAsync(topic, $"{i}", "kept");
            await transaction.CommitAsync();
        }

        Assert.Equal(Enumerable.Repeat("kept", 10), (await CommittedAsync(topic, 10)).Select(r => r.Text));
        Assert.Equal(11, (await ReadAsync(topic, Isolation.ReadUncommitted)).Count);
    }

    [Fact(Timeout = Patience)]
    public async Task A_producer_whose_id_another_took_is_told_so_by_an_exception_of_its_own()
    {
        var topic = await TopicAsync();
        var options = new ProducerOptions { TransactionalId = SpecCluster.Fresh("tx") };
        await using var old = Client.CreateProducer<string, string>(options);
        var transaction = await old.BeginTransactionAsync();
        await old.SendAsync(topic, "a", "old");
        await using var other = Another();
        await using var young = other.CreateProducer<string, string>(options);
        await using (var second = await young.BeginTransactionAsync())
        {
            await young.SendAsync(topic, "a", "young");
            await second.CommitAsync();
        }

        var fenced = await Assert.ThrowsAsync<ProducerFencedException>(async () =>
        {
            await old.EnqueueAsync(topic, "a", "late");
            await transaction.CommitAsync();
        });
        Assert.Equal((true, ErrorKind.Fenced), (fenced.IsFatal, fenced.Kind));
        await transaction.DisposeAsync();
        Assert.Equal("young", Assert.Single(await CommittedAsync(topic, 1)).Text);
    }

    private sealed class Last : IPartitioner
    {
        public int Choose(in ProducerRecord record, TopicMetadata topic) => topic.Partitions.Count - 1;
    }

    private sealed class Marking : IProducerInterceptor<string?, string>
    {
        public int Delivered { get; private set; }

        public Message<string?, string> OnSend(Message<string?, string> message) => message with { Value = message.Value + "!" };

        public void OnDelivered(in DeliveryReport report) => Delivered += report.IsDelivered ? 1 : 0;
    }
}
