using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Host;
using AkkaStream.Tests.Client.Records;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Logs that begin with messages of the formats 0 and 1, as brokers before 0.11 wrote them, and go on with batches of format 2.</summary>
public sealed class OldFormatTests
{
    private const string Home = "/data/old-0";

    public static TheoryData<string> Sets
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var vector in RecordVectors.Read("legacy.jsonl"))
            {
                // What a producer sends, offsets not assigned, never stood in a log.
                if (vector.TryGetProperty("records", out _) && !vector.Case().Contains("producer", StringComparison.Ordinal)) names.Add(vector.Case());
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_message_set_with_batches_behind_it_is_opened_and_read(string name)
    {
        var vector = RecordVectors.Read("legacy.jsonl").First(v => v.Case() == name);
        var records = vector.GetProperty("records").EnumerateArray().Select(r => (Offset: r.GetProperty("offset").GetInt64(), Time: r.GetProperty("timestamp").GetInt64())).ToList();
        var end = vector.GetProperty("entries").EnumerateArray().Last().GetProperty("offset").GetInt64() + 1;
        var set = vector.Hex();
        foreach (var wasClean in new[] { true, false })
        {
            var disk = new MemoryDisk();
            disk.CreateDirectory(Home);
            StorageVectors.Put(disk, $"{Home}/00000000000000000000.log", set);
            var log = Open(disk, wasClean, end);
            Assert.Equal((end, set.LongLength), (log.View.EndOffset, log.SizeInBytes));
            Append(log, 5_000_000_000_000);
            Assert.Equal([.. set, .. LogContents.Batches(log, end).Single()], log.Read(0, 1 << 20, ReadLimit.End, true).ReadBytes());

            // Every record is found: its whole entry comes, whatever offset inside it is asked for, and whatever time.
            foreach (var (offset, time) in records)
            {
                using var read = log.Read(offset, 1, ReadLimit.End, minOneBatch: true);
                Assert.Contains(offset, Offsets(read.ReadBytes()));
                if (time >= 0) Assert.Equal(records.First(r => r.Time >= time).Offset, log.OffsetForTimestamp(time, ReadLimit.End).Offset);
            }

            Assert.Equal(end, log.OffsetForTimestamp(4_900_000_000_000, ReadLimit.End).Offset);
            Assert.Equal(ErrorCode.None, log.Close());
            Assert.Equal(end + 2, Open(disk, true, end + 2).View.EndOffset);
        }
    }

    [Fact]
    public void Old_segments_are_indexed_and_recovered_like_new_ones()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory(Home);
        using var messages = new PooledBuffer();
        for (var i = 0; i < 500; i++) LegacyMessage.Write(messages, 1, i, 1_000_000 + i, 0, default, false, new byte[50], true);
        var whole = messages.WrittenSpan.ToArray();
        StorageVectors.Put(disk, $"{Home}/00000000000000000000.log", whole[..^7]);
        var reports = new List<string>();
        var log = Open(disk, wasClean: false, 0, reports.Add);
        Assert.Equal(499, log.View.EndOffset);
        Assert.Contains(reports, line => line.Contains("a torn batch", StringComparison.Ordinal));
        Assert.Equal(ErrorCode.None, log.Close());
        Assert.True(disk.LengthOf($"{Home}/00000000000000000000.index") > 200);
        Assert.True(disk.LengthOf($"{Home}/00000000000000000000.timeindex") > 300);

        // A flipped bit is met at recovery as in a batch.
        whole[(whole.Length / 2) + 40] ^= 1;
        StorageVectors.Put(disk, $"{Home}/00000000000000000000.log", whole);
        foreach (var file in disk.List(Home).Where(f => f.Name.EndsWith("index", StringComparison.Ordinal))) disk.Delete($"{Home}/{file.Name}");
        Assert.Equal(250, Open(disk, wasClean: false, 0).View.EndOffset, tolerance: 2);
    }

    [Fact]
    public async Task A_broker_serves_them_to_new_clients_as_they_are_and_to_old_ones_converted()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data/old-0");
        using var set = new PooledBuffer();
        LegacyMessage.Write(set, 0, 0, -1, 0, "k0"u8, true, "v0"u8, true);
        using (var inner = new PooledBuffer())
        using (var packed = new PooledBuffer())
        {
            for (var i = 0; i < 3; i++) LegacyMessage.Write(inner, 1, i, 1_000 + i, 0, default, false, "v1"u8, true);
            RecordCodec.Compress(CompressionType.Gzip, inner.WrittenSpan, packed, null);
            // The time of the append counts for all that is inside.
            LegacyMessage.Write(set, 1, 3, 2_000, (int)CompressionType.Gzip | 8, default, false, packed.WrittenSpan, true);
        }

        var batch = TestBatch.Plain(2, 5, 3_000);
        RecordBatchHeader.SetBaseOffset(batch, 4);
        StorageVectors.Put(disk, $"{Home}/00000000000000000000.log", [.. set.WrittenSpan, .. batch]);

        var config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0", ["log.retention.ms"] = "-1" });
        await using var broker = RunningBroker.Start(config, disk, withDoor: false);
        await using var cluster = new ClusterClient(broker.Connect());
        await using var consumer = new PartitionConsumer(cluster);
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [new("old", 0)] = 0 });
        using (var polled = await consumer.PollAsync(Eventually.Patience))
        {
            Assert.Equal([(0, -1L), (1, 2_000), (2, 2_000), (3, 2_000), (4, 3_000), (5, 3_001)], polled.Select(r => ((int)r.Offset, r.Timestamp)));
            Assert.Equal("k0"u8.ToArray(), polled.First().Key!.Value.ToArray());
        }

        await using var transport = broker.Connect();
        await using var connection = await transport.ConnectAsync(transport.Bootstrap[0]);
        foreach (short version in (short[])[0, 2, 4])
        {
            var request = new FetchRequest { MaxBytes = 1 << 20, MinBytes = 1, MaxWaitMs = 1000, Topics = [new() { Topic = "old", Partitions = [new() { Partition = 0, FetchOffset = 0, PartitionMaxBytes = 1 << 20 }] }] };
            using var answer = await connection.SendAsync(request, Eventually.Patience, version);
            var bytes = answer.As<FetchResponse>().Responses.Single().Partitions.Single().Records.Memory.ToArray();
            if (version == 4) Assert.Equal([.. set.WrittenSpan, .. batch], bytes);
            else Assert.Equal([0, 1, 2, 3, 4, 5], Offsets(bytes));
            if (version == 0) Assert.DoesNotContain((byte)1, Magics(bytes));
        }
    }

    private static PartitionLog Open(MemoryDisk disk, bool wasClean, long point, Action<string>? report = null) => PartitionLog.Open(new LogOpening
    {
        Disk = disk,
        Directory = Home,
        WasCleanlyShutDown = wasClean,
        RecoveryPoint = wasClean ? point : 0,
        Config = LogConfig.Default with { IndexIntervalBytes = 400, SegmentMs = long.MaxValue },
        Report = report,
    });

    private static void Append(PartitionLog log, long timestamp)
    {
        var batch = TestBatch.Plain(2, 10, timestamp);
        Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch), 0, 0).Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
    }

    private static List<long> Offsets(ReadOnlySpan<byte> bytes)
    {
        var offsets = new List<long>();
        var walker = new RecordBatchWalker(bytes, takesOldFormats: true);
        while (walker.MoveNext())
        {
            if (!walker.Header.IsOldFormat) continue;
            using var reader = new LegacyReader(walker.Batch);
            while (reader.MoveNext()) offsets.Add(reader.Offset);
        }

        return offsets;
    }

    private static List<byte> Magics(ReadOnlySpan<byte> bytes)
    {
        var magics = new List<byte>();
        var walker = new RecordBatchWalker(bytes, takesOldFormats: true);
        while (walker.MoveNext()) magics.Add((byte)walker.Header.Magic);
        return magics;
    }
}
