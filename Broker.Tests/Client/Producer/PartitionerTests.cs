using System.IO.Compression;
using System.Text.Json;
using AkkaStream.Client.Producer;

namespace AkkaStream.Tests.Client.Producer;

/// <summary>The partitions that Kafka's own producer chose.</summary>
public sealed class PartitionerTests
{
    [Fact]
    public void Keys()
    {
        foreach (var vector in Read("murmur2.jsonl"))
        {
            var key = Convert.FromHexString(vector.GetProperty("key").GetString()!);
            Assert.Equal(vector.GetProperty("hash").GetInt32(), Murmur2.Hash(key));
            foreach (var partition in vector.GetProperty("partition").EnumerateObject())
                Assert.Equal(partition.Value.GetInt32(), Murmur2.PartitionOf(key, int.Parse(partition.Name)));
        }
    }

    [Fact]
    public void Chances_by_load()
    {
        foreach (var vector in Of("adaptive"))
        {
            var length = vector.GetProperty("length").GetInt32();
            var queues = Numbers(vector, "queueSizes");
            var load = PartitionLoad.From(queues.AsSpan(0, length), Numbers(vector, "partitionIds"), queues.Length);
            var table = vector.GetProperty("cumulativeFrequencyTable");
            Assert.Equal(table.ValueKind == JsonValueKind.Null, load is null);
            if (load is null) continue;
            Assert.Equal(Numbers(vector, "cumulativeFrequencyTable"), load.Cumulative);
            foreach (var (dice, partition) in Throws(vector)) Assert.Equal(partition, load.Choose(dice));
        }
    }

    [Fact]
    public void Any_partition_with_a_leader()
    {
        foreach (var vector in Of("uniform"))
        {
            var partitions = vector.GetProperty("partitions").GetInt32();
            var thrown = 0;
            var partitioner = new StickyPartitioner(1, () => thrown);
            foreach (var (dice, partition) in Throws(vector))
            {
                thrown = dice;
                Assert.Equal(partition, partitioner.Next(partitions, Available(vector, partitions)));
            }
        }
    }

    [Fact]
    public void Sticking_to_one_partition()
    {
        foreach (var vector in Of("sticky"))
        {
            var partitions = vector.GetProperty("partitions").GetInt32();
            var next = 0;
            var partitioner = new StickyPartitioner(vector.GetProperty("stickyBatchSize").GetInt32(), () => next);
            foreach (var step in vector.GetProperty("steps").EnumerateArray())
            {
                // The first step's partition came from the throw before.
                next = step.GetProperty("partitionBefore").GetInt32();
                Assert.Equal(step.GetProperty("partitionBefore").GetInt32(), partitioner.Current(partitions, []));
                next = step.GetProperty("nextRandom").GetInt32();
                partitioner.Appended(step.GetProperty("appendedBytes").GetInt32(), step.GetProperty("enableSwitch").GetBoolean(), partitions, []);
                Assert.Equal(step.GetProperty("partitionAfter").GetInt32(), partitioner.Current(partitions, []));
            }
        }
    }

    [Fact]
    public void In_turn()
    {
        foreach (var vector in Of("roundrobin"))
        {
            var partitions = vector.GetProperty("partitions").GetInt32();
            var partitioner = new RoundRobinPartitioner();
            foreach (var expected in Numbers(vector, "sequence")) Assert.Equal(expected, partitioner.Next(partitions, Available(vector, partitions)));
        }
    }

    private static IEnumerable<JsonElement> Of(string kind) => Read("partitioner.jsonl").Where(v => v.GetProperty("kind").GetString() == kind);

    private static int[] Available(JsonElement vector, int partitions)
        => Enumerable.Range(0, partitions).Except(Numbers(vector, "unavailable")).ToArray();

    private static int[] Numbers(JsonElement vector, string name) => vector.GetProperty(name).EnumerateArray().Select(n => n.GetInt32()).ToArray();

    private static IEnumerable<(int Dice, int Partition)> Throws(JsonElement vector)
        => vector.GetProperty("randomToPartition").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32()));

    private static IEnumerable<JsonElement> Read(string name)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "partitioning.zip"));
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
