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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_supersedes_a_durable_record_is_durable_before_that_goes(int seed)
    {
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random((seed * 1000) + operations));
            var (log, durable) = Make(disk);
            for (var i = 0; i < 30; i++) KeyedLog.Append(log, 4000 + i, ($"k{i % 5}", $"newest {i}"), ($"once {i % 24}", "again"));
            disk.FailAfter(operations);
            var state = KeyedLog.Clean(log, disk, 0, Now).State;
            disk.Crash();
            disk.Heal();

            var latest = KeyedLog.Latest(KeyedLog.Records(KeyedLog.Open(disk, KeyedLog.Small, recoveryPoint: log.RecoveryPoint)));
            foreach (var (key, record) in KeyedLog.Latest(durable)) Assert.True(latest.GetValueOrDefault(key)?.Offset >= record.Offset, $"seed {seed}, after {operations} operations: {key} was {record}, is {latest.GetValueOrDefault(key)}");
            if (state == CleaningState.Done) return;
        }
    }

    [Fact]
    public void What_was_cleaned_before_the_log_was_cut_does_not_take_its_place()
    {
        var disk = new MemoryDisk();
        var (log, before) = Make(disk);
        var offset = log.View.Segments[1].BaseOffset;
        var cut = 0;
        var (state, _) = KeyedLog.Clean(log, disk, 0, Now, between: () => cut += cut == 0 && disk.List(KeyedLog.Directory).Any(file => file.Name.EndsWith(".cleaned", StringComparison.Ordinal)) && log.TruncateTo(offset + 1, Now) == ErrorCode.None ? 1 : 0);
        Assert.Equal((CleaningState.Aborted, 1), (state, cut));
        Assert.Equal(before.Where(record => record.Offset < log.View.EndOffset), KeyedLog.Records(log));
    }

    [Fact]
    public void The_index_of_aborted_transactions_serves_while_its_file_has_the_name_of_the_swap()
    {
        var late = 0;
        for (var operations = 0; ; operations++)
        {
            var disk = new MemoryDisk(new Random(operations));
            var (log, _) = Make(disk);
            for (var i = 0; i < 6; i++)
            {
                KeyedLog.Append(log, 5000 + i, CompressionType.None, new RecordBatchFields { ProducerId = 20 + i, ProducerEpoch = 0, BaseSequence = 0, IsTransactional = true }, ($"t{i}", "aborted"));
                KeyedLog.AppendMarker(log, 5000 + i, 20 + i, 0, i % 2 == 0 ? ControlRecordType.Abort : ControlRecordType.Commit);
            }

            KeyedLog.Append(log, 6000, ("last", new string('x', 400)));
            KeyedLog.Append(log, 6001, ("last", new string('y', 400)));
            var (aborted, committed) = (Aborted(log), Committed(log));
            Assert.Equal(3, aborted.Count);
            disk.FailAfter(operations);
            var state = KeyedLog.Clean(log, disk, 0, Now).State;
            disk.Heal();

            // Not where the swap was never begun: its files stay for the next start to remove.
            var isLate = disk.List(KeyedLog.Directory).Any(file => file.Name.EndsWith(".txnindex.swap", StringComparison.Ordinal)) && !disk.List(KeyedLog.Directory).Any(file => file.Name.EndsWith(".log.cleaned", StringComparison.Ordinal));
            late += isLate ? 1 : 0;
            Check(log, $"after {operations} operations");
            Assert.Equal(ErrorCode.None, log.Housekeep(Now));
            if (isLate) Assert.DoesNotContain(disk.List(KeyedLog.Directory), file => file.Name.EndsWith(".swap", StringComparison.Ordinal));
            Check(log, $"after {operations} operations, renamed");
            Assert.Equal(ErrorCode.None, log.Close());
            Check(KeyedLog.Open(disk, KeyedLog.Small, wasClean: true, recoveryPoint: log.RecoveryPoint), $"after {operations} operations, opened again");
            if (state != CleaningState.Done) continue;
            Assert.True(late > 0);
            return;

            void Check(PartitionLog now, string when)
            {
                Assert.True(aborted.SequenceEqual(Aborted(now)), when);
                Assert.True(committed.SequenceEqual(Committed(now)), when);
            }
        }
    }

    private static List<AbortedTransaction> Aborted(PartitionLog log)
    {
        var aborted = new List<AbortedTransaction>();
        Assert.Equal(ErrorCode.None, log.AbortedTransactions(0, long.MaxValue, aborted));
        return aborted;
    }

    private static SortedDictionary<string, long> Committed(PartitionLog log)
    {
        var latest = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var batch in LogContents.Committed(log))
        {
            var reader = new RecordReader(TestBatch.Header(batch), batch.AsSpan(RecordBatchHeader.Size));
            while (reader.MoveNext()) latest[System.Text.Encoding.UTF8.GetString(reader.Key)] = reader.Offset;
        }

        return latest;
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
