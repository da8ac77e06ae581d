using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>What the closed logs of a directory tell the next start, and when it is not believed.</summary>
public sealed class ClosedLogTests : IDisposable
{
    private static readonly PartitionName Name = new("topic", 0);
    private static readonly Guid Topic = Guid.NewGuid();
    private static readonly LogConfig Config = new() { SegmentBytes = 2000, IndexIntervalBytes = 200, FileDeleteDelayMs = 0 };

    private readonly string _temp = Directory.CreateTempSubdirectory("closed").FullName;
    private readonly List<string> _looked = [];

    // What the last start opened and listed of the log.
    private List<string> LookedAt { get; set; } = [];

    public void Dispose() => Directory.Delete(_temp, recursive: true);

    [Fact]
    public void A_log_that_nobody_touched_is_opened_without_opening_a_file()
    {
        foreach (var disk in new IDisk[] { new MemoryDisk(), new LocalDisk() })
        {
            var home = HomeOn(disk);
            var before = Stop(disk, home, Fill(disk, home, producers: false));
            var after = Start(disk, home);
            Assert.Empty(LookedAt);
            CheckSame(before, after);
        }
    }

    [Fact]
    public void Of_a_log_with_producers_their_snapshot_is_read()
    {
        var disk = new MemoryDisk();
        var before = Stop(disk, "/data", Fill(disk, HomeOn(disk), producers: true));
        var after = Start(disk, "/data");
        Assert.Equal([$"{before.Directory}/{before.View.EndOffset:D20}.snapshot"], LookedAt);
        CheckSame(before, after);
        Assert.True(Stage(after, TestBatch.Idempotent(7, 0, 38, 2)).IsDuplicate);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, Stage(after, TestBatch.Idempotent(7, 0, 42, 2)).Error);
    }

    [Fact]
    public void It_goes_on_as_if_it_had_never_been_closed()
    {
        var disk = new MemoryDisk();
        Stop(disk, HomeOn(disk), Fill(disk, "/data", producers: false));
        var log = Start(disk, "/data");
        for (var i = 0; i < 40; i++) Append(log, TestBatch.Plain(2, 40));
        Assert.Equal(120, log.View.EndOffset);
        LogIndexes.Check(log);
        Assert.Equal(60, LogContents.Batches(log).Count);
        var again = Stop(disk, "/data", log);
        CheckSame(again, Start(disk, "/data"));
    }

    [Theory]
    [InlineData(".log")]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    [InlineData(".snapshot")]
    [InlineData("leader-epoch-checkpoint")]
    [InlineData("partition.metadata")]
    public void A_log_of_which_a_file_was_touched_is_looked_at(string suffix)
    {
        foreach (var how in Enum.GetValues<Touch>())
        {
            foreach (var disk in new IDisk[] { new MemoryDisk(), new LocalDisk() })
            {
                var home = HomeOn(disk);
                Stop(disk, home, Fill(disk, home, producers: true));
                var path = disk.List($"{home}/topic-0").Select(entry => $"{home}/topic-0/{entry.Name}").Where(path => path.EndsWith(suffix, StringComparison.Ordinal)).Max()!;
                Damage(disk, path, how);
                Start(disk, home);
                Assert.Contains($"{home}/topic-0", LookedAt);
            }
        }
    }

    [Fact]
    public void A_copy_of_a_directory_is_looked_at()
    {
        var disk = new LocalDisk();
        var home = HomeOn(disk);
        var before = Stop(disk, home, Fill(disk, home, producers: true));
        var copy = Path.Combine(_temp, "copy");
        foreach (var directory in Directory.GetDirectories(home).Prepend(home)) Directory.CreateDirectory(directory.Replace(home, copy, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(home, "*", SearchOption.AllDirectories))
        {
            var target = file.Replace(home, copy, StringComparison.Ordinal);
            File.Copy(file, target);
            File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
        }

        CheckSame(before, Start(disk, copy));
        Assert.Contains($"{copy}/topic-0", LookedAt);
    }

    [Fact]
    public void After_a_crash_nothing_is_believed()
    {
        var disk = new MemoryDisk();
        Stop(disk, HomeOn(disk), Fill(disk, "/data", producers: false));
        Start(disk, "/data").Abandon();
        Start(disk, "/data");
        Assert.Contains("/data/topic-0", LookedAt);
    }

    [Fact]
    public void A_log_with_transactions_is_always_looked_at()
    {
        var disk = new MemoryDisk();
        var log = Fill(disk, HomeOn(disk), producers: false);
        Append(log, TestBatch.Transactional(9, 0, 0, 2));
        Stop(disk, "/data", log);
        Assert.Null(log.Describe());
    }

    [Fact]
    public void A_damaged_table_says_nothing()
    {
        var disk = new MemoryDisk();
        var bytes = ClosedLogTable.Encode([new(Name, Stop(disk, HomeOn(disk), Fill(disk, "/data", producers: false)).Describe()!)]);
        Assert.NotNull(ClosedLogTable.Decode(bytes).Take(Name));
        for (var length = 0; length < bytes.Length; length++) Assert.Null(ClosedLogTable.Decode(bytes.AsMemory(0, length)).Take(Name));
        for (var at = 0; at < bytes.Length; at++)
        {
            var flipped = bytes.ToArray();
            flipped[at] ^= 0x10;
            Assert.Null(ClosedLogTable.Decode(flipped).Take(Name));
        }
    }

    private static void CheckSame(PartitionLog before, PartitionLog after)
    {
        Assert.Equal(before.View.Offsets, after.View.Offsets);
        Assert.Equal(before.TopicId, after.TopicId);
        Assert.Equal(before.LeaderEpochs, after.LeaderEpochs);
        Assert.Equal(before.SizeInBytes, after.SizeInBytes);
        Assert.Equal(before.RecoveryPoint, after.RecoveryPoint);
        Assert.Equal(before.Producers.Select(entry => (entry.ProducerId, entry.Epoch, entry.LastSequence)), after.Producers.Select(entry => (entry.ProducerId, entry.Epoch, entry.LastSequence)));
        LogIndexes.Check(after);
        Assert.Equal(after.View.EndOffset - after.View.StartOffset, LogContents.Batches(after).Sum(batch => TestBatch.Header(batch).RecordCount));
        foreach (var segment in after.View.Segments) Assert.True(TimeSearch.MaxTimestamp(segment) > 0);
    }

    private static void Damage(IDisk disk, string path, Touch how)
    {
        if (how == Touch.Removed)
        {
            disk.Delete(path);
            return;
        }

        using var file = disk.Open(path, DiskAccess.Write);
        Span<byte> last = stackalloc byte[1];
        if (how == Touch.Cut) file.SetLength(file.Length - 1);
        file.Read(last, file.Length - 1);
        // The same byte again is a change as well: nobody looks which one it was.
        if (how == Touch.Rewritten) file.Write(last, file.Length - 1);
    }

    private string HomeOn(IDisk disk)
    {
        var home = disk is MemoryDisk ? "/data" : Path.Combine(_temp, Guid.NewGuid().ToString("n"));
        disk.CreateDirectory(home);
        return home;
    }

    private PartitionLog Fill(IDisk disk, string home, bool producers)
    {
        var log = LogDirectory.Open(disk, home, null).OpenPartition(Name, Config, Topic, 0);
        log.BecomeLeader(3);
        for (var i = 0; i < 20; i++) Append(log, producers ? TestBatch.Idempotent(7, 0, i * 2, 2) : TestBatch.Plain(2, 40));
        return log;
    }

    private PartitionLog Stop(IDisk disk, string home, PartitionLog log)
    {
        Assert.Equal(ErrorCode.None, log.Close());
        var directory = LogDirectory.Open(disk, home, null);
        KeyValuePair<PartitionName, PartitionLog>[] logs = [new(Name, log)];
        Assert.Equal(ErrorCode.None, directory.WriteCheckpoints(logs));
        directory.WriteClosed(logs);
        Assert.Equal(ErrorCode.None, directory.MarkCleanShutdown(1));
        return log;
    }

    private PartitionLog Start(IDisk disk, string home)
    {
        _looked.Clear();
        var log = LogDirectory.Open(new FaultyDisk(disk) { Looked = _looked.Add }, home, null).OpenPartition(Name, Config, Topic, 0);
        LookedAt = _looked.Where(path => path.Contains("/topic-0", StringComparison.Ordinal)).ToList();
        return log;
    }

    private static void Append(PartitionLog log, byte[] batch)
    {
        Assert.Equal(ErrorCode.None, Stage(log, batch).Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
    }

    private static StageResult Stage(PartitionLog log, byte[] batch) => log.Stage(batch, TestBatch.Header(batch), 3, 0);

    public enum Touch
    {
        Rewritten,
        Cut,
        Removed,
    }
}
