using System.Text.Json;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Directories damaged in every way are opened as Kafka opens them, or better.</summary>
public sealed class CrashTests
{
    // Where Kafka stops the whole broker, hides the records or writes its next batch behind garbage: what is done instead.
    private static readonly Dictionary<string, long> EndWhereKafkaStops = new()
    {
        ["killed-epoch-file-garbage"] = 276,
        ["killed-metadata-garbage"] = 276,
        ["killed-metadata-missing"] = 276,
        ["killed-metadata-other-id"] = 276,
        ["killed-root-hw-garbage"] = 276,
        ["killed-root-rp-garbage"] = 276,
        ["killed-root-rp-wrong-count"] = 276,
        ["killed-root-start-garbage"] = 276,
        ["stopped-garbage-tail"] = 186,
        ["stopped-metadata-missing"] = 186,
        ["stopped-zero-tail"] = 186,
    };

    private static readonly HashSet<string> BytesCutWhereKafkaKeepsThem = ["stopped-torn-header", "stopped-torn-records", "stopped-tail-same-offsets-again", "stopped-flip-active-length", "killed-tail-same-offsets-again"];

    public static TheoryData<string> Cases
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var name in StorageVectors.Cases("crash")) names.Add(name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_damaged_directory_is_opened(string name)
    {
        var expected = StorageVectors.Case("crash", name);
        var disk = new MemoryDisk();
        var directory = StorageVectors.Unpack($"crash/{name}/before.tar.gz", disk).Single();
        var log = Open(disk, directory, name, expected);
        Assert.Equal(ErrorCode.None, log.Housekeep(0));

        var view = log.View;
        var end = EndWhereKafkaStops.TryGetValue(name, out var better) ? better : expected.GetProperty("logEndOffset").GetInt64();
        Assert.Equal(end, view.EndOffset);
        if (expected.TryGetProperty("logStartOffset", out var start)) Assert.Equal(start.GetInt64(), view.StartOffset);
        if (!EndWhereKafkaStops.ContainsKey(name)) CompareContents(name, expected, log);
        AppendGoesOn(log, end);
        var epochs = log.LeaderEpochs.ToArray();
        var batches = name.Contains("flip", StringComparison.Ordinal) || name.Contains("magic", StringComparison.Ordinal) ? 0 : LogContents.Batches(log).Count;
        Assert.Equal(ErrorCode.None, log.Close());

        var again = PartitionLog.Open(new LogOpening { Disk = disk, Directory = directory, WasCleanlyShutDown = true, RecoveryPoint = end + 1, StartOffset = view.StartOffset });
        Assert.Equal(end + 1, again.View.EndOffset);
        Assert.Equal(epochs, again.LeaderEpochs);
        if (batches > 0) Assert.Equal(batches, LogContents.Batches(again).Count);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scanned_segments_have_the_files_that_Kafka_makes(string name)
    {
        var expected = StorageVectors.Case("crash", name);
        if (name.StartsWith("stopped", StringComparison.Ordinal) || EndWhereKafkaStops.ContainsKey(name) || BytesCutWhereKafkaKeepsThem.Contains(name)) return;
        var disk = new MemoryDisk();
        var directory = StorageVectors.Unpack($"crash/{name}/before.tar.gz", disk).Single();
        var log = Open(disk, directory, name, expected);
        Assert.Equal(ErrorCode.None, log.Close());

        var scannedFrom = expected.TryGetProperty("recoveryPointBefore", out var point) && point.ValueKind == JsonValueKind.Number ? Math.Min(point.GetInt64(), 180) : 0;
        foreach (var file in expected.GetProperty("filesAfterShutdown").EnumerateArray())
        {
            var path = file.GetProperty("name").GetString()!;
            var isRebuilt = path.Length > 20 && long.TryParse(path[..20], out var offset) && offset >= scannedFrom
                && (path.EndsWith(".log", StringComparison.Ordinal) || path.EndsWith(".index", StringComparison.Ordinal) || path.EndsWith(".timeindex", StringComparison.Ordinal));
            if (!isRebuilt || file.GetProperty("size").GetInt64() == 0) continue;
            var ours = StorageVectors.Get(disk, $"{directory}/{path}");
            Assert.True(ours is not null && StorageVectors.Sha(ours) == file.GetProperty("sha256").GetString(), path);
        }
    }

    private static PartitionLog Open(MemoryDisk disk, string directory, string name, JsonElement expected)
    {
        var isClean = name.StartsWith("stopped", StringComparison.Ordinal);
        var config = StorageVectors.Config(expected.GetProperty("configs")) with { FileDeleteDelayMs = 0 };
        if (disk.LengthOf("/data/" + OffsetCheckpoint.HighWatermark) >= 0 || name.Contains("-root-", StringComparison.Ordinal))
        {
            var root = LogDirectory.Open(disk, "/data", null);
            var partition = Assert.Single(root.Partitions);
            return root.OpenPartition(partition, config, Guid.Empty, 0);
        }

        var point = expected.GetProperty("recoveryPointBefore");
        return PartitionLog.Open(new LogOpening
        {
            Disk = disk,
            Directory = directory,
            Config = config,
            WasCleanlyShutDown = isClean,
            RecoveryPoint = point.ValueKind == JsonValueKind.Number ? point.GetInt64() : 0,
        });
    }

    private static void CompareContents(string name, JsonElement expected, PartitionLog log)
    {
        if (!BytesCutWhereKafkaKeepsThem.Contains(name)) Assert.Equal(expected.GetProperty("segments").EnumerateArray().Sum(segment => segment.GetProperty("size").GetInt64()), log.SizeInBytes);
        var read = expected.GetProperty("read");
        if (read.TryGetProperty("error", out _)) return;
        var offsets = new List<long>();
        foreach (var batch in LogContents.Batches(log, maxBytes: 400))
        {
            var header = TestBatch.Header(batch);
            Assert.True(RecordBatchHeader.IsCrcValid(batch));
            Assert.Equal(CompressionType.None, header.Compression);
            var records = new RecordReader(header, batch.AsSpan(RecordBatchHeader.Size));
            while (records.MoveNext())
            {
                if (!header.IsControl && records.Offset >= log.View.StartOffset) offsets.Add(records.Offset);
            }
        }

        var wanted = read.GetProperty("offsetRanges").EnumerateArray().SelectMany(range => Range(range[0].GetInt64(), range[1].GetInt64()));
        Assert.Equal(wanted, offsets);
    }

    private static void AppendGoesOn(PartitionLog log, long end)
    {
        log.BecomeLeader(1000);
        var batch = TestBatch.Plain(1, 10);
        Assert.Equal(end, log.Stage(batch, TestBatch.Header(batch), 1000, 0).BaseOffset);
        Assert.Equal(new CommitResult(ErrorCode.None, end + 1, null), log.Commit());
        Assert.Single(LogContents.Batches(log, end));
    }

    private static IEnumerable<long> Range(long first, long last)
    {
        for (var offset = first; offset <= last; offset++) yield return offset;
    }
}
