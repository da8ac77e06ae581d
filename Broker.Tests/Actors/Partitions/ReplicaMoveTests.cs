using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Actors.Storage;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>AlterReplicaLogDirs: partitions move between log directories while they are used, and no crash loses a record.</summary>
public sealed class ReplicaMoveTests
{
    private const string Both = "/a,/b";
    private static readonly (string, string)[] Durable = [("log.flush.interval.messages", "1"), ("log.flush.mode", "group")];
    private readonly MemoryDisk memory = new(new Random(11));

    [Fact]
    public async Task A_partition_moves_with_all_it_has()
    {
        await using (var node = new NodeUnderTest(memory, Both))
        {
            await Fill(node, 20);
            await node.Send<DeleteRecordsResponse>(new DeleteRecordsRequest { TimeoutMs = 30_000, Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 0, Offset = 5 }] }] });
            Assert.Equal(ErrorCode.None, await Move(node, "/b"));
            await Arrived(node, "/b");
            Assert.Equal((ErrorCode.None, Values(5, 20)), await node.Fetch("t", 5));
            Assert.Equal(ErrorCode.OffsetOutOfRange, (await node.Fetch("t", 4)).Error);
            Assert.Equal((ErrorCode.None, 20L), await node.Produce("t", "v20"));
            Assert.Empty(node.Log);
            Assert.False(memory.DirectoryExists("/a/t-0"));
            Assert.DoesNotContain(memory.List("/b"), e => e.Name.EndsWith("-future", StringComparison.Ordinal));
        }

        await using var again = new NodeUnderTest(memory, Both);
        Assert.Equal("/b", again.HomeOf("t"));
        Assert.Equal((ErrorCode.None, Values(5, 21)), await again.Fetch("t", 5));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await again.Fetch("t", 4)).Error);
    }

    [Fact]
    public async Task Appends_and_reads_go_on_meanwhile()
    {
        await using var node = new NodeUnderTest(memory, Both);
        await Fill(node, 5);
        var sent = 5;
        for (var round = 0; round < 4; round++)
        {
            var to = node.HomeOf("t") == "/a" ? "/b" : "/a";
            Assert.Equal(ErrorCode.None, await Move(node, to));
            while (node.HomeOf("t") != to)
            {
                Assert.Equal((ErrorCode.None, (long)sent), await node.Produce("t", $"v{sent}"));
                sent++;
                Assert.Equal((ErrorCode.None, $"v{sent - 1}"), await node.Fetch("t", sent - 1));
            }
        }

        Assert.Equal((ErrorCode.None, Values(0, sent)), await node.Fetch("t"));
        Assert.Empty(node.Log);
    }

    [Fact]
    public async Task A_log_that_begins_with_messages_of_the_formats_0_and_1_moves_as_it_is()
    {
        using var set = new PooledBuffer();
        using (var inner = new PooledBuffer())
        using (var packed = new PooledBuffer())
        {
            for (var i = 0; i < 3; i++) LegacyMessage.Write(inner, 1, i, 1_000 + i, 0, default, false, "wrapped"u8, true);
            RecordCodec.Compress(CompressionType.Gzip, inner.WrittenSpan, packed, null);
            for (var i = 0; i < 4; i++) LegacyMessage.Write(set, 0, i, -1, 0, "k"u8, true, "zero"u8, true);
            LegacyMessage.Write(set, 1, 6, 2_000, (int)CompressionType.Gzip, default, false, packed.WrittenSpan, true);
        }

        memory.CreateDirectory("/a/t-0");
        StorageVectors.Put(memory, "/a/t-0/00000000000000000000.log", set.WrittenSpan.ToArray());
        await using (var node = new NodeUnderTest(memory, Both, ("log.retention.ms", "-1")))
        {
            Assert.Equal((ErrorCode.None, 7L), await node.Produce("t", "v7"));
            Assert.Equal(ErrorCode.None, await Move(node, "/b"));
            await Arrived(node, "/b");
            Assert.Contains("leader-epoch-checkpoint is missing", await node.OnlyLine(), StringComparison.Ordinal);
        }

        Assert.Equal(set.WrittenSpan.ToArray(), StorageVectors.Get(memory, "/b/t-0/00000000000000000000.log")![..set.Length]);
        await using var again = new NodeUnderTest(memory, Both, ("log.retention.ms", "-1"));
        Assert.Equal((ErrorCode.None, 8L), await again.Produce("t", "v8"));
    }

    [Fact]
    public async Task Producers_are_known_after_the_move()
    {
        await using var node = new NodeUnderTest(memory, Both);
        await Fill(node, 1);
        // Producers are forgotten by the time of their records.
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var batch = TestBatch.Idempotent(77, 0, 0, 3, timestamp: now);
        Assert.Equal((ErrorCode.None, 1L), await Send(node, batch));
        await Move(node, "/b");
        await Arrived(node, "/b");
        Assert.Equal((ErrorCode.None, 1L), await Send(node, TestBatch.Idempotent(77, 0, 0, 3, timestamp: now)));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await Send(node, TestBatch.Idempotent(77, 0, 9, 3, timestamp: now))).Error);
        Assert.Equal((ErrorCode.None, 4L), await Send(node, TestBatch.Idempotent(77, 0, 3, 3, timestamp: now)));
    }

    [Fact]
    public async Task What_is_asked_is_judged_as_Kafka_does()
    {
        await using (var node = new NodeUnderTest(memory, Both))
        {
            await Fill(node, 3);
            Assert.Equal(ErrorCode.None, await Move(node, "/a"));
            Assert.Equal(ErrorCode.LogDirNotFound, await Move(node, "/elsewhere"));
            Assert.Equal(ErrorCode.UnknownTopicOrPartition, await Move(node, "/b", "later"));
            // One that was made anywhere else would go to the emptier one.
            await node.Create("filler", 3);
            Assert.Equal(ErrorCode.None, await node.Create("later"));
            Assert.Equal("/b", node.HomeOf("later"));
        }
    }

    [Fact]
    public async Task A_move_is_seen_while_it_goes_on_and_can_be_taken_back()
    {
        await using var node = new NodeUnderTest(memory, Both, ("replica.alter.log.dirs.io.max.bytes.per.second", "1"));
        await Fill(node, 3);
        await Big(node);
        Assert.Equal(ErrorCode.None, await Move(node, "/b"));
        // The first piece is copied; the throttle holds the rest back.
        await Eventually.Holds(async () => await Future(node) is { OffsetLag: > 0 and < 7, PartitionSize: > 0 }, "the copy is on its way");
        Assert.Equal("/a", node.HomeOf("t"));
        Assert.Equal(ErrorCode.None, await Move(node, "/a"));
        await Eventually.Holds(() => memory.List("/b").All(e => !e.Name.StartsWith("t-0", StringComparison.Ordinal)), "the copy is gone");
        Assert.Null(await Future(node));
        Assert.StartsWith(Values(0, 3), (await node.Fetch("t")).Values, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_ends_its_move()
    {
        await using var node = new NodeUnderTest(memory, Both, ("replica.alter.log.dirs.io.max.bytes.per.second", "100000000"));
        await Fill(node, 3);
        await Big(node);
        Assert.Equal(ErrorCode.None, await Move(node, "/b"));
        await node.Send<DeleteTopicsResponse>(new DeleteTopicsRequest { TimeoutMs = 30_000, Topics = [new() { Name = "t" }] });
        await Eventually.Holds(() => memory.List("/b").All(e => !e.Name.EndsWith("-future", StringComparison.Ordinal)), "the copy is gone");
    }

    [Fact]
    public async Task A_target_that_fails_leaves_the_partition_where_it_is()
    {
        var disk = new FaultyDisk(memory);
        await using var node = new NodeUnderTest(disk, Both);
        await Fill(node, 3);
        disk.Break("/b", onlyWrites: true);
        Assert.Equal(ErrorCode.KafkaStorageError, await Move(node, "/b"));
        Assert.Equal((ErrorCode.None, Values(0, 3)), await node.Fetch("t"));
        Assert.Equal((ErrorCode.None, 3L), await node.Produce("t", "v3"));
        Assert.Equal(ErrorCode.KafkaStorageError, await Move(node, "/b"));
    }

    [Fact]
    public async Task A_damaged_batch_is_not_carried_over()
    {
        await using var node = new NodeUnderTest(memory, Both);
        await Fill(node, 3);
        using (var file = memory.Open("/a/t-0/00000000000000000000.log", DiskAccess.Write)) file.Write([0xff], file.Length - 2);
        await Move(node, "/b");
        await Eventually.Holds(() => node.Log.Any(e => e.Message.ToString()!.StartsWith("t-0 cannot be moved from /a to /b: the batch at offset 2 is damaged.", StringComparison.Ordinal)), "the move ends with a sentence");
        Assert.Equal("/a", node.HomeOf("t"));
        await Eventually.Holds(() => memory.List("/b").All(e => !e.Name.StartsWith("t-0", StringComparison.Ordinal)), "the copy is gone");
    }

    // The disk stops at each change that a move makes; then the power goes, and the next start has every record that was acknowledged.
    [Fact]
    public async Task A_crash_at_any_disk_operation_of_a_move_loses_nothing()
    {
        for (var after = 0; ; after++)
        {
            var disk = new MemoryDisk(new Random(after));
            bool isThrough;
            await using (var node = new NodeUnderTest(disk, Both, Durable))
            {
                await Fill(node, 6);
                disk.FailAfter(after);
                await Move(node, "/b");
                await Eventually.Holds(() => node.HomeOf("t") == "/b" || node.Node.Services.Directories.Any(d => d.IsOffline), "the move ends");
                isThrough = node.Node.Services.Directories.All(d => !d.IsOffline);
            }

            disk.Crash();
            disk.Heal();
            await using (var node = new NodeUnderTest(disk, Both, Durable))
            {
                Assert.Equal((ErrorCode.None, Values(0, 6)), await node.Fetch("t"));
                Assert.Equal((ErrorCode.None, 6L), await node.Produce("t", "v6"));
                await Move(node, "/b");
                await Arrived(node, "/b");
                Assert.Equal((ErrorCode.None, Values(0, 7)), await node.Fetch("t"));
                Assert.Single(disk.List("/a").Concat(disk.List("/b")), e => e.Name == "t-0");
            }

            if (isThrough && after > 10) return;
        }
    }

    [Fact]
    public async Task A_copy_that_a_stop_left_is_gone_on_with()
    {
        await using (var first = new NodeUnderTest(memory, Both, ("replica.alter.log.dirs.io.max.bytes.per.second", "1")))
        {
            await Fill(first, 3);
            await Big(first);
            Assert.Equal(ErrorCode.None, await Move(first, "/b"));
            Assert.True((await Future(first))?.IsFutureKey);
        }

        Assert.Single(memory.List("/b"), e => e.Name.EndsWith("-future", StringComparison.Ordinal));
        await using var second = new NodeUnderTest(memory, Both);
        await Arrived(second, "/b");
        Assert.StartsWith(Values(0, 3), (await second.Fetch("t")).Values, StringComparison.Ordinal);
        Assert.Equal((ErrorCode.None, 7L), await second.Produce("t", "last"));
        Assert.DoesNotContain(memory.List("/b"), e => e.Name.EndsWith("-future", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_copy_of_nothing_is_removed_at_the_start()
    {
        await using (var first = new NodeUnderTest(memory, Both)) await Fill(first, 3);
        memory.CreateDirectory("/b/gone-0.0123456789abcdef0123456789abcdef-future");
        memory.CreateDirectory("/a/t-0.0123456789abcdef0123456789abcdef-future");
        await using var second = new NodeUnderTest(memory, Both);
        Assert.DoesNotContain(memory.List("/a").Concat(memory.List("/b")), e => e.Name.Contains("0123456789abcdef", StringComparison.Ordinal));
        Assert.Equal((ErrorCode.None, Values(0, 3)), await second.Fetch("t"));
    }

    [Fact]
    public async Task Of_two_directories_with_one_partition_the_further_one_goes_on()
    {
        var disk = new FaultyDisk(memory);
        await using (var first = new NodeUnderTest(disk, Both, Durable))
        {
            await Fill(first, 4);
        }

        // As a crash between the two renames of a move leaves it.
        foreach (var file in memory.List("/a/t-0")) Copy($"/a/t-0/{file.Name}", $"/b/t-0/{file.Name}");
        await using (var second = new NodeUnderTest(memory, Both, Durable))
        {
            Assert.Contains("t-0 lies in /a and in /b", await second.OnlyLine());
            Assert.Equal((ErrorCode.None, Values(0, 4)), await second.Fetch("t"));
        }

        Assert.Single(memory.List("/a").Concat(memory.List("/b")), e => e.Name.StartsWith("t-0", StringComparison.Ordinal));
    }

    private void Copy(string from, string to)
    {
        memory.CreateDirectory(Path.GetDirectoryName(to)!);
        StorageVectors.Put(memory, to, StorageVectors.Get(memory, from)!);
    }

    private static async Task Fill(NodeUnderTest node, int records)
    {
        Assert.Equal(ErrorCode.None, await node.Create("t"));
        Assert.Equal("/a", node.HomeOf("t"));
        for (var i = 0; i < records; i++) Assert.Equal((ErrorCode.None, (long)i), await node.Produce("t", $"v{i}"));
    }

    // More than one piece of a move.
    private static async Task Big(NodeUnderTest node)
    {
        for (var i = 0; i < 4; i++) Assert.Equal(ErrorCode.None, (await node.Produce("t", new string('x', 500_000))).Error);
    }

    private static async Task<ErrorCode> Move(NodeUnderTest node, string to, string topic = "t")
    {
        var answer = await node.Send<AlterReplicaLogDirsResponse>(new AlterReplicaLogDirsRequest { Dirs = [new() { Path = to, Topics = [new() { Name = topic, Partitions = [0] }] }] });
        return answer.Results[0].Partitions[0].ErrorCode;
    }

    private static Task Arrived(NodeUnderTest node, string home) => Eventually.Holds(() => node.HomeOf("t") == home, $"the partition lies in {home}");

    private static async Task<DescribeLogDirsResponse.DescribeLogDirsPartition?> Future(NodeUnderTest node)
    {
        var answer = await node.Send<DescribeLogDirsResponse>(new DescribeLogDirsRequest { Topics = [new() { Topic = "t", Partitions = [0] }] });
        return answer.Results.SelectMany(r => r.Topics).SelectMany(t => t.Partitions).FirstOrDefault(p => p.IsFutureKey);
    }

    private static async Task<(ErrorCode Error, long Offset)> Send(NodeUnderTest node, byte[] batch)
    {
        var answer = await node.Send<ProduceResponse>(new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new() { Name = "t", TopicId = node.Node.Services.Metadata.Image.Topics["t"].Id, PartitionData = [new() { Index = 0, Records = batch }] }],
        });
        return (answer.Responses[0].PartitionResponses[0].ErrorCode, answer.Responses[0].PartitionResponses[0].BaseOffset);
    }

    private static string Values(int from, int to) => string.Join(' ', Enumerable.Range(from, to - from).Select(i => $"v{i}"));
}
