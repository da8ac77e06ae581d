using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Files that somebody put among a log's segments.</summary>
public sealed class StraySegmentTests
{
    private const string Home = "/data/topic-0";
    private static readonly LogConfig Config = new() { SegmentBytes = 2000, IndexIntervalBytes = 200 };

    private readonly MemoryDisk _disk = new();
    private readonly List<string> _reports = [];

    public StraySegmentTests() => _disk.CreateDirectory("/data");

    /// <summary>Of a log of 80 offsets in several segments, after an orderly stop or not.</summary>
    /// <param name="offset">The stray's name.</param>
    /// <param name="isCopy">It is a copy of the first segment; otherwise empty.</param>
    /// <param name="wasClosed">The broker stopped in order.</param>
    [Theory]
    [InlineData(7, false, true)]
    [InlineData(7, true, true)]
    [InlineData(7, false, false)]
    [InlineData(7, true, false)]
    [InlineData(41, false, true)]
    [InlineData(41, true, false)]
    [InlineData(79, true, true)]
    [InlineData(79, false, false)]
    [InlineData(900, true, true)]
    [InlineData(900, false, true)]
    public void It_is_set_aside_and_the_log_is_whole(long offset, bool isCopy, bool wasClosed)
    {
        var end = Fill();
        var stray = LogFiles.Path(Home, offset, LogFiles.Log);
        var before = _disk.List(Home).Count;
        using (var file = _disk.Open(stray, DiskAccess.Create))
        {
            if (isCopy) file.Write(_disk.ReadAll(LogFiles.Path(Home, 0, LogFiles.Log)), 0);
        }

        var check = new SegmentRepair(_disk, Home);
        if (offset < end)
        {
            Assert.Empty(check.Check());
            Assert.Equal([stray], check.Strays);
        }

        var log = Open(wasClosed, end);
        Assert.Equal(end, log.View.EndOffset);
        Assert.Equal(end, LogContents.Batches(log).Sum(batch => TestBatch.Header(batch).RecordCount));
        Assert.Contains(_reports, line => line.Contains(Path.GetFileName(stray), StringComparison.Ordinal) && line.Contains("no segment of this log", StringComparison.Ordinal));
        Assert.True(_disk.LengthOf(stray + ".cut") >= 0);
        Append(log);
        LogIndexes.Check(log);
        Assert.Equal(end + 2, log.View.EndOffset);
        Assert.InRange(_disk.List(Home).Count, before + 1, before + 4);
    }

    [Fact]
    public void An_empty_segment_behind_the_last_record_is_the_one_to_append_to()
    {
        var end = Fill();
        _disk.Open(LogFiles.Path(Home, end, LogFiles.Log), DiskAccess.Create).Dispose();
        var log = Open(true, end);
        Assert.Empty(_reports);
        Append(log);
        Assert.Equal(end, log.View.Segments[^1].BaseOffset);
    }

    private long Fill()
    {
        var log = Open(false, 0);
        log.BecomeLeader(0);
        for (var i = 0; i < 40; i++) Append(log);
        Assert.True(log.View.Segments.Length > 2);
        Assert.Equal(ErrorCode.None, log.Close());
        _reports.Clear();
        return log.View.EndOffset;
    }

    private PartitionLog Open(bool wasClosed, long point)
        => PartitionLog.Open(new LogOpening { Disk = _disk, Directory = Home, Config = Config, WasCleanlyShutDown = wasClosed, RecoveryPoint = point, Report = _reports.Add });

    private static void Append(PartitionLog log)
    {
        var batch = TestBatch.Plain(2, 40);
        Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch), 0, 0).Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
    }
}
