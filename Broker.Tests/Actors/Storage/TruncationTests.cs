using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>A log that is cut is what it was when it ended there: records, indexes, producers, transactions, epochs.</summary>
public sealed class TruncationTests
{
    private readonly MemoryDisk _disk = new(new Random(1));

    public TruncationTests() => _disk.CreateDirectory("/data");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(30)]
    [InlineData(59)]
    public void A_cut_log_is_what_it_was(long offset)
    {
        var log = Open("cut");
        Fill(log, 60);
        Assert.Equal(ErrorCode.None, log.TruncateTo(offset, 0));
        var end = log.View.EndOffset;
        Assert.InRange(end, offset - 1, offset);
        var expected = Open("expected");
        Fill(expected, end);
        Same(expected, log);
        Fill(expected, 80);
        Fill(log, 80);
        Same(expected, log);
        Assert.Equal(ErrorCode.None, log.Close());
        Same(expected, Open("cut", clean: true, point: log.View.EndOffset));
    }

    [Fact]
    public void A_log_that_is_emptied_begins_elsewhere()
    {
        var log = Open("cut");
        Fill(log, 60);
        Assert.Equal(ErrorCode.None, log.TruncateFully(1000, 0));
        Assert.Equal(new LogOffsets(1000, 1000, 1000, 1000), log.View.Offsets);
        Assert.Empty(log.Producers);
        Assert.Empty(log.LeaderEpochs);
        var batch = TestBatch.Plain(2, 10);
        Assert.Equal(1000, log.Stage(batch, TestBatch.Header(batch), 3, 0).BaseOffset);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
        Assert.Single(LogContents.Batches(log));
        Assert.Equal(ErrorCode.None, log.TruncateTo(990, 0));
        Assert.Equal(new LogOffsets(990, 990, 990, 990), log.View.Offsets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cut_that_the_disk_breaks_off_is_made_whole_before_anything_is_appended(bool isAll)
    {
        var expected = Open("expected");
        Fill(expected, isAll ? 0 : 17);
        var further = Open("further");
        Fill(further, 30);
        for (var operations = 0; ; operations++)
        {
            var log = Open($"cut{operations}");
            Fill(log, 60);
            ErrorCode Cut() => isAll ? log.TruncateFully(0, 0) : log.TruncateTo(17, 0);
            _disk.FailAfter(operations);
            var isThrough = Cut() == ErrorCode.None;
            var batch = TestBatch.Plain(1, 10);
            if (!isThrough) Assert.Equal(ErrorCode.KafkaStorageError, log.Stage(batch, TestBatch.Header(batch), 0, 0).Error);
            _disk.Heal();
            Assert.Equal(ErrorCode.None, log.Commit().Error);
            if (operations % 2 == 0) Assert.Equal(expected.View.EndOffset, log.Stage(batch, TestBatch.Header(batch), 0, 0).BaseOffset);
            Assert.Equal(ErrorCode.None, Cut());
            Same(expected, log);
            Fill(log, 30);
            Same(further, log);
            Assert.Equal(ErrorCode.None, log.Close());
            Same(further, Open($"cut{operations}", clean: true, point: 30));
            if (!isThrough) continue;
            Assert.True(operations > 5);
            return;
        }
    }

    [Fact]
    public void A_flush_that_began_before_a_cut_promises_nothing_of_what_was_appended_after_it()
    {
        var log = Open("cut");
        Fill(log, 60);
        var flush = log.BeginFlush();
        Assert.Equal(ErrorCode.None, log.TruncateTo(17, 0));
        Fill(log, 80);
        flush.Run();
        Assert.Equal(ErrorCode.None, log.EndFlush(flush));
        Assert.Equal(17, log.RecoveryPoint);
        flush = log.BeginFlush();
        flush.Run();
        Assert.Equal(ErrorCode.None, log.EndFlush(flush));
        Assert.Equal(80, log.RecoveryPoint);
    }

    // Two producers, one of them with transactions of ten records that are aborted and committed in turn, a new epoch every twenty.
    private static void Fill(PartitionLog log, long end)
    {
        while (log.View.EndOffset < end)
        {
            var at = log.View.EndOffset;
            var epoch = (int)(at / 20);
            var isMarker = at % 10 == 9;
            var batch = isMarker ? TransactionMarker.Encode(1, 0, 0, at % 20 == 9, at) : at % 2 == 0 ? TestBatch.Transactional(1, 0, Next(log, 1), timestamp: at) : TestBatch.Idempotent(2, 0, Next(log, 2), 1, timestamp: at);
            var staged = isMarker ? log.StageMarker(batch, TestBatch.Header(batch), epoch, 0, 0) : log.Stage(batch, TestBatch.Header(batch), epoch, 0);
            Assert.Equal(ErrorCode.None, staged.Error);
            Assert.Equal(ErrorCode.None, log.Commit().Error);
        }
    }

    private static int Next(PartitionLog log, long producer)
    {
        foreach (var known in log.Producers)
        {
            if (known.ProducerId == producer) return known.LastSequence + 1;
        }

        return 0;
    }

    private static void Same(PartitionLog expected, PartitionLog actual)
    {
        Assert.Equal(expected.View.Offsets, actual.View.Offsets);
        Assert.Equal(LogContents.Batches(expected), LogContents.Batches(actual, maxBytes: 200));
        Assert.Equal(LogContents.Committed(expected), LogContents.Committed(actual, 200));
        Assert.Equal(Aborted(expected), Aborted(actual));
        Assert.Equal(expected.LeaderEpochs, actual.LeaderEpochs);
        Assert.Equal(expected.Producers.Select(Describe).Order(), actual.Producers.Select(Describe).Order());
        for (var time = 0; time < expected.View.EndOffset; time += 7) Assert.Equal(expected.OffsetForTimestamp(time, ReadLimit.End), actual.OffsetForTimestamp(time, ReadLimit.End));
    }

    private static string Describe(ProducerEntry producer) => $"{producer.ProducerId} {producer.Epoch} {producer.LastSequence} {producer.FirstOffsetOfTransaction} {producer.LastTimestamp}";

    private static List<AbortedTransaction> Aborted(PartitionLog log)
    {
        var found = new List<AbortedTransaction>();
        Assert.Equal(ErrorCode.None, log.AbortedTransactions(0, long.MaxValue, found));
        return found;
    }

    private PartitionLog Open(string name, bool clean = false, long point = 0) => PartitionLog.Open(new LogOpening
    {
        Disk = _disk,
        Directory = $"/data/{name}-0",
        Config = new LogConfig { SegmentBytes = 1500, IndexIntervalBytes = 200, ProducerIdExpirationMs = long.MaxValue, RetentionMs = -1 },
        WasCleanlyShutDown = clean,
        RecoveryPoint = point,
    });
}
