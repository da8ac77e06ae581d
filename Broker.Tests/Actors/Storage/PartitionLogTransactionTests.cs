using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Transactions in one log: what holds readers back, what they have to leave out, who is fenced, what a lost index costs.</summary>
public sealed class PartitionLogTransactionTests
{
    private const string Home = "/data/topic-0";

    private readonly MemoryDisk _disk = new(new Random(1));
    private readonly List<string> _reports = [];

    public PartitionLogTransactionTests()
    {
        _disk.CreateDirectory("/data");
        _disk.SyncDirectory("/");
    }

    [Fact]
    public void Readers_of_committed_records_stop_at_the_first_open_transaction()
    {
        var log = Open();
        Append(log, TestBatch.Plain(1, 10));
        Append(log, TestBatch.Transactional(1, 0, 0));
        Append(log, TestBatch.Transactional(2, 0, 0));
        Append(log, TestBatch.Plain(1, 10));
        Assert.Equal(new LogOffsets(0, 4, 4, 1), log.View.Offsets);
        Assert.Single(LogContents.Committed(log));
        End(log, 2, 0, commit: true);
        Assert.Equal(1, log.View.LastStableOffset);
        End(log, 1, 0, commit: false);
        Assert.Equal(6, log.View.LastStableOffset);
        Assert.Equal([0, 2, 3], Offsets(LogContents.Committed(log)));
        Assert.Equal([new AbortedTransaction(1, 1, 5, 6)], Aborted(log));
    }

    [Fact]
    public void An_ended_transaction_holds_readers_back_until_every_replica_has_its_marker()
    {
        var log = Open();
        log.HighWatermarkFollowsEnd = false;
        Append(log, TestBatch.Transactional(1, 0, 0));
        log.SetHighWatermark(1);
        End(log, 1, 0, commit: true);
        Append(log, TestBatch.Plain(1, 10));
        log.SetHighWatermark(1);
        Assert.Equal(0, log.View.LastStableOffset);
        log.SetHighWatermark(2);
        Assert.Equal(2, log.View.LastStableOffset);
    }

    [Fact]
    public void Markers_of_the_past_are_refused()
    {
        var log = Open();
        Append(log, TestBatch.Transactional(1, 5, 0));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, StageEnd(log, 1, 4, 7, true, 0).Error);
        End(log, 1, 5, commit: true, coordinatorEpoch: 7);
        Append(log, TestBatch.Transactional(1, 5, 1));
        Assert.Equal(ErrorCode.TransactionCoordinatorFenced, StageEnd(log, 1, 5, 6, true, 0).Error);
        End(log, 1, 5, commit: true, coordinatorEpoch: 7);
        // Nothing tells it from a new marker: it is written, and harms nobody.
        Assert.False(End(log, 1, 5, commit: true, coordinatorEpoch: 8).IsDuplicate);
        Assert.Empty(Aborted(log));
    }

    [Fact]
    public void With_an_epoch_for_each_transaction_a_repeated_marker_is_known_and_a_late_one_ends_nothing()
    {
        var log = Open();
        Append(log, TestBatch.Transactional(1, 5, 0));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, StageEnd(log, 1, 5, 0, true, 2).Error);
        End(log, 1, 6, commit: true, version: 2);
        var again = StageEnd(log, 1, 6, 0, true, 2);
        Assert.Equal((ErrorCode.None, true), (again.Error, again.IsDuplicate));
        Assert.Equal(2, log.View.EndOffset);
        Append(log, TestBatch.Transactional(1, 6, 0));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, StageEnd(log, 1, 6, 0, true, 2).Error);
        Assert.Equal(2, log.View.LastStableOffset);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, Stage(log, TestBatch.Transactional(1, 5, 1)).Error);
    }

    [Fact]
    public void A_plain_batch_does_not_come_into_an_open_transaction()
    {
        var log = Open();
        Append(log, TestBatch.Transactional(1, 0, 0));
        Assert.Equal(ErrorCode.InvalidTxnState, Stage(log, TestBatch.Idempotent(1, 0, 1, 1)).Error);
        End(log, 1, 0, commit: true);
        Append(log, TestBatch.Idempotent(1, 0, 1, 1));
    }

    [Fact]
    public void A_transaction_begins_only_with_its_coordinators_word()
    {
        var log = Open(new LogConfig { VerifiesTransactions = true });
        var first = TestBatch.Transactional(1, 0, 0);
        Assert.True(log.MustVerify(TestBatch.Header(first)));
        Assert.Equal(ErrorCode.InvalidTxnState, Stage(log, first).Error);
        var number = log.BeginVerification(TestBatch.Header(first), bumpsEpoch: false, 0);
        Assert.Equal(number, log.BeginVerification(TestBatch.Header(first), bumpsEpoch: false, 0));
        Assert.Equal(ErrorCode.InvalidTxnState, Stage(log, first, number + 1).Error);
        Assert.Equal(ErrorCode.None, Stage(log, first, number).Error);
        var second = TestBatch.Transactional(1, 0, 1);
        Assert.False(log.MustVerify(TestBatch.Header(second)));
        Assert.Equal(ErrorCode.None, Stage(log, second).Error);
        log.Commit();
        Assert.False(log.MustVerify(TestBatch.Header(second)));
        End(log, 1, 0, commit: true);
        Assert.True(log.MustVerify(TestBatch.Header(TestBatch.Transactional(1, 0, 2))));
        Assert.Equal(ErrorCode.InvalidTxnState, Stage(log, TestBatch.Transactional(1, 0, 2), number).Error);
        // A batch that is there already needs nobody's word.
        Assert.True(Stage(log, second).IsDuplicate);
    }

    [Fact]
    public void What_was_asked_about_the_next_transaction_outlives_the_marker_of_the_last()
    {
        var log = Open(new LogConfig { VerifiesTransactions = true });
        var first = TestBatch.Transactional(1, 0, 0);
        Assert.Equal(ErrorCode.None, Stage(log, first, log.BeginVerification(TestBatch.Header(first), bumpsEpoch: true, 0)).Error);
        log.Commit();
        // Version 2: the marker bears the next epoch, and the producer goes on in it before the marker is here.
        var next = TestBatch.Transactional(1, 1, 0);
        var number = log.BeginVerification(TestBatch.Header(next), bumpsEpoch: true, 0);
        End(log, 1, 1, commit: true);
        Assert.Equal(ErrorCode.None, Stage(log, next, number).Error);
        log.Commit();
        // What was asked about a transaction that ended meanwhile is void, so that nothing of it comes in behind its marker.
        var late = TestBatch.Transactional(2, 0, 0);
        var voided = log.BeginVerification(TestBatch.Header(late), bumpsEpoch: true, 0);
        End(log, 2, 1, commit: false);
        Assert.NotEqual(ErrorCode.None, Stage(log, late, voided).Error);
    }

    [Fact]
    public void A_batch_whose_predecessor_was_asked_about_and_got_lost_is_out_of_order()
    {
        var log = Open(new LogConfig { VerifiesTransactions = true });
        var number = log.BeginVerification(TestBatch.Header(TestBatch.Transactional(1, 0, 0)), bumpsEpoch: false, 0);
        log.BeginVerification(TestBatch.Header(TestBatch.Transactional(1, 0, 1)), bumpsEpoch: false, 0);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Stage(log, TestBatch.Transactional(1, 0, 1), number).Error);
        Assert.Equal(ErrorCode.None, Stage(log, TestBatch.Transactional(1, 0, 0), number).Error);
        var other = log.BeginVerification(TestBatch.Header(TestBatch.Transactional(2, 0, 3)), bumpsEpoch: true, 0);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Stage(log, TestBatch.Transactional(2, 0, 3), other).Error);
    }

    [Fact]
    public void What_could_not_be_written_ends_no_transaction()
    {
        var log = Open();
        Append(log, TestBatch.Transactional(1, 0, 0));
        _disk.FailAfter(0);
        StageEnd(log, 1, 0, 0, false, 0);
        Assert.Equal(ErrorCode.KafkaStorageError, log.Commit().Error);
        _disk.Heal();
        Assert.Equal(0, log.View.LastStableOffset);
        Assert.Empty(Aborted(log));
        End(log, 1, 0, commit: false);
        Assert.Equal(2, log.View.LastStableOffset);
        Assert.Single(Aborted(log));
    }

    [Fact]
    public void An_index_that_cannot_be_written_is_answered_from_memory_and_written_later()
    {
        var log = Open();
        Append(log, TestBatch.Transactional(1, 0, 0));
        var marker = TransactionMarker.Encode(1, 0, 0, false, 1);
        log.StageMarker(marker, TestBatch.Header(marker), 0, 0, 0);
        _disk.FailAfter(1);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
        Assert.Equal([new AbortedTransaction(1, 0, 1, 2)], Aborted(log));
        Assert.Single(_reports);
        _disk.Heal();
        Assert.Equal(ErrorCode.None, log.Close());
        Assert.Equal(34, StorageVectors.Get(_disk, $"{Home}/00000000000000000000.txnindex")!.Length);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("missing")]
    [InlineData("odd")]
    [InlineData("garbage")]
    public void A_lost_index_of_aborted_transactions_is_made_anew(string damage)
    {
        var log = Open(new LogConfig { SegmentBytes = 1000 });
        for (var i = 0; i < 30; i++)
        {
            Append(log, TestBatch.Transactional(i % 3, 0, i / 3));
            if (i % 3 == 2) End(log, i % 2, 0, commit: i % 4 == 0);
        }

        End(log, 2, 0, commit: false);
        var expected = Aborted(log);
        var given = Offsets(LogContents.Committed(log, 300));
        Assert.True(expected.Count > 5 && log.View.EndOffset > given.Count + expected.Count);
        Assert.Equal(ErrorCode.None, log.Close());
        var files = _disk.List(Home).Where(file => file.Name.EndsWith(".txnindex", StringComparison.Ordinal)).Select(file => $"{Home}/{file.Name}").ToList();
        var before = files.Select(file => StorageVectors.Get(_disk, file)!).ToList();
        Assert.True(before.Count(bytes => bytes.Length > 0) > 2);
        foreach (var file in files) Damage(file, damage);

        log = Open(log.Config, clean: true, point: log.View.EndOffset);
        Assert.Equal(given, Offsets(LogContents.Committed(log, 300)));
        Assert.Equal(expected, Aborted(log));
        Assert.Equal(damage == "none", _reports.Count == 0);
        Assert.Equal(before, files.Select(file => StorageVectors.Get(_disk, file)!));
    }

    [Fact]
    public void A_pinned_index_of_aborted_transactions_is_read_whatever_its_file_is_called()
    {
        var log = Open(new LogConfig { SegmentBytes = 1000 });
        for (var i = 0; i < 20; i++)
        {
            Append(log, TestBatch.Transactional(1, 0, i));
            End(log, 1, 0, commit: false);
        }

        var expected = Aborted(log);
        Assert.Equal(ErrorCode.None, log.Close());
        log = Open(log.Config, clean: true, point: log.View.EndOffset);
        var segments = log.View.Segments[..^1];
        Assert.NotEmpty(segments);
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            Assert.True(segment.Transactions.Look(segment.BaseOffset, log.View.Segments[i + 1].BaseOffset, () => null, _reports.Add));
            Assert.True(segment.TryPin());
            var path = LogFiles.Path(Home, segment.BaseOffset, LogFiles.TransactionIndex);
            _disk.Rename(path, path + LogFiles.Deleted);
        }

        Assert.Equal(expected, Aborted(log));
        foreach (var segment in segments) segment.Unpin();
        Assert.Equal(ErrorCode.None, log.Close());
        Assert.Empty(_reports);
    }

    [Fact]
    public void Only_what_concerns_a_read_is_told()
    {
        var log = Open(new LogConfig { SegmentBytes = 3000, IndexIntervalBytes = 200 });
        for (var i = 0; i < 200; i++)
        {
            Append(log, TestBatch.Transactional(1, 0, i));
            End(log, 1, 0, commit: false);
        }

        Assert.Empty(LogContents.Committed(log, 500));
        for (var offset = 0; offset < 400; offset += 37)
        {
            using var read = log.Read(offset, 500, ReadLimit.Committed, minOneBatch: true);
            var told = new List<AbortedTransaction>();
            Assert.Equal(ErrorCode.None, log.AbortedTransactions(read, told));
            Assert.InRange(told.Count, 1, 8);
            Assert.All(told, one => Assert.True(one.LastOffset >= offset));
        }
    }

    [Fact]
    public void Open_transactions_survive_a_restart_and_a_crash()
    {
        var log = Open();
        Append(log, TestBatch.Transactional(1, 0, 0));
        Assert.Equal(ErrorCode.None, log.Close());
        log = Open(clean: true, point: 1);
        Assert.Equal(0, log.View.LastStableOffset);
        Append(log, TestBatch.Transactional(2, 0, 0));
        log = Open(point: 1);
        Assert.Equal(0, log.View.LastStableOffset);
        End(log, 1, 0, commit: false);
        Assert.Equal(1, log.View.LastStableOffset);
        log = Open(point: 1);
        Assert.Equal([new AbortedTransaction(1, 0, 2, 1)], Aborted(log));
    }

    [Fact]
    public void Producers_with_an_open_transaction_are_not_forgotten_and_their_number_has_a_limit()
    {
        var log = Open(new LogConfig { ProducerIdExpirationCheckMs = 1, ProducerIdExpirationMs = 1 });
        for (var id = 0; id < AkkaStream.Actors.Limits.ProducersOfPartition; id++)
        {
            var batch = TestBatch.Transactional(id, 0, 0, valueSize: 0);
            Assert.Equal(ErrorCode.None, Stage(log, batch).Error);
            if (id % 1000 == 999) Assert.Equal(ErrorCode.None, log.Commit().Error);
        }

        log.Housekeep(long.MaxValue);
        Assert.Equal(AkkaStream.Actors.Limits.ProducersOfPartition, log.Producers.Count);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, Stage(log, TestBatch.Idempotent(1_000_000, 0, 0, 1)).Error);
        Append(log, TestBatch.Plain(1, 1));
        End(log, 7, 0, commit: true);
        Append(log, TestBatch.Idempotent(1_000_000, 0, 0, 1));
        Assert.DoesNotContain(log.Producers, producer => producer.ProducerId == 7);
    }

    private void Damage(string file, string damage)
    {
        switch (damage)
        {
            case "missing": _disk.Delete(file); break;
            case "odd": StorageVectors.Put(_disk, file, [.. StorageVectors.Get(_disk, file)!, 1, 2, 3]); break;
            case "garbage": StorageVectors.Put(_disk, file, Enumerable.Repeat((byte)0x5a, 68).ToArray()); break;
        }
    }

    private static List<long> Offsets(List<byte[]> batches) => batches.ConvertAll(batch => TestBatch.Header(batch).BaseOffset);

    private static List<AbortedTransaction> Aborted(PartitionLog log)
    {
        var found = new List<AbortedTransaction>();
        Assert.Equal(ErrorCode.None, log.AbortedTransactions(0, long.MaxValue, found));
        return found;
    }

    private static StageResult StageEnd(PartitionLog log, long producer, short epoch, int coordinatorEpoch, bool commit, int version)
    {
        var marker = TransactionMarker.Encode(producer, epoch, coordinatorEpoch, commit, 1);
        return log.StageMarker(marker, TestBatch.Header(marker), 0, 0, version);
    }

    private static StageResult End(PartitionLog log, long producer, short epoch, bool commit, int coordinatorEpoch = 0, int version = 0)
    {
        var staged = StageEnd(log, producer, epoch, coordinatorEpoch, commit, version);
        Assert.Equal(ErrorCode.None, staged.Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
        return staged;
    }

    private static StageResult Stage(PartitionLog log, byte[] batch, long verification = 0) => log.Stage(batch, TestBatch.Header(batch), 0, 0, verification);

    private static void Append(PartitionLog log, byte[] batch)
    {
        Assert.Equal(ErrorCode.None, Stage(log, batch).Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
    }

    private PartitionLog Open(LogConfig? config = null, bool clean = false, long point = 0) => PartitionLog.Open(new LogOpening
    {
        Disk = _disk,
        Directory = Home,
        Config = config ?? LogConfig.Default,
        WasCleanlyShutDown = clean,
        RecoveryPoint = point,
        Report = _reports.Add,
    });
}
