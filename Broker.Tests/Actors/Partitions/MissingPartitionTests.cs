using AkkaStream.Actors;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>Partitions that a broker of its own had and of which nothing is there any more: nobody else has their records, so it does not go on as if there had been none.</summary>
public sealed class MissingPartitionTests
{
    private const string Both = "/a,/b";
    private readonly MemoryDisk disk = new();

    [Fact]
    public async Task A_directory_that_is_suddenly_new_stops_the_start_until_it_is_back_or_left_out()
    {
        await Fill();
        disk.Rename("/b", "/unmounted");
        var refused = Assert.Throws<IOException>(() => new NodeUnderTest(disk, Both));
        Assert.Contains("/b was never used before, and these partitions are in no log directory: t-1. If a disk is not mounted there, mount it", refused.Message, StringComparison.Ordinal);
        // The same again: the first attempt left no trace that would be believed.
        Assert.Throws<IOException>(() => new NodeUnderTest(disk, Both));
        disk.DeleteDirectory("/b");
        disk.Rename("/unmounted", "/b");
        await using (var back = new NodeUnderTest(disk, Both)) Assert.Equal([(ErrorCode.None, "t0"), (ErrorCode.None, "t1")], [await back.Fetch("t", partition: 0), await back.Fetch("t", partition: 1)]);

        disk.DeleteDirectory("/b");
        await using (var without = new NodeUnderTest(disk, "/a"))
        {
            Assert.Equal("in no log directory, and empty from now on: t-1", await without.OnlyLine());
            Assert.Equal((ErrorCode.None, 0L), await without.Produce("t", "anew", 1));
        }

        await using var added = new NodeUnderTest(disk, Both);
        Assert.Empty(added.Log);
        Assert.Equal((ErrorCode.None, "anew"), await added.Fetch("t", partition: 1));
    }

    [Fact]
    public async Task A_partitions_directory_that_is_gone_is_told_with_what_was_in_it()
    {
        await Fill();
        disk.DeleteDirectory("/b/t-1");
        await using var node = new NodeUnderTest(disk, Both);
        Assert.Equal("in no log directory, and empty from now on: t-1 (which had records up to offset 1)", await node.OnlyLine());
        Assert.Equal((ErrorCode.None, "t0"), await node.Fetch("t", partition: 0));
    }

    [Fact]
    public async Task A_directory_that_is_added_is_no_loss()
    {
        await Fill();
        await using var node = new NodeUnderTest(disk, "/a,/b,/c");
        Assert.Empty(node.Log);
    }

    [Fact]
    public async Task Small_files_that_have_grown_huge_are_damaged_and_no_end()
    {
        await Fill();
        foreach (var name in new[] { OffsetCheckpoint.RecoveryPoint, OffsetCheckpoint.HighWatermark, OffsetCheckpoint.StartOffset, ClosedLogTable.FileName, ".kafka_cleanshutdown", "t-0/leader-epoch-checkpoint", "t-0/partition.metadata", $"t-0/{1:D20}.snapshot" })
        {
            using (var file = disk.Open($"/a/{name}", DiskAccess.Create)) file.SetLength(Limits.SmallFileBytes + 1);
            await using var node = new NodeUnderTest(disk, Both);
            Assert.True((await node.Fetch("t")) == (ErrorCode.None, "t0"), name);
        }
    }

    private async Task Fill()
    {
        await using var node = new NodeUnderTest(disk, Both);
        await node.Create("t", 2);
        for (var i = 0; i < 2; i++) await node.Produce("t", $"t{i}", i);
        Assert.Equal("/b", node.HomeOf("t", 1));
    }
}
