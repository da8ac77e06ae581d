using System.Runtime.CompilerServices;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Readers on other threads see whole batches in order while the log grows, rolls and loses its oldest segments.</summary>
public sealed class LogConcurrencyTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Readers_are_never_disturbed(bool onLocalDisk)
    {
        var home = Path.Combine(Path.GetTempPath(), $"akkastream-{Guid.NewGuid():n}");
        IDisk disk = onLocalDisk ? new LocalDisk() : new MemoryDisk();
        var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = $"{home}/topic-0", Config = new LogConfig { SegmentBytes = 20_000, IndexIntervalBytes = 200, FileDeleteDelayMs = 0 } });
        try
        {
            using var stop = new CancellationTokenSource();
            var seen = new StrongBox<long>();
            var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() => Read(log, new Random(seed), seen, stop.Token))).ToArray();
            Write(log, () => Volatile.Read(ref seen.Value) > 1000 || Array.Exists(readers, reader => reader.IsCompleted));
            await stop.CancelAsync();
            await Task.WhenAll(readers);
        }
        finally
        {
            log.Close();
            disk.DeleteDirectory(home);
        }
    }

    private static void Write(PartitionLog log, Func<bool> wasRead)
    {
        for (var i = 0; i < 3000 || !wasRead(); i++)
        {
            var batch = TestBatch.Plain(1 + (i % 5), 50);
            Assert.Equal(ErrorCode.None, log.Stage(batch, TestBatch.Header(batch), 0, 0).Error);
            Assert.Equal(ErrorCode.None, log.Commit().Error);
            if (i % 100 == 99) Assert.Equal(ErrorCode.None, log.DeleteRecords(Math.Max(0, log.View.EndOffset - 1000), i));
            if (i % 50 == 49) Assert.Equal(ErrorCode.None, log.Housekeep(i));
        }
    }

    private static void Read(PartitionLog log, Random dice, StrongBox<long> seen, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var view = log.View;
            var offset = dice.NextInt64(view.StartOffset, view.EndOffset + 1);
            using var read = log.Read(offset, dice.Next(1, 30_000), ReadLimit.HighWatermark, minOneBatch: true);
            // The start may have moved past the offset meanwhile; nothing else may happen.
            if (read.Error == ErrorCode.OffsetOutOfRange && log.View.StartOffset > offset) continue;
            Assert.Equal(ErrorCode.None, read.Error);
            Interlocked.Add(ref seen.Value, Verify(read.ReadBytes(), offset));
        }
    }

    private static int Verify(byte[] bytes, long offset)
    {
        var walker = new RecordBatchWalker(bytes);
        var next = -1L;
        var count = 0;
        while (walker.MoveNext())
        {
            Assert.True(RecordBatchHeader.IsCrcValid(walker.Batch));
            if (next < 0) Assert.InRange(offset, walker.Header.BaseOffset, walker.Header.LastOffset);
            else Assert.Equal(next, walker.Header.BaseOffset);
            next = walker.Header.NextOffset;
            count++;
        }

        Assert.NotEqual(BatchWalkEnd.Corrupt, walker.End);
        Assert.True(count > 0 || bytes.Length == 0);
        return count;
    }
}
