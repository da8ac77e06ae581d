using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Appends, reads, rolls, retention, times and failures of one log.</summary>
public sealed class PartitionLogTests
{
    private const string Home = "/data/topic-0";

    private readonly MemoryDisk _disk = new(new Random(1));
    private readonly List<string> _reports = [];

    public PartitionLogTests()
    {
        _disk.CreateDirectory("/data");
        _disk.SyncDirectory("/");
    }

    [Fact]
    public void Several_staged_batches_are_one_commit()
    {
        var log = Open();
        var first = Stage(log, TestBatch.Plain(3, 10));
        var second = Stage(log, TestBatch.Plain(2, 10));
        Assert.Equal((0L, 2L, 3L, 4L), (first.BaseOffset, first.LastOffset, second.BaseOffset, second.LastOffset));
        Assert.Equal(0, log.View.EndOffset);
        Assert.Equal(new CommitResult(ErrorCode.None, 5, null), log.Commit());
        Assert.Equal(new LogOffsets(0, 5, 5, 5), log.View.Offsets);
        Assert.Equal(2, LogContents.Batches(log).Count);
    }

    [Fact]
    public void Reads_outside_of_the_log_are_refused_and_reads_at_its_end_are_empty()
    {
        var log = Open();
        Append(log, TestBatch.Plain(3, 10));
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read(4, 100, ReadLimit.End, true).Error);
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read(-1, 100, ReadLimit.End, true).Error);
        Assert.Equal((ErrorCode.None, 0), (log.Read(3, 100, ReadLimit.End, true).Error, log.Read(3, 100, ReadLimit.End, true).Length));
    }

    [Fact]
    public void The_first_batch_comes_whole_only_where_one_must_come()
    {
        var log = Open();
        Append(log, TestBatch.Plain(1, 1000));
        Assert.Equal(0, log.Read(0, 100, ReadLimit.End, minOneBatch: false).Length);
        Assert.True(log.Read(0, 100, ReadLimit.End, minOneBatch: true).Length > 1000);
    }

    [Fact]
    public void Consumers_stop_at_the_high_watermark()
    {
        var log = Open();
        log.HighWatermarkFollowsEnd = false;
        Append(log, TestBatch.Plain(2, 10));
        Append(log, TestBatch.Plain(2, 10));
        Assert.Equal(0, log.Read(0, 1000, ReadLimit.HighWatermark, true).Length);
        log.SetHighWatermark(2);
        Assert.Single(LogContents.Batches(log, limit: ReadLimit.HighWatermark));
        Assert.Equal(2, LogContents.Batches(log, limit: ReadLimit.End).Count);
    }

    [Fact]
    public void A_repeated_batch_gets_its_old_offset_and_a_gap_is_refused()
    {
        var log = Open();
        for (var i = 0; i < 7; i++) Append(log, TestBatch.Idempotent(7, 0, i * 2, 2));
        var repeated = Stage(log, TestBatch.Idempotent(7, 0, 10, 2));
        Assert.Equal((ErrorCode.None, 10L, true), (repeated.Error, repeated.BaseOffset, repeated.IsDuplicate));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Stage(log, TestBatch.Idempotent(7, 0, 0, 2)).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Stage(log, TestBatch.Idempotent(7, 0, 16, 2)).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Stage(log, TestBatch.Idempotent(7, 1, 1, 2)).Error);
        Assert.Equal(ErrorCode.None, Stage(log, TestBatch.Idempotent(7, 1, 0, 2)).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Stage(log, TestBatch.Idempotent(7, 0, 14, 2)).Error);
        log.Commit();
        Assert.Equal(16, log.View.EndOffset);
    }

    [Fact]
    public void Sequences_wrap_and_survive_a_restart()
    {
        var log = Open();
        Append(log, TestBatch.Idempotent(7, 3, int.MaxValue - 1, 2));
        Append(log, TestBatch.Idempotent(7, 3, 0, 1));
        log.Close();
        var again = Open(clean: true, point: 3);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Stage(again, TestBatch.Idempotent(7, 3, 5, 1)).Error);
        Assert.True(Stage(again, TestBatch.Idempotent(7, 3, 0, 1)).IsDuplicate);
        Assert.Equal(3, Stage(again, TestBatch.Idempotent(7, 3, 1, 1)).BaseOffset);
    }

    [Fact]
    public void Silent_producers_are_forgotten()
    {
        var log = Open(new LogConfig { ProducerIdExpirationMs = 1000, ProducerIdExpirationCheckMs = 1 });
        Append(log, TestBatch.Idempotent(7, 0, 0, 1, timestamp: 5000));
        log.Housekeep(5999);
        Assert.Single(log.Producers);
        log.Housekeep(6000);
        Assert.Empty(log.Producers);
    }

    [Fact]
    public void A_full_disk_refuses_appends_until_there_is_room_and_reads_go_on()
    {
        var log = Open();
        Append(log, TestBatch.Idempotent(7, 0, 0, 1, 500));
        _disk.Capacity = log.SizeInBytes + 300;
        Stage(log, TestBatch.Idempotent(7, 0, 1, 1, 500));
        var failed = log.Commit();
        Assert.Equal((ErrorCode.KafkaStorageError, 1L), (failed.Error, failed.EndOffset));
        Assert.NotNull(failed.Cause);
        Assert.Single(LogContents.Batches(log));
        _disk.Capacity = long.MaxValue;
        Assert.Equal(1, Append(log, TestBatch.Idempotent(7, 0, 1, 1, 500)));
        Assert.Equal(2, LogContents.Batches(log).Count);
        Assert.Single(_reports);
    }

    [Fact]
    public void A_roll_that_fails_refuses_the_append_and_succeeds_later()
    {
        var log = Open(new LogConfig { SegmentBytes = 600 });
        Append(log, TestBatch.Plain(1, 400));
        _disk.IsReadOnly = true;
        Assert.Equal(ErrorCode.KafkaStorageError, Stage(log, TestBatch.Plain(1, 400)).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, log.Commit().Error);
        _disk.Heal();
        Assert.Equal(1, Append(log, TestBatch.Plain(1, 400)));
        Assert.Equal(2, LogContents.Batches(log).Count);
    }

    [Fact]
    public void Segments_older_or_more_than_retention_allows_go_and_their_readers_finish()
    {
        var log = Open(new LogConfig { SegmentBytes = 600, RetentionMs = 1000, FileDeleteDelayMs = 50 });
        for (var i = 0; i < 5; i++) Append(log, TestBatch.Plain(1, 400, timestamp: i * 1000));
        using var reader = log.Read(0, 1 << 20, ReadLimit.End, true);
        log.Housekeep(3500);
        Assert.Equal(3, log.View.StartOffset);
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read(1, 100, ReadLimit.End, true).Error);
        Assert.Equal(reader.Length, reader.ReadBytes().Length);
        Assert.NotNull(StorageVectors.Get(_disk, $"{Home}/00000000000000000000.log.deleted"));
        log.Housekeep(3550);
        Assert.Null(StorageVectors.Get(_disk, $"{Home}/00000000000000000000.log.deleted"));

        log.Config = log.Config with { RetentionMs = -1, RetentionBytes = log.SizeInBytes / 2 };
        log.Housekeep(4000);
        Assert.Equal(4, log.View.StartOffset);
        log.Config = log.Config with { RetentionMs = 0 };
        log.Housekeep(9000);
        Assert.Equal(new LogOffsets(5, 5, 5, 5), log.View.Offsets);
        Assert.Equal(5, Append(log, TestBatch.Plain(1, 400)));
    }

    [Fact]
    public void Deleted_records_are_not_read_and_the_start_survives()
    {
        var log = Open(new LogConfig { SegmentBytes = 600 });
        for (var i = 0; i < 3; i++) Append(log, TestBatch.Plain(2, 200));
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.DeleteRecords(7, 0));
        Assert.Equal(ErrorCode.None, log.DeleteRecords(3, 0));
        Assert.Equal(3, log.View.StartOffset);
        Assert.Equal(new EpochStart(0, 3), log.LeaderEpochs[0]);
        log.Close();
        log = Open(clean: true, point: 6, start: 3);
        Assert.Equal(2, TestBatch.Header(LogContents.Batches(log)[0]).BaseOffset);
        Assert.Equal(ErrorCode.None, log.DeleteRecords(-1, 0));
        Assert.Equal(new LogOffsets(6, 6, 6, 6), log.View.Offsets);
    }

    [Fact]
    public void A_search_by_time_finds_the_record_inside_its_batch()
    {
        var log = Open(new LogConfig { SegmentBytes = 900, IndexIntervalBytes = 100 });
        for (var i = 0; i < 20; i++) Append(log, TestBatch.Plain(10, 20, timestamp: 1000 + (i * 10)));
        for (var time = 1000; time < 1200; time += 7) Assert.Equal((time - 1000L, (long)time), Found(log.OffsetForTimestamp(time, ReadLimit.HighWatermark)));
        Assert.Equal((0L, 1000L), Found(log.OffsetForTimestamp(0, ReadLimit.HighWatermark)));
        Assert.Equal((-1L, -1L), Found(log.OffsetForTimestamp(1200, ReadLimit.HighWatermark)));
        Assert.Equal((199L, 1199L), Found(log.OffsetOfMaxTimestamp()));
        Assert.Equal(0, log.OffsetForTimestamp(1000, ReadLimit.HighWatermark).LeaderEpoch);
    }

    [Fact]
    public void Epochs_end_where_the_next_one_begins()
    {
        var log = Open();
        log.BecomeLeader(1);
        Append(log, TestBatch.Plain(3, 10), 1);
        log.BecomeLeader(4);
        Append(log, TestBatch.Plain(3, 10), 4);
        Assert.Equal(new EpochStart(1, 3), log.EndOfEpoch(1));
        Assert.Equal(new EpochStart(1, 3), log.EndOfEpoch(2));
        Assert.Equal(new EpochStart(4, 6), log.EndOfEpoch(4));
        Assert.Equal(new EpochStart(-1, -1), log.EndOfEpoch(5));
        Assert.Equal(new EpochStart(0, 0), log.EndOfEpoch(0));
    }

    [Fact]
    public void What_was_flushed_survives_a_loss_of_power()
    {
        var log = Open(new LogConfig { SegmentBytes = 2000, IndexIntervalBytes = 100 });
        for (var i = 0; i < 20; i++) Append(log, TestBatch.Plain(2, 100));
        var flush = log.BeginFlush();
        flush.Run();
        Assert.Equal(ErrorCode.None, log.EndFlush(flush));
        Assert.Equal(40, log.RecoveryPoint);
        for (var i = 0; i < 20; i++) Append(log, TestBatch.Plain(2, 100));
        _disk.Crash();
        var again = Open(log.Config, point: 40);
        Assert.InRange(again.View.EndOffset, 40, 80);
        Assert.Equal(again.View.EndOffset, LogContents.Batches(again).Count * 2);
    }

    private static (long, long) Found(TimeLookup found) => (found.Offset, found.Timestamp);

    private PartitionLog Open(LogConfig? config = null, bool clean = false, long point = 0, long start = -1) => PartitionLog.Open(new LogOpening
    {
        Disk = _disk,
        Directory = Home,
        Config = config ?? LogConfig.Default,
        WasCleanlyShutDown = clean,
        RecoveryPoint = point,
        StartOffset = start,
        Report = _reports.Add,
    });

    private static StageResult Stage(PartitionLog log, byte[] batch, int epoch = 0) => log.Stage(batch, TestBatch.Header(batch), epoch, 0);

    private static long Append(PartitionLog log, byte[] batch, int epoch = 0)
    {
        var staged = Stage(log, batch, epoch);
        Assert.Equal(ErrorCode.None, staged.Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
        return staged.BaseOffset;
    }
}
