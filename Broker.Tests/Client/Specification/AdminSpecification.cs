using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Serialization;

namespace AkkaStream.Tests.Client.Specification;

public sealed class AdminOnEmbeddedTests(EmbeddedCluster cluster) : AdminSpecification(cluster), IClassFixture<EmbeddedCluster>;

public sealed class AdminOnWireTests(WireCluster cluster) : AdminSpecification(cluster), IClassFixture<WireCluster>;

public sealed class AdminOnActorsTests(ActorCluster cluster) : AdminSpecification(cluster), IClassFixture<ActorCluster>;

/// <summary>What an application may expect of the admin calls, whatever cluster it asks.</summary>
public abstract class AdminSpecification(SpecCluster cluster) : ClientSpecification(cluster)
{
    [Fact(Timeout = Patience)]
    public async Task Topics_are_made_where_they_are_told_to_be_and_grow()
    {
        var broker = Assert.Single(await Client.Admin.ListBrokersAsync()).Id;
        var name = SpecCluster.Fresh("placed");
        IReadOnlyList<int> here = [broker];
        var asked = new NewTopic(name) { Assignments = new Dictionary<int, IReadOnlyList<int>> { [0] = here, [1] = here } };
        var wrong = new NewTopic(SpecCluster.Fresh("placed")) { Assignments = new Dictionary<int, IReadOnlyList<int>> { [0] = [broker, broker] } };
        var made = await Client.Admin.CreateTopicsAsync([asked, wrong]);
        Assert.Equal([(asked.Name, ErrorCode.None), (wrong.Name, ErrorCode.InvalidReplicaAssignment)], made.OrderBy(m => m.Error).Select(m => (m.Name, m.Error)));
        Assert.Equal(ErrorCode.None, (await Client.Admin.CreatePartitionsAsync(name, 4, [here, here], validateOnly: true)).Error);
        Assert.Equal(2, (await Client.Admin.DescribeTopicAsync(name)).Partitions.Count);
        Assert.Equal(ErrorCode.None, (await Client.Admin.CreatePartitionsAsync(name, 4, [here, here])).Error);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, (await Client.Admin.CreatePartitionsAsync(name, 6, [here])).Error);
        Assert.Equal(ErrorCode.InvalidPartitions, (await Client.Admin.CreatePartitionsAsync(name, 3)).Error);
        var topic = await Client.Admin.DescribeTopicAsync(name);
        Assert.All(topic.Partitions, p => Assert.Equal(here, p.Replicas));
        Assert.Equal(4, topic.Partitions.Count);
    }

    [Fact(Timeout = Patience)]
    public async Task Partitions_come_in_pages_and_what_is_not_there_with_its_error()
    {
        var topics = new[] { await TopicAsync(5), await TopicAsync(1), await TopicAsync(3) }.Order(StringComparer.Ordinal).ToArray();
        var pieces = new List<TopicPartitions>();
        await foreach (var piece in Client.Admin.DescribeTopicPartitionsAsync([.. topics, "zz-not-there"], pageSize: 2)) pieces.Add(piece);
        Assert.All(pieces, p => Assert.InRange(p.Partitions.Count, 0, 2));
        Assert.Equal([.. topics, "zz-not-there"], pieces.Select(p => p.Name).Distinct());
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Assert.Single(pieces, p => p.Name == "zz-not-there").Error);
        Assert.Throws<BrokerException>(pieces[^1].ThrowIfFailed);
        foreach (var name in topics)
        {
            var known = await Client.Admin.DescribeTopicAsync(name);
            var paged = pieces.Where(p => p.Name == name).SelectMany(p => p.Partitions).ToList();
            Assert.Equal(known.Partitions.Select(p => (p.Index, p.Leader, p.LeaderEpoch)), paged.Select(p => (p.Index, p.Leader, p.LeaderEpoch)));
            Assert.All(paged, p => Assert.Equal((p.Leader, p.Leader, 0), (Assert.Single(p.Replicas), Assert.Single(p.InSync), p.Offline.Count)));
            Assert.All(pieces.Where(p => p.Name == name), p => Assert.Equal((known.Id, false, ErrorCode.None), (p.Id, p.IsInternal, p.Error)));
        }

        var all = new HashSet<string>();
        await foreach (var piece in Client.Admin.DescribeTopicPartitionsAsync()) all.Add(piece.Name);
        Assert.Superset(topics.ToHashSet(), all);
        Assert.Throws<ArgumentOutOfRangeException>(() => Client.Admin.DescribeTopicPartitionsAsync(pageSize: 0));
    }

    [Fact(Timeout = Patience)]
    public async Task Epochs_end_where_the_log_does_and_what_is_not_known_is_said_for_each()
    {
        var topic = await TopicAsync(2);
        var (first, second, third) = (new TopicPartition(topic, 0), new TopicPartition(topic, 1), new TopicPartition(topic, 2));
        await using (var producer = Client.CreateProducer<Nothing, string>())
        {
            for (var i = 0; i < 3; i++) await producer.SendAsync(new(topic, default, "x") { Partition = 0 });
        }

        var epoch = (await Client.Admin.DescribeTopicAsync(topic)).Partitions[0].LeaderEpoch;
        var ends = await Client.Admin.ListEpochEndsAsync(new Dictionary<TopicPartition, int> { [first] = epoch, [second] = epoch + 5, [third] = 0 });
        Assert.Equal(new EpochEnd(epoch, 3, ErrorCode.None), ends[first]);
        Assert.Equal(new EpochEnd(-1, -1, ErrorCode.None), ends[second]);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, ends[third].Error);
        Assert.Empty(await Client.Admin.ListEpochEndsAsync(new Dictionary<TopicPartition, int>()));
    }

    [Fact(Timeout = Patience)]
    public async Task A_configuration_is_replaced_whole_and_a_wrong_one_changes_nothing()
    {
        var topic = await TopicAsync(1, ("retention.ms", "1000000"), ("max.message.bytes", "5000"));
        var resource = new ConfigResource(ConfigResourceType.Topic, topic);
        var wrong = await Assert.ThrowsAsync<BrokerException>(async () => await Client.Admin.ReplaceConfigsAsync(resource, new Dictionary<string, string> { ["retention.ms"] = "soon" }));
        Assert.Equal(ErrorCode.InvalidConfig, wrong.Code);
        await Client.Admin.ReplaceConfigsAsync(resource, new Dictionary<string, string> { ["segment.bytes"] = "2000000" }, validateOnly: true);
        Assert.Equal(["max.message.bytes=5000", "retention.ms=1000000"], await SetAsync());
        await Client.Admin.ReplaceConfigsAsync(resource, new Dictionary<string, string> { ["segment.bytes"] = "2000000" });
        Assert.Equal(["segment.bytes=2000000"], await SetAsync());
        var nowhere = await Assert.ThrowsAsync<BrokerException>(async () => await Client.Admin.ReplaceConfigsAsync(resource with { Name = "not-there" }, new Dictionary<string, string>()));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, nowhere.Code);

        async Task<IEnumerable<string>> SetAsync() => (await Client.Admin.DescribeConfigsAsync(resource)).Where(c => c.Source == ConfigSource.Topic).Select(c => $"{c.Name}={c.Value}").Order();
    }

    [Fact(Timeout = Patience)]
    public async Task Records_are_deleted_from_the_front_and_topics_whole()
    {
        var topic = await TopicAsync();
        var partition = new TopicPartition(topic, 0);
        await using (var producer = Client.CreateProducer<Nothing, string>())
        {
            for (var i = 0; i < 5; i++) await producer.SendAsync(topic, default, "x");
        }

        Assert.Equal(3, (await Client.Admin.DeleteRecordsAsync(new Dictionary<TopicPartition, long> { [partition] = 3 }))[partition]);
        Assert.Equal(3, (await Client.Admin.ListOffsetsAsync(new Dictionary<TopicPartition, long> { [partition] = OffsetSpec.Earliest }))[partition].Offset);
        var gone = await Client.Admin.DeleteTopicsAsync([topic, "not-there"]);
        Assert.Equal([(topic, ErrorCode.None), ("not-there", ErrorCode.UnknownTopicOrPartition)], gone.OrderBy(g => g.Error != ErrorCode.None).Select(g => (g.Name, g.Error)));
        Assert.DoesNotContain(await Client.Admin.ListTopicsAsync(), t => t.Name == topic);
    }
}
