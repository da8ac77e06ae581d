using System.Text;
using System.Text.Json.Serialization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Serialization;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Specification;

public sealed class ConsumerOnEmbeddedTests(EmbeddedCluster cluster) : ConsumerSpecification(cluster), IClassFixture<EmbeddedCluster>;

public sealed class ConsumerOnWireTests(WireCluster cluster) : ConsumerSpecification(cluster), IClassFixture<WireCluster>;

public sealed class ConsumerOnActorsTests(ActorCluster cluster) : ConsumerSpecification(cluster), IClassFixture<ActorCluster>;

/// <summary>What an application may expect of a consumer, whatever cluster it reads from.</summary>
public abstract class ConsumerSpecification(SpecCluster cluster) : ClientSpecification(cluster)
{
    [Theory(Timeout = Patience)]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task Stopping_commits_what_was_handled_and_leaves_so_that_the_next_one_goes_on_there(GroupProtocol protocol)
    {
        var topic = await TopicAsync(2);
        await Produce(topic, 0, 100);
        var options = Options(protocol);
        var first = await Read(options, topic, 60);
        Assert.Equal("Empty", (await Client.Admin.DescribeGroupAsync(options.GroupId!)).State);
        Assert.Equal(60, (await Client.Admin.ListGroupOffsetsAsync(options.GroupId!)).Values.Sum(o => o.Offset));
        Assert.Equal(Numbers(0, 100), first.Concat(await Read(options, topic, 40)).OrderBy(int.Parse));
    }

    [Theory(Timeout = Patience)]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task A_member_with_a_name_of_its_own_keeps_its_place_while_it_is_away(GroupProtocol protocol)
    {
        var topic = await TopicAsync();
        await Produce(topic, 0, 20);
        var options = Options(protocol) with { GroupInstanceId = "one" };
        Assert.Equal(Numbers(0, 10), await Read(options, topic, 10));
        var away = Assert.Single((await Client.Admin.DescribeGroupAsync(options.GroupId!)).Members);
        Assert.Equal("one", away.InstanceId);
        Assert.Equal(Numbers(10, 20), await Read(options, topic, 10));
        Assert.Equal("one", Assert.Single((await Client.Admin.DescribeGroupAsync(options.GroupId!)).Members).InstanceId);

        // One that will not come back is put out by hand.
        if (protocol == GroupProtocol.Consumer) return;
        var gone = await Client.Admin.RemoveGroupMembersAsync(options.GroupId!, ["one", "two"]);
        Assert.Equal([("one", ErrorCode.None), ("two", ErrorCode.UnknownMemberId)], gone.Select(g => (g.Item, g.Error)));
        var left = await Client.Admin.DescribeGroupAsync(options.GroupId!);
        Assert.Equal(("Empty", 0), (left.State, left.Members.Count));
    }

    [Fact(Timeout = Patience)]
    public async Task A_record_in_whose_handling_the_application_fails_comes_again()
    {
        var topic = await TopicAsync();
        await Produce(topic, 0, 10);
        var options = Options();
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var consumer = Consumer(options, topic);
            await foreach (var record in consumer.ConsumeAsync())
            {
                if (record.Value == "4") throw new InvalidOperationException("the application");
            }
        });
        Assert.Equal(Numbers(4, 10), await Read(options, topic, 6));
    }

    [Fact(Timeout = Patience)]
    public async Task Breaking_off_keeps_the_place_and_another_loop_goes_on_behind_the_last_record()
    {
        var topic = await TopicAsync();
        await Produce(topic, 0, 10);
        await using var consumer = Consumer(Options(), topic);
        var seen = new List<string>();
        for (var loop = 0; loop < 5; loop++)
        {
            await foreach (var record in consumer.ConsumeAsync())
            {
                seen.Add(record.Value);
                if (seen.Count % 2 == 0) break;
            }
        }

        Assert.Equal(Numbers(0, 10), seen);
    }

    [Fact(Timeout = Patience)]
    public async Task Batches_are_of_one_partition_in_order_and_no_larger_than_asked_for()
    {
        var topic = await TopicAsync(3);
        await Produce(topic, 0, 300);
        await using var consumer = Consumer(Options() with { MaxPollRecords = 40 }, topic);
        using var stop = new CancellationTokenSource();
        var seen = new List<int>();
        await foreach (var batch in consumer.ConsumeBatchesAsync(stop.Token))
        {
            Assert.InRange(batch.Count, 1, 40);
            Assert.All(batch, r => Assert.Equal(batch.Partition, r.Partition));
            Assert.Equal(Enumerable.Range(0, batch.Count).Select(i => batch[0].Offset + i), batch.Select(r => r.Offset));
            seen.AddRange(batch.Select(r => int.Parse(r.Value)));
            if (seen.Count == 300) stop.Cancel();
        }

        Assert.Equal(Enumerable.Range(0, 300), seen.Order());
    }

    [Fact(Timeout = Patience)]
    public async Task Seek_pause_resume_position_and_lag()
    {
        var topic = await TopicAsync(2);
        await Produce(topic, 0, 40);
        var (first, second) = (new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        await using var consumer = Client.CreateConsumer<Nothing, string>();
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [first] = OffsetSpec.Earliest, [second] = 15 });
        Assert.Equal((0, 15), (consumer.Position(first), consumer.Position(second)));
        consumer.Pause(first);
        var seen = new List<string>();
        await foreach (var record in consumer.ConsumeAsync())
        {
            seen.Add($"{record.Partition.Partition}:{record.Offset}");
            switch (seen.Count)
            {
                case 5:
                    Assert.Equal((20, 0), (consumer.Position(second), consumer.Lag(second)));
                    consumer.Seek(second, 18);
                    consumer.Resume(first);
                    break;
                case 10:
                    consumer.Pause(first, second);
                    Assert.Equal([first, second], consumer.Paused.OrderBy(p => p.Partition));
                    consumer.Resume(first, second);
                    break;
            }

            if (seen.Count == 27) break;
        }

        // Twice what was sought back to, everything else once.
        Assert.Equal(["1:15", "1:16", "1:17", "1:18", "1:19"], seen.Take(5));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"0:{i}"), seen.Skip(5).Where(s => s[0] == '0'));
        Assert.Equal(["1:18", "1:19"], seen.Skip(5).Where(s => s[0] == '1'));
        await consumer.SeekToEndAsync([first]);
        Assert.Equal((20, 0), (consumer.Position(first), consumer.Lag(first)));
        await consumer.SeekToBeginningAsync([first, second]);
        Assert.Equal((0, 20), (consumer.Position(second), consumer.Lag(second)));
        Assert.Throws<InvalidOperationException>(() => consumer.Position(new TopicPartition(topic, 2)));
    }

    [Fact(Timeout = Patience)]
    public async Task Offsets_are_found_by_time_and_at_both_ends()
    {
        var topic = await TopicAsync();
        var partition = new TopicPartition(topic, 0);
        var begin = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 1_000_000);
        await using (var producer = Client.CreateProducer<Nothing, int>())
        {
            for (var i = 0; i < 10; i++) await producer.SendAsync(new Message<Nothing, int>(topic, default, i) { Timestamp = begin.AddSeconds(i * 100) });
        }

        await using var consumer = Client.CreateConsumer<Nothing, int>();
        Assert.Equal(4, (await consumer.OffsetsForTimesAsync(new Dictionary<TopicPartition, DateTimeOffset> { [partition] = begin.AddSeconds(301) }))[partition]);
        Assert.Null((await consumer.OffsetsForTimesAsync(new Dictionary<TopicPartition, DateTimeOffset> { [partition] = begin.AddDays(1) }))[partition]);
        Assert.Equal((0, 10), ((await consumer.BeginningOffsetsAsync([partition]))[partition], (await consumer.EndOffsetsAsync([partition]))[partition]));

        // The youngest 250 seconds: 7 is from 300 before the end of this thousand, 8 from 200.
        await using var young = Client.CreateConsumer<Nothing, int>(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.ByDuration(TimeSpan.FromSeconds(250)) });
        await young.AssignAsync([partition]);
        Assert.Equal(8, young.Position(partition));
        await using var none = Client.CreateConsumer<Nothing, int>(new ConsumerOptions { GroupId = SpecCluster.Fresh("group"), AutoOffsetReset = AutoOffsetReset.None });
        var missing = await Assert.ThrowsAsync<NoOffsetException>(async () => await none.AssignAsync([partition]));
        Assert.Equal([partition], missing.Partitions);
    }

    [Fact(Timeout = Patience)]
    public async Task Commits_by_record_in_the_background_and_of_everything_that_was_given()
    {
        var topic = await TopicAsync();
        var partition = new TopicPartition(topic, 0);
        await Produce(topic, 0, 10);
        var options = Options() with { EnableAutoCommit = false };
        await using (var consumer = Consumer(options, topic))
        {
            var done = new TaskCompletionSource<Exception?>();
            await foreach (var record in consumer.ConsumeAsync())
            {
                if (record.Offset == 2) await consumer.CommitAsync(record);
                if (record.Offset == 3) Assert.Equal(3, (await consumer.CommittedAsync([partition]))[partition].Offset);
                if (record.Offset == 5) consumer.CommitInBackground(failure => done.SetResult(failure));
                if (record.Offset == 6) break;
            }

            Assert.Null(await done.Task.WaitAsync(Eventually.Patience));
            Assert.Equal(6, (await consumer.CommittedAsync([partition]))[partition].Offset);
            await consumer.CommitAsync();
            Assert.Equal(7, (await consumer.CommittedAsync([partition]))[partition].Offset);
        }

        // Nothing is committed by itself.
        Assert.Equal(Numbers(7, 10), await Read(options, topic, 3));
    }

    [Fact(Timeout = Patience)]
    public async Task Callbacks_are_awaited_and_may_commit_while_partitions_go_to_another_member()
    {
        var topic = await TopicAsync(4);
        await Produce(topic, 0, 40);
        var options = Options() with { EnableAutoCommit = false };
        var log = new List<string>();
        Consumer<Nothing, string>? first = null;
        first = new Consumer<Nothing, string>(Client.Cluster, options)
        {
            PartitionsAssigned = async (partitions, token) =>
            {
                await Task.Yield();
                log.Add($"+{partitions.Count}");
            },
            PartitionsRevoked = async (partitions, token) =>
            {
                await first!.CommitAsync(token);
                log.Add($"-{partitions.Count}");
            },
        };
        first.Subscribe(topic);
        var seen = new List<string>();
        using var stop = new CancellationTokenSource();
        var reading = Collect(first, seen, stop.Token);
        await Eventually.Holds(() => Count(seen) == 40, "the first reads all");
        await using (var second = Consumer(options, topic))
        {
            using var stopSecond = new CancellationTokenSource();
            var other = new List<string>();
            var readingOther = Collect(second, other, stopSecond.Token);
            await Eventually.Holds(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, "they share");
            await Produce(topic, 40, 80);
            await Eventually.Holds(() => Count(seen) + Count(other) == 80, "both read");
            stopSecond.Cancel();
            await readingOther;
            Assert.Empty(seen.Intersect(other));
        }

        stop.Cancel();
        await reading;
        Assert.Equal("+4", log[0]);
        Assert.Contains("-4", log);
    }

    [Theory(Timeout = Patience)]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task A_pattern_reads_topics_that_come_later_too(GroupProtocol protocol)
    {
        var prefix = SpecCluster.Fresh("pattern");
        await Client.Admin.CreateTopicsAsync([new NewTopic($"{prefix}.a", 1), new NewTopic($"other.{prefix}.a", 1)]);
        await using var consumer = Client.CreateConsumer<Nothing, string>(Options(protocol) with { MetadataMaxAge = TimeSpan.FromMilliseconds(100) });
        consumer.SubscribePattern($"{prefix}\\..*");
        var seen = new List<string>();
        using var stop = new CancellationTokenSource();
        var reading = Collect(consumer, seen, stop.Token);
        await Produce($"{prefix}.a", 0, 1);
        await Eventually.Holds(() => Count(seen) == 1, "the first topic is read");
        await Client.Admin.CreateTopicsAsync([new NewTopic($"{prefix}.b", 1)]);
        await Produce($"{prefix}.b", 1, 2);
        await Produce($"other.{prefix}.a", 2, 3);
        await Eventually.Holds(() => Count(seen) == 2, "the second topic is read");
        stop.Cancel();
        await reading;
        Assert.Equal(["0", "1"], seen);
    }

    [Fact(Timeout = Patience)]
    public async Task Bad_records_are_thrown_skipped_or_parked_as_told()
    {
        var topic = await TopicAsync();
        var parking = await TopicAsync();
        await using (var producer = Client.CreateProducer<Nothing, byte[]>())
        {
            foreach (byte[] value in (byte[][])[[0, 0, 0, 1], [9], [0, 0, 0, 3], null!, [0, 0, 0, 5]]) await producer.SendAsync(topic, default, value);
        }

        var (read, thrown) = await ReadThrowing(topic);
        Assert.Equal([1, 3, 5], read);
        Assert.Equal([1, 3], thrown);
        var told = new List<long>();
        Assert.Equal([1, 3, 5], await Values(topic, BadRecords.Skip(bad => told.Add(bad.Offset))));
        Assert.Equal([1, 3], told);
        Assert.Equal([1, 3, 5], await Values(topic, BadRecords.Park(parking)));
        var parked = await ReadAsync(parking);
        Assert.Equal(2, parked.Count);
        Assert.Equal([9], parked[0].Value);
        Assert.Null(parked[1].Value);
        var headers = parked[0].Headers.ToDictionary(h => h.Name, h => Encoding.UTF8.GetString(h.Value!));
        Assert.Equal((topic, "0", "1"), (headers["akkastream.origin.topic"], headers["akkastream.origin.partition"], headers["akkastream.origin.offset"]));
        Assert.Contains("Int32 is 4 byte(s), and 1 came", headers["akkastream.error"]);
    }

    [Fact(Timeout = Patience)]
    public async Task Json_goes_by_a_source_generated_context()
    {
        var topic = await TopicAsync();
        var serde = Serdes.Json(SpecJson.Default.Place);
        await using (var producer = Client.CreateProducer<Guid, Place>(values: serde)) await producer.SendAsync(topic, Guid.Empty, new Place("Ulm", 7));
        Assert.Equal("{\"Name\":\"Ulm\",\"Number\":7}", (await ReadAsync(topic))[0].Text);
        await using var consumer = Client.CreateConsumer<Guid, Place>(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest }, values: serde);
        await consumer.AssignAsync([new TopicPartition(topic, 0)]);
        await foreach (var record in consumer.ConsumeAsync())
        {
            Assert.Equal((Guid.Empty, new Place("Ulm", 7)), (record.Key, record.Value));
            break;
        }
    }

    [Fact(Timeout = Patience)]
    public async Task What_is_read_and_what_comes_of_it_are_committed_together()
    {
        var (source, target) = (await TopicAsync(), await TopicAsync());
        await Produce(source, 0, 20);
        var options = Options() with { EnableAutoCommit = false, IsolationLevel = Isolation.ReadCommitted };
        await using var producer = Client.CreateProducer<Nothing, string>(new ProducerOptions { TransactionalId = SpecCluster.Fresh("tx") });
        for (var life = 0; life < 2; life++)
        {
            await using var consumer = Consumer(options with { MaxPollRecords = 5 }, source);
            var batches = 0;
            await foreach (var batch in consumer.ConsumeBatchesAsync())
            {
                await using var transaction = await producer.BeginTransactionAsync();
                foreach (var record in batch) await producer.EnqueueAsync(target, default, record.Value + "!");
                await transaction.SendOffsetsAsync(consumer.OffsetsToCommit(), consumer.GroupMetadata);
                // The last batch of the first life is given up: the second life does it again.
                await producer.FlushAsync();
                if (life == 0 && batches == 2) break;
                await transaction.CommitAsync();
                if (++batches + (life * 2) == 4) break;
            }
        }

        Assert.Equal(Numbers(0, 20).Select(n => n + "!"), (await CommittedAsync(target, 20)).Select(r => r.Text));
        Assert.Equal(25, (await ReadAsync(target, Isolation.ReadUncommitted)).Count);
    }

    [Fact(Timeout = Patience)]
    public async Task What_was_given_last_is_given_again_after_a_rewind()
    {
        var topic = await TopicAsync();
        await Produce(topic, 0, 10);
        await using var consumer = Consumer(Options() with { MaxPollRecords = 4 }, topic);
        var seen = new List<string>();
        await foreach (var batch in consumer.ConsumeBatchesAsync())
        {
            seen.Add($"{batch[0].Offset}+{batch.Count}");
            if (seen.Count == 2) consumer.Rewind();
            if (seen.Count == 4) break;
        }

        Assert.Equal(["0+4", "4+4", "4+4", "8+2"], seen);
    }

    [Fact(Timeout = Patience)]
    public async Task What_cannot_be_done_is_said_in_a_sentence()
    {
        await using var alone = Client.CreateConsumer<Nothing, string>();
        Assert.Contains("GroupId", Assert.Throws<InvalidOperationException>(() => alone.Subscribe("t")).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var record in alone.ConsumeAsync()) Assert.Fail($"{record.Offset}");
        });
        Assert.Throws<ArgumentException>(() => Client.CreateConsumer<Nothing, Place>());
        await using var wrong = Consumer(Options() with { SessionTimeout = TimeSpan.FromHours(5) }, await TopicAsync());
        var refused = await Assert.ThrowsAsync<BrokerException>(async () =>
        {
            await foreach (var record in wrong.ConsumeAsync()) Assert.Fail($"{record.Offset}");
        });
        Assert.Equal((ErrorCode.InvalidSessionTimeout, ErrorKind.Refused), (refused.Code, refused.Kind));
    }

    private static ConsumerOptions Options(GroupProtocol protocol = GroupProtocol.Classic) => new()
    {
        GroupId = SpecCluster.Fresh("group"),
        GroupProtocol = protocol,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        HeartbeatInterval = TimeSpan.FromMilliseconds(50),
    };

    private Consumer<Nothing, string> Consumer(ConsumerOptions options, string topic)
    {
        var consumer = Client.CreateConsumer<Nothing, string>(options);
        consumer.Subscribe(topic);
        return consumer;
    }

    private async Task<List<string>> Read(ConsumerOptions options, string topic, int count)
    {
        await using var consumer = Consumer(options, topic);
        using var stop = new CancellationTokenSource();
        var seen = new List<string>();
        await foreach (var record in consumer.ConsumeAsync(stop.Token))
        {
            seen.Add(record.Value);
            if (seen.Count == count) stop.Cancel();
        }

        return [.. seen.OrderBy(int.Parse)];
    }

    // What the loop gave, and the offsets at which it threw, until all was read.
    private async Task<(List<int> Read, List<long> Thrown)> ReadThrowing(string topic)
    {
        await using var consumer = Client.CreateConsumer<Nothing, int>();
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(topic, 0)] = 0 });
        var (read, thrown) = (new List<int>(), new List<long>());
        while (read.Count < 3)
        {
            if (await Record.ExceptionAsync(ReadThree) is BadRecordException bad) thrown.Add(bad.Offset);
        }

        return (read, thrown);

        async Task ReadThree()
        {
            await foreach (var record in consumer.ConsumeAsync())
            {
                read.Add(record.Value);
                if (read.Count == 3) break;
            }
        }
    }

    private async Task<List<int>> Values(string topic, BadRecords policy)
    {
        await using var consumer = Client.CreateConsumer<Nothing, int>(new ConsumerOptions { BadRecords = policy });
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new(topic, 0)] = 0 });
        var values = new List<int>();
        await foreach (var batch in consumer.ConsumeBatchesAsync())
        {
            values.AddRange(batch.Select(r => r.Value));
            if (values.Count == 3) break;
        }

        return values;
    }

    private static async Task Collect(Consumer<Nothing, string> consumer, List<string> seen, CancellationToken stop)
    {
        await foreach (var record in consumer.ConsumeAsync(stop))
        {
            lock (seen) seen.Add(record.Value);
        }
    }

    private static int Count(List<string> seen)
    {
        lock (seen) return seen.Count;
    }

    private async Task Produce(string topic, int from, int to)
    {
        await using var producer = Client.CreateProducer<Nothing, string>(new ProducerOptions { Partitioner = new RoundRobin() });
        for (var i = from; i < to; i++) await producer.EnqueueAsync(topic, default, $"{i}");
        await producer.FlushAsync();
    }

    private static IEnumerable<string> Numbers(int from, int to) => Enumerable.Range(from, to - from).Select(i => $"{i}");
}

/// <summary>A value for JSON.</summary>
public sealed record Place(string Name, int Number);

[JsonSerializable(typeof(Place))]
internal sealed partial class SpecJson : JsonSerializerContext;
