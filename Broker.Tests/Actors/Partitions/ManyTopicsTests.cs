using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Actors.Storage;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>Many topics and partitions: a change costs what it changes.</summary>
public sealed class ManyTopicsTests
{
    private readonly MemoryDisk disk = new(new Random(1));

    [Fact]
    public void An_image_names_the_topics_that_its_last_events_touched()
    {
        var (a, b) = (Guid.NewGuid(), Guid.NewGuid());
        var image = MetadataImage.Empty.With([new TopicRecord { Name = "a", TopicId = a }, new TopicRecord { Name = "b", TopicId = b }, Placement.NewPartition(a, 0, [1])], 2);
        Assert.Equal(["a", "b"], image.Touched.Order());
        image = image.With([Placement.NewPartition(b, 0, [1]), Placement.NewPartition(b, 1, [1])], 4);
        Assert.Equal(["b"], image.Touched);
        Assert.Equal([0, 1], image.Topics["b"].Partitions.Select(p => p.Index));
        image = image.With([new ConfigRecord { ResourceType = 2, ResourceName = "a", Name = "retention.ms", Value = "1" }], 5);
        Assert.Equal(["a"], image.Touched);
        image = image.With([new RemoveTopicRecord { TopicId = a }, new ProducerIdsRecord { NextProducerId = 7 }], 7);
        Assert.Equal(["a"], image.Touched);
        Assert.Throws<MalformedMessageException>(() => image.With([Placement.NewPartition(b, 5, [1])], 8));
    }

    [Fact]
    public void A_topic_that_goes_and_comes_again_in_one_batch_starts_with_no_partitions()
    {
        var (old, now) = (Guid.NewGuid(), Guid.NewGuid());
        var image = MetadataImage.Empty.With([new TopicRecord { Name = "a", TopicId = old }, Placement.NewPartition(old, 0, [1]), Placement.NewPartition(old, 1, [1])], 2);
        image = image.With([Placement.NewPartition(old, 2, [1]), new RemoveTopicRecord { TopicId = old }, new TopicRecord { Name = "a", TopicId = now }, Placement.NewPartition(now, 0, [1])], 6);
        Assert.Equal((now, 1), (image.Topics["a"].Id, image.Topics["a"].Partitions.Length));
    }

    [Fact]
    public async Task Topics_created_one_by_one_and_together_are_there_after_a_restart()
    {
        await using (var node = new NodeUnderTest(disk, "/data"))
        {
            var many = new CreateTopicsRequest { TimeoutMs = 30_000 };
            for (var i = 0; i < 200; i++) many.Topics.Add(new() { Name = $"m{i}", NumPartitions = 1, ReplicationFactor = 1 });
            many.Topics.Add(new() { Name = "m.1", NumPartitions = 1, ReplicationFactor = 1 });
            many.Topics.Add(new() { Name = "m_1", NumPartitions = 1, ReplicationFactor = 1 });
            var answer = await node.Send<CreateTopicsResponse>(many);
            Assert.Equal("m_1", Assert.Single(answer.Topics, t => t.ErrorCode == ErrorCode.InvalidTopicException).Name);
            for (var i = 0; i < 20; i++) Assert.Equal(ErrorCode.None, await node.Create($"s{i}"));
            await node.Send<DeleteTopicsResponse>(new DeleteTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = "m7" }] });
            Assert.Equal((ErrorCode.None, 0L), await node.Produce("m8", "x"));
        }

        await using var again = new NodeUnderTest(disk, "/data");
        Assert.Equal(220, again.Node.Services.Partitions.All.Count());
        Assert.Equal((ErrorCode.None, "x"), await again.Fetch("m8"));
    }

    [Fact]
    public void Checkpoints_take_in_what_changed_and_keep_the_rest()
    {
        disk.CreateDirectory("/data");
        var directory = LogDirectory.Open(disk, "/data", null);
        var (a, b) = (new PartitionName("a", 0), new PartitionName("b", 0));
        var logs = new[] { a, b }.ToDictionary(p => p, p => directory.OpenPartition(p, LogConfig.Default, Guid.NewGuid(), 0));
        Append(logs[a]);
        Append(logs[b]);
        Assert.Equal(ErrorCode.None, directory.WriteCheckpoints(logs));
        Assert.Equal("0\n2\na 0 3\nb 0 3\n", Text(OffsetCheckpoint.RecoveryPoint));

        Append(logs[b]);
        Assert.Equal(ErrorCode.None, directory.WriteCheckpoints([new(b, logs[b])]));
        Assert.Equal("0\n2\na 0 3\nb 0 6\n", Text(OffsetCheckpoint.RecoveryPoint));
        Assert.Equal("0\n2\na 0 3\nb 0 6\n", Text(OffsetCheckpoint.HighWatermark));
        var changes = disk.Changes;
        Assert.Equal(ErrorCode.None, directory.WriteCheckpoints(logs));
        Assert.Equal(changes, disk.Changes);

        logs[a].DeleteRecords(2, 0);
        Assert.Equal(ErrorCode.None, directory.WriteCheckpoints([new(a, logs[a])]));
        Assert.Equal("0\n1\na 0 2\n", Text(OffsetCheckpoint.StartOffset));
        logs[a].Abandon();
        directory.Remove(a, Guid.NewGuid());
        Assert.Equal(ErrorCode.None, directory.WriteCheckpoints([]));
        Assert.Equal("0\n0\n", Text(OffsetCheckpoint.StartOffset));
        Assert.Equal("0\n1\nb 0 6\n", Text(OffsetCheckpoint.RecoveryPoint));
    }

    [Fact]
    public void A_checkpoint_that_could_not_be_written_is_written_the_next_time()
    {
        var directory = LogDirectory.Open(disk, "/data", null);
        var a = new PartitionName("a", 0);
        var log = directory.OpenPartition(a, LogConfig.Default, Guid.NewGuid(), 0);
        Append(log);
        disk.Capacity = 1;
        Assert.Equal(ErrorCode.KafkaStorageError, directory.WriteCheckpoints([new(a, log)]));
        disk.Heal();
        Assert.Equal(ErrorCode.None, directory.WriteCheckpoints([]));
        Assert.Equal("0\n1\na 0 3\n", Text(OffsetCheckpoint.RecoveryPoint));
    }

    private static void Append(PartitionLog log)
    {
        var batch = TestBatch.Plain(3, 10);
        log.Stage(batch, TestBatch.Header(batch), 0, 0);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
        var flush = log.BeginFlush();
        flush.Run();
        Assert.Equal(ErrorCode.None, log.EndFlush(flush));
    }

    private string Text(string file) => System.Text.Encoding.ASCII.GetString(StorageVectors.Get(disk, $"/data/{file}")!);
}
