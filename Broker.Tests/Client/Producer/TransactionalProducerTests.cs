using System.Text;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Producer;

/// <summary>The transactional producer and the reader of committed records against a broker in this process, in both versions of the protocol.</summary>
public sealed class TransactionalProducerTests : IAsyncLifetime
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);
    private RunningBroker broker = null!;
    private ClusterClient cluster = null!;

    public async Task InitializeAsync()
    {
        broker = RunningBroker.Start(BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0" }), new MemoryDisk(), withDoor: false);
        cluster = new ClusterClient(broker.Connect());
        await new AdminClient(cluster).CreateTopicsAsync([new NewTopic("t", 3)]);
    }

    public async Task DisposeAsync()
    {
        await cluster.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task What_is_committed_shows_all_together_and_what_is_aborted_never(short version)
    {
        await using var client = Client(version);
        await using var producer = new RecordProducer(client, Options("x"));
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        var sent = Enumerable.Range(0, 30).Select(i => producer.SendAsync(Record(i % 3, $"a{i}")).AsTask()).ToList();
        await producer.FlushAsync();
        await Task.WhenAll(sent);
        Assert.Empty(await Read(Isolation.ReadCommitted));
        Assert.Equal(30, (await Read(Isolation.ReadUncommitted)).Count);
        await producer.CommitTransactionAsync();
        Assert.Equal(30, (await Committed(30)).Count);

        producer.BeginTransaction();
        for (var i = 0; i < 9; i++) _ = await producer.EnqueueAsync(Record(i % 3, $"lost{i}"));
        await producer.FlushAsync();
        await producer.AbortTransactionAsync();

        for (var round = 0; round < 5; round++)
        {
            producer.BeginTransaction();
            for (var i = 0; i < 6; i++) _ = await producer.EnqueueAsync(Record(i % 3, $"b{round}-{i}"));
            await producer.CommitTransactionAsync();
        }

        var all = await Committed(60);
        Assert.Equal(60, all.Count);
        Assert.DoesNotContain(all, r => r.StartsWith("lost", StringComparison.Ordinal));
        Assert.Equal(69, (await Read(Isolation.ReadUncommitted)).Count);
        // A commit is answered when it is decided; that it is complete is written behind the markers.
        var admin = new AdminClient(cluster);
        await Eventually.Holds(async () => (await admin.DescribeTransactionAsync("x")).State == "CompleteCommit", "the last transaction is complete");
        Assert.Equal(version == 2 ? (short)7 : (short)0, (await admin.DescribeTransactionAsync("x")).Producer.Epoch);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task A_newer_instance_ends_the_older_one_and_what_it_had_open(short version)
    {
        await using var client = Client(version);
        await using var old = new RecordProducer(client, Options("x"));
        await old.InitTransactionsAsync();
        old.BeginTransaction();
        await old.SendAsync(Record(0, "old"));
        await using var young = new RecordProducer(client, Options("x"));
        await young.InitTransactionsAsync();
        young.BeginTransaction();
        await young.SendAsync(Record(0, "young"));
        await young.CommitTransactionAsync();
        _ = await old.EnqueueAsync(Record(0, "too late"));
        var error = await Assert.ThrowsAnyAsync<TransactionException>(async () => await old.CommitTransactionAsync());
        if (!error.IsFatal) error = await Assert.ThrowsAsync<ProducerFencedException>(async () => await old.AbortTransactionAsync());
        Assert.True(error is { IsFatal: true, IsFenced: true }, error.Message);
        Assert.Equal(TransactionPhase.Fatal, old.Phase);
        Assert.Throws<ProducerFencedException>(old.BeginTransaction);
        Assert.Equal(["young"], await Committed(1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task After_a_refused_record_the_transaction_is_aborted_and_the_next_one_goes_through(short version)
    {
        await new AdminClient(cluster).CreateTopicsAsync([new NewTopic("small", 1) { Configs = new Dictionary<string, string> { ["max.message.bytes"] = "1000" } }]);
        await using var client = Client(version);
        await using var producer = new RecordProducer(client, Options("x"));
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(Record(0, "goes with it"));
        await Assert.ThrowsAsync<BrokerException>(async () => await producer.SendAsync(new ProducerRecord("small", new byte[5000])));
        var error = await Assert.ThrowsAsync<TransactionException>(async () => await producer.CommitTransactionAsync());
        Assert.Equal((ErrorCode.MessageTooLarge, false), (error.Code, error.IsFatal));
        await producer.AbortTransactionAsync();
        producer.BeginTransaction();
        await producer.SendAsync(new ProducerRecord("small", new byte[10]));
        await producer.SendAsync(Record(0, "shows"));
        await producer.CommitTransactionAsync();
        Assert.Equal(["shows"], await Committed(1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Offsets_of_one_transaction_after_the_other_count_when_they_are_committed(short version)
    {
        await using var client = Client(version);
        await using var producer = new RecordProducer(client, Options("x"));
        await producer.InitTransactionsAsync();
        for (var round = 1; round <= 4; round++)
        {
            producer.BeginTransaction();
            await producer.SendOffsetsAsync(new Dictionary<TopicPartition, OffsetToCommit> { [new TopicPartition("t", 0)] = new(round * 10) }, new AkkaStream.Client.Producer.ConsumerGroupMetadata("g"));
            if (round == 3) await producer.AbortTransactionAsync();
            else await producer.CommitTransactionAsync();
            Assert.Equal(round == 3 ? 20 : round * 10, await CommittedOffset());
        }
    }

    [Fact]
    public async Task A_transaction_without_records_asks_nobody()
    {
        await using var producer = new RecordProducer(cluster, Options("x"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await producer.SendAsync(Record(0, "too early")));
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.CommitTransactionAsync();
        producer.BeginTransaction();
        await producer.AbortTransactionAsync();
        Assert.Equal("Empty", (await new AdminClient(cluster).DescribeTransactionAsync("x")).State);
    }

    [Fact]
    public async Task Ids_are_listed_described_and_a_hanging_transaction_is_aborted_by_hand()
    {
        var admin = new AdminClient(cluster);
        await using var producer = new RecordProducer(cluster, Options("x"));
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(Record(1, "open"));
        Assert.Equal("Ongoing", Assert.Single(await admin.ListTransactionsAsync()).State);
        Assert.Empty(await admin.ListTransactionsAsync(new TransactionFilter { States = ["Empty"] }));
        Assert.Single(await admin.ListTransactionsAsync(new TransactionFilter { Pattern = "[x]+" }));
        Assert.Equal([new TopicPartition("t", 1)], (await admin.DescribeTransactionAsync("x")).Partitions);
        await using var another = Client(2);
        Assert.Equal((await admin.ListTransactionsAsync())[0].Coordinator, (await new AdminClient(another).DescribeTransactionAsync("x")).Coordinator);
        var known = Assert.Single(await admin.DescribeProducersAsync(new TopicPartition("t", 1)));
        Assert.Equal(0, known.TransactionStart);
        await admin.AbortTransactionAsync(new TopicPartition("t", 1), known.Producer, 0);
        Assert.Equal(-1, Assert.Single(await admin.DescribeProducersAsync(new TopicPartition("t", 1))).TransactionStart);
        await Assert.ThrowsAsync<BrokerException>(async () => await admin.DescribeTransactionAsync("nobody"));
        await admin.TerminateTransactionAsync("x");
        Assert.Equal("Empty", (await admin.DescribeTransactionAsync("x")).State);
    }

    [Fact]
    public async Task An_idempotent_producer_with_five_batches_under_way_keeps_order()
    {
        await using var producer = new RecordProducer(cluster, new ProducerOptions { Batching = new AccumulatorOptions { BatchSize = 200, LingerMs = 0 } });
        var sent = new List<Task>();
        for (var i = 0; i < 2000; i++) sent.Add(producer.SendAsync(Record(0, i.ToString("D6"))).AsTask());
        await Task.WhenAll(sent);
        var read = await Read(Isolation.ReadUncommitted);
        Assert.Equal(2000, read.Count);
        Assert.Equal(read.Order(), read);
    }

    private static ProducerOptions Options(string id) => new() { TransactionalId = id, Batching = new AccumulatorOptions { LingerMs = 0 } };

    private static ProducerRecord Record(int partition, string value) => new("t", Encoding.UTF8.GetBytes(value)) { Partition = partition };

    private ClusterClient Client(short version) => new(new VersionedTransport(broker.Connect(), version), new ClusterOptions { RetryBackoff = TimeSpan.FromMilliseconds(5) });

    // Waits until no transaction holds the offset any more.
    private async Task<long> CommittedOffset()
    {
        var request = new OffsetFetchRequest { RequireStable = true, Groups = [new() { GroupId = "g", Topics = [new() { Name = "t", PartitionIndexes = [0] }] }] };
        var answer = await cluster.SendToCoordinatorAsync<OffsetFetchResponse>(CoordinatorType.Group, "g", _ => (request, 9), a => a.Groups[0].Topics[0].Partitions[0].ErrorCode);
        return answer.Groups[0].Topics[0].Partitions[0].CommittedOffset;
    }

    // Markers follow the answer to a commit: its records show a moment later.
    private async Task<List<string>> Committed(int count)
    {
        var read = new List<string>();
        await Support.Eventually.Holds(async () => (read = await Read(Isolation.ReadCommitted)).Count >= count, $"{count} records are committed");
        return read;
    }

    private async Task<List<string>> Read(Isolation isolation)
    {
        var partitions = Enumerable.Range(0, 3).Select(p => new TopicPartition("t", p)).ToList();
        var ends = await new AdminClient(cluster).ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest), isolation);
        await using var consumer = new PartitionConsumer(cluster, new FetchOptions { Isolation = isolation, MaxWait = TimeSpan.FromMilliseconds(1) });
        await consumer.AssignAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Earliest));
        var values = new List<string>();
        while (partitions.Exists(p => consumer.Position(p) < ends[p].Offset))
        {
            using var polled = await consumer.PollAsync(Short);
            foreach (var record in polled) values.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
        }

        return values;
    }

    /// <summary>A transport to a cluster whose version of transactions is another one.</summary>
    private sealed class VersionedTransport(IBrokerTransport inner, short version) : IBrokerTransport
    {
        public IReadOnlyList<BrokerAddress> Bootstrap => inner.Bootstrap;

        public async ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default) => new Connection(await inner.ConnectAsync(address, cancellation), version);

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private sealed class Connection(IBrokerConnection inner, short version) : IBrokerConnection
        {
            public BrokerAddress Address => inner.Address;

            public bool IsOpen => inner.IsOpen;

            public short TransactionVersion => version;

            public short VersionOf(ApiKey api) => inner.VersionOf(api);

            public ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default) => inner.SendAsync(request, timeout, highest, cancellation);

            public ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default) => inner.SendOneWayAsync(request, cancellation);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
