using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Bits that flip on the disk: what is damaged is never given to a reader, what is not damaged is.</summary>
public sealed class DamagedSegmentTests
{
    private const string Home = "/data/topic-0";
    private const int Batches = 24;
    private const string First = $"{Home}/00000000000000000000.log";
    private readonly List<string> reports = [];

    [Fact]
    public void Every_flipped_bit_of_a_closed_segment_is_found_by_the_reader_and_nothing_else_is_lost()
    {
        var (template, good) = Write();
        var file = StorageVectors.Get(template, First)!;
        var dice = new Random(1);
        for (var at = 0; at < file.Length; at++)
        {
            // The leader's epoch is under no checksum, and no record depends on it.
            var inBatch = at - Place(good, at).Position;
            if (inBatch is >= 12 and < 16) continue;
            var log = Flip(template, file, at, (byte)(1 << dice.Next(8)));
            reports.Clear();
            AssertOnlyGoodOnes(log, good, at);
        }
    }

    [Fact]
    public void Reading_goes_on_behind_damage_when_its_records_are_deleted()
    {
        var (template, good) = Write();
        var file = StorageVectors.Get(template, First)!;
        // A flip in the records, one in the length.
        foreach (var inBatch in new[] { 80, 9 })
        {
            var damaged = Place(good, file.Length / 2);
            var log = Flip(template, file, (int)damaged.Position + inBatch, 1);
            Assert.Equal(ErrorCode.CorruptMessage, ErrorAt(log, damaged.BaseOffset));
            Assert.Equal(ErrorCode.None, log.DeleteRecords(damaged.LastOffset + 1, 0));
            Assert.Equal(good.Where(g => g.Base > damaged.LastOffset).Select(g => g.Base), LogContents.Batches(log).Select(b => TestBatch.Header(b).BaseOffset));
        }
    }

    [Fact]
    public void What_was_appended_or_read_once_is_not_read_again_until_its_file_was_closed()
    {
        var disk = new MemoryDisk { OpenFiles = new OpenFileTable(100) };
        var log = Open(disk, 0, wasClean: true);
        for (var i = 0; i < Batches; i++) Append(log, i);
        var file = StorageVectors.Get(disk, First)!;
        file[80] ^= 1;
        StorageVectors.Put(disk, First, file);
        Assert.Equal(ErrorCode.None, ErrorAt(log, 0));
        CloseIdleFiles(disk);
        Assert.Equal(ErrorCode.CorruptMessage, ErrorAt(log, 0));
        file[80] ^= 1;
        StorageVectors.Put(disk, First, file);
        Assert.Equal(ErrorCode.None, ErrorAt(log, 0));
        Assert.Single(reports);
    }

    [Fact]
    public void A_scrub_tells_damage_before_a_reader_meets_it()
    {
        var (template, good) = Write();
        var file = StorageVectors.Get(template, First)!;
        var damaged = Place(good, file.Length / 2);
        foreach (var step in new[] { 1, 300, 1 << 20 })
        {
            reports.Clear();
            var log = Flip(template, file, (int)damaged.Position + 70, 4);
            var (bytes, damages) = (0L, 0);
            ScrubPlace? place = null;
            do
            {
                var did = log.Scrub(place, step);
                (bytes, damages, place) = (bytes + did.Bytes, damages + did.Damages, did.Next);
            }
            while (place is not null);

            Assert.Equal((log.SizeInBytes - log.View.EndPosition, 1), (bytes, damages));
            Assert.Contains($"{First} is damaged at byte {damaged.Position}", Assert.Single(reports));
            ErrorAt(log, damaged.BaseOffset);
            Assert.Single(reports);
        }
    }

    [Fact]
    public void A_repair_cuts_the_damage_out_and_keeps_the_rest()
    {
        var (template, good) = Write();
        var file = StorageVectors.Get(template, First)!;
        foreach (var at in new[] { 9, 70, file.Length / 2, file.Length - 1 })
        {
            var damaged = Place(good, at);
            var (disk, log) = FlipOn(template, file, at, 1);
            Assert.Equal(ErrorCode.None, log.Close());
            var repair = new SegmentRepair(disk, Home);
            var damage = Assert.Single(repair.Check());
            Assert.Equal((First, damaged.Position, (long)damaged.Size, damaged.BaseOffset), (damage.File, damage.Position, damage.Bytes, damage.FirstOffset));
            repair.Cut([damage]);
            Assert.Empty(repair.Check());
            Assert.Equal(damaged.Size, disk.LengthOf($"{First}.{damaged.Position}.cut"));
            reports.Clear();
            var again = Open(disk, log.View.EndOffset, wasClean: true);
            Assert.Equal(log.View.EndOffset, again.View.EndOffset);
            Assert.Equal(good.Where(g => g.Base != damaged.BaseOffset).Select(g => g.Base), LogContents.Batches(again).Select(b => TestBatch.Header(b).BaseOffset));
            Assert.DoesNotContain(reports, line => line.Contains("damaged at byte", StringComparison.Ordinal));
        }
    }

    // Reads from the start and goes on behind what is refused, by asking for the next offset: every batch but the damaged one comes, as it was written.
    private void AssertOnlyGoodOnes(PartitionLog log, List<Written> good, int flippedAt)
    {
        var damaged = Place(good, flippedAt);
        var refused = 0;
        var offset = 0L;
        var maxBytes = flippedAt % 3 == 0 ? 1 : flippedAt % 3 == 1 ? 500 : 1 << 20;
        while (offset < log.View.EndOffset)
        {
            using var read = log.Read(offset, maxBytes, ReadLimit.End, minOneBatch: true);
            if (read.Error != ErrorCode.None)
            {
                Assert.Equal(ErrorCode.CorruptMessage, read.Error);
                refused++;
                offset++;
                continue;
            }

            var walker = new RecordBatchWalker(read.ReadBytes());
            Assert.True(walker.MoveNext());
            var expected = good.First(g => g.Last >= offset);
            Assert.True(expected.Base == walker.Header.BaseOffset && expected.Bytes.AsSpan().SequenceEqual(walker.Batch), $"byte {flippedAt}: offset {offset} gave a batch that was never written");
            offset = expected.Last + 1;
        }

        Assert.True(refused > 0, $"the flip at byte {flippedAt} was not met");
        // The batch itself, and where its length or offset is gone perhaps the one behind it, as far as the index does not lead there.
        Assert.True(refused <= (flippedAt - damaged.Position < 61 ? 200 : damaged.LastOffset - damaged.BaseOffset + 1), $"byte {flippedAt}: {refused} offsets were refused");
        Assert.All(reports, line => Assert.Contains(First, line));
        Assert.NotEmpty(reports);
    }

    private (MemoryDisk Disk, List<Written> Good) Write()
    {
        var disk = new MemoryDisk();
        var log = Open(disk, 0, wasClean: true);
        for (var i = 0; i < Batches; i++) Append(log, i);
        Assert.True(log.View.Segments.Length >= 3);
        var good = LogContents.Batches(log).ConvertAll(bytes => new Written(TestBatch.Header(bytes).BaseOffset, TestBatch.Header(bytes).LastOffset, bytes));
        Assert.Equal(ErrorCode.None, log.Close());
        return (disk, good);
    }

    private static ErrorCode ErrorAt(PartitionLog log, long offset)
    {
        using var read = log.Read(offset, 1000, ReadLimit.End, minOneBatch: true);
        return read.Error;
    }

    private static void Append(PartitionLog log, int i)
    {
        var batch = TestBatch.Plain(1 + (i % 4), 30 + i);
        Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch), 0, 0).Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
    }

    private PartitionLog Flip(MemoryDisk template, byte[] file, int at, byte bit) => FlipOn(template, file, at, bit).Log;

    private (MemoryDisk Disk, PartitionLog Log) FlipOn(MemoryDisk template, byte[] file, int at, byte bit)
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory(Home);
        foreach (var entry in template.List(Home)) StorageVectors.Put(disk, $"{Home}/{entry.Name}", StorageVectors.Get(template, $"{Home}/{entry.Name}")!);
        byte[] flipped = [.. file];
        flipped[at] ^= bit;
        StorageVectors.Put(disk, First, flipped);
        return (disk, Open(disk, 1000, wasClean: true));
    }

    // These take the place of all others in the table.
    private static void CloseIdleFiles(MemoryDisk disk)
    {
        for (var i = 0; i < 200; i++)
        {
            using var other = new LeasedFile(disk, new SegmentFile("/data", i, ".other"), DiskAccess.Create);
            Assert.NotNull(other.TryLease());
        }
    }

    private PartitionLog Open(MemoryDisk disk, long point, bool wasClean) => PartitionLog.Open(new LogOpening
    {
        Disk = disk,
        Directory = Home,
        WasCleanlyShutDown = wasClean,
        RecoveryPoint = point,
        Config = LogConfig.Default with { IndexIntervalBytes = 0, SegmentBytes = 1500, RetentionMs = -1 },
        Report = reports.Add,
    });

    private static BatchPlace Place(List<Written> good, long at)
    {
        var position = 0L;
        foreach (var batch in good)
        {
            if (at < position + batch.Bytes.Length) return new BatchPlace(position, batch.Bytes.Length, batch.Base, batch.Last);
            position += batch.Bytes.Length;
        }

        throw new ArgumentOutOfRangeException(nameof(at));
    }

    private sealed record Written(long Base, long Last, byte[] Bytes);
}
