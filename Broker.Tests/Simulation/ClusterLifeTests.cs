using System.Text;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Simulation;

namespace AkkaStream.Tests.Simulation;

/// <summary>What becomes of replicas over the life of a cluster: three whole brokers, virtual time, one thing after the other.</summary>
public sealed class ClusterLifeTests
{
    private const string Topic = SimulatedCluster.Topic;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_broker_that_comes_back_with_an_empty_disk_gets_everything_again() => SimulatedCluster.Run(async cluster =>
    {
        await cluster.Create(Topic, null, [1, 2, 3], [3, 1, 2]);
        for (var p = 0; p < 2; p++) await cluster.Send("a", p);
        cluster.Broker(3).Node.Crash();
        Wipe(((KeepingDisk)cluster.Broker(3).Node.Devices[0]).Files, "/data");
        for (var p = 0; p < 2; p++) await cluster.Send("b", p);
        Assert.DoesNotContain(3, cluster.Partition(1)!.InSync);
        cluster.Broker(3).Node.Restart();
        for (var p = 0; p < 2; p++)
        {
            await cluster.Whole(p);
            for (var id = 1; id <= 3; id++) Assert.Equal("a b", cluster.Values(id, p));
        }
    });

    [Fact]
    public void A_topic_that_is_deleted_while_a_replica_is_away_is_gone_there_too_and_one_of_its_name_begins_empty() => SimulatedCluster.Run(async cluster =>
    {
        await cluster.Create(Topic, null, [1, 2, 3]);
        await cluster.Create("other", null, [3, 2]);
        await cluster.Send("old");
        await cluster.Send("old", topic: "other");
        cluster.Broker(3).Node.Crash();
        await cluster.Until(() => cluster.Image.Brokers[3].IsFenced, "the absence is noticed");
        (await cluster.Admin.DeleteTopicsAsync([Topic, "other"])).ToList().ForEach(result => result.ThrowIfFailed());
        await cluster.Until(() => !cluster.Image.Topics.ContainsKey(Topic), "the topic is gone");
        var made = new CreateTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = Topic, NumPartitions = -1, ReplicationFactor = -1, Assignments = [new() { PartitionIndex = 0, BrokerIds = [1, 2, 3] }] }] };
        await cluster.Until(() => cluster.Image.Topics.Count == 0, "both are gone");
        Assert.Equal(ErrorCode.None, (await cluster.Client.SendAsync<CreateTopicsResponse>(made)).Topics[0].ErrorCode);
        await cluster.Send("new");
        cluster.Broker(3).Node.Restart();
        await cluster.Whole();
        for (var id = 1; id <= 3; id++) Assert.Equal("new", cluster.Values(id));
        var disk = ((KeepingDisk)cluster.Broker(3).Node.Devices[0]).Files;
        await cluster.Until(() => disk.List("/data").Where(e => e.IsDirectory && e.Name != "__cluster_metadata-0").All(e => e.Name == "t-0"), "what was deleted is gone from the disk");
    });

    [Fact]
    public void The_first_offset_moves_on_followers_too_and_stays_moved() => SimulatedCluster.Run(async cluster =>
    {
        await cluster.Create(Topic, new Dictionary<string, string> { ["retention.ms"] = "60000", ["segment.ms"] = "10000" }, [1, 2, 3]);
        await cluster.Send("a");
        await cluster.World.Delay(TimeSpan.FromSeconds(20));
        await cluster.Send("b");
        await cluster.World.Delay(TimeSpan.FromSeconds(50));
        await cluster.Send("c");
        await cluster.Until(() => Starts().All(start => start >= 1), "what is too old is gone everywhere", TimeSpan.FromMinutes(10));
        Assert.Equal(Starts()[0], Starts()[1]);
        var first = Starts()[0];
        cluster.Broker(3).Node.Crash();
        cluster.Broker(3).Node.Restart();
        await cluster.Whole();
        Assert.All(Starts(), start => Assert.True(start >= first, $"{start} stands before {first}"));

        List<long> Starts() => [.. Enumerable.Range(1, 3).Select(id => cluster.Replica(id)?.Log.View.StartOffset ?? -1)];
    },
    new Dictionary<string, string> { ["log.retention.check.interval.ms"] = "5000" });

    [Fact]
    public void Only_where_it_is_allowed_one_leads_that_may_have_lost_something() => SimulatedCluster.Run(async cluster =>
    {
        var one = new Dictionary<string, string> { ["min.insync.replicas"] = "1" };
        await cluster.Create(Topic, one, [2, 3]);
        await cluster.Create("loose", new Dictionary<string, string>(one) { ["unclean.leader.election.enable"] = "true" }, [2, 3]);
        foreach (var topic in new[] { Topic, "loose" }) await cluster.Send("a", topic: topic);
        cluster.Broker(3).Node.Crash();
        await cluster.Until(() => cluster.Partition()!.InSync.Count == 1 && cluster.Partition(0, "loose")!.InSync.Count == 1, "the other one is in sync alone");
        foreach (var topic in new[] { Topic, "loose" }) await cluster.Send("b", topic: topic);
        cluster.Broker(2).Node.Crash();
        cluster.Broker(3).Node.Restart();
        await cluster.Until(() => cluster.Partition(0, "loose")!.Leader == 3, "it leads what it may lead");
        Assert.Equal("a", cluster.Values(3, topic: "loose"));
        Assert.Equal(-1, cluster.Partition()!.Leader);
        await cluster.World.Delay(TimeSpan.FromMinutes(6));
        Assert.Equal((-1, 2), (cluster.Partition()!.Leader, Assert.Single(cluster.Partition()!.InSync)));
        await cluster.Send("c", topic: "loose");
        cluster.Broker(2).Node.Restart();
        await cluster.Whole();
        await cluster.Whole(topic: "loose");
        for (var id = 2; id <= 3; id++)
        {
            Assert.Equal("a b", cluster.Values(id));
            Assert.Equal("a c", cluster.Values(id, topic: "loose"));
        }
    });

    [Fact]
    public void A_partition_moves_to_another_broker_and_stays_where_it_was_when_that_is_cancelled() => SimulatedCluster.Run(async cluster =>
    {
        await cluster.Create(Topic, null, [1, 2]);
        await cluster.Send("a");
        Assert.Equal(ErrorCode.None, await Reassign(cluster, [3, 2]));
        await cluster.Send("b");
        await cluster.Until(() => cluster.Partition() is { IsReassigning: false } p && p.Replicas.SequenceEqual([3, 2]), "the partition has moved", Soon);
        await cluster.Whole();
        await cluster.Until(() => cluster.Replica(1) is null, "it is gone from where it was", Soon);
        Assert.DoesNotContain(cluster.Partition()!.Leader, new[] { 1 });

        // Where one of the new ones is away it cannot end.
        cluster.Broker(1).Node.Crash();
        await cluster.Until(() => cluster.Image.Brokers[1].IsFenced, "the absence is noticed", Soon);
        Assert.Equal(ErrorCode.None, await Reassign(cluster, [1, 2]));
        await cluster.Until(() => cluster.Partition()!.IsReassigning, "it begins", Soon);
        await cluster.Send("c");
        Assert.Equal(ErrorCode.None, await Reassign(cluster, null));
        await cluster.Until(() => cluster.Partition() is { IsReassigning: false } p && p.Replicas.Order().SequenceEqual([2, 3]), "it is where it was", Soon);
        Assert.Equal(ErrorCode.NoReassignmentInProgress, await Reassign(cluster, null));
        cluster.Broker(1).Node.Restart();
        await cluster.Send("d");
        await cluster.Whole();
        Assert.Equal("a b c d", cluster.Values(2));
        Assert.Equal("a b c d", cluster.Values(3));
        Assert.Null(cluster.Replica(1));
    });

    [Fact]
    public void What_a_cut_takes_of_a_transaction_is_forgotten_with_it() => SimulatedCluster.Run(async cluster =>
    {
        await cluster.Create(Topic, null, [1, 2, 3]);
        var options = new ProducerOptions { Dice = cluster.World.NewRandom(), TransactionalId = "tx", RequestTimeout = TimeSpan.FromSeconds(5), Batching = new AccumulatorOptions { LingerMs = 0 } };
        await using (var producer = new RecordProducer(cluster.Client, options))
        {
            await producer.InitTransactionsAsync();
            producer.BeginTransaction();
            await Send(producer, "a");
            await producer.CommitTransactionAsync();

            // The leader takes a part of the next one of which nobody else hears.
            producer.BeginTransaction();
            await Send(producer, "b");
            cluster.World.Network.Cut("broker1", "broker2");
            cluster.World.Network.Cut("broker1", "broker3");
            var end = cluster.Replica(1)!.Log.View.EndOffset;
            var sending = Send(producer, "c");
            await cluster.Until(() => cluster.Replica(1)!.Log.View.EndOffset > end, "the leader has it", Soon);
            await cluster.Until(() => cluster.Partition()!.Leader is 2 or 3, "another one leads");
            Assert.Equal(end, cluster.Replica(2)!.Log.View.EndOffset);
            cluster.World.Heal();
            await sending;
            await producer.AbortTransactionAsync();
            producer.BeginTransaction();
            await Send(producer, "d");
            await producer.CommitTransactionAsync();
        }

        await cluster.Until(() => cluster.Brokers.All(b => b.Broker is not null && b.Node.IsUp), "all brokers run");
        await cluster.Whole();
        for (var id = 1; id <= 3; id++)
        {
            var log = cluster.Replica(id)!.Log;
            await cluster.Until(() => log.View.LastStableOffset == log.View.EndOffset, $"nothing is open on broker {id}", Soon);
            Assert.Equal("a b c d", cluster.Values(id));
            Assert.Equal(States(cluster.Replica(1)!.Log), States(log));
        }
    },
    new Dictionary<string, string> { ["transaction.state.log.num.partitions"] = "1", ["transaction.state.log.min.isr"] = "2" });

    private static string States(PartitionLog log) => string.Join(' ', log.Producers.OrderBy(p => p.ProducerId).Select(p => $"{p.ProducerId}/{p.Epoch} {p.LastSequence} {p.FirstOffsetOfTransaction}"));

    private static async Task Send(RecordProducer producer, string value) => await producer.SendAsync(new ProducerRecord(Topic, Encoding.ASCII.GetBytes(value)) { Partition = 0 });

    private static async Task<ErrorCode> Reassign(SimulatedCluster cluster, int[]? replicas)
    {
        var request = new AlterPartitionReassignmentsRequest { TimeoutMs = 30_000, Topics = [new() { Name = Topic, Partitions = [new() { PartitionIndex = 0, Replicas = replicas is null ? null : [.. replicas] }] }] };
        var answer = await cluster.Client.SendAsync<AlterPartitionReassignmentsResponse>(request);
        return answer.ErrorCode == ErrorCode.None ? answer.Responses[0].Partitions[0].ErrorCode : answer.ErrorCode;
    }

    private static void Wipe(IDisk disk, string directory)
    {
        foreach (var entry in disk.List(directory))
        {
            if (entry.IsDirectory) disk.DeleteDirectory($"{directory}/{entry.Name}");
            else disk.Delete($"{directory}/{entry.Name}");
        }
    }
}
