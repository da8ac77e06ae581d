using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Actors.Storage;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>Partition directories that name another topic than the one that has their name: nothing of them is lost, mixed up, or hidden.</summary>
public sealed class StrayDirectoryTests
{
    private static readonly Guid Other = KafkaUuid.Parse("C3HE4Tf_RfC1UHzJj0SWFA");
    private readonly MemoryDisk disk = new();

    [Fact]
    public async Task One_of_another_topic_is_set_aside_and_said_and_the_partition_begins_empty()
    {
        await Fill("t");
        StorageVectors.Put(disk, "/data/t-0/partition.metadata", PartitionMetadataFile.Encode(Other));
        var aside = $"/data/t-0.{Other:n}-stray";
        await using (var node = new NodeUnderTest(disk, "/data"))
        {
            Assert.Equal((ErrorCode.None, 0L), await node.Produce("t", "new"));
            var told = await node.OnlyLine();
            Assert.Contains($"/data/t-0 is of the topic {KafkaUuid.ToText(Other)}, not of ", told, StringComparison.Ordinal);
            Assert.Contains($"it is set aside as {Path.GetFileName(aside)}", told, StringComparison.Ordinal);
        }

        Assert.NotEmpty(StorageVectors.Get(disk, $"{aside}/00000000000000000000.log")!);
        await using (var again = new NodeUnderTest(disk, "/data"))
        {
            Assert.Equal((ErrorCode.None, "new"), await again.Fetch("t"));
            Assert.Contains($"{aside} is set aside and not served", await again.OnlyLine(), StringComparison.Ordinal);
        }

        // As the line says: its name again, and no partition.metadata.
        disk.DeleteDirectory("/data/t-0");
        disk.Rename(aside, "/data/t-0");
        disk.Delete("/data/t-0/partition.metadata");
        await using var last = new NodeUnderTest(disk, "/data");
        Assert.Equal((ErrorCode.None, "t0 t1 t2"), await last.Fetch("t"));
        Assert.Empty(last.Log);
    }

    [Fact]
    public async Task A_second_one_gets_a_name_of_its_own()
    {
        for (var i = 0; i < 2; i++)
        {
            await Fill("t");
            StorageVectors.Put(disk, "/data/t-0/partition.metadata", PartitionMetadataFile.Encode(Other));
        }

        await Fill("t");
        Assert.Equal(2, disk.List("/data").Count(entry => entry.Name.EndsWith("-stray", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_copy_under_a_name_that_is_not_known_becomes_a_topic_and_stays_one()
    {
        await Fill("t");
        disk.CreateDirectory("/data/copy-0");
        foreach (var file in disk.List("/data/t-0")) StorageVectors.Put(disk, $"/data/copy-0/{file.Name}", StorageVectors.Get(disk, $"/data/t-0/{file.Name}")!);
        for (var start = 0; start < 2; start++)
        {
            await using var node = new NodeUnderTest(disk, "/data");
            Assert.Equal((ErrorCode.None, "t0 t1 t2"), await node.Fetch("copy"));
            Assert.Equal((ErrorCode.None, "t0 t1 t2"), await node.Fetch("t"));
            if (start == 0) Assert.Contains("/data/copy-0 was of the topic ", await node.OnlyLine(), StringComparison.Ordinal);
            else Assert.Empty(node.Log);
        }

        Assert.DoesNotContain(disk.List("/data"), entry => entry.Name.EndsWith("-stray", StringComparison.Ordinal));
    }

    private async Task Fill(string topic)
    {
        await using var node = new NodeUnderTest(disk, "/data");
        await node.Create(topic);
        for (var i = 0; i < 3; i++) Assert.Equal(ErrorCode.None, (await node.Produce(topic, $"{topic}{i}")).Error);
    }
}
