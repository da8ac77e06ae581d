using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>A log is cleaned under its owner, its readers and its changes.</summary>
public sealed class CleaningTests
{
    private const long Now = 10_000_000;

    [Fact]
    public void The_last_value_of_each_key_stays_and_the_log_shrinks()
    {
        var (disk, log) = Filled(LogConfig.Default with { SegmentBytes = 700, Compacts = true, DeletesByRetention = false });
        var before = KeyedLog.Records(log);
        var size = log.SizeInBytes;

        var (state, next) = KeyedLog.Clean(log, disk, 0, Now);

        Assert.Equal(CleaningState.Done, state);
        var after = KeyedLog.Records(log);
        Assert.Equal(KeyedLog.Latest(before), KeyedLog.Latest(after));
        Assert.Equal(10, after.Count(record => record.Offset < next));
        Assert.InRange(log.SizeInBytes, 1, size / 2);
        Assert.Equal(ErrorCode.None, log.Housekeep(Now + 70_000));
        Assert.DoesNotContain(disk.List(KeyedLog.Directory), file => file.Name.Contains("deleted", StringComparison.Ordinal) || file.Name.Contains("swap", StringComparison.Ordinal) || file.Name.Contains("cleaned", StringComparison.Ordinal));
        Assert.Equal(ErrorCode.None, log.Close());
        var again = KeyedLog.Open(disk, KeyedLog.Small, wasClean: true, recoveryPoint: log.RecoveryPoint);
        Assert.Equal(after, KeyedLog.Records(again));
    }

    [Fact]
    public void A_map_that_is_too_small_takes_several_passes()
    {
        var (disk, log) = Filled(KeyedLog.Small);
        var before = KeyedLog.Records(log);
        var next = 0L;
        var passes = 0;
        var end = log.View.Segments[^1].BaseOffset;
        while (next < end)
        {
            var (state, reached) = KeyedLog.Clean(log, disk, next, Now, mapBytes: 5 * OffsetMap.EntryBytes);
            Assert.Equal(CleaningState.Done, state);
            Assert.True(reached > next);
            next = reached;
            passes++;
        }

        Assert.InRange(passes, 3, 1000);
        var after = KeyedLog.Records(log);
        Assert.Equal(KeyedLog.Latest(before), KeyedLog.Latest(after));
        Assert.Equal(10, after.Count(record => record.Offset < end));
    }

    [Fact]
    public void A_reader_goes_on_over_the_old_segment_and_appends_go_on_during_a_pass()
    {
        var (disk, log) = Filled(KeyedLog.Small);
        var reading = log.Read(0, 300, ReadLimit.HighWatermark, minOneBatch: true);
        var bytes = reading.ReadBytes();
        var model = KeyedLog.Latest(KeyedLog.Records(log));
        var appended = 0;

        var (state, _) = KeyedLog.Clean(log, disk, 0, Now, between: () =>
        {
            KeyedLog.Append(log, Now, ("during", $"{appended++}"));
            Assert.Equal(log.View.EndOffset - 1, KeyedLog.Records(log)[^1].Offset);
        });

        Assert.Equal(CleaningState.Done, state);
        Assert.Equal(bytes, reading.ReadBytes());
        reading.Dispose();
        var latest = KeyedLog.Latest(KeyedLog.Records(log));
        Assert.InRange(appended, 3, 1000);
        Assert.Equal($"{appended - 1}", latest["during"].Value);
        foreach (var (key, record) in model) Assert.Equal(record, latest[key]);
    }

    [Fact]
    public async Task Readers_on_other_threads_meet_no_error_while_segments_are_swapped()
    {
        var (disk, log) = Filled(KeyedLog.Small);
        using var stop = new CancellationTokenSource();
        var rounds = 0;
        var reading = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                var latest = KeyedLog.Latest(KeyedLog.Records(log));
                for (var key = 0; key < 10; key++) Assert.NotNull(latest[$"k{key}"].Value);
                Interlocked.Increment(ref rounds);
            }
        });
        for (var round = 0; round < 30 || (Volatile.Read(ref rounds) < 10 && !reading.IsCompleted); round++)
        {
            Fill(log, 20);
            Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, Now).State);
            Assert.Equal(ErrorCode.None, log.Housekeep(Now + (round * 100_000L)));
        }

        await stop.CancelAsync();
        await reading;
    }

    [Fact]
    public void A_log_that_changes_meanwhile_breaks_the_pass_off()
    {
        var (disk, log) = Filled(KeyedLog.Small);
        var middle = log.View.Segments[3].BaseOffset;
        var kept = KeyedLog.Records(log).Where(record => record.Offset >= middle).ToList();
        var steps = 0;

        var (state, _) = KeyedLog.Clean(log, disk, 0, Now, between: () =>
        {
            if (steps++ == 2) Assert.Equal(ErrorCode.None, log.DeleteRecords(middle, Now));
        });

        Assert.Equal(CleaningState.Aborted, state);
        Assert.Equal(kept, KeyedLog.Records(log));
        Assert.DoesNotContain(disk.List(KeyedLog.Directory), file => file.Name.EndsWith(".cleaned", StringComparison.Ordinal) || file.Name.EndsWith(".swap", StringComparison.Ordinal));
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, Now).State);
        Assert.Equal(KeyedLog.Latest(kept), KeyedLog.Latest(KeyedLog.Records(log)));
    }

    [Fact]
    public void Damage_is_not_written_anew()
    {
        var (disk, log) = Filled(KeyedLog.Small);
        using (var file = disk.Open($"{KeyedLog.Directory}/{log.View.Segments[2].BaseOffset:D20}.log", DiskAccess.Write)) file.Write([0xAB], 100);
        var size = log.SizeInBytes;
        var job = log.BeginCleaning(0, Now)!;
        using var pass = new CleaningPass(job, new CleaningMeans(1 << 16, 0.9, 4096, Guid.Empty));
        while (pass.State == CleaningState.Working) pass.Step();

        Assert.Equal(CleaningState.Failed, pass.State);
        Assert.False(pass.IsDiskFailure);
        Assert.Contains($"{log.View.Segments[2].BaseOffset:D20}.log", pass.Failure, StringComparison.Ordinal);
        Assert.Equal(size, log.SizeInBytes);
    }

    [Fact]
    public void Tombstones_stay_until_their_horizon_and_then_go()
    {
        var disk = Disk();
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        KeyedLog.Append(log, 1, ("a", "1"), ("b", "1"));
        KeyedLog.Append(log, 2, ("a", null));
        Fill(log, 40);

        KeyedLog.Clean(log, disk, 0, Now);
        Assert.Contains(KeyedLog.Records(log), record => record.Key == "a" && record.Value is null);
        KeyedLog.Clean(log, disk, 0, Now + 999);
        Assert.Contains(KeyedLog.Records(log), record => record.Key == "a" && record.Value is null);
        KeyedLog.Clean(log, disk, 0, Now + 1000);
        Assert.DoesNotContain(KeyedLog.Records(log), record => record.Key == "a");
        Assert.Contains(KeyedLog.Records(log), record => record.Key == "b");
    }

    [Fact]
    public void Young_records_and_open_transactions_are_not_cleaned()
    {
        var disk = Disk();
        var log = KeyedLog.Open(disk, KeyedLog.Small with { MinCompactionLagMs = 1000 });
        Fill(log, 20, timestamp: Now - 5000);
        var young = log.View.Segments[^1].BaseOffset;
        Fill(log, 40, timestamp: Now - 10);
        var range = CleanableRange.Of(log.View, log.Config, -1, Now);
        Assert.Equal(young, range.FirstUncleanable);

        log.Config = KeyedLog.Small;
        Assert.Equal(log.View.Segments[^1].BaseOffset, CleanableRange.Of(log.View, log.Config, -1, Now).FirstUncleanable);
        KeyedLog.Append(log, Now, CompressionType.None, new RecordBatchFields { ProducerId = 7, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, ("k1", "open"));
        var open = log.View.EndOffset - 1;
        Fill(log, 60);
        var held = CleanableRange.Of(log.View, log.Config, -1, Now);
        Assert.InRange(held.FirstUncleanable, 0, open);
        KeyedLog.AppendMarker(log, Now, 7, 0, ControlRecordType.Commit);
        Assert.Equal(log.View.Segments[^1].BaseOffset, CleanableRange.Of(log.View, log.Config, -1, Now).FirstUncleanable);
    }

    [Fact]
    public void A_log_is_due_by_its_dirty_share_or_by_its_age()
    {
        var disk = Disk();
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        Fill(log, 60, timestamp: Now - 5000);
        var middle = log.View.Segments[log.View.Segments.Length * 3 / 4].BaseOffset;
        var range = CleanableRange.Of(log.View, log.Config, middle, Now);
        Assert.InRange(range.DirtyRatio, 0.1, 0.4);
        Assert.True(range.IsDue(log.Config with { MinCleanableDirtyRatio = range.DirtyRatio - 0.01 }));
        Assert.False(range.IsDue(log.Config with { MinCleanableDirtyRatio = range.DirtyRatio }));
        Assert.True(CleanableRange.Of(log.View, log.Config with { MaxCompactionLagMs = 4000 }, middle, Now).IsDue(log.Config with { MinCleanableDirtyRatio = 1 }));
        Assert.False(CleanableRange.Of(log.View, log.Config with { MaxCompactionLagMs = 6000 }, middle, Now).IsDue(log.Config with { MinCleanableDirtyRatio = 1 }));
        Assert.Equal(0, CleanableRange.Of(log.View, log.Config, log.View.EndOffset + 1, Now).FirstDirty);
    }

    [Fact]
    public void A_segment_of_a_compacted_log_is_closed_when_its_records_must_be_compacted()
    {
        var disk = Disk();
        var log = KeyedLog.Open(disk, KeyedLog.Small with { MaxCompactionLagMs = 1000, SegmentBytes = 1 << 20 });
        KeyedLog.Append(log, Now, ("a", "1"));
        KeyedLog.Append(log, Now + 1000, ("a", "2"));
        Assert.Single(log.View.Segments);
        KeyedLog.Append(log, Now + 1001, ("a", "3"));
        Assert.Equal(2, log.View.Segments.Length);
    }

    [Fact]
    public void Retention_takes_segments_of_which_a_cleaning_left_nothing()
    {
        var (disk, log) = Filled(KeyedLog.Small);
        KeyedLog.Clean(log, disk, 0, Now);
        KeyedLog.Clean(log, disk, 0, Now);
        var active = log.View.Segments[^1].BaseOffset;
        Assert.Equal(ErrorCode.None, log.DeleteRecords(active, Now));
        Assert.Equal(active, Assert.Single(log.View.Segments).BaseOffset);
    }

    private static MemoryDisk Disk()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        return disk;
    }

    private static (MemoryDisk Disk, PartitionLog Log) Filled(LogConfig config)
    {
        var disk = Disk();
        var log = KeyedLog.Open(disk, config);
        Fill(log, 80);
        return (disk, log);
    }

    private static void Fill(PartitionLog log, int batches, long timestamp = 1000)
    {
        for (var i = 0; i < batches; i++) KeyedLog.Append(log, timestamp + i, ($"k{i % 10}", $"value {i}"), ($"k{(i * 7) % 10}", $"other {i}"));
    }
}
