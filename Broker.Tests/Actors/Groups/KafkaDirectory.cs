using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Actors.Storage;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>The partition of <c>__consumer_offsets</c> that a Kafka broker wrote: classic and consumer groups, transactions, deletions.</summary>
internal static class KafkaDirectory
{
    private const string Name = "consumer-offsets";

    /// <summary>A coordinator that has read it.</summary>
    public static GroupHarness Load()
    {
        var groups = new GroupHarness();
        var loader = new CoordinatorLoader(Open(), groups.Coordinator, 512);
        while (!loader.Step())
        {
            Assert.True(loader.Records < 1000);
        }

        groups.Coordinator.Loaded(groups);
        return groups;
    }

    /// <summary>What it has committed for partition 0 of topics, by a plain reading of what Kafka says is committed.</summary>
    public static Dictionary<(string Group, string Topic), long> Offsets()
    {
        var committed = StorageVectors.Case("dirs", Name).GetProperty("committedOffsets").EnumerateArray().Select(o => o.GetInt64()).ToHashSet();
        var offsets = new Dictionary<(string, string), long>();
        foreach (var batch in LogContents.Batches(Open()))
        {
            RecordBatchHeader.TryParse(batch, out var header);
            if (header.IsControl) continue;
            var reader = new RecordReader(header, batch.AsSpan(RecordBatchHeader.Size));
            while (reader.MoveNext())
            {
                if (!committed.Contains(reader.Offset) || GroupRecordReader.Key(reader.Key.ToArray()).Key is not OffsetCommitKey { Partition: 0 } key) continue;
                if (reader.IsValueNull) offsets.Remove((key.Group, key.Topic));
                else offsets[(key.Group, key.Topic)] = GroupRecordReader.Value<OffsetCommitValue>(reader.Value.ToArray()).Offset;
            }
        }

        return offsets;
    }

    private static PartitionLog Open()
    {
        var disk = new MemoryDisk();
        var directory = StorageVectors.Unpack($"dirs/{Name}/dir.tar.gz", disk)[0];
        return PartitionLog.Open(new LogOpening { Disk = disk, Directory = directory, WasCleanlyShutDown = true });
    }
}
