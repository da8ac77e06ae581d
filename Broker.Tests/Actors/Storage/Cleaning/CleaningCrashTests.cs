using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>
/// The power goes, or the disk begins to fail, at every single operation of a cleaning and its swaps: no live key is lost, nothing is lost from the part that was not to be
/// cleaned, offsets rise, and the next cleaning does what this one did not.
/// </summary>
public sealed class CleaningCrashTests
{
    private const long Now = 10_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Power_that_goes_at_any_operation_loses_no_live_key(int seed)
    {
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random((seed * 1000) + operations));
            var (log, before) = Make(disk);
            var uncleanable = log.View.Segments[^1].BaseOffset;
            disk.FailAfter(operations);
            var state = KeyedLog.Clean(log, disk, 0, Now).State;
            disk.Crash();
            disk.Heal();

            var again = KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: log.RecoveryPoint);
            Check(before, again, uncleanable, $"seed {seed}, after {operations} operations");
            Assert.Equal(before[^1].Offset + 1, again.View.EndOffset);
            Assert.Equal(1, again.Producers.Count(producer => producer.ProducerId == 9 && producer.LastSequence == 2));
            Assert.Equal(CleaningState.Done, KeyedLog.Clean(again, disk, 0, Now + 1).State);
            Check(before, again, uncleanable, $"seed {seed}, after {operations} operations, cleaned again");
            Assert.Equal(ErrorCode.None, again.Close());
            if (state != CleaningState.Done) continue;
            Assert.InRange(operations, 30, 1000);
            return;
        }
    }

    [Fact]
    public void A_disk_that_fails_at_any_operation_leaves_a_log_that_is_read_and_appended_to()
    {
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            var (log, before) = Make(disk);
            var uncleanable = log.View.Segments[^1].BaseOffset;
            disk.FailAfter(operations);
            var state = KeyedLog.Clean(log, disk, 0, Now).State;
            disk.Heal();

            Check(before, log, uncleanable, $"after {operations} operations");
            KeyedLog.Append(log, Now, ("later", "x"));
            Assert.Equal(before[^1].Offset + 1, KeyedLog.Records(log)[^1].Offset);
            if (state == CleaningState.Failed) KeyedLog.Clean(log, disk, 0, Now);
            Check(before, log, uncleanable, $"after {operations} operations, cleaned again");
            Assert.Equal(ErrorCode.None, log.Close());
            var again = KeyedLog.Open(disk, KeyedLog.Small, wasClean: true, recoveryPoint: log.RecoveryPoint);
            Check(before, again, uncleanable, $"after {operations} operations, opened again");
            if (state == CleaningState.Done) return;
        }
    }

    private static (PartitionLog Log, List<KeyedRecord> Records) Make(MemoryDisk disk)
    {
        disk.CreateDirectory("/data");
        disk.SyncDirectory("/");
        var log = KeyedLog.Open(disk, KeyedLog.Small);
        var sequence = 0;
        for (var i = 0; i < 24; i++)
        {
            if (i % 8 == 3) KeyedLog.Append(log, 1000 + i, CompressionType.None, new RecordBatchFields { ProducerId = 9, ProducerEpoch = 0, BaseSequence = sequence++ }, ($"p{i}", "idempotent"), ($"k{i % 5}", null));
            if (i % 8 == 3) sequence++;
            KeyedLog.Append(log, 1000 + i, ($"k{i % 5}", $"value {i}"), ($"once {i}", i % 3 == 0 ? null : "kept"));
        }

        // A producer's sequence must survive, too: this is its last.
        sequence = 0;
        KeyedLog.Append(log, 2000, CompressionType.None, new RecordBatchFields { ProducerId = 9, ProducerEpoch = 1, BaseSequence = sequence }, ("k1", "a"), ("k1", "b"), ("k1", "c"));
        for (var i = 0; i < 20; i++) KeyedLog.Append(log, 3000 + i, ($"k{i % 5}", $"newer {i}"), ($"k{(i + 1) % 5}", $"newer still {i}"));
        KeyedLog.Flush(log);
        return (log, KeyedLog.Records(log));
    }

    private static void Check(List<KeyedRecord> before, PartitionLog log, long uncleanable, string when)
    {
        var original = before.ToDictionary(record => record.Offset);
        var after = KeyedLog.Records(log).Where(record => record.Offset <= before[^1].Offset).ToList();
        foreach (var record in after) Assert.True(record == original[record.Offset], $"{when}: {record} was {original[record.Offset]}");
        var (expected, latest) = (KeyedLog.Latest(before), KeyedLog.Latest(after));
        foreach (var (key, record) in expected) Assert.True(latest.GetValueOrDefault(key) == record, $"{when}: {key} was {record}, is {latest.GetValueOrDefault(key)}");
        Assert.True(before.Where(record => record.Offset >= uncleanable).SequenceEqual(after.Where(record => record.Offset >= uncleanable)), $"{when}: the part that is not cleaned changed");
    }
}
