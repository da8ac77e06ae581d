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

    // Where the directory is served as if nothing had been damaged, and what Kafka makes of it; the undamaged case beside it tells what is right.
    private static readonly Dictionary<string, (string Undamaged, string InKafka)> Mended = new()
    {
        ["stopped-txn-index-missing"] = ("stopped-none-txn", "read_committed gets the records of aborted transactions"),
        ["killed-txn-index-missing"] = ("killed-none-txn", "the same below the recovery point"),
        ["stopped-txn-index-odd-size"] = ("stopped-none-txn", "the index stays as it is"),
        ["killed-txn-index-odd-size"] = ("killed-none-txn", "the index stays as it is"),
        ["stopped-txn-snapshots-missing"] = ("stopped-none-txn", "an open transaction is forgotten: its records are read as committed"),
        ["killed-txn-snapshots-missing"] = ("killed-none-txn", "the same as here"),
        ["stopped-snapshots-missing"] = ("stopped-none", "idempotent producers are forgotten: a repeated batch is written twice"),
        ["stopped-timeindex-missing"] = ("stopped-none", "no time is found in the segment"),
        ["stopped-timeindex-truncated"] = ("stopped-none", "the index is believed"),
        ["stopped-index-missing"] = ("stopped-none", "the same as here"),
        ["stopped-index-empty"] = ("stopped-none", "the index is believed: reads walk from the segment's beginning"),
        ["stopped-index-odd-size"] = ("stopped-none", "the index is believed"),
        ["stopped-index-oversized"] = ("stopped-none", "the index is believed"),
        ["stopped-index-wrong-positions"] = ("stopped-none", "the index is believed"),
    };

    public static TheoryData<string> MendedCases
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var name in Mended.Keys) names.Add(name);
            return names;
        }
    }

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
    [MemberData(nameof(MendedCases))]
    public void A_mended_directory_is_what_it_was(string name)
    {
        var undamaged = Load(Mended[name].Undamaged, out var rightDisk);
        var log = Load(name, out var disk);
        Assert.Equal(undamaged.View.Offsets, log.View.Offsets);
        Assert.Equal(undamaged.Producers.Select(Describe).Order(StringComparer.Ordinal), log.Producers.Select(Describe).Order(StringComparer.Ordinal));
        Assert.Equal(OffsetsOf(LogContents.Committed(undamaged)), OffsetsOf(LogContents.Committed(log, 400)));
        if (name.Contains("-txn", StringComparison.Ordinal))
        {
            var right = StorageVectors.Case("crash", Mended[name].Undamaged).GetProperty("readCommitted").GetProperty("count").GetInt32();
            Assert.Equal(right, LogContents.Committed(log).Sum(batch => TestBatch.Header(batch).RecordCount));
        }

        // As many entries as there might be: believed, and found useless by the read.
        if (name != "stopped-index-oversized") Assert.Equal(IndexLengths(rightDisk, undamaged), IndexLengths(disk, log));
        // The times of the two directories are not the same: each is looked up by the timestamps of its own records.
        foreach (var batch in LogContents.Batches(log))
        {
            var header = TestBatch.Header(batch);
            Assert.InRange(log.OffsetForTimestamp(header.MaxTimestamp, ReadLimit.End).Offset, 0, header.LastOffset);
        }
    }

    private static PartitionLog Load(string name, out MemoryDisk disk)
    {
        var expected = StorageVectors.Case("crash", name);
        disk = new MemoryDisk();
        return Open(disk, StorageVectors.Unpack($"crash/{name}/before.tar.gz", disk).Single(), name, expected);
    }

    // A whole number of entries is written for every closed segment, and as many as in the directory without damage.
    private static List<string> IndexLengths(MemoryDisk disk, PartitionLog log)
    {
        var lengths = new List<string>();
        foreach (var segment in log.View.Segments[..^1])
        {
            lengths.Add($"{segment.BaseOffset}: {disk.LengthOf(segment.Offsets.Path)} {disk.LengthOf(segment.Times.Path)}");
        }

        return lengths;
    }

    private static string Describe(ProducerEntry producer) => $"{producer.Epoch} {producer.LastSequence} {producer.FirstOffsetOfTransaction}";

    private static List<long> OffsetsOf(List<byte[]> batches) => batches.ConvertAll(batch => TestBatch.Header(batch).BaseOffset);

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
