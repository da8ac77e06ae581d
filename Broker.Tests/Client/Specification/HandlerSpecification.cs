using System.Collections.Concurrent;
using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Consumer.Handling;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Specification;

public sealed class HandlerOnEmbeddedTests(EmbeddedCluster cluster) : HandlerSpecification(cluster), IClassFixture<EmbeddedCluster>;

public sealed class HandlerOnWireTests(WireCluster cluster) : HandlerSpecification(cluster), IClassFixture<WireCluster>;

public sealed class HandlerOnActorsTests(ActorCluster cluster) : HandlerSpecification(cluster), IClassFixture<ActorCluster>;

/// <summary>What an application may expect of the handler loop, whatever cluster it reads from.</summary>
public abstract class HandlerSpecification(SpecCluster cluster) : ClientSpecification(cluster)
{
    [Fact(Timeout = Patience)]
    public async Task Records_are_handled_side_by_side_those_of_a_key_in_order_and_all_is_committed_at_the_end()
    {
        var topic = await TopicAsync(4);
        await Produce(topic, 400);
        var options = Options();
        var seen = new ConcurrentQueue<(string Key, int Value)>();
        var (running, most) = (0, 0);
        await Handle(options, topic, new HandlerOptions { Parallelism = 8, MaxInFlight = 50 }, async (record, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            for (var i = record.Value % 5; i > 0; i--) await Task.Yield();
            seen.Enqueue((record.Key, record.Value));
            Interlocked.Decrement(ref running);
        }, () => seen.Count == 400);
        Assert.Equal(Enumerable.Range(0, 400), seen.Select(s => s.Value).Order());
        Assert.All(seen.GroupBy(s => s.Key), key => Assert.Equal(key.Select(s => s.Value).Order(), key.Select(s => s.Value)));
        Assert.InRange(most, 2, 8);
        Assert.Equal(400, (await Client.Admin.ListGroupOffsetsAsync(options.GroupId!)).Values.Sum(o => o.Offset));
        Assert.Equal("Empty", (await Client.Admin.DescribeGroupAsync(options.GroupId!)).State);
    }

    [Fact(Timeout = Patience)]
    public async Task A_handler_that_throws_is_tried_again_and_then_the_record_goes_to_the_dead_letters()
    {
        var (topic, dead) = (await TopicAsync(), await TopicAsync());
        await Produce(topic, 20);
        var options = Options();
        var tries = new ConcurrentDictionary<int, int>();
        var handled = new ConcurrentQueue<int>();
        await Handle(options, topic, new HandlerOptions { Retries = 2, RetryBackoff = TimeSpan.FromMilliseconds(1), DeadLetterTopic = dead }, (record, _) =>
        {
            var count = tries.AddOrUpdate(record.Value, 1, (_, n) => n + 1);
            if (record.Value == 7 || (record.Value == 9 && count < 3)) throw new InvalidOperationException($"not {record.Value}");
            handled.Enqueue(record.Value);
            return default;
        }, () => handled.Count == 19);
        Assert.Equal((3, 3, 1), (tries[7], tries[9], tries[8]));
        Assert.Equal(Enumerable.Range(0, 20).Except([7]), handled.Order());
        var letter = Assert.Single(await ReadAsync(dead));
        Assert.Equal([0, 0, 0, 7], letter.Value);
        Assert.Equal("7", letter.Headers.Where(h => h.Name == "akkastream.origin.offset").Select(h => Encoding.UTF8.GetString(h.Value!)).Single());
        Assert.Equal("InvalidOperationException: not 7", letter.Headers.Where(h => h.Name == "akkastream.error").Select(h => Encoding.UTF8.GetString(h.Value!)).Single());
        Assert.Equal(20, (await Client.Admin.ListGroupOffsetsAsync(options.GroupId!)).Values.Sum(o => o.Offset));
    }

    [Fact(Timeout = Patience)]
    public async Task Without_dead_letters_the_loop_ends_and_nothing_is_committed_beyond_the_record()
    {
        var topic = await TopicAsync();
        await Produce(topic, 20);
        var options = Options();
        var failed = await Assert.ThrowsAsync<HandlerException>(() => Handle(options, topic, new HandlerOptions { Retries = 0 }, (record, _) => record.Value == 5 ? throw new InvalidOperationException("mine") : default, () => false));
        Assert.Equal((5, "mine"), (failed.Offset, failed.InnerException!.Message));
        Assert.Equal(5, (await Client.Admin.ListGroupOffsetsAsync(options.GroupId!))[new TopicPartition(topic, 0)].Offset);
        var again = new ConcurrentQueue<int>();
        await Handle(options, topic, new HandlerOptions(), (record, _) =>
        {
            again.Enqueue(record.Value);
            return default;
        }, () => again.Count == 15);
        Assert.Equal(Enumerable.Range(5, 15), again.Order());
    }

    [Theory(Timeout = Patience)]
    [InlineData(GroupProtocol.Classic)]
    [InlineData(GroupProtocol.Consumer)]
    public async Task Members_that_come_and_go_leave_no_record_out(GroupProtocol protocol)
    {
        var topic = await TopicAsync(4);
        var options = Options() with { GroupProtocol = protocol };
        var handled = new ConcurrentDictionary<int, int>();
        var stop = new CancellationTokenSource();
        var first = Member();
        await Produce(topic, 200);
        await Eventually.Holds(() => handled.Count >= 50, "the first handles");
        var second = Member();
        var third = Member();
        await Produce(topic, 200, 200);
        await Eventually.Holds(() => handled.Count == 400, "all is handled");
        stop.Cancel();
        await Task.WhenAll(first, second, third);
        Assert.Equal(400, (await Client.Admin.ListGroupOffsetsAsync(options.GroupId!)).Values.Sum(o => o.Offset));

        async Task Member()
        {
            await using var consumer = Client.CreateConsumer<string, int>(options);
            consumer.Subscribe(topic);
            await consumer.HandleAsync(async (record, _) =>
            {
                await Task.Yield();
                handled.AddOrUpdate(record.Value, 1, (_, n) => n + 1);
            }, new HandlerOptions { Parallelism = 4 }, stop.Token);
        }
    }

    private static ConsumerOptions Options() => new() { GroupId = SpecCluster.Fresh("group"), AutoOffsetReset = AutoOffsetReset.Earliest, HeartbeatInterval = TimeSpan.FromMilliseconds(50) };

    private async Task Handle(ConsumerOptions options, string topic, HandlerOptions handling, Func<ConsumeResult<string, int>, CancellationToken, ValueTask> handler, Func<bool> isEnough)
    {
        await using var consumer = Client.CreateConsumer<string, int>(options);
        consumer.Subscribe(topic);
        using var stop = new CancellationTokenSource();
        var loop = consumer.HandleAsync(handler, handling, stop.Token);
        await Eventually.Holds(() => loop.IsCompleted || isEnough(), "enough is handled");
        stop.Cancel();
        await loop;
    }

    private async Task Produce(string topic, int count, int from = 0)
    {
        await using var producer = Client.CreateProducer<string, int>();
        for (var i = from; i < from + count; i++) await producer.EnqueueAsync(topic, $"k{i % 10}", i);
        await producer.FlushAsync();
    }
}
