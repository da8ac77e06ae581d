using System.Globalization;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Quorum;

/// <summary>Snapshots of a voter's log on a disk: taken, installed, trimmed, torn, and broken off at every operation of the disk.</summary>
public sealed class QuorumSnapshotTests
{
    private const string Home = "/data/__cluster_metadata-0";
    private const int Events = 40;
    private static readonly Guid First = new(1, 0, 0, new byte[8]);
    private static readonly VoterSet Three = new([.. Enumerable.Range(1, 3).Select(id => new QuorumMember(id, new Guid(id, 9, 9, new byte[8]), $"n{id}", 1))]);

    [Fact]
    public void The_log_before_the_older_of_two_snapshots_goes()
    {
        var disk = NewDisk(1);
        var node = new Node(disk);
        node.Append(0, 20);
        Assert.NotNull(node.Snapshot(10));
        Assert.Equal(new LogEnd(-1, 0), node.Log.Start);
        node.Append(20, 20);
        Assert.NotNull(node.Snapshot(30));
        Assert.Equal(new LogEnd(1, 10), node.Log.Start);
        node.Append(40, 20);
        Assert.NotNull(node.Snapshot(55));
        Assert.Equal((new LogEnd(1, 30), 2), (node.Log.Start, node.Log.Snapshots.Count));
        Assert.Throws<IOException>(() => node.Log.Read(12, 1 << 20));
        Assert.Equal(1, node.Log.EpochBefore(30));
        Assert.Equal(TextOf(60), TextOf(node.Image()));
        Assert.Equal(2, disk.List(Home).Count(e => e.Name.EndsWith(".image", StringComparison.Ordinal)));
        Assert.DoesNotContain(disk.List(Home), e => e.Name.EndsWith(".deleted", StringComparison.Ordinal));

        // One more, and the first segment is gone from the disk.
        node.Append(60, 40);
        Assert.NotNull(node.Snapshot(100));
        var again = new Node(disk);
        Assert.Equal((55L, 100L), (again.Log.Start.Offset, again.Log.EndOffset));
        Assert.Equal((TextOf(100), Three), (TextOf(again.Image()), again.Voter.Voters));
        Assert.DoesNotContain(disk.List(Home), e => e.Name == "00000000000000000000.log");
    }

    [Fact]
    public void Of_what_is_not_committed_no_snapshot_is_taken()
    {
        var node = new Node(NewDisk(1));
        node.Append(0, 20, committed: 10);
        Assert.Null(node.Snapshot(11));
        Assert.NotNull(node.Snapshot(10));
    }

    [Fact]
    public void A_damaged_snapshot_gives_way_to_the_one_before()
    {
        var disk = NewDisk(1);
        var node = new Node(disk);
        node.Append(0, 10);
        node.Snapshot(10);
        node.Append(10, 20);
        node.Snapshot(20);
        Damage(disk, "00000000000000000020-0000000001.image");
        var again = new Node(disk);
        Assert.Equal((1, 10L), (again.Log.Snapshots.Count, again.Log.Newest()!.Value.End.Offset));
        Assert.Equal((TextOf(30), Three), (TextOf(again.Image()), again.Voter.Voters));
    }

    [Fact]
    public void Without_any_snapshot_a_log_that_has_lost_its_beginning_is_not_begun_with()
    {
        var disk = NewDisk(1);
        var node = new Node(disk);
        foreach (var end in (int[])[40, 120, 300])
        {
            node.Append((int)node.Log.EndOffset, end - (int)node.Log.EndOffset);
            Assert.NotNull(node.Snapshot(end));
        }

        foreach (var entry in disk.List(Home).Where(e => e.Name.EndsWith(".image", StringComparison.Ordinal))) Damage(disk, entry.Name);
        Assert.Contains("no whole snapshot", Assert.Throws<IOException>(() => new Node(disk)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_piece_twice_or_out_of_turn_does_no_harm()
    {
        var leader = new Node(NewDisk(1));
        leader.Append(0, Events);
        var snapshot = leader.Snapshot(Events)!.Value;
        var bytes = leader.Bytes(snapshot);
        var node = new Node(NewDisk(2));
        var half = bytes.Length / 2;
        Assert.Equal((QuorumRefusal.None, 0L, false), node.Install(snapshot, half, bytes[half..]));
        Assert.Equal((QuorumRefusal.None, (long)half, false), node.Install(snapshot, 0, bytes[..half]));
        Assert.Equal((QuorumRefusal.None, (long)half, false), node.Install(snapshot, 0, bytes[..half]));
        Assert.Equal((QuorumRefusal.Malformed, (long)half, false), node.Install(snapshot, half, [.. bytes[half..], 1]));
        Assert.Equal((QuorumRefusal.None, (long)bytes.Length, true), node.Install(snapshot, half, bytes[half..]));
        Assert.Equal((QuorumRefusal.None, 0L, true), node.Install(snapshot, half, bytes[half..]));
        Assert.Equal((TextOf(Events), Three, new LogEnd(1, Events)), (TextOf(node.Image()), node.Voter.Voters, node.Log.End()));
        node.Append(Events, 5);
        Assert.Equal(TextOf(Events + 5), TextOf(node.Image()));
    }

    [Fact]
    public void A_snapshot_that_came_damaged_is_not_taken()
    {
        var leader = new Node(NewDisk(1));
        leader.Append(0, Events);
        var snapshot = leader.Snapshot(Events)!.Value;
        var bytes = leader.Bytes(snapshot);
        bytes[bytes.Length / 2] ^= 1;
        var node = new Node(NewDisk(2));
        node.Append(0, 3);
        Assert.Equal(QuorumRefusal.Disk, node.Install(snapshot, 0, bytes).Refusal);
        Assert.Equal((new LogEnd(1, 3), TextOf(3)), (node.Log.End(), TextOf(node.Image())));
    }

    /// <summary>The power goes at every operation of the disk while snapshots are taken and the log is trimmed: nothing that was committed is lost.</summary>
    [Fact]
    public void Taking_one_may_break_off_anywhere()
    {
        for (var operations = 0; ; operations++)
        {
            var disk = NewDisk(operations);
            var node = new Node(disk);
            var appended = 0;
            var from = disk.Changes;
            disk.FailAfter(operations);
            for (; appended < 80; appended += 20)
            {
                if (!node.Append(appended, 20)) break;
                node.Snapshot(appended + 20);
            }

            var isThrough = disk.Changes - from < operations;
            disk.Heal();
            disk.Crash();
            var again = new Node(disk);
            Assert.InRange(again.Log.EndOffset, appended, appended + 20);
            Assert.Equal(TextOf((int)again.Log.EndOffset), TextOf(again.Image()));
            Assert.True(appended == 0 || again.Voter.Voters == Three);
            Assert.True(again.Append((int)again.Log.EndOffset, 30));
            Assert.NotNull(again.Snapshot((int)again.Log.EndOffset));
            Assert.Equal(TextOf((int)again.Log.EndOffset), TextOf(again.Image()));
            if (isThrough) break;
        }
    }

    /// <summary>The same while one from elsewhere takes the place of a log that is behind, or went another way: it is the old log or the snapshot, never neither.</summary>
    [Theory]
    [InlineData(12, 1)]
    [InlineData(Events + 8, 7)]
    public void Installing_one_may_break_off_anywhere(int before, int epochOfTail)
    {
        var leader = new Node(NewDisk(1));
        leader.Append(0, Events);
        var snapshot = leader.Snapshot(Events)!.Value;
        var bytes = leader.Bytes(snapshot);
        for (var operations = 0; ; operations++)
        {
            var disk = NewDisk(operations);
            var node = new Node(disk, epochOfTail == 1 ? 1 : 0);
            node.Append(0, before, committed: 0);
            var from = disk.Changes;
            disk.FailAfter(operations);
            var (_, _, isThere) = node.Install(snapshot, 0, bytes[..100]);
            if (!isThere) (_, _, isThere) = node.Install(snapshot, 100, bytes[100..]);
            var isThrough = disk.Changes - from < operations;
            disk.Heal();
            if (operations % 2 == 0) disk.Crash();
            var again = new Node(disk);
            if (isThere || again.Log.EndOffset == Events) Assert.Equal((new LogEnd(1, Events), TextOf(Events), Three), (again.Log.End(), TextOf(again.Image()), again.Voter.Voters));
            else Assert.Equal(before, again.Log.EndOffset);
            if (isThrough) break;
        }
    }

    private static MemoryDisk NewDisk(int seed)
    {
        var disk = new MemoryDisk(new Random(seed));
        disk.CreateDirectory(Home);
        disk.SyncDirectory("/");
        disk.SyncDirectory("/data");
        return disk;
    }

    private static void Damage(MemoryDisk disk, string name)
    {
        using var file = disk.Open($"{Home}/{name}", DiskAccess.Write);
        var one = new byte[1];
        file.Read(one, file.Length / 2);
        one[0] ^= 4;
        file.Write(one, file.Length / 2);
        file.Flush();
    }

    private static string TextOf(int events) => TextOf(ImageAt(events));

    private static string TextOf(MetadataImage image) => $"{image.Offset} {string.Join(' ', image.Topics.Keys.Order(StringComparer.Ordinal))}";

    private static MetadataImage ImageAt(int events) => MetadataImage.Empty.With([.. Enumerable.Range(0, events).Where(i => i > 0).Select(EventAt)], events - 1);

    // The first event is the set of voters.
    private static IApiMessage EventAt(int at) => at == 0 ? QuorumBatches.ToRecord(Three) : new TopicRecord { Name = string.Create(CultureInfo.InvariantCulture, $"t{at:D4}"), TopicId = new Guid(at, 0, 0, new byte[8]) };

    /// <summary>A voter over a disk.</summary>
    private sealed class Node
    {
        private readonly int _epoch;

        public Node(MemoryDisk disk, int epoch = 1)
        {
            _epoch = epoch;
            var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = Home, Config = LogConfig.Default with { RetentionMs = -1, DeletesByRetention = false, FileDeleteDelayMs = 0 } });
            Log = new PartitionQuorumLog(disk, log, () => 0);
            var promises = new FakePromises(new Guid(1, 9, 9, new byte[8]));
            Voter = new QuorumVoter(1, Log, promises, 1);
        }

        public PartitionQuorumLog Log { get; }

        public QuorumVoter Voter { get; }

        public bool Append(int from, int count, int? committed = null)
        {
            for (var at = from; at < from + count; at++)
            {
                var batch = QuorumBatches.Encode([EventAt(at)], at, _epoch, 0);
                var answer = Voter.Handle(new QuorumAppend(_epoch, First, at, Log.EpochBefore(at), batch, committed ?? at + 1));
                if (answer.Refusal != QuorumRefusal.None) return false;
            }

            return true;
        }

        public QuorumSnapshot? Snapshot(int events)
        {
            if (Voter.BeginSnapshot(events) is not { } due || Log.TrySave(due.End, due.Voters, ImageAt(events).ToEvents()) is not { } saved) return null;
            Voter.Saved(saved);
            return saved;
        }

        public byte[] Bytes(QuorumSnapshot snapshot) => [.. SnapshotBatches.Pieces(Log, snapshot).SelectMany(p => p)];

        public (QuorumRefusal Refusal, long Position, bool IsThere) Install(QuorumSnapshot snapshot, long position, byte[] bytes)
        {
            var answer = (QuorumInstalled)Voter.Handle(new QuorumInstall(1, First, snapshot, position, bytes));
            return (answer.Refusal, answer.Position, answer.IsThere);
        }

        // As a controller puts it together.
        public MetadataImage Image()
        {
            var image = Log.Newest() is { } newest ? SnapshotBatches.ToImage(SnapshotBatches.Pieces(Log, newest), newest.End) : MetadataImage.Empty;
            for (var offset = image.Offset + 1; offset < Log.EndOffset;)
            {
                var walker = new global::AkkaStream.Client.Records.RecordBatchWalker(Log.Read(offset, 1 << 20));
                while (walker.MoveNext())
                {
                    image = image.With([.. QuorumBatches.Decode(walker.Header, walker.Records).Where(e => e is not VotersRecord)], walker.Header.LastOffset);
                    offset = walker.Header.NextOffset;
                }
            }

            return image;
        }
    }
}
