using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>The power goes at every single operation on the disk, of each thing that a log does: what was flushed is there afterwards, and nothing else than what was appended.</summary>
public sealed class DiskOperationCrashTests
{
    private const string Home = "/data/topic-0";
    private const int MostOperations = 200;

    // Where each scenario stands in Prepare's log: thirty batches of two records, in several segments, the first forty records flushed.
    private static readonly Dictionary<string, Action<PartitionLog>> Scenarios = new()
    {
        ["append"] = log => Append(log, 1),
        ["append and flush"] = log =>
        {
            Append(log, 3);
            Flush(log);
        },
        ["roll"] = log => Append(log, 12),
        ["truncation"] = log => log.TruncateTo(45, 0),
        ["truncation below what was flushed"] = log => log.TruncateTo(20, 0),
        ["truncation and append"] = log =>
        {
            if (log.TruncateTo(45, 0) == ErrorCode.None) Append(log, 4);
        },
        ["truncation of all"] = log => log.TruncateFully(100, 0),
        ["deletion of records"] = log => log.DeleteRecords(25, 0),
        ["clean stop"] = log => log.Close(),
    };

    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var name in Scenarios.Keys) names.Add(name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_was_flushed_is_there(string name)
    {
        var operations = 0;
        for (var isThrough = false; !isThrough; operations++)
        {
            Assert.True(operations < MostOperations);
            for (var seed = 0; seed < 4; seed++) isThrough = Run(name, operations, seed);
        }

        Assert.True(operations > 1, "the scenario does nothing");
    }

    // True where the scenario came to its end before the failure.
    private static bool Run(string name, int operations, int seed)
    {
        var disk = new MemoryDisk(new Random((operations * 31) + seed));
        var log = Prepare(disk);
        var before = LogContents.Batches(log);
        var end = log.View.EndOffset;
        var changes = disk.Changes;
        disk.FailAfter(operations);
        Scenarios[name](log);
        var isThrough = disk.Changes - changes < operations;
        var view = log.View;
        var point = log.RecoveryPoint;
        var start = name == "deletion of records" ? view.StartOffset : -1;
        disk.Crash();
        disk.Heal();

        // The crash may come before the checkpoint that a truncation asks for.
        var again = Open(disk, name.StartsWith("truncation", StringComparison.Ordinal) && !name.Contains("append", StringComparison.Ordinal) && seed % 2 == 0 ? 40 : point, start);
        var kept = LogContents.Batches(again);
        Assert.Equal(kept.Count == 0 ? again.View.EndOffset : TestBatch.Header(kept[^1]).NextOffset, again.View.EndOffset);
        Assert.True(again.View.EndOffset >= point, $"operation {operations}, seed {seed}: flushed up to {point}, but the log ends at {again.View.EndOffset}");
        var promised = before.Where(batch => TestBatch.Header(batch).NextOffset <= point && TestBatch.Header(batch).LastOffset >= view.StartOffset).ToList();
        Assert.Equal(promised, kept.Where(batch => TestBatch.Header(batch).NextOffset <= Math.Min(point, end) && TestBatch.Header(batch).LastOffset >= view.StartOffset));
        Assert.All(kept, batch => Assert.True(RecordBatchHeader.IsCrcValid(batch)));
        // As in Kafka, a segment that came through is kept although the tail of the one before it, never made durable, did not.
        for (var i = 1; i < kept.Count; i++)
        {
            var (free, first) = (TestBatch.Header(kept[i - 1]).NextOffset, TestBatch.Header(kept[i]).BaseOffset);
            Assert.True(first < point ? first == free : first >= free, $"offset {first} follows a batch that ends before {free}");
        }

        // The log goes on, with its producers knowing what is in it.
        var last = again.Producers.Where(producer => producer.ProducerId == 7).Select(producer => producer.LastSequence).FirstOrDefault(-1);
        Assert.Equal(kept.Count == 0 ? last : TestBatch.Header(kept[^1]).LastSequence, last);
        var next = TestBatch.Idempotent(7, 0, last + 1, 2, 100);
        Assert.Equal(ErrorCode.None, again.Stage(next, TestBatch.Header(next), 0, 0).Error);
        Assert.Equal(ErrorCode.None, again.Commit().Error);
        Assert.Equal(ErrorCode.None, again.Close());
        return isThrough;
    }

    private static PartitionLog Prepare(MemoryDisk disk)
    {
        disk.CreateDirectory("/data");
        disk.SyncDirectory("/");
        var log = Open(disk, 0, -1);
        Append(log, 20);
        Flush(log);
        Assert.Equal(40, log.RecoveryPoint);
        Append(log, 10);
        return log;
    }

    private static void Append(PartitionLog log, int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            var sequence = log.Producers.Select(producer => producer.LastSequence + 1).FirstOrDefault();
            var batch = TestBatch.Idempotent(7, 0, sequence, 2, 100);
            if (log.Stage(batch, TestBatch.Header(batch), 0, 0).Error != ErrorCode.None) return;
            if (log.Commit().Error != ErrorCode.None) return;
        }
    }

    private static void Flush(PartitionLog log)
    {
        var flush = log.BeginFlush();
        flush.Run();
        log.EndFlush(flush);
    }

    private static PartitionLog Open(MemoryDisk disk, long point, long start) => PartitionLog.Open(new LogOpening
    {
        Disk = disk,
        Directory = Home,
        Config = new LogConfig { SegmentBytes = 1500, IndexIntervalBytes = 400, RetentionMs = -1, FileDeleteDelayMs = 0, ProducerIdExpirationMs = long.MaxValue },
        RecoveryPoint = point,
        StartOffset = start,
    });
}
