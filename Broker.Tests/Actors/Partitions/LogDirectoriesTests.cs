using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Actors.Storage;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>Several log directories: whose they are, what is placed where, and what is left when one of them fails.</summary>
public sealed class LogDirectoriesTests
{
    private const string Both = "/a,/b";
    private readonly MemoryDisk memory = new(new Random(7));
    private readonly FaultyDisk disk;

    public LogDirectoriesTests() => disk = new FaultyDisk(memory);

    [Fact]
    public async Task New_partitions_go_where_the_fewest_are()
    {
        await using var node = new NodeUnderTest(disk, "/a,/b,/c");
        await node.Create("t", 6);
        await node.Create("u", 3);
        var homes = node.Node.Services.Partitions.All.GroupBy(p => p.Home.Path).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(new Dictionary<string, int> { ["/a"] = 3, ["/b"] = 3, ["/c"] = 3 }, homes);
    }

    [Fact]
    public async Task A_directory_that_fails_goes_offline_alone_with_one_line()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await FillBoth(node);
        disk.Break("/b");
        Assert.Equal(ErrorCode.KafkaStorageError, (await node.Produce("t", "lost", 1)).Error);
        Assert.Equal((ErrorCode.None, 1L), await node.Produce("t", "more", 0));

        Assert.Equal(ErrorCode.KafkaStorageError, (await node.Produce("t", "lost", 1)).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, (await node.Fetch("t", partition: 1)).Error);
        Assert.Equal((ErrorCode.None, "t0 more"), await node.Fetch("t", partition: 0));
        Assert.Equal("log directory /b is offline: input/output error. Its partitions answer KAFKA_STORAGE_ERROR, the other directories go on. Mend the disk, then start the broker again.", await node.OnlyLine());

        var partitions = (await node.Send<MetadataResponse>(new MetadataRequest { Topics = [new() { Name = "t" }] })).Topics[0].Partitions;
        Assert.Equal([(ErrorCode.None, 1, 0), (ErrorCode.LeaderNotAvailable, -1, 1)], partitions.Select(p => (p.ErrorCode, p.LeaderId, p.OfflineReplicas.Count)));
        var lookups = await node.Send<ListOffsetsResponse>(new ListOffsetsRequest { Topics = [new() { Name = "t", Partitions = [new() { PartitionIndex = 1, Timestamp = -1 }] }] });
        Assert.Equal(ErrorCode.KafkaStorageError, lookups.Topics[0].Partitions[0].ErrorCode);
        var directories = (await node.Send<DescribeLogDirsResponse>(new DescribeLogDirsRequest { Topics = null })).Results;
        Assert.Equal([("/a", ErrorCode.None), ("/b", ErrorCode.KafkaStorageError)], directories.Select(d => (d.LogDir, d.ErrorCode)));
    }

    [Fact]
    public async Task A_failed_directory_is_not_touched_any_more()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await FillBoth(node);
        disk.Break("/b");
        await node.Produce("t", "lost", 1);
        var asked = disk.Asked;
        for (var i = 0; i < 5; i++) await node.Produce("t", "lost", 1);
        await node.Fetch("t", partition: 1);
        await node.Create("later", 2);
        Assert.Equal(["/a", "/a"], [node.HomeOf("later", 0), node.HomeOf("later", 1)]);
        Assert.Equal(asked, disk.Asked);
    }

    [Fact]
    public async Task A_read_error_takes_a_directory_offline_as_a_write_error_does()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await FillBoth(node);
        disk.Break("/b");
        Assert.Equal(ErrorCode.KafkaStorageError, (await node.Fetch("t", partition: 1)).Error);
        Assert.True(node.Node.Services.Directories[1].IsOffline);
    }

    [Fact]
    public async Task A_fetch_that_waits_hears_of_it()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await FillBoth(node);
        var waiting = node.Fetch("t", offset: 1, partition: 1, waitMs: 60_000);
        await Eventually.Holds(() => node.Node.Services.Partitions.Find("t", 1)!.Waiters.Count == 1, "the fetch waits");
        disk.Break("/b");
        _ = node.Node.Services.Partitions.Find("t", 1)!.Log.Read(0, 100, ReadLimit.End, true);
        Assert.Equal(ErrorCode.KafkaStorageError, (await waiting).Error);
    }

    [Fact]
    public async Task A_full_disk_takes_nothing_offline_and_recovers()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await FillBoth(node);
        memory.Capacity = 1;
        Assert.Equal(ErrorCode.KafkaStorageError, (await node.Produce("t", "no room", 1)).Error);
        Assert.Equal((ErrorCode.None, "t1"), await node.Fetch("t", partition: 1));
        memory.Heal();
        Assert.Equal((ErrorCode.None, 1L), await node.Produce("t", "room", 1));
        Assert.All(node.Node.Services.Directories, d => Assert.False(d.IsOffline));
    }

    [Fact]
    public async Task A_directory_that_fails_at_the_start_keeps_its_partitions_for_the_next_one()
    {
        await using (var first = new NodeUnderTest(disk, Both))
        {
            await FillBoth(first);
            Assert.Equal(ErrorCode.None, await first.Stop());
        }

        disk.Break("/b", "permission denied");
        await using (var second = new NodeUnderTest(disk, Both))
        {
            Assert.Contains("log directory /b is offline: permission denied.", await second.OnlyLine());
            Assert.Equal((ErrorCode.None, "t0"), await second.Fetch("t", partition: 0));
            Assert.Equal(ErrorCode.KafkaStorageError, (await second.Fetch("t", partition: 1)).Error);
            Assert.Equal(ErrorCode.KafkaStorageError, (await second.Produce("t", "x", 1)).Error);
            Assert.Equal(ErrorCode.None, await second.Create("new"));
            Assert.Equal("/a", second.HomeOf("new"));
            Assert.Equal(ErrorCode.None, await second.Stop());
        }

        Assert.False(memory.DirectoryExists("/a/t-1"));
        disk.Mend();
        await using var third = new NodeUnderTest(disk, Both);
        Assert.Empty(third.Log);
        Assert.Equal((ErrorCode.None, "t1"), await third.Fetch("t", partition: 1));
    }

    [Fact]
    public async Task One_directory_that_stops_badly_leaves_the_others_stop_clean()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await FillBoth(node);
        disk.Break("/b");
        await node.Produce("t", "lost", 1);
        Assert.Equal(ErrorCode.None, await node.Stop());
        Assert.True(memory.LengthOf("/a/.kafka_cleanshutdown") > 0);
        Assert.True(memory.LengthOf("/b/.kafka_cleanshutdown") < 0);
    }

    [Fact]
    public async Task Without_the_journal_a_start_ends_with_a_sentence()
    {
        await using (var first = new NodeUnderTest(disk, Both)) await FillBoth(first);
        disk.Break("/a");
        var error = Assert.Throws<IOException>(() => new NodeUnderTest(disk, Both));
        Assert.StartsWith("the log directory /a with the controller's journal cannot be used: input/output error.", error.Message);
        disk.Break("/");
        Assert.StartsWith("no log directory can be used: ", Assert.Throws<IOException>(() => new NodeUnderTest(disk, Both)).Message);
    }

    [Fact]
    public async Task When_the_last_directory_fails_whoever_runs_the_broker_is_told()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await FillBoth(node);
        disk.Break("/");
        await node.Produce("t", "x", 0);
        Assert.False(node.Fatal.Task.IsCompleted);
        await node.Produce("t", "x", 1);
        Assert.StartsWith("Every log directory is offline; the last one was /b: input/output error.", await node.Fatal.Task);
    }

    [Fact]
    public async Task The_journal_is_found_whatever_the_order_of_the_directories()
    {
        string cluster;
        await using (var first = new NodeUnderTest(disk, Both))
        {
            await FillBoth(first);
            cluster = first.Node.ClusterId;
        }

        await using var second = new NodeUnderTest(disk, "/c,/b,/a");
        Assert.Equal(cluster, second.Node.ClusterId);
        Assert.Equal((ErrorCode.None, "t1"), await second.Fetch("t", partition: 1));
        Assert.False(memory.DirectoryExists("/c/__cluster_metadata-0"));
    }

    [Theory]
    [InlineData("version=1\nnode.id=2\ncluster.id=c\ndirectory.id=d", "/b belongs to broker 2, this is broker 1")]
    [InlineData("version=1\nnode.id=1\ncluster.id=other\ndirectory.id=d", "/b belongs to cluster other, the other directories to ")]
    [InlineData("nonsense", "/b/meta.properties does not say whose directory this is")]
    public async Task A_directory_of_another_is_refused_before_anything_is_touched(string meta, string expected)
    {
        await using (var first = new NodeUnderTest(disk, "/a")) await first.Create("t");
        memory.CreateDirectory("/b");
        StorageVectors.Put(memory, "/b/meta.properties", System.Text.Encoding.UTF8.GetBytes(meta));
        StorageVectors.Put(memory, "/b/.kafka_cleanshutdown", "{}"u8.ToArray());
        var changes = memory.Changes;
        Assert.Contains(expected, Assert.Throws<ConfigException>(() => new NodeUnderTest(disk, Both)).Message);
        Assert.Equal(changes, memory.Changes);
    }

    [Fact]
    public async Task A_copy_of_a_directory_and_a_directory_named_twice_are_refused()
    {
        await using (var first = new NodeUnderTest(disk, "/a")) await first.Create("t");
        memory.CreateDirectory("/b");
        StorageVectors.Put(memory, "/b/meta.properties", StorageVectors.Get(memory, "/a/meta.properties")!);
        Assert.Contains("/b and /a have the same directory.id", Assert.Throws<ConfigException>(() => new NodeUnderTest(disk, Both)).Message);
        Assert.Contains("names /a/ twice", Assert.Throws<ConfigException>(() => new NodeUnderTest(disk, "/a,/a/")).Message);
    }

    [Fact]
    public async Task A_full_disk_is_told_once_refuses_topics_and_is_told_again_when_there_is_room()
    {
        await using var node = new NodeUnderTest(disk, "/a");
        Assert.Equal(ErrorCode.None, await node.Create("t", 2));
        Assert.Equal((ErrorCode.None, 0L), await node.Produce("t", "fits"));
        StorageVectors.Put(memory, "/a/filler", new byte[1 << 20]);
        memory.Capacity = 1L << 40;
        memory.Capacity -= memory.SpaceOf("/a").Free - 1000;
        var large = new string('x', 5000);
        for (var i = 0; i < 3; i++)
        {
            // One that is small still fits between those that do not: it is the same outage.
            Assert.Equal(ErrorCode.KafkaStorageError, (await node.Produce("t", large, i % 2)).Error);
            Assert.Equal(ErrorCode.None, (await node.Produce("t", "small", i % 2)).Error);
        }

        Assert.Equal(ErrorCode.KafkaStorageError, await node.Create("u"));
        Assert.Null(node.Node.Services.Partitions.Find("u", 0));
        Assert.StartsWith("log directory /a has no room: ", await node.OnlyLine(), StringComparison.Ordinal);

        memory.Capacity = long.MaxValue;
        Assert.Equal(ErrorCode.None, (await node.Produce("t", large)).Error);
        Assert.Equal(ErrorCode.None, await node.Create("u"));
        await Eventually.Holds(() => node.Log.Count == 2, "the end of the outage is told");
        Assert.Equal("log directory /a has room again", node.Log.Last().Message.ToString());
    }

    [Fact]
    public async Task A_cordoned_directory_gets_nothing_new_and_serves_what_it_has()
    {
        await using (var first = new NodeUnderTest(disk, Both)) await FillBoth(first);
        await using var node = new NodeUnderTest(disk, Both, ("cordoned.log.dirs", "/b/"));
        Assert.Equal(ErrorCode.None, await node.Create("u", 3));
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal("/a", node.HomeOf("u", i)));
        Assert.Equal((ErrorCode.None, 1L), await node.Produce("t", "more", 1));
        var directories = (await node.Send<DescribeLogDirsResponse>(new DescribeLogDirsRequest { Topics = null })).Results;
        Assert.Equal([("/a", false), ("/b", true)], directories.Select(d => (d.LogDir, d.IsCordoned)));
    }

    [Fact]
    public async Task With_every_directory_cordoned_no_topic_is_made()
    {
        await using var node = new NodeUnderTest(disk, Both, ("cordoned.log.dirs", "*"));
        Assert.Equal(ErrorCode.InvalidReplicationFactor, await node.Create("t"));
    }

    [Fact]
    public async Task The_metadata_log_lies_where_it_is_said_and_a_folder_of_no_log_directory_is_refused()
    {
        await using (var node = new NodeUnderTest(disk, Both, ("metadata.log.dir", "/b"))) Assert.Equal(ErrorCode.None, await node.Create("t"));
        Assert.True(memory.DirectoryExists("/b/__cluster_metadata-0"));
        Assert.Contains("the metadata log lies in /b", Assert.Throws<ConfigException>(() => new NodeUnderTest(disk, Both, ("metadata.log.dir", "/a"))).Message);
        Assert.Contains("name one of them", Assert.Throws<ConfigException>(() => new NodeUnderTest(disk, Both, ("metadata.log.dir", "/c"))).Message);
        Assert.Contains("is not one of log.dirs", Assert.Throws<ConfigException>(() => new NodeUnderTest(disk, Both, ("cordoned.log.dirs", "/c"))).Message);
        await using var again = new NodeUnderTest(disk, Both);
        Assert.NotNull(again.Node.Services.Partitions.Find("t", 0));
    }

    // Partition 0 in /a, partition 1 in /b, a record in each.
    private static async Task FillBoth(NodeUnderTest node)
    {
        Assert.Equal(ErrorCode.None, await node.Create("t", 2));
        Assert.Equal(["/a", "/b"], [node.HomeOf("t", 0), node.HomeOf("t", 1)]);
        Assert.Equal((ErrorCode.None, 0L), await node.Produce("t", "t0", 0));
        Assert.Equal((ErrorCode.None, 0L), await node.Produce("t", "t1", 1));
    }
}
