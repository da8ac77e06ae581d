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

    private static void Truncate(MemoryDisk disk, long segment, long size)
    {
        using var file = disk.Open($"{KeyedLog.Directory}/{segment:D20}.log", DiskAccess.Write);
        file.SetLength(size);
        file.Flush();
    }
}
