using System.Text.Json;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>A directory of a Kafka broker that never cleaned it becomes, file by file, what that broker made of it when it did.</summary>
public sealed class CompactedDirectoryTests
{
    private static readonly string[] Fields = ["baseOffset", "lastOffsetDelta", "attributes", "recordCount", "baseTimestamp", "maxTimestamp", "producerId", "producerEpoch", "baseSequence", "partitionLeaderEpoch"];

    [Theory]
    [InlineData("plain")]
    [InlineData("txn")]
    [InlineData("lz4")]
    [InlineData("delete")]
    public void A_directory_is_cleaned_as_Kafka_cleaned_it(string name)
    {
        var (before, after) = (StorageVectors.Case("dirs", $"compact-{name}-t0"), StorageVectors.Case("dirs", $"compact-{name}-t1"));
        var disk = new MemoryDisk();
        var directory = StorageVectors.Unpack($"dirs/compact-{name}-t0/dir.tar.gz", disk).Single();
        var retention = long.Parse(after.GetProperty("configs").GetProperty("delete.retention.ms").GetString()!);
        var log = PartitionLog.Open(new LogOpening
        {
            Disk = disk,
            Directory = directory,
            Config = StorageVectors.Config(before.GetProperty("configs")) with { Compacts = true, DeletesByRetention = false, DeleteRetentionMs = retention },
            WasCleanlyShutDown = true,
            RecoveryPoint = before.GetProperty("logEndOffset").GetInt64(),
        });
        // When it was: the horizon that it wrote is that time and the retention.
        var horizons = after.GetProperty("batches").EnumerateArray().Where(batch => batch.TryGetProperty("deleteHorizonMs", out _)).Select(batch => batch.GetProperty("deleteHorizonMs").GetInt64()).ToList();
        var now = horizons.Count == 0 ? 0 : horizons.Max() - retention;

        using var pass = new CleaningPass(log.BeginCleaning(-1, now)!, new CleaningMeans(1 << 20, 0.9, 1 << 16, Guid.Empty));
        while (pass.State == CleaningState.Working)
        {
            pass.Step();
            if (pass.Ready is not { } ready) continue;
            Assert.Equal(ErrorCode.None, log.SwapCleaned(ready, now));
            pass.Swapped();
        }

        Assert.Null(pass.Failure);
        Assert.Equal(after.GetProperty("segments").EnumerateArray().Select(segment => segment.GetProperty("baseOffset").GetInt64()), log.View.Segments.Select(segment => segment.BaseOffset));
        Assert.Equal(after.GetProperty("recordsSha256").GetString(), LogContents.RecordsSha(log, 1 << 20));
        Assert.Equal(after.GetProperty("batches").EnumerateArray().Select(Describe), LogContents.Batches(log).Select(batch => Describe(TestBatch.Header(batch))));
        // The bytes of two builds of zstd differ.
        if (name == "delete") return;
        foreach (var file in after.GetProperty("files").EnumerateArray())
        {
            var path = file.GetProperty("name").GetString()!;
            if (path.Length <= 20 || !long.TryParse(path[..20], out var offset) || offset >= pass.NextDirty || path.EndsWith(".snapshot", StringComparison.Ordinal)) continue;
            var ours = StorageVectors.Get(disk, $"{directory}/{path}") ?? [];
            Assert.True(file.GetProperty("sha256").GetString() == StorageVectors.Sha(ours), $"{path}: {ours.Length} bytes, not {file.GetProperty("size")}");
        }
    }

    private static string Describe(JsonElement batch) => string.Join(' ', Fields.Select(field => batch.GetProperty(field).GetInt64()));

    private static string Describe(RecordBatchHeader header)
        => $"{header.BaseOffset} {header.LastOffsetDelta} {header.Attributes} {header.RecordCount} {header.BaseTimestamp} {header.MaxTimestamp} {header.ProducerId} {header.ProducerEpoch} {header.BaseSequence} {header.PartitionLeaderEpoch}";

    [Fact]
    public void The_cleaners_checkpoint_is_read_and_written_in_Kafkas_form()
    {
        var disk = new MemoryDisk();
        StorageVectors.Unpack("dirs/log-dir-compact/dir.tar.gz", disk);
        var checkpoint = CleanerCheckpoint.Open(disk, "/data", null);
        Assert.Equal((258L, 227L, 206L, -1L), (checkpoint.Of(new PartitionName("compact-lz4", 0)), checkpoint.Of(new PartitionName("compact-plain", 0)), checkpoint.Of(new PartitionName("compact-txn", 0)), checkpoint.Of(new PartitionName("compact-plain", 1))));
        checkpoint.Set(new PartitionName("compact-plain", 0), 296);
        checkpoint.Remove(new PartitionName("compact-lz4", 0));
        checkpoint.Remove(new PartitionName("nobody", 0));

        var again = CleanerCheckpoint.Open(disk, "/data", null);
        Assert.Equal((-1L, 296L), (again.Of(new PartitionName("compact-lz4", 0)), again.Of(new PartitionName("compact-plain", 0))));
        Assert.True(OffsetCheckpoint.TryDecode(StorageVectors.Get(disk, "/data/cleaner-offset-checkpoint")!, out var offsets));
        Assert.Equal(3, offsets.Count);
    }

    [Fact]
    public void A_damaged_checkpoint_is_set_aside()
    {
        var disk = new MemoryDisk();
        disk.CreateDirectory("/data");
        StorageVectors.Put(disk, "/data/cleaner-offset-checkpoint", "0\n2\na 0 5\n"u8.ToArray());
        var reports = new List<string>();
        Assert.Equal(-1, CleanerCheckpoint.Open(disk, "/data", reports.Add).Of(new PartitionName("a", 0)));
        Assert.Single(reports);
        Assert.True(disk.LengthOf("/data/cleaner-offset-checkpoint.damaged") > 0);
    }
}
