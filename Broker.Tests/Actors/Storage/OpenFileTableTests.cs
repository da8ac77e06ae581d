using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Files that are held open are bounded, and those in use stay.</summary>
public sealed class OpenFileTableTests
{
    private readonly OpenFileTable table = new(8);
    private readonly MemoryDisk disk;

    public OpenFileTableTests()
    {
        disk = new MemoryDisk { OpenFiles = table };
        disk.CreateDirectory("/d");
    }

    [Fact]
    public void Logs_go_on_when_their_files_are_closed_between_appends_and_reads()
    {
        var logs = Logs(30);
        for (var round = 0; round < 3; round++)
        {
            foreach (var log in logs)
            {
                Append(log, 2 * (round + 1));
                Assert.True(table.Count <= 8);
            }
        }

        foreach (var log in logs) Assert.Equal(3, LogContents.Batches(log).Count);
        Assert.Equal(8, table.Count);
        foreach (var log in logs) Assert.Equal(ErrorCode.None, log.Close());
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Files_that_are_read_are_not_closed_and_go_when_they_are_not()
    {
        var logs = Logs(12);
        foreach (var log in logs) Append(log, 2);
        var reads = logs.Select(log => log.Read(0, 1000, ReadLimit.End, true)).ToList();
        Assert.Equal(12, table.Count);
        foreach (var read in reads)
        {
            Assert.NotEmpty(read.ReadBytes());
            read.Dispose();
        }

        Append(PartitionLog.Open(new LogOpening { Disk = disk, Directory = "/d/more-0" }), 2);
        Assert.Equal(8, table.Count);
    }

    [Fact]
    public void A_log_that_is_removed_leaves_the_table()
    {
        var log = Logs(1)[0];
        Append(log, 2);
        Assert.Equal(1, table.Count);
        log.Abandon();
        Assert.Equal(0, table.Count);
    }

    private List<PartitionLog> Logs(int count)
        => Enumerable.Range(0, count).Select(i => PartitionLog.Open(new LogOpening { Disk = disk, Directory = $"/d/t-{i}" })).ToList();

    private static void Append(PartitionLog log, long end)
    {
        var batch = TestBatch.Plain(2, 10);
        log.Stage(batch, TestBatch.Header(batch), 0, 0);
        Assert.Equal(new CommitResult(ErrorCode.None, end, null), log.Commit());
    }
}
