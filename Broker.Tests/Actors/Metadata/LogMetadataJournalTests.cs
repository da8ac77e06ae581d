using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Metadata;

/// <summary>The controller's journal on a disk that fails: what was refused is not there later, what was accepted is.</summary>
public sealed class LogMetadataJournalTests
{
    private const string Directory = "/data/__cluster_metadata-0";

    // At whichever of its operations the disk fails, and whether it works again at once or only later.
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void What_was_refused_does_not_come_back(bool healsAtOnce, bool appendsMore)
    {
        var refused = 0;
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            disk.CreateDirectory("/data");
            disk.SyncDirectory("/");
            var log = Open(disk, 0, healsAtOnce ? disk.Heal : () => { });
            var journal = new LogMetadataJournal(disk, log, () => 1000);
            Assert.Null(Append(journal, "first"));
            disk.FailAfter(operations);
            var error = Append(journal, "second");
            disk.Heal();
            if (error is null) break;
            refused++;
            var expected = new List<string> { "first" };
            if (appendsMore)
            {
                Assert.Null(Append(journal, "third"));
                expected.Add("third");
            }
            else
            {
                Assert.Equal(ErrorCode.None, log.Close());
            }

            var point = log.RecoveryPoint;
            disk.Crash();
            Assert.Equal(expected, Names(disk, Open(disk, point, () => { })));
        }

        // The write, and at least the flushes of the log's file and of its directory.
        Assert.InRange(refused, 3, 20);
    }

    [Fact]
    public void As_long_as_the_disk_refuses_to_take_back_what_was_refused_nothing_is_appended()
    {
        var disk = new FaultyDisk(new MemoryDisk());
        disk.CreateDirectory("/data");
        var log = Open(disk, 0, () => { });
        var journal = new LogMetadataJournal(disk, log, () => 1000);
        Assert.Null(Append(journal, "first"));
        var end = log.View.EndOffset;
        disk.Break(Directory, onlyWrites: true);
        Assert.NotNull(Append(journal, "second"));
        Assert.NotNull(Append(journal, "third"));
        disk.Mend();
        Assert.Null(Append(journal, "fourth"));
        Assert.Equal(end + 1, log.View.EndOffset);
        Assert.Equal(["first", "fourth"], Names(disk, log));
    }

    /// <summary>A lone broker's journal, whose power goes at every operation of the disk while snapshots are taken: what was acknowledged is there, and the log does not grow for ever.</summary>
    [Fact]
    public void Snapshots_take_the_place_of_what_was_before_them()
    {
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            disk.CreateDirectory("/data");
            disk.SyncDirectory("/");
            var acknowledged = 0;
            var from = disk.Changes;
            disk.FailAfter(operations);
            try
            {
                var log = Open(disk, 0, () => { });
                acknowledged = AppendUntilItFails(new LogMetadataJournal(disk, log, () => 1000, snapshotBytes: 1), 300);
                Assert.True(acknowledged < 300 || log.View.StartOffset > 0);
                Assert.InRange(disk.List(Directory).Count(e => e.Name.EndsWith(".log", StringComparison.Ordinal)), 1, 4);
            }
            catch (IOException)
            {
                // The disk failed before there was a journal.
            }

            var isThrough = disk.Changes - from < operations;
            disk.Heal();
            disk.Crash();
            var found = MetadataImage.Empty;
            new LogMetadataJournal(disk, Open(disk, 0, () => { }), () => 1000).Replay((events, offset) => found = found.With(events, offset));
            Assert.InRange(found.Topics.Count, acknowledged, acknowledged + 1);
            Assert.Equal(found.Offset + 1, found.Topics.Count);
            if (isThrough) break;
            if (operations > 400) operations += 6;
        }
    }

    // Gives how many topics were acknowledged.
    private static int AppendUntilItFails(LogMetadataJournal journal, int most)
    {
        var image = MetadataImage.Empty;
        for (var i = 0; i < most; i++)
        {
            var events = new TopicRecord[] { new() { Name = $"t{i}", TopicId = new Guid(i, 0, 0, new byte[8]) } };
            var (last, refusal) = (-1L, (Exception?)null);
            journal.Append(events, (offset, error) => (last, refusal) = (offset, error));
            if (refusal is not null) return i;
            image = image.With(events, last);
            journal.Offer(image);
        }

        return most;
    }

    private static PartitionLog Open(IDisk disk, long recoveryPoint, Action onReport) => PartitionLog.Open(new LogOpening
    {
        Disk = disk,
        Directory = Directory,
        RecoveryPoint = recoveryPoint,
        Config = LogConfig.Default with { FileDeleteDelayMs = 0, RetentionMs = -1 },
        Report = _ => onReport(),
    });

    private static Exception? Append(LogMetadataJournal journal, string topic)
    {
        Exception? refusal = null;
        journal.Append([new TopicRecord { Name = topic, TopicId = Guid.Empty }], (_, error) => refusal = error);
        return refusal;
    }

    private static List<string> Names(IDisk disk, PartitionLog log)
    {
        var names = new List<string>();
        new LogMetadataJournal(disk, log, () => 0).Replay((events, _) => names.AddRange(events.Cast<TopicRecord>().Select(e => e.Name)));
        return names;
    }
}
