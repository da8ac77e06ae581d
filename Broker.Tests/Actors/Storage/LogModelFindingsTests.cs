using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Actors.Storage.Cleaning;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Faults that runs of the log against its model once found, each as small as it is.</summary>
public sealed class LogModelFindingsTests
{
    // A power loss took the tail of a segment and left the empty segment behind it: the log ended after a hole, and the segment before could not be appended to again.
    [Fact]
    public void An_empty_segment_behind_a_lost_tail_goes()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        while (log.View.Segments.Length < 2) KeyedLog.Append(log, 1000, ("k", new string('v', 100)));
        var (last, size) = (log.View.Segments[1].BaseOffset, log.View.Segments[0].Size);
        Truncate(disk, 0, size - 1);
        Truncate(disk, last, 0);

        var again = KeyedLog.Open(disk, KeyedLog.Small);
        Assert.Equal(last - 1, again.View.EndOffset);
        for (var i = 0; i < 10; i++) KeyedLog.Append(again, 2000, ("k", "more"));
        Assert.Equal(Enumerable.Range(0, (int)last + 9), KeyedLog.Records(again).Select(record => (int)record.Offset));
        Assert.Equal(ErrorCode.None, again.Close());
        Assert.Equal(last + 9, KeyedLog.Open(disk, KeyedLog.Small, wasClean: true).View.EndOffset);
    }

    // A cut broke off behind the shortening of the segment's file; the next try took the empty segment for one that was cut already, and the log's end stayed where it was.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_cut_that_the_disk_broke_off_is_made_by_the_next_try(long offset)
    {
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            disk.CreateDirectory("/data");
            var log = KeyedLog.Open(disk, KeyedLog.Small);
            for (var i = 0; i < 12; i++) KeyedLog.Append(log, 1000 + i, ("k", new string('v', 100)));
            disk.FailAfter(operations);
            var result = log.TruncateTo(offset, 0);
            disk.Heal();
            Assert.Equal(ErrorCode.None, log.TruncateTo(offset, 0));
            Assert.Equal(offset, log.View.EndOffset);
            KeyedLog.Append(log, 2000, ("k", "more"));
            Assert.Equal(Enumerable.Range(0, (int)offset + 1), KeyedLog.Records(log).Select(record => (int)record.Offset));
            if (result == ErrorCode.None) return;
        }
    }

    // The index of aborted transactions could not be cut; the next try took it for cut already, and the old entry hid what was committed at the same offsets afterwards.
    [Fact]
    public void A_cut_that_the_disk_broke_off_leaves_no_aborted_transaction_behind()
    {
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            disk.CreateDirectory("/data");
            var log = KeyedLog.Open(disk, KeyedLog.Small);
            AppendTransaction(log, ControlRecordType.Abort);
            Assert.Equal(ErrorCode.None, log.Close());
            log = KeyedLog.Open(disk, KeyedLog.Small, wasClean: true, recoveryPoint: 2);
            disk.FailAfter(operations);
            var result = log.TruncateTo(0, 0);
            disk.Heal();
            Assert.Equal(ErrorCode.None, log.TruncateTo(0, 0));
            AppendTransaction(log, ControlRecordType.Commit);
            Assert.Single(LogContents.Committed(log));
            if (result == ErrorCode.None) return;
        }
    }

    // Cut back to where an empty segment begins, behind offsets that a cleaning took, the log looked after a loss of power like one whose tail was lost, and ended earlier.
    [Fact]
    public void A_cut_to_an_empty_segment_behind_cleaned_offsets_ends_where_a_crash_finds_it()
    {
        var disk = new MemoryDisk(new Random(1));
        disk.CreateDirectory("/data");
        disk.SyncDirectory("/");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        while (log.View.Segments.Length < 2) KeyedLog.Append(log, 1000, ("k", new string('v', 100)));
        var second = log.View.Segments[1].BaseOffset;
        Fill(log, 2);
        KeyedLog.Append(log, 1000, ("k", "last"));
        Fill(log, 1);
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, 10_000).State);
        Assert.Equal(ErrorCode.None, log.TruncateTo(second, 20_000));
        var (end, point) = (log.View.EndOffset, log.RecoveryPoint);
        Assert.InRange(end, 0, second);
        disk.Crash();
        Assert.Equal(end, KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: point).View.EndOffset);
    }

    // A power loss brought back what a failed write had left behind a segment's last batch: all later segments were set aside, although nothing was missing before them.
    [Fact]
    public void What_a_failed_write_left_behind_a_closed_segment_costs_nothing_behind_it()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        Fill(log, 2);
        log.Abandon();
        using (var file = disk.Open($"{KeyedLog.Directory}/{0:D20}.log", DiskAccess.Write)) file.Write(new byte[66], file.Length);

        var again = KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: log.View.Segments[1].BaseOffset);
        Assert.Equal(log.View.EndOffset, again.View.EndOffset);
        Assert.Equal(Enumerable.Range(0, (int)log.View.EndOffset), KeyedLog.Records(again).Select(record => (int)record.Offset));
    }

    // A power loss brought back a whole batch that was refused, where a shorter one and the next segment came afterwards: offsets stood twice in the log, and readers got no further.
    [Fact]
    public void A_refused_batch_that_reaches_into_the_next_segment_does_not_come_back()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        Fill(log, 2);
        var refused = LogContents.Batches(log)[1];
        log.Abandon();
        using (var file = disk.Open($"{KeyedLog.Directory}/{0:D20}.log", DiskAccess.Write))
        {
            RecordBatchHeader.SetBaseOffset(refused, log.View.Segments[1].BaseOffset);
            file.Write(refused, file.Length);
        }

        var again = KeyedLog.Open(disk, KeyedLog.Small);
        Assert.Equal(log.View.EndOffset, again.View.EndOffset);
        Assert.Equal(Enumerable.Range(0, (int)log.View.EndOffset), KeyedLog.Records(again).Select(record => (int)record.Offset));
    }

    // A power loss took a producer's last batch at the end of a segment, and left the next segment and the snapshot there: after another start the producer's next try counted as a repetition.
    [Fact]
    public void A_producers_snapshot_behind_a_lost_tail_is_not_believed()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        for (var i = 0; log.View.Segments.Length < 2; i++) KeyedLog.Append(log, 1000, CompressionType.None, new RecordBatchFields { ProducerId = 5, ProducerEpoch = 0, BaseSequence = i }, ("k", new string('v', 100)));
        log.TruncateTo(log.View.Segments[1].BaseOffset, 0);
        KeyedLog.Append(log, 1000, ("k", "v"));
        var (end, size, first) = (log.View.EndOffset, log.View.Segments[0].Size, log.View.Segments[1].BaseOffset);
        log.Abandon();
        Truncate(disk, 0, size - (size / first));

        log = KeyedLog.Open(disk, KeyedLog.Small);
        Assert.Equal(end, log.View.EndOffset);
        Assert.Equal(first - 2, Assert.Single(log.Producers).LastSequence);
        KeyedLog.Flush(log);
        log.Abandon();
        Assert.Equal(first - 2, Assert.Single(KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: end).Producers).LastSequence);
    }

    // Retention without a bound by size took empty segments, which a cleaning leaves, for too large, and moved the start of the log.
    [Fact]
    public void Empty_segments_are_not_too_large_for_no_bound()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var config = KeyedLog.Small with { DeletesByRetention = true };
        var log = KeyedLog.Open(disk, config);
        for (var i = 0; i < 40; i++) KeyedLog.Append(log, 1000 + i, ("k", new string('v', 100)));
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, 10_000).State);
        Assert.Equal(0, log.View.Segments[0].Size);
        Assert.Equal(ErrorCode.None, log.Housekeep(20_000));
        Assert.Equal(0, log.View.StartOffset);
    }

    // A snapshot of producers that was removed because the log ended before it came back with a power loss, and an open transaction was forgotten.
    [Fact]
    public void A_producers_snapshot_beyond_the_end_does_not_come_back()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var disk = new MemoryDisk(new Random(seed));
            disk.CreateDirectory("/data");
            disk.SyncDirectory("/");
            var log = KeyedLog.Open(disk, KeyedLog.Small);
            for (var i = 0; i < 4; i++) KeyedLog.Append(log, 1000 + i, ("k", "v"));
            Assert.Equal(ErrorCode.None, log.Close());
            Truncate(disk, 0, log.View.Segments[0].Size - 1);
            var cut = KeyedLog.Open(disk, KeyedLog.Small);
            Assert.Equal(3, cut.View.EndOffset);
            KeyedLog.Append(cut, 2000, CompressionType.None, new RecordBatchFields { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, ("open", "x"), ("open", "y"));
            KeyedLog.Flush(cut);
            KeyedLog.Append(cut, 3000, ("k", "v"));
            disk.Crash();
            Assert.Equal(3, KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: 5).View.LastStableOffset);
        }
    }

    // A snapshot said that a transaction was open; cleanings took its record and then its marker, and a power loss the later snapshots: it stayed open for ever, and
    // readers of committed records stood still.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_transaction_whose_marker_was_cleaned_away_is_over(bool crashes)
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        KeyedLog.Append(log, 1000, CompressionType.None, new RecordBatchFields { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, ("k", "open"));
        Fill(log, 1);
        var snapshot = log.View.Segments[1].BaseOffset;
        KeyedLog.AppendMarker(log, 1100, 5, 0, ControlRecordType.Commit);
        // Its producer's last sequence is known from a later batch.
        KeyedLog.Append(log, 1200, CompressionType.None, new RecordBatchFields { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 1 }, ("other", "x"));
        KeyedLog.Append(log, 1300, ("k", "later"));
        Fill(log, 4);
        KeyedLog.Flush(log);
        for (var now = 10_000; now <= 30_000; now += 10_000) Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, now).State);
        Assert.DoesNotContain(LogContents.Batches(log, maxBytes: 900), batch => TestBatch.Header(batch).IsControl);
        foreach (var file in disk.List(KeyedLog.Directory).Where(file => LogFiles.TryParse(file.Name, LogFiles.Snapshot, out var at) && at > snapshot)) disk.Delete($"{KeyedLog.Directory}/{file.Name}");
        var end = log.View.EndOffset;
        if (crashes)
        {
            log.Abandon();
            log = KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: end);
        }
        else
        {
            Assert.Equal(ErrorCode.None, log.TruncateTo(--end, 40_000));
        }

        Assert.Equal((end, end), (log.View.EndOffset, log.View.LastStableOffset));
        Assert.Equal(1, Assert.Single(log.Producers).LastSequence);
    }

    // The same where the transaction is open indeed: what is left of its records holds readers back.
    [Fact]
    public void A_transaction_that_is_open_stays_open_behind_cleanings_and_a_crash()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        Fill(log, 2);
        var first = log.View.EndOffset;
        KeyedLog.Append(log, 1000, CompressionType.None, new RecordBatchFields { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, ("k", "open"));
        Fill(log, 4);
        KeyedLog.Flush(log);
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, 10_000).State);
        log.Abandon();
        log = KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: log.View.EndOffset);
        Assert.Equal(first, log.View.LastStableOffset);
    }

    private static void AppendTransaction(PartitionLog log, ControlRecordType end)
    {
        KeyedLog.Append(log, 1000, CompressionType.None, new RecordBatchFields { ProducerId = 5, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, ("k", new string('v', 200)));
        KeyedLog.AppendMarker(log, 1001, 5, 0, end);
    }

    private static void Fill(PartitionLog log, int segments)
    {
        // Each record stays, so that a cleaning leaves the segments, and a snapshot for each, as they are.
        for (var until = log.View.Segments.Length + segments; log.View.Segments.Length < until;) KeyedLog.Append(log, 1000, ($"{log.View.EndOffset}", new string('v', 100)));
    }

    private static void Truncate(MemoryDisk disk, long segment, long size)
    {
        using var file = disk.Open($"{KeyedLog.Directory}/{segment:D20}.log", DiskAccess.Write);
        file.SetLength(size);
        file.Flush();
    }
}
