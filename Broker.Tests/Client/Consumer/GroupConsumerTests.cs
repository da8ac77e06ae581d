using System.Text;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Consumer;

/// <summary>The client's group consumer against a broker in this process.</summary>
public sealed class GroupConsumerTests : IAsyncLifetime
{
    private readonly BrokerUnderTest broker = new(("group.initial.rebalance.delay.ms", "0"), ("group.min.session.timeout.ms", "100"), ("num.partitions", "4"));
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
        Assert.Equal(("classic", "Stable", assignor), (described.Type, described.State, described.Assignor));
        Assert.Equal(first.MemberId, Assert.Single(described.Members).Id);
    }

    [Fact]
    public async Task Whoever_comes_next_goes_on_where_the_last_one_committed()
    {
        await Produce(0, 50);
        var seen = new HashSet<string>();
        await using (var first = Member("range")) await Until(() => seen.Count == 50, first, seen);
        Assert.Equal(50, (await admin.ListGroupOffsetsAsync("g")).Values.Sum(o => o.Offset));
        await Produce(50, 60);
        var later = new HashSet<string>();
        await using (var second = Member("range")) await Until(() => later.Count == 10, second, later);
        Assert.Empty(seen.Intersect(later));
        await admin.AlterGroupOffsetsAsync("g", Enumerable.Range(0, 4).ToDictionary(p => new TopicPartition("t", p), _ => 0L));
        var again = new HashSet<string>();
        await using (var third = Member("range")) await Until(() => again.Count == 60, third, again);
        await admin.DeleteGroupAsync("g");
        Assert.Empty(await admin.ListGroupsAsync([], []));
    }

    [Fact]
    public async Task A_member_that_is_not_polled_loses_its_partitions_and_hears_of_it()
    {
        await Produce(0, 10);
        var seen = new HashSet<string>();
        var lost = new List<TopicPartition>();
        await using var idle = Member("range", TimeSpan.FromMilliseconds(500), lost.AddRange);
        await Until(() => seen.Count == 10, idle, seen);
        await Eventually.Holds(async () => (await admin.DescribeGroupAsync("g")).State == "Empty", "the group has put the idle member out");
        await Until(() => lost.Count >= 4 && idle.Partitions.Count == 4, idle, seen);
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
    {
        var options = new GroupOptions
        {
            GroupId = "g",
            Topics = ["t"],
            HeartbeatInterval = TimeSpan.FromMilliseconds(50),
            StartAt = OffsetSpec.Earliest,
            MaxPollInterval = maxPoll ?? TimeSpan.FromMinutes(1),
            Assignors = [assignor == "range" ? new RangeAssignor() : new CooperativeStickyAssignor()],
        };
        return new GroupConsumer(cluster, options) { Lost = lost };
    }

    private async Task Produce(int from, int to)
    {
        await using var producer = new RecordProducer(cluster);
        for (var i = from; i < to; i++) await producer.SendAsync(new ProducerRecord("t", Encoding.UTF8.GetBytes($"{i}")) { Partition = i % 4 });
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
