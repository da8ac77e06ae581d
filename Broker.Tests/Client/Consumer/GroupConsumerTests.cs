using System.Text;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>The client's group consumer against a broker in this process.</summary>
public sealed class GroupConsumerTests : IAsyncLifetime
{
    private readonly BrokerUnderTest broker = new(
        ("group.initial.rebalance.delay.ms", "0"), ("group.min.session.timeout.ms", "100"), ("num.partitions", "4"), ("group.consumer.min.heartbeat.interval.ms", "50"),
        ("group.consumer.heartbeat.interval.ms", "50"), ("group.consumer.assignment.interval.ms", "0"), ("offsets.topic.num.partitions", "1"));

    private ClusterClient cluster = null!;
    private AdminClient admin = null!;

    public async Task InitializeAsync()
    {
        cluster = new ClusterClient(new WireTransport([new BrokerAddress("127.0.0.1", broker.Port)]));
        admin = new AdminClient(cluster);
        await admin.CreateTopicsAsync([new NewTopic("t", 4)]);
    }

    public async Task DisposeAsync()
    {
        await cluster.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Theory]
    [InlineData("range")]
    [InlineData("cooperative-sticky")]
    [InlineData("consumer")]
    public async Task Members_share_partitions_and_one_takes_over_what_another_leaves(string assignor)
    {
        await Produce(0, 100);
        var seen = new HashSet<string>();
        await using var first = Member(assignor);
        await Until(() => first.Partitions.Count == 4 && seen.Count == 100, first, seen);
        await using (var second = Member(assignor))
        {
            await Until(() => first.Partitions.Count == 2 && second.Partitions.Count == 2, first, seen, second);
            Assert.Empty(first.Partitions.Intersect(second.Partitions));
            await Produce(100, 200);
            await Until(() => seen.Count == 200, first, seen, second);
        }

        await Until(() => first.Partitions.Count == 4, first, seen);
        await Produce(200, 300);
        await Until(() => seen.Count == 300, first, seen);
        var described = await admin.DescribeGroupAsync("g");
        Assert.Equal(assignor == "consumer" ? ("consumer", "Stable", "uniform") : ("classic", "Stable", assignor), (described.Type, described.State, described.Assignor));
        Assert.Equal(first.MemberId, Assert.Single(described.Members).Id);
    }

    [Theory]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task Whoever_comes_next_goes_on_where_the_last_one_committed(string assignor)
    {
        await Produce(0, 50);
        var seen = new HashSet<string>();
        await using (var first = Member(assignor)) await Until(() => seen.Count == 50, first, seen);
        Assert.Equal(50, (await admin.ListGroupOffsetsAsync("g")).Values.Sum(o => o.Offset));
        await Produce(50, 60);
        var later = new HashSet<string>();
        await using (var second = Member(assignor)) await Until(() => later.Count == 10, second, later);
        Assert.Empty(seen.Intersect(later));
        await admin.AlterGroupOffsetsAsync("g", Enumerable.Range(0, 4).ToDictionary(p => new TopicPartition("t", p), _ => 0L));
        var again = new HashSet<string>();
        await using (var third = Member(assignor)) await Until(() => again.Count == 60, third, again);
        await admin.DeleteGroupAsync("g");
        Assert.Empty(await admin.ListGroupsAsync([], []));
    }

    [Theory]
    [InlineData("range")]
    [InlineData("consumer")]
    public async Task A_member_that_is_not_polled_loses_its_partitions_and_hears_of_it(string assignor)
    {
        await Produce(0, 10);
        var seen = new HashSet<string>();
        var lost = new List<TopicPartition>();
        await using var idle = Member(assignor, TimeSpan.FromMilliseconds(500), lost.AddRange);
        await Until(() => seen.Count == 10, idle, seen);
        await Eventually.Holds(async () => (await admin.DescribeGroupAsync("g")).State == "Empty", "the group has put the idle member out");
        await Until(() => lost.Count >= 4 && idle.Partitions.Count == 4, idle, seen);
    }

    [Fact]
    public async Task A_group_goes_over_to_the_new_protocol_and_back_without_a_record_lost_or_read_twice()
    {
        await Produce(0, 100);
        var seen = new HashSet<string>();
        await using var old = Member("cooperative-sticky");
        await Until(() => old.Partitions.Count == 4 && seen.Count == 100, old, seen);
        await using (var young = Member("consumer"))
        {
            await Until(() => old.Partitions.Count == 2 && young.Partitions.Count == 2, old, seen, young);
            Assert.Equal("consumer", (await admin.DescribeGroupAsync("g")).Type);
            await Produce(100, 200);
            await Until(() => seen.Count == 200, old, seen, young);
        }

        await Until(() => old.Partitions.Count == 4, old, seen);
        Assert.Equal("classic", (await admin.DescribeGroupAsync("g")).Type);
        await Produce(200, 210);
        await Until(() => seen.Count == 210, old, seen);
    }

    [Fact]
    public async Task Topics_that_fit_a_pattern_are_read_as_they_come_and_a_static_member_keeps_its_place()
    {
        await Produce(0, 4);
        var seen = new HashSet<string>();
        var options = Options("consumer") with { Topics = [], Pattern = "t.*", InstanceId = "one", ServerAssignor = "range" };
        string id;
        await using (var first = new GroupConsumer(cluster, options))
        {
            await Until(() => seen.Count == 4, first, seen);
            await admin.CreateTopicsAsync([new NewTopic("t2", 1), new NewTopic("other", 1)]);
            await Until(() => first.Partitions.Count == 5, first, seen);
            id = first.MemberId;
        }

        // Closed, not gone: the coordinator keeps the place until the session ends.
        Assert.Equal((id, 5), (await admin.DescribeGroupAsync("g")).Members is [var away] ? (away.Id, away.Partitions.Count) : default);
        await using var second = new GroupConsumer(cluster, options);
        await Until(() => second.Partitions.Count == 5, second, seen);
        await using var third = new GroupConsumer(cluster, options);
        var refused = await Assert.ThrowsAsync<BrokerException>(async () => await Until(() => false, third, seen));
        Assert.Equal(ErrorCode.UnreleasedInstanceId, refused.Code);
    }

    [Fact]
    public async Task A_topic_that_grows_is_divided_anew()
    {
        await using var first = new GroupConsumer(cluster, Options("range") with { TopicsInterval = TimeSpan.FromMilliseconds(100) });
        await Until(() => first.Partitions.Count == 4, first, []);
        await admin.CreatePartitionsAsync("t", 6);
        await Until(() => first.Partitions.Count == 6, first, []);
    }

    [Fact]
    public async Task What_can_never_work_is_told()
    {
        await using var consumer = new GroupConsumer(cluster, new GroupOptions { GroupId = "g", Topics = ["t"], SessionTimeout = TimeSpan.FromHours(2) });
        var refused = await Assert.ThrowsAsync<BrokerException>(async () =>
        {
            while (true)
            {
                using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(50));
            }
        });
        Assert.Equal(ErrorCode.InvalidSessionTimeout, refused.Code);
    }

    private GroupConsumer Member(string assignor, TimeSpan? maxPoll = null, Action<IReadOnlyList<TopicPartition>>? lost = null)
        => new(cluster, Options(assignor) with { MaxPollInterval = maxPoll ?? TimeSpan.FromMinutes(1) }) { Lost = lost is null ? null : (partitions, _) => { lost(partitions); return default; } };

    private static GroupOptions Options(string assignor) => new()
    {
        GroupId = "g",
        Topics = ["t"],
        HeartbeatInterval = TimeSpan.FromMilliseconds(50),
        Reset = AutoOffsetReset.Earliest,
        Protocol = assignor == "consumer" ? GroupProtocol.Consumer : GroupProtocol.Classic,
        Assignors = [assignor == "range" ? new RangeAssignor() : new CooperativeStickyAssignor()],
    };

    private async Task Produce(int from, int to)
    {
        await using var producer = new RecordProducer(cluster);
        await Task.WhenAll(Enumerable.Range(from, to - from).Select(i => producer.SendAsync(new ProducerRecord("t", Encoding.UTF8.GetBytes($"{i}")) { Partition = i % 4 }).AsTask()));
    }

    // Polls all members in turn until it holds.
    private static async Task Until(Func<bool> holds, GroupConsumer first, HashSet<string> seen, GroupConsumer? second = null)
        => await Eventually.Holds(async () =>
        {
            foreach (var consumer in second is null ? [first] : (GroupConsumer[])[first, second])
            {
                using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(20));
                foreach (var record in polled) seen.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
            }

            return holds();
        }, "the group is as it should be");
}
