using System.Buffers.Binary;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Actors.Storage.Cleaning;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>A log and its model: random operations, failures and crashes run against both.</summary>
internal sealed class LogModelRun
{
    public const int Operations = 24;

    // 0 to 2 are idempotent; these have transactions, the second one with an epoch for each.
    private const int Transactional = 3;
    private const int BumpsEpoch = 4;
    private const int Producers = 5;

    private static readonly PartitionName Name = new("keyed", 0);

    private readonly Random _dice;
    private readonly MemoryDisk _disk;
    private readonly LogConfig _config;
    private readonly LogModel _model;
    private readonly List<ModelBatch> _staged = [];
    private readonly bool _flushesAlways;
    private readonly int _producers;
    private ClosedLogTable _closed = ClosedLogTable.Empty;
    private PartitionLog _log;
    private CleaningPass? _pass;
    private long _passEnd;
    private long _dirty;
    private long _cleanBelow;
    private bool _hasCut;
    private int _ids;

    public LogModelRun(int seed)
    {
        _dice = new Random(seed);
        _disk = new MemoryDisk(_dice);
        _disk.CreateDirectory("/data");
        _disk.SyncDirectory("/");
        _flushesAlways = _dice.Next(4) == 0;
        _producers = _dice.Next(3) == 0 ? Transactional : Producers;
        _config = new LogConfig
        {
            SegmentBytes = _dice.Next(600, 3000),
            IndexIntervalBytes = _dice.Next(1, 500),
            SegmentIndexBytes = _dice.Next(48, 400),
            RetentionMs = -1,
            FileDeleteDelayMs = _dice.Next(2),
            DeleteRetentionMs = _dice.Next(3) * 10,
            ProducerIdExpirationMs = long.MaxValue,
        };
        _model = new LogModel(_config.DeleteRetentionMs);
        _log = Open(false, 0);
    }

    /// <summary>Is told of each step, where a run is looked into.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Runs one operation and looks at the whole log.</summary>
    public void Step(int operation)
    {
        _model.NowMs += _dice.Next(10);
        Tell?.Invoke($"{operation}: {this}");
        switch (operation % Operations)
        {
            case < 7: Append(_dice.Next(1, 4)); break;
            case 7: Repeat(); break;
            case 8 or 9: Flush(); break;
            case 10: CloseAndOpen(); break;
            case 11: CrashAndOpen(lostPower: true); break;
            case 12: CrashAndOpen(lostPower: false); break;
            case 13: DeleteRecords(); break;
            case 14: OnFailingDisk(4, AppendOrFail); break;
            case 15: OnFailingDisk(6, FlushOrFail); break;
            case 16: OnFailingDisk(6, CloseOrFail); break;
            case 17: OnFailingDisk(12, () => Clean(_dice.Next(20))); break;
            case 18: OnFailingDisk(10, TruncateOrFail); break;
            case 19: Truncate(); break;
            case 20 or 21 or 22: Clean(_dice.Next(3) == 0 ? _dice.Next(6) : int.MaxValue); break;
            default: Assert.Equal(ErrorCode.None, _log.Housekeep(_model.NowMs)); break;
        }

        Check();
    }

    public override string ToString()
        => $"model {_model.Start}..{_model.End}, durable {_model.Durable}, cleanable {_model.Cleanable}: {string.Join(' ', _model.Batches.Select(batch => $"{batch.Base}-{batch.Last}"))}; log {_log.View.Offsets}, "
            + $"segments {string.Join(' ', _log.View.Segments.Select(segment => $"{segment.BaseOffset}:{segment.Size}"))}, files {string.Join(' ', _disk.List(KeyedLog.Directory).Select(file => file.Name.TrimStart('0')))}";

    private void OnFailingDisk(int changes, Action act)
    {
        _disk.FailAfter(_dice.Next(changes));
        act();
        _disk.Heal();
        // What the failure left is mended by the next append.
        if (_dice.Next(2) == 0) Append(1);
    }

    private void Append(int batches)
    {
        for (var i = 0; i < batches; i++) Stage(mayFail: false);
        Assert.Equal(new CommitResult(ErrorCode.None, _staged[^1].Last + 1, null), _log.Commit());
        Settle(long.MaxValue);
        if (_flushesAlways) Flush();
    }

    private void AppendOrFail()
    {
        for (var i = _dice.Next(1, 4); i > 0 && Stage(mayFail: true); i--)
        {
        }

        Settle(_log.Commit().EndOffset);
    }

    private void Settle(long end)
    {
        foreach (var batch in _staged)
        {
            Tell?.Invoke($"{(batch.Last < end ? "appended" : "failed")}: {batch}");
            if (batch.Last < end) _model.Append(batch);
            else _model.Fail(batch);
        }

        _staged.Clear();
    }

    private bool Stage(bool mayFail)
    {
        var producer = _dice.Next(-1, _producers);
        var (epoch, sequence) = Next(producer);
        var kind = producer < Transactional ? BatchKind.Data : IsOpen(producer) && _dice.Next(3) == 0 ? _dice.Next(2) == 0 ? BatchKind.Commit : BatchKind.Abort : BatchKind.Transactional;
        var ends = kind >= BatchKind.Commit;
        if (ends && producer == BumpsEpoch) epoch++;
        var time = 1_000_000 + (++_ids * 10L) - (_dice.Next(4) == 0 ? _dice.Next(500) : 0);
        var records = new List<ModelRecord>();
        for (var i = ends ? 0 : _dice.Next(1, 4); i > 0; i--) records.Add(new ModelRecord(records.Count, time + records.Count, _dice.Next(6), _dice.Next(5) == 0 ? null : (_ids * 10) + records.Count));
        var bytes = ends ? TransactionMarker.Encode(producer, epoch, 0, kind == BatchKind.Commit, time) : Encode(producer, epoch, sequence, kind, records);
        var header = TestBatch.Header(bytes);
        var placed = ends ? _log.StageMarker(bytes, header, 0, _model.NowMs, producer == BumpsEpoch ? 2 : 1) : _log.Stage(bytes, header, 0, _model.NowMs);
        if (mayFail && placed.Error == ErrorCode.KafkaStorageError) return false;
        Assert.Equal((ErrorCode.None, false), (placed.Error, placed.IsDuplicate));
        var shifted = records.ConvertAll(record => record with { Offset = placed.BaseOffset + record.Offset });
        _staged.Add(new ModelBatch(placed.BaseOffset, placed.LastOffset, producer, epoch, ends ? -1 : sequence, kind, shifted));
        return true;
    }

    private byte[] Encode(int producer, short epoch, int sequence, BatchKind kind, List<ModelRecord> records)
    {
        using var builder = new RecordBatchBuilder(_dice.Next(8) == 0 ? CompressionType.Snappy : CompressionType.None);
        Span<byte> value = stackalloc byte[120];
        foreach (var record in records)
        {
            BinaryPrimitives.WriteInt32BigEndian(value, record.Value ?? 0);
            builder.Append(record.Timestamp, [(byte)record.Key], true, record.Value is null ? default : value[.._dice.Next(4, value.Length)], record.Value is not null);
        }

        return builder.Build(new RecordBatchFields { ProducerId = producer, ProducerEpoch = epoch, BaseSequence = sequence, IsTransactional = kind == BatchKind.Transactional }).ToArray();
    }

    // The producer goes on behind its last batch; where that is deleted, or was compacted away as long as there was a later one that was cut off, by what the log remembers.
    private (short Epoch, int Sequence) Next(int producer)
    {
        if (producer < 0) return (-1, -1);
        foreach (var batch in Of(producer).TakeWhile(batch => !_hasCut || batch.Last >= _model.Cleanable))
        {
            if (!batch.Ends) return (batch.Epoch, batch.Sequence + (int)(batch.Last - batch.Base) + 1);
            if (producer == BumpsEpoch) return (batch.Epoch, 0);
        }

        return Known(producer) is { Epoch: >= 0 } known ? (known.Epoch, known.LastSequence + 1) : ((short)0, 0);
    }

    private bool IsOpen(int producer) => Of(producer).FirstOrDefault() is { } last && (!_hasCut || last.Last >= _model.Cleanable) ? !last.Ends : Known(producer) is { FirstOffsetOfTransaction: >= 0 };

    private IEnumerable<ModelBatch> Of(int producer)
        => _staged.AsEnumerable().Reverse().Concat(_model.Batches.AsEnumerable().Reverse().Where(batch => batch.Last >= _model.Start)).Where(batch => batch.Producer == producer);

    private ProducerEntry? Known(int producer)
    {
        foreach (var entry in _log.Producers)
        {
            if (entry.ProducerId == producer) return entry;
        }

        return null;
    }

    private void Repeat()
    {
        var producer = _dice.Next(_producers);
        if (Of(producer).FirstOrDefault() is not { Ends: false } last || (_hasCut && last.Base < _model.Cleanable) || last.Records.Count <= last.Last - last.Base) return;
        var bytes = Encode(producer, last.Epoch, last.Sequence, last.Kind, last.Records.ConvertAll(record => record with { Offset = record.Offset - last.Base }));
        var result = _log.Stage(bytes, TestBatch.Header(bytes), 0, _model.NowMs);
        Assert.Equal((ErrorCode.None, last.Base, last.Last, true), (result.Error, result.BaseOffset, result.LastOffset, result.IsDuplicate));
        Assert.Equal(new CommitResult(ErrorCode.None, _model.End, null), _log.Commit());
    }

    private void Flush()
    {
        FlushOrFail();
        Assert.Equal((_model.End, _model.End), (_model.Durable, _log.RecoveryPoint));
    }

    private void FlushOrFail()
    {
        var flush = _log.BeginFlush();
        flush.Run();
        if (_log.EndFlush(flush) == ErrorCode.None) _model.Flush(_model.End);
    }

    private void CloseAndOpen()
    {
        DropPass();
        Assert.Equal(ErrorCode.None, _log.Close());
        NoteClosed();
        _model.Flush(_model.End);
        _log = Open(true, _model.End);
    }

    // Now and then the next start finds only what an earlier stop told, and must not believe it.
    private void NoteClosed()
    {
        if (_dice.Next(4) == 0 || _log.Describe() is not { } closed) return;
        _closed = ClosedLogTable.Decode(ClosedLogTable.Encode([new(Name, closed)]));
    }

    private void CloseOrFail()
    {
        DropPass();
        var (result, point) = (_log.Close(), _log.RecoveryPoint);
        _disk.Heal();
        NoteClosed();
        if (result == ErrorCode.None) _model.Flush(_model.End);
        Reopen(result == ErrorCode.None, point, lostPower: false);
    }

    private void CrashAndOpen(bool lostPower)
    {
        DropPass();
        var point = _log.RecoveryPoint;
        if (lostPower) _disk.Crash();
        else _log.Abandon();
        Reopen(false, point, lostPower);
        // The cleaner's checkpoint may be lost as well.
        if (_dice.Next(4) == 0) _dirty = -1;
    }

    private void Reopen(bool isClean, long point, bool lostPower)
    {
        _log = Open(isClean, point);
        _model.Crash(Found(out _), _log.View.EndOffset, lostPower);
    }

    private void DeleteRecords()
    {
        var offset = _dice.NextInt64(_model.Start, _model.End + 1);
        Assert.Equal(ErrorCode.None, _log.DeleteRecords(offset, _model.NowMs));
        _model.DeleteBelow(offset);
    }

    private void Truncate()
    {
        if (_dice.Next(4) == 0)
        {
            var start = _dice.NextInt64(_model.Start, _model.End + 3);
            Assert.Equal(ErrorCode.None, _log.TruncateFully(start, _model.NowMs));
            _model.Empty(start);
        }
        else
        {
            var offset = _dice.NextInt64(_model.Start, _model.End + 1);
            Assert.Equal(ErrorCode.None, _log.TruncateTo(offset, _model.NowMs));
            _model.Cut(offset, _log.View.EndOffset);
        }

        CutCleaning();
    }

    private void TruncateOrFail()
    {
        var offset = _dice.NextInt64(Math.Max(_model.Start, _model.Cleanable), _model.End + 1);
        var result = _log.TruncateTo(offset, _model.NowMs);
        Tell?.Invoke($"cut at {offset}, {result}: {this}");
        _disk.Heal();
        if (result != ErrorCode.None && _dice.Next(2) == 0)
        {
            _model.Forget(offset);
            CrashAndOpen(lostPower: true);
        }
        else
        {
            Assert.Equal(ErrorCode.None, _log.TruncateTo(offset, _model.NowMs));
            _model.Cut(offset, _log.View.EndOffset);
        }

        CutCleaning();
    }

    private void CutCleaning()
    {
        _hasCut = true;
        _dirty = Math.Min(_dirty, _model.End);
        _passEnd = Math.Min(_passEnd, _model.End);
    }

    // Some steps of a cleaning, which goes on at the next time.
    private void Clean(int steps)
    {
        if (_pass is null)
        {
            if (_log.BeginCleaning(_dirty, _model.NowMs) is not { } job) return;
            _model.BeginCleaning(job.FirstUncleanable, _model.NowMs);
            _passEnd = _model.End;
            _pass = new CleaningPass(job, new CleaningMeans(_dice.Next(2) == 0 ? 1 << 14 : _dice.Next(4, 20) * OffsetMap.EntryBytes, 0.9, 4096, new Guid(_ids, 2, 3, new byte[8])));
        }

        for (; steps > 0 && _pass.State == CleaningState.Working; steps--)
        {
            _pass.Step();
            if (_pass.Ready is not { } ready) continue;
            // What takes the place of records rests on others, which are durable first.
            _model.Flush(_passEnd);
            KeyedLog.Swap(_log, _disk, _pass, ready, _model.NowMs);
        }

        if (_pass.State == CleaningState.Working) return;
        if (_pass.State == CleaningState.Done) _cleanBelow = _dirty = _pass.NextDirty;
        DropPass();
    }

    private void DropPass()
    {
        if (_pass is { State: CleaningState.Working } && _dice.Next(2) == 0) _pass.Abort();
        _pass?.Dispose();
        _pass = null;
    }

    private void Check()
    {
        var view = _log.View;
        Assert.Equal((_model.Start, _model.End), (view.StartOffset, view.EndOffset));
        var found = Found(out var times);
        _model.Agree(found, view.LastStableOffset);
        _model.CheckClean(_cleanBelow);
        _cleanBelow = 0;
        var committed = Decode(LogContents.Committed(_log, _dice.Next(1, 3000)), out _);
        Assert.Equal(_model.Committed(view.LastStableOffset), committed.SelectMany(batch => batch.Records));
        CheckProducers();
        if (_dice.Next(4) == 0) LogIndexes.Check(_log);
        if (view.StartOffset < view.EndOffset) LookUp(found, times);
    }

    // Below what a cleaning may have taken, or what is deleted, a start has only what is left to go by.
    private void CheckProducers()
    {
        for (var producer = 0; producer < Producers; producer++)
        {
            if (Of(producer).FirstOrDefault() is not { } last || last.Base < Math.Max(_model.Start, _model.Cleanable)) continue;
            var known = Assert.NotNull(Known(producer));
            Assert.Equal((last.Epoch, last.Kind == BatchKind.Transactional), (known.Epoch, known.FirstOffsetOfTransaction >= 0));
            if (!last.Ends) Assert.Equal(last.Sequence + (int)(last.Last - last.Base), known.LastSequence);
        }
    }

    private void LookUp(List<ModelBatch> found, List<(long Offset, long Time)> times)
    {
        var offset = _dice.NextInt64(_model.Start, _model.End);
        var first = LogContents.Batches(_log, offset, _dice.Next(1, 2000)).FirstOrDefault();
        Assert.Equal(found.Find(batch => batch.Last >= offset)?.Base, first is null ? null : TestBatch.Header(first).BaseOffset);
        if (times.Count == 0) return;
        var time = times[_dice.Next(times.Count)].Time;
        Assert.Equal(times.Find(record => record.Time >= time).Offset, _log.OffsetForTimestamp(time, ReadLimit.End).Offset);
    }

    private List<ModelBatch> Found(out List<(long Offset, long Time)> times) => Decode(LogContents.Batches(_log, maxBytes: _dice.Next(1, 3000)), out times);

    private List<ModelBatch> Decode(List<byte[]> batches, out List<(long Offset, long Time)> times)
    {
        var found = new List<ModelBatch>();
        times = [];
        using var unfolded = new PooledBuffer();
        foreach (var batch in batches)
        {
            Assert.True(RecordBatchHeader.IsCrcValid(batch));
            var header = TestBatch.Header(batch);
            var kind = header.IsTransactional ? BatchKind.Transactional : BatchKind.Data;
            var records = new List<ModelRecord>();
            var reader = new RecordReader(header, BatchCleaner.Unfold(header, batch, unfolded));
            while (reader.MoveNext())
            {
                if (reader.Offset >= _model.Start) times.Add((reader.Offset, reader.Timestamp));
                if (header.IsControl) kind = ControlRecord.TryReadType(reader.Key, out var type) && type == ControlRecordType.Abort ? BatchKind.Abort : BatchKind.Commit;
                else if (reader.Offset >= _model.Start) records.Add(new ModelRecord(reader.Offset, reader.Timestamp, reader.Key[0], reader.IsValueNull ? null : BinaryPrimitives.ReadInt32BigEndian(reader.Value)));
            }

            found.Add(new ModelBatch(header.BaseOffset, header.LastOffset, (int)header.ProducerId, header.ProducerEpoch, header.BaseSequence, kind, records));
        }

        return found;
    }

    private PartitionLog Open(bool clean, long point) => PartitionLog.Open(new LogOpening
    {
        Disk = _disk,
        Closed = clean ? _closed.Take(Name) : null,
        Directory = KeyedLog.Directory,
        Config = _config,
        WasCleanlyShutDown = clean,
        RecoveryPoint = point,
        StartOffset = _model.Start,
        NowMs = _model.NowMs,
        Report = Tell,
    });
}
