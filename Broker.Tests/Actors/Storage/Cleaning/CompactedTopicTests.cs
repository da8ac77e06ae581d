using System.Diagnostics.Metrics;
using System.Text;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Client.Transport;
using AkkaStream.Host;
using AkkaStream.Host.Metrics;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>Compacted topics of a whole broker, in memory.</summary>
public sealed class CompactedTopicTests
{
    [Fact]
    public async Task A_compacted_topic_shrinks_and_its_reader_gets_the_latest_values()
    {
        var disk = new MemoryDisk();
        await using (var broker = Start(disk))
        {
            await using var connection = await Connect(broker);
            await Create(connection, "compacted");
            for (var i = 0; i < 120; i++) await Produce(connection, "compacted", $"k{i % 7}", $"value {i}");
            var handle = broker.Node.Services.Partitions.Find("compacted", 0)!;
            // The active segment is not cleaned.
            await Eventually.Holds(() => handle.Log.SizeInBytes < 4_000 && broker.Node.Services.Cleaner.Cleanings > 0, "the log shrinks");
            var latest = KeyedLog.Latest(KeyedLog.Records(handle.Log));
            for (var key = 0; key < 7; key++) Assert.Equal($"value {Enumerable.Range(0, 120).Last(i => i % 7 == key)}", latest[$"k{key}"].Value);
            // The cleaner may go on between the two.
            await Eventually.Holds(async () => handle.Log.SizeInBytes == await SizeOf(connection, "compacted"), "the size is told");
            Assert.InRange(broker.Node.Services.Cleaner.BytesRead, 1, long.MaxValue);
            Assert.Empty(broker.Node.Services.Cleaner.Uncleanable);
        }

        Assert.True(OffsetCheckpoint.TryDecode(StorageVectors.Get(disk, "/in-memory/cleaner-offset-checkpoint")!, out var offsets));
        Assert.InRange(offsets[new PartitionName("compacted", 0)], 60, 119);
        await using var again = Start(disk);
        Assert.Equal(120, again.Node.Services.Partitions.Find("compacted", 0)!.Log.View.EndOffset);
    }

    [Fact]
    public async Task A_damaged_log_is_set_aside_and_the_others_go_on()
    {
        var disk = new MemoryDisk();
        await using var broker = Start(disk, ("log.cleaner.enable", "false"));
        await using var connection = await Connect(broker);
        foreach (var topic in new[] { "good", "bad" })
        {
            await Create(connection, topic);
            for (var i = 0; i < 60; i++) await Produce(connection, topic, $"k{i % 3}", $"value {i}");
        }

        Assert.Equal(0, broker.Node.Services.Cleaner.UnderWay);
        Assert.Equal(ErrorCode.None, await broker.StopAsync());
        using (var file = disk.Open("/in-memory/bad-0/00000000000000000000.log", DiskAccess.Write)) file.Write([0xAB], 66);
        await using var cleaning = Start(disk);
        var cleaner = cleaning.Node.Services.Cleaner;
        await Eventually.Holds(() => cleaner.Uncleanable.Count == 1 && cleaner.Cleanings > 0, "one is set aside, the other cleaned");
        var (name, aside) = cleaner.Uncleanable.Single();
        Assert.Equal(new PartitionName("bad", 0), name);
        Assert.Contains("checksum", aside.Reason, StringComparison.Ordinal);
        Assert.Equal([("bad", 0, aside.Reason)], ShownUncleanable(cleaning));

        // What takes its name is another log.
        await using var client = await Connect(cleaning);
        using var deleted = await client.SendAsync(new DeleteTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = "bad" }] }, Eventually.Patience);
        await Create(client, "bad");
        for (var i = 0; i < 60; i++) await Produce(client, "bad", $"k{i % 3}", $"value {i}");
        var handle = cleaning.Node.Services.Partitions.Find("bad", 0)!;
        await Eventually.Holds(() => handle.Log.SizeInBytes < 2_500 && cleaner.Uncleanable.Count == 0, "the new one is cleaned");
    }

    private static List<(string Topic, int Partition, string Reason)> ShownUncleanable(RunningBroker broker)
    {
        var shown = new List<(string, int, string)>();
        using var metrics = new BrokerMetrics(broker.Node.Services);
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == BrokerMetrics.MeterName && instrument.Name.EndsWith(".uncleanable", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => shown.Add(((string)tags[0].Value!, (int)tags[1].Value!, (string)tags[2].Value!)));
        listener.Start();
        listener.RecordObservableInstruments();
        return shown;
    }

    [Fact]
    public async Task A_topic_that_becomes_compacted_is_cleaned_and_one_with_both_policies_is_deleted_from_too()
    {
        var disk = new MemoryDisk();
        await using var broker = Start(disk, ("log.retention.check.interval.ms", "1000"));
        await using var connection = await Connect(broker);
        await Create(connection, "t", ("cleanup.policy", "delete"));
        for (var i = 0; i < 60; i++) await Produce(connection, "t", $"k{i % 3}", $"value {i}");
        var handle = broker.Node.Services.Partitions.Find("t", 0)!;
        Assert.Equal(60, KeyedLog.Records(handle.Log).Count);
        await Alter(connection, "t", ("cleanup.policy", "compact"));
        await Eventually.Holds(() => KeyedLog.Records(handle.Log).Count < 20, "it is cleaned");
        Assert.Equal(0, handle.Log.View.StartOffset);
        await Alter(connection, "t", ("cleanup.policy", "compact,delete"), ("retention.bytes", "300"));
        await Eventually.Holds(() => handle.Log.View.StartOffset > 0, "old segments go");
    }

    [Fact]
    public async Task A_disk_that_refuses_the_cleaner_takes_its_log_directory_offline_and_no_other()
    {
        var disk = new FaultyDisk(new MemoryDisk());
        await using var broker = Start(disk, ("log.dirs", "/one,/two"));
        await using var connection = await Connect(broker);
        await Create(connection, "t");
        await Create(connection, "u");
        var (bad, good) = (broker.Node.Services.Partitions.Find("t", 0)!, broker.Node.Services.Partitions.Find("u", 0)!);
        Assert.NotEqual(bad.Home, good.Home);
        disk.Break($"{bad.Home.Path}/cleaner-offset-checkpoint");
        for (var i = 0; i < 30 && !bad.IsOffline; i++)
        {
            await Produce(connection, "u", $"k{i % 3}", $"value {i}");
            await Produce(connection, "t", $"k{i % 3}", $"value {i}", mayFail: true);
        }

        await Eventually.Holds(() => bad.IsOffline, "the directory goes offline");
        Assert.Contains("input/output error", bad.Home.Failure, StringComparison.Ordinal);
        var cleanings = broker.Node.Services.Cleaner.Cleanings;
        for (var i = 0; i < 30; i++) await Produce(connection, "u", $"k{i % 3}", $"value {i}");
        await Eventually.Holds(() => broker.Node.Services.Cleaner.Cleanings > cleanings, "the other one is cleaned");
        Assert.False(good.IsOffline);
    }

    private static RunningBroker Start(IDisk disk, params (string Key, string Value)[] more)
    {
        var given = new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = "/in-memory",
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["log.cleaner.backoff.ms"] = "5",
            ["log.cleaner.dedupe.buffer.size"] = "1000000",
            ["log.cleaner.threads"] = "2",
        };
        foreach (var (key, value) in more) given[key] = value;
        return RunningBroker.Start(BrokerConfig.Create(given), disk, withDoor: false);
    }

    private static async Task<IBrokerConnection> Connect(RunningBroker broker)
    {
        var transport = broker.Connect();
        return await transport.ConnectAsync(transport.Bootstrap[0]);
    }

    private static async Task Create(IBrokerConnection connection, string topic, params (string Key, string Value)[] configs)
    {
        var all = new List<(string Key, string Value)> { ("cleanup.policy", "compact"), ("internal.segment.bytes", "1000"), ("min.cleanable.dirty.ratio", "0.01"), ("retention.ms", "-1") };
        foreach (var (key, value) in configs)
        {
            all.RemoveAll(config => config.Key == key);
            all.Add((key, value));
        }

        var request = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1, Configs = [.. all.Select(config => new CreateTopicsRequest.CreatableTopicConfig { Name = config.Key, Value = config.Value })] }] };
        using var created = await connection.SendAsync(request, Eventually.Patience);
        Assert.Equal(ErrorCode.None, created.As<CreateTopicsResponse>().Topics.Single().ErrorCode);
    }

    private static async Task Alter(IBrokerConnection connection, string topic, params (string Key, string Value)[] configs)
    {
        var request = new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = topic, Configs = [.. configs.Select(config => new IncrementalAlterConfigsRequest.AlterableConfig { Name = config.Key, ConfigOperation = 0, Value = config.Value })] }] };
        using var altered = await connection.SendAsync(request, Eventually.Patience);
        Assert.Equal(ErrorCode.None, altered.As<IncrementalAlterConfigsResponse>().Responses.Single().ErrorCode);
    }

    private static async Task Produce(IBrokerConnection connection, string topic, string key, string value, bool mayFail = false)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1_700_000_000_000, Encoding.UTF8.GetBytes(key), true, Encoding.UTF8.GetBytes(value), true);
        var records = new RecordsPayload(builder.Build(new RecordBatchFields()).ToArray());
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 10_000, TopicData = [new() { Name = topic, PartitionData = [new() { Index = 0, Records = records }] }] };
        using var produced = await connection.SendAsync(request, Eventually.Patience, highest: 9);
        if (!mayFail) Assert.Equal(ErrorCode.None, produced.As<ProduceResponse>().Responses.Single().PartitionResponses.Single().ErrorCode);
    }

    private static async Task<long> SizeOf(IBrokerConnection connection, string topic)
    {
        using var described = await connection.SendAsync(new DescribeLogDirsRequest { Topics = null }, Eventually.Patience);
        return described.As<DescribeLogDirsResponse>().Results.Single().Topics.Single(t => t.Name == topic).Partitions.Single().PartitionSize;
    }
}
