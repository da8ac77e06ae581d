using System.Text;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Host;
using AkkaStream.Tests.Actors.Storage;

namespace AkkaStream.Tests.Host;

/// <summary>
/// The whole data directory of a Kafka 4.3 broker (KRaft, combined mode), stopped in an orderly way: gzip, zstd, compacted and transactional topics, a deleted topic, two groups'
/// offsets, configurations of topics and brokers, a quota, a SCRAM credential, snapshots of the metadata log and records behind the newest.
/// </summary>
public sealed class KafkaTakeoverTests
{
    private const string Journal = "/data/__cluster_metadata-0";

    [Fact]
    public async Task A_directory_copied_whole_is_served()
    {
        var disk = Unpack();
        for (var start = 0; start < 2; start++)
        {
            await using var broker = Start(disk);
            var image = broker.Node.Services.Metadata.Image;
            Assert.Equal("AAAAAAAAAAAAAAAAAAAAAQ", broker.Node.ClusterId);
            Assert.Equal(["__consumer_offsets 4 C3HE4Tf_RfC1UHzJj0SWFA", "__transaction_state 2 ZdwTgExBTBaKqtrnNlXTJg", $"late 1 {Id(disk, "late-0")}", "orders 3 ByxB0TEnSv-alag8DIQBlw", "paid 2 dQVbqH7dSBOBMHZug3YbDw", "table 1 qpeIjsZ5SiisIGGbJuW-hg", "zipped 2 OhCEgyUQSEmHxH2ZIkt9UQ"],
                image.Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => $"{t.Name} {t.Partitions.Length} {KafkaUuid.ToText(t.Id)}"));
            Assert.Equal("max.message.bytes=123456 retention.ms=-1", Configs(image, "orders"));
            Assert.Equal("cleanup.policy=compact internal.segment.bytes=1000 min.cleanable.dirty.ratio=0.01 min.insync.replicas=1", Configs(image, "table"));
            Assert.Equal("cleanup.policy=compact compression.type=producer segment.bytes=104857600", Configs(image, "__consumer_offsets"));
            Assert.Equal(2_000_000, broker.Node.Services.Config.Int("message.max.bytes"));
            Assert.Equal(2, broker.Node.Services.Config.Int("log.cleaner.threads"));
            Assert.True(image.NextProducerId >= 1000);
            Assert.Equal(["orders 50", "orders 80", "orders 70", "paid 0", "paid 32", "table 400", "zipped 200", "zipped 0"],
                broker.Node.Services.Partitions.All.Where(h => h.Topic is "orders" or "paid" or "table" or "zipped").OrderBy(h => h.Topic, StringComparer.Ordinal).ThenBy(h => h.Index).Select(h => $"{h.Topic} {h.Log.View.EndOffset}"));
            Assert.Equal(Enumerable.Range(1, 200).Select(i => $"k{i % 20}\tvalue {i}"), Values(broker, "zipped", 0));
            Assert.Equal(30, Values(broker, "paid", 1).Count);
            await using var cluster = new ClusterClient(broker.Connect());
            Assert.Equal(["orders-0 50", "orders-1 70", "orders-2 0"], await Committed(cluster, "billing"));
            Assert.Equal(["zipped-0 200"], await Committed(cluster, "audit"));
            Assert.Equal(ErrorCode.None, await broker.StopAsync());
        }
    }

    [Fact]
    public async Task Its_metadata_log_is_set_aside_unchanged()
    {
        var disk = Unpack();
        var before = Files(disk, Journal);
        await using (Start(disk))
        {
        }

        Assert.Equal(before, Files(disk, Journal + ".kafka"));
        Assert.DoesNotContain(Files(disk, Journal), f => f.StartsWith("quorum-state", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_crash_between_setting_aside_and_taking_over_is_made_good()
    {
        var disk = Unpack();
        disk.Rename(Journal, Journal + ".kafka");
        await using var broker = Start(disk);
        Assert.Equal("max.message.bytes=123456 retention.ms=-1", Configs(broker.Node.Services.Metadata.Image, "orders"));
    }

    [Fact]
    public void A_damaged_metadata_log_stops_the_start_and_stays_as_it_is()
    {
        var disk = Unpack();
        var snapshot = disk.List(Journal).Select(f => f.Name).Where(n => n.EndsWith(".checkpoint", StringComparison.Ordinal)).Max(StringComparer.Ordinal);
        var bytes = StorageVectors.Get(disk, $"{Journal}/{snapshot}")!;
        bytes[bytes.Length / 2] ^= 1;
        StorageVectors.Put(disk, $"{Journal}/{snapshot}", bytes);
        var before = Files(disk, Journal);
        var error = Assert.Throws<IOException>(() => Start(disk));
        Assert.Contains($"{snapshot} is damaged at byte", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files(disk, Journal));
    }

    [Fact]
    public async Task Without_its_metadata_log_internal_topics_stay_compacted()
    {
        var disk = Unpack();
        disk.DeleteDirectory(Journal);
        await using var broker = Start(disk);
        var image = broker.Node.Services.Metadata.Image;
        Assert.Equal("cleanup.policy=compact compression.type=producer segment.bytes=104857600", Configs(image, "__consumer_offsets"));
        Assert.Equal("ByxB0TEnSv-alag8DIQBlw", KafkaUuid.ToText(image.Topics["orders"].Id));
    }

    [Fact]
    public void Another_node_id_is_refused_with_the_right_one()
    {
        var error = Assert.Throws<ConfigException>(() => Start(Unpack(), node: 2));
        Assert.Contains("node.id=1", error.Message, StringComparison.Ordinal);
    }

    private static MemoryDisk Unpack()
    {
        var disk = new MemoryDisk();
        using var packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "kafka-directory.tar.gz"));
        StorageVectors.Unpack(packed, disk);
        return disk;
    }

    // Retention goes by the records' time, which grows old: what the topics do not set is switched off.
    private static RunningBroker Start(IDisk disk, int node = 1) => RunningBroker.Start(BrokerConfig.Create(new Dictionary<string, string>
    {
        ["node.id"] = node.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["log.dirs"] = "/data",
        ["listeners"] = "PLAINTEXT://127.0.0.1:0",
        ["log.retention.ms"] = "-1",
        ["offsets.retention.minutes"] = "2147483647",
    }), disk, withDoor: false);

    private static async Task<List<string>> Committed(ClusterClient cluster, string group)
    {
        var offsets = await new AdminClient(cluster).ListGroupOffsetsAsync(group);
        return offsets.Select(o => $"{o.Key.Topic}-{o.Key.Partition} {o.Value.Offset}").Order(StringComparer.Ordinal).ToList();
    }

    private static List<string> Values(RunningBroker broker, string topic, int partition)
    {
        var values = new List<string>();
        foreach (var batch in LogContents.Committed(broker.Node.Services.Partitions.Find(topic, partition)!.Log))
        {
            RecordBatchHeader.TryParse(batch, out var header);
            if (header.IsControl) continue;
            using var unfolded = new PooledBuffer();
            RecordCodec.Decompress(header.Compression, batch.AsSpan(RecordBatchHeader.Size), unfolded, 1 << 20);
            var records = new RecordReader(header, unfolded.WrittenSpan);
            while (records.MoveNext()) values.Add(Encoding.UTF8.GetString(records.Value));
        }

        return values;
    }

    private static string Configs(MetadataImage image, string topic) => string.Join(' ', image.Topics[topic].Configs.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}"));

    private static string Id(MemoryDisk disk, string partition) => Encoding.ASCII.GetString(StorageVectors.Get(disk, $"/data/{partition}/partition.metadata")!)[^22..];

    private static List<string> Files(MemoryDisk disk, string directory)
        => disk.List(directory).Select(f => $"{f.Name} {StorageVectors.Sha(StorageVectors.Get(disk, $"{directory}/{f.Name}")!)}").Order(StringComparer.Ordinal).ToList();
}
