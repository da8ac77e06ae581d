using System.Buffers.Binary;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>A log and what it should hold: random operations, failures and crashes run against both.</summary>
internal sealed class LogModel
{
    private const string Home = "/data/topic-0";
    private const int Producers = 3;

    private readonly Random _dice;
    private readonly MemoryDisk _disk;
    private readonly LogConfig _config;
    private readonly List<Written> _written = [];
    private readonly List<Written> _failed = [];
    private readonly List<Written> _staged = [];
    private readonly int[] _sequences = new int[Producers];
    private PartitionLog _log;
    private long _start;
    private long _durable;
    private int _ids;

    public LogModel(int seed)
    {
        _dice = new Random(seed);
        _disk = new MemoryDisk(_dice);
        _disk.CreateDirectory("/data");
        _disk.SyncDirectory("/");
        _config = new LogConfig { SegmentBytes = _dice.Next(600, 3000), IndexIntervalBytes = _dice.Next(1, 500), SegmentIndexBytes = _dice.Next(48, 400), RetentionMs = -1, FileDeleteDelayMs = _dice.Next(2), ProducerIdExpirationMs = long.MaxValue };
        _log = Open(false, 0);
    }

    private long End => _written.Count == 0 ? _start : Math.Max(_start, _written[^1].Last + 1);

    /// <summary>Runs one operation and looks at the whole log.</summary>
    public void Step(int operation)
    {
        switch (operation % 12)
        {
            case 0 or 1 or 2 or 3: Append(_dice.Next(1, 4)); break;
            case 4: Repeat(); break;
            case 5: Flush(); break;
            case 6: CloseAndOpen(); break;
            case 7: CrashAndOpen(); break;
            case 8: DeleteRecords(); break;
            case 9: AppendOnFailingDisk(); break;
            case 10: FlushOnFailingDisk(); break;
            default: Assert.Equal(ErrorCode.None, _log.Housekeep(_dice.Next(5))); break;
        }

        Check();
    }

    private void Append(int batches)
    {
        var staged = Enumerable.Range(0, batches).Select(_ => Stage(ErrorCode.None)).ToList();
        Assert.Equal(new CommitResult(ErrorCode.None, staged[^1]!.Last + 1, null), _log.Commit());
        foreach (var batch in staged) Keep(batch!);
    }

    private void Keep(Written batch)
    {
        _written.Add(batch);
        if (batch.Producer >= 0) _sequences[batch.Producer] = batch.Sequence + batch.Records;
    }

    private Written? Stage(ErrorCode expected)
    {
        var producer = _dice.Next(-1, Producers);
        var records = _dice.Next(1, 4);
        var sequence = producer < 0 ? -1 : _sequences[producer] + _staged.Where(batch => batch.Producer == producer).Sum(batch => batch.Records);
        var id = ++_ids;
        var batch = Make(producer, sequence, records, id, _dice.Next(120));
        var result = _log.Stage(batch, TestBatch.Header(batch), 0, 0);
        if (expected != ErrorCode.None && result.Error == expected) return null;
        Assert.Equal((ErrorCode.None, false), (result.Error, result.IsDuplicate));
        var written = new Written(result.BaseOffset, result.LastOffset, producer, sequence, records, id);
        _staged.Add(written);
        return written;
    }

    private static byte[] Make(int producer, int sequence, int records, int id, int padding)
    {
        var value = new byte[4 + padding];
        BinaryPrimitives.WriteInt32BigEndian(value, id);
        return TestBatch.Of(1_000_000 + (id * 10L), producer, (short)(producer < 0 ? -1 : 0), sequence, Enumerable.Repeat(value, records).ToArray());
    }

    private void Repeat()
    {
        if (_written.LastOrDefault(batch => batch.Producer >= 0 && batch.Base >= _log.View.StartOffset) is not { } last) return;
        var batch = Make(last.Producer, last.Sequence, last.Records, last.Id, 0);
        var result = _log.Stage(batch, TestBatch.Header(batch), 0, 0);
        Assert.Equal((ErrorCode.None, last.Base, last.Last, true), (result.Error, result.BaseOffset, result.LastOffset, result.IsDuplicate));
        Assert.Equal(new CommitResult(ErrorCode.None, End, null), _log.Commit());
    }

    private void Flush()
    {
        var flush = _log.BeginFlush();
        flush.Run();
        Assert.Equal(ErrorCode.None, _log.EndFlush(flush));
        _durable = End;
        _failed.Clear();
        Assert.Equal(End, _log.RecoveryPoint);
    }

    private void CloseAndOpen()
    {
        Assert.Equal(ErrorCode.None, _log.Close());
        _durable = End;
        _failed.Clear();
        _log = Open(true, End);
    }

    private void CrashAndOpen()
    {
        var point = _log.RecoveryPoint;
        _disk.Crash();
        _log = Open(false, point);
        Survive();
    }

    // Committed batches survive up to some point at or behind the last flush; behind it there may be batches whose write failed.
    private void Survive()
    {
        var end = _log.View.EndOffset;
        Assert.True(end >= Math.Max(_durable, _start), $"flushed up to {_durable} but the log ends at {end}");
        var found = Contents();
        // As in Kafka, a segment that survived is kept although the tail of the one before it, never made durable, did not: its offsets are final.
        var kept = _written.Where(batch => batch.Last < end && (batch.Last < Math.Max(_durable, _start) || found.Contains((batch.Base, batch.Id)))).ToList();
        foreach (var (offset, id) in found)
        {
            if (kept.Exists(batch => batch.Base == offset && batch.Id == id)) continue;
            Assert.True(offset >= _durable && _failed.Exists(batch => batch.Base == offset && batch.Id == id), $"batch {id} at offset {offset} was never written there");
            // It stands where it was once written; what was kept behind it, in a segment of its own, stays.
            var revived = _failed.Last(batch => batch.Base == offset && batch.Id == id);
            kept.RemoveAll(batch => batch.Last >= revived.Base && batch.Base <= revived.Last);
            kept.Add(revived);
        }

        _written.Clear();
        _written.AddRange(kept.OrderBy(batch => batch.Base));
        _failed.Clear();
        for (var producer = 0; producer < Producers; producer++)
        {
            var known = _log.Producers.FirstOrDefault(entry => entry.ProducerId == producer);
            _sequences[producer] = known.Count > 0 && known.ProducerId == producer ? known.LastSequence + 1 : 0;
        }

        // What a crash left is not durable by that: the next flush makes it so.
        _durable = Math.Min(_durable, end);
    }

    private void DeleteRecords()
    {
        if (End == _start) return;
        var offset = _dice.NextInt64(_start, End + 1);
        Assert.Equal(ErrorCode.None, _log.DeleteRecords(offset, 0));
        _start = offset;
    }

    private void AppendOnFailingDisk()
    {
        _disk.FailAfter(_dice.Next(4));
        var staged = new List<Written>();
        for (var i = _dice.Next(1, 4); i > 0; i--)
        {
            if (Stage(ErrorCode.KafkaStorageError) is not { } batch) break;
            staged.Add(batch);
        }

        var result = _log.Commit();
        foreach (var batch in staged)
        {
            if (batch.Last < result.EndOffset) Keep(batch);
            else _failed.Add(batch);
        }

        Assert.Equal(End, result.EndOffset);
        _disk.Heal();
        _staged.Clear();
        Append(1);
    }

    private void FlushOnFailingDisk()
    {
        _disk.FailAfter(_dice.Next(6));
        var flush = _log.BeginFlush();
        flush.Run();
        if (_log.EndFlush(flush) == ErrorCode.None) _durable = End;
        _disk.Heal();
    }

    private void Check()
    {
        _staged.Clear();
        var view = _log.View;
        Assert.Equal((_start, End), (view.StartOffset, view.EndOffset));
        Assert.Equal(_written.Where(batch => batch.Last >= _start).Select(batch => (batch.Base, batch.Id)), Contents());
        if (_written.Count == 0 || view.StartOffset == view.EndOffset) return;
        var offset = _dice.NextInt64(view.StartOffset, view.EndOffset);
        var first = TestBatch.Header(LogContents.Batches(_log, offset, _dice.Next(1, 2000))[0]);
        Assert.True(first.LastOffset >= offset && (first.BaseOffset <= offset || !_written.Exists(batch => batch.Base <= offset && batch.Last >= offset)));
        var target = _written.Last(batch => batch.Last >= view.StartOffset);
        Assert.Equal(Math.Max(target.Base, view.StartOffset), _log.OffsetForTimestamp(1_000_000 + (target.Id * 10L) + Math.Max(0, view.StartOffset - target.Base), ReadLimit.End).Offset);
    }

    private List<(long Offset, int Id)> Contents()
    {
        var found = new List<(long, int)>();
        foreach (var batch in LogContents.Batches(_log, maxBytes: _dice.Next(1, 3000)))
        {
            var header = TestBatch.Header(batch);
            Assert.True(RecordBatchHeader.IsCrcValid(batch));
            var records = new RecordReader(header, batch.AsSpan(RecordBatchHeader.Size));
            Assert.True(records.MoveNext());
            found.Add((header.BaseOffset, BinaryPrimitives.ReadInt32BigEndian(records.Value)));
        }

        return found;
    }

    private PartitionLog Open(bool clean, long point) => PartitionLog.Open(new LogOpening
    {
        Disk = _disk,
        Directory = Home,
        Config = _config,
        WasCleanlyShutDown = clean,
        RecoveryPoint = point,
        StartOffset = _start,
    });

    private sealed record Written(long Base, long Last, int Producer, int Sequence, int Records, int Id);
}
