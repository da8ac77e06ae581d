using System.Text;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>A record as a consumer sees it.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Timestamp">Its timestamp.</param>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; null for a tombstone.</param>
internal sealed record KeyedRecord(long Offset, long Timestamp, string Key, string? Value);

/// <summary>A log of records with keys, and its cleaning from first to last step on one thread.</summary>
internal static class KeyedLog
{
    public const string Directory = "/data/topic-0";

    public static readonly LogConfig Small = LogConfig.Default with
    {
        SegmentBytes = 700,
        IndexIntervalBytes = 100,
        RetentionMs = -1,
        DeletesByRetention = false,
        Compacts = true,
        DeleteRetentionMs = 1000,
        MinCleanableDirtyRatio = 0,
        ProducerIdExpirationMs = long.MaxValue,
    };

    public static PartitionLog Open(IDisk disk, LogConfig config, bool wasClean = false, long recoveryPoint = 0) => PartitionLog.Open(new LogOpening
    {
        Disk = disk,
        Directory = Directory,
        Config = config,
        WasCleanlyShutDown = wasClean,
        RecoveryPoint = recoveryPoint,
    });

    /// <summary>Appends one batch.</summary>
    public static void Append(PartitionLog log, long timestamp, CompressionType codec, RecordBatchFields fields, params (string Key, string? Value)[] records)
    {
        using var builder = new RecordBatchBuilder(codec);
        foreach (var (key, value) in records) builder.Append(timestamp++, Encoding.UTF8.GetBytes(key), true, Encoding.UTF8.GetBytes(value ?? ""), value is not null);
        Append(log, builder.Build(fields));
    }

    public static void Append(PartitionLog log, long timestamp, params (string Key, string? Value)[] records) => Append(log, timestamp, CompressionType.None, new RecordBatchFields(), records);

    /// <summary>Appends a transaction's marker.</summary>
    public static void AppendMarker(PartitionLog log, long timestamp, long producerId, short epoch, ControlRecordType type)
    {
        var (key, value) = (new byte[ControlRecord.KeySize], new byte[ControlRecord.MarkerValueSize]);
        ControlRecord.WriteMarker(key, value, type, 0);
        using var builder = new RecordBatchBuilder();
        builder.Append(timestamp, key, true, value, true);
        Append(log, builder.Build(new RecordBatchFields { ProducerId = producerId, ProducerEpoch = epoch, IsTransactional = true, IsControl = true }));
    }

    /// <summary>Makes all that was appended durable.</summary>
    public static void Flush(PartitionLog log)
    {
        var flush = log.BeginFlush();
        flush.Run();
        Assert.Equal(ErrorCode.None, log.EndFlush(flush));
    }

    /// <summary>Cleans once. Gives how it ended, and the offset from which the log is dirty afterwards.</summary>
    public static (CleaningState State, long NextDirty) Clean(PartitionLog log, IDisk disk, long firstDirty, long nowMs, long mapBytes = 1 << 16, Action? between = null)
    {
        if (log.BeginCleaning(firstDirty, nowMs) is not { } job) return (CleaningState.Aborted, firstDirty);
        using var pass = new CleaningPass(job, new CleaningMeans(mapBytes, 0.9, 4096, new Guid(1, 2, 3, new byte[8])));
        while (pass.State is CleaningState.Working)
        {
            between?.Invoke();
            pass.Step();
            if (pass.Ready is { } ready) Swap(log, disk, pass, ready, nowMs);
        }

        return (pass.State, pass.NextDirty);
    }

    /// <summary>All records that a consumer gets, markers left out, at offsets that rise.</summary>
    public static List<KeyedRecord> Records(PartitionLog log)
    {
        var records = new List<KeyedRecord>();
        var last = -1L;
        foreach (var batch in LogContents.Batches(log, maxBytes: 900))
        {
            var header = TestBatch.Header(batch);
            Assert.True(RecordBatchHeader.IsCrcValid(batch));
            using var unfolded = new PooledBuffer();
            var reader = new RecordReader(header, BatchCleaner.Unfold(header, batch, unfolded));
            while (reader.MoveNext())
            {
                Assert.True(reader.Offset > last, $"offset {reader.Offset} behind {last}");
                last = reader.Offset;
                if (!header.IsControl) records.Add(new KeyedRecord(reader.Offset, reader.Timestamp, Encoding.UTF8.GetString(reader.Key), reader.IsValueNull ? null : Encoding.UTF8.GetString(reader.Value)));
            }

            Assert.InRange(header.LastOffset, last, long.MaxValue);
            last = header.LastOffset;
        }

        return records;
    }

    /// <summary>The last record of each key.</summary>
    public static Dictionary<string, KeyedRecord> Latest(IEnumerable<KeyedRecord> records)
    {
        var latest = new Dictionary<string, KeyedRecord>();
        foreach (var record in records) latest[record.Key] = record;
        return latest;
    }

    private static void Append(PartitionLog log, Memory<byte> batch)
    {
        Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch.Span), 0, 0).Error);
        Assert.Equal(ErrorCode.None, log.Commit().Error);
    }

    /// <summary>Puts a cleaned segment in its place, as the log's owner does.</summary>
    public static void Swap(PartitionLog log, IDisk disk, CleaningPass pass, CleanedGroup ready, long nowMs)
    {
        var error = log.SwapCleaned(ready, nowMs);
        if (error == ErrorCode.OffsetOutOfRange) pass.Abort();
        else if (error != ErrorCode.None || !TrySync(disk)) pass.Fail("the swap failed");
        else pass.Swapped();
    }

    private static bool TrySync(IDisk disk)
    {
        try
        {
            disk.SyncDirectory(Directory);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
