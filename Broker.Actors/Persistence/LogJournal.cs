using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Persistence;

/// <summary>
/// A journal in one local log of Kafka's form, in the folder <c>dir</c>: a batch for each persist, the actor's id as key. What is acknowledged is on the disk; all writes that
/// wait are made durable together. Where the disk fails the writes fail, and what they left is cut off before anything else is written.
/// See <see cref="LogPersistenceSetup"/> for configuration and disk. One process at a time may use a folder.
/// </summary>
public sealed class LogJournal : AsyncWriteJournal
{
    private const int LeaderEpoch = 1;
    private const string RecoveryPoint = "recovery-point";

    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly int _segmentBytes;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<Wave> _waiting = [];
    private PartitionLog? _opened;
    private IDisposable? _lock;
    private long _recoveryPoint;
    private JournalIndex _index = new();

    /// <summary>By the section <c>akka.persistence.journal.log</c>: <c>dir</c> and <c>segment-bytes</c>.</summary>
    public LogJournal(Config config)
    {
        _disk = LogPersistenceSetup.DiskOf(Context.System);
        _folder = LogPersistenceSetup.FolderOf(config, "akka.persistence.journal.log");
        _segmentBytes = (int)Math.Clamp(config.GetByteSize("segment-bytes", 64 << 20)!.Value, 1024, 1 << 30);
    }

    private long NowMs => Context.System.Scheduler.Now.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        Open();
        return Task.FromResult(_index.Of(persistenceId).Highest);
    }

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        var log = Open();
        var from = Math.Max(fromSequenceNr, _index.Of(persistenceId).DeletedTo + 1);
        var offsets = _index.Batches(persistenceId, from, toSequenceNr);
        var at = 0;
        while (at < offsets.Count && max > 0) Replay(log, offsets, ref at, context.System, from, toSequenceNr, ref max, recoveryCallback);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        var wave = new Wave();
        var now = NowMs;
        foreach (var write in messages)
        {
            try
            {
                wave.Add(write, JournalRecord.Events(write, Context.System.Serialization, now, Math.Min(_segmentBytes, Limits.JournalBatchBytes)));
            }
            catch (Exception e)
            {
                // What cannot be serialised is refused alone: nothing of it is written, and its actor goes on.
                wave.Refuse(e);
            }
        }

        return Write(wave);
    }

    /// <inheritdoc/>
    protected override async Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        Open();
        var (highest, deleted) = _index.Of(persistenceId);
        if (Math.Min(toSequenceNr, highest) <= deleted) return;
        var wave = new Wave();
        wave.AddMark(persistenceId, Math.Min(toSequenceNr, highest), highest, NowMs);

        // The mark of an actor without events would keep the log from ever losing its oldest segments: one of them moves to the end with each deletion.
        if (_index.Oldest is { IsMark: true } old && old.Id != persistenceId)
        {
            var of = _index.Of(old.Id);
            wave.AddMark(old.Id, of.DeletedTo, of.Highest, NowMs);
        }

        await Write(wave).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override bool ReceivePluginInternal(object message)
    {
        if (message is not WriteNow) return false;
        WriteAll();
        return true;
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        if (_waiting.Count > 0) WriteAll();
        if (_opened is { } log && log.Close() is var error && error != ErrorCode.None) _log.Warning("the journal {0} was not closed in order: {1}; its next start looks over it", _folder, error.Name());
        _lock?.Dispose();
        base.PostStop();
    }

    private Task<IImmutableList<Exception?>?> Write(Wave wave)
    {
        if (wave.Batches.Count == 0) return Task.FromResult(wave.Results);
        _waiting.Add(wave);
        if (_waiting.Count == 1) Self.Tell(WriteNow.Instance, ActorRefs.NoSender);
        return wave.Done.Task;
    }

    // Everything that waits, with one write and one flush.
    private void WriteAll()
    {
        var waves = _waiting.ToArray();
        _waiting.Clear();
        try
        {
            Commit(Open(), waves);
        }
        catch (Exception e) when (e.IsDiskError() || e is InvalidDataException)
        {
            foreach (var wave in waves) wave.Done.TrySetException(e);
            return;
        }

        foreach (var wave in waves)
        {
            foreach (var batch in wave.Batches) batch.Enter(_index);
        }

        DropOldest();
        NoteRecoveryPoint();
        foreach (var wave in waves) wave.Done.TrySetResult(wave.Results);
    }

    private void Commit(PartitionLog log, Wave[] waves)
    {
        var end = log.View.EndOffset;
        var error = Stage(log, waves);
        var committed = log.Commit();
        if (error == ErrorCode.None) error = committed.Error;
        Exception? cause = null;
        if (error == ErrorCode.None)
        {
            var flush = log.BeginFlush();
            flush.Run();
            error = log.EndFlush(flush);
            cause = flush.Error;
        }

        if (error == ErrorCode.None) return;

        // Nobody was told that it is written, and nobody shall find it. Where even that fails the log is opened anew, and what it then holds counts.
        if (log.View.EndOffset > end && log.TruncateTo(end, NowMs) != ErrorCode.None)
        {
            log.Abandon();
            _opened = null;
        }

        throw new IOException($"the journal {_folder} cannot be written: {cause?.Message ?? committed.Cause ?? error.Name()}", cause);
    }

    private ErrorCode Stage(PartitionLog log, Wave[] waves)
    {
        var now = NowMs;
        foreach (var wave in waves)
        {
            foreach (var batch in wave.Batches)
            {
                RecordBatchHeader.TryParse(batch.Bytes.Span, out var header);
                var staged = log.Stage(batch.Bytes, header, LeaderEpoch, now);
                if (staged.Error != ErrorCode.None) return staged.Error;
                batch.Offset = staged.BaseOffset;
            }
        }

        return ErrorCode.None;
    }

    // Segments below everything that is needed go; a start is not written anywhere, since what a deleted event left behind is known by its mark.
    private void DropOldest()
    {
        if (_opened is not { } log || _index.Oldest is not { } oldest || oldest.Offset <= log.View.StartOffset) return;
        var dropped = log.DeleteRecords(oldest.Offset, NowMs);
        if (dropped == ErrorCode.None) dropped = log.Housekeep(NowMs);
        if (dropped != ErrorCode.None) _log.Warning("old segments of the journal {0} stay for now: {1}", _folder, dropped.Name());
    }

    // Below this nothing is cut off at the next start, however damaged: everything there was durable. Written when a segment is full, since the last one is looked over anyway.
    private void NoteRecoveryPoint()
    {
        if (_opened is not { } log || log.View.Segments[^1].BaseOffset <= _recoveryPoint) return;
        try
        {
            _recoveryPoint = log.View.Segments[^1].BaseOffset;
            _disk.ReplaceAll($"{_folder}/{RecoveryPoint}", Encoding.ASCII.GetBytes(_recoveryPoint.ToString(CultureInfo.InvariantCulture)), durable: true);
        }
        catch (Exception e) when (e.IsDiskError())
        {
            _log.Warning("the journal {0} cannot note how far it is durable ({1}); its next start looks over more of it", _folder, e.Message);
        }
    }

    private long ReadRecoveryPoint()
        => _disk.TryReadAll($"{_folder}/{RecoveryPoint}") is { } bytes && long.TryParse(Encoding.ASCII.GetString(bytes), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : 0;

    private PartitionLog Open()
    {
        if (_opened is not null) return _opened;
        _disk.MakeDurableFolder($"{_folder}/journal-0");
        _lock ??= _disk.LockFolder(_folder, "akka.persistence.journal.log.dir");
        var log = PartitionLog.Open(new LogOpening
        {
            Disk = _disk,
            Directory = $"{_folder}/journal-0",
            Config = LogConfig.Default with { SegmentBytes = _segmentBytes, SegmentMs = long.MaxValue, DeletesByRetention = false, RetentionMs = -1, FileDeleteDelayMs = 0 },
            RecoveryPoint = _recoveryPoint = ReadRecoveryPoint(),
            NowMs = NowMs,
            Report = sentence => _log.Warning("{0}", sentence),
        });
        try
        {
            _index = IndexOf(log);
        }
        catch
        {
            log.Abandon();
            throw;
        }

        return _opened = log;
    }

    private JournalIndex IndexOf(PartitionLog log)
    {
        var index = new JournalIndex();
        var offset = log.View.StartOffset;
        while (offset < log.View.EndOffset)
        {
            var from = offset;
            var walker = new RecordBatchWalker(Read(log, offset));
            while (walker.MoveNext())
            {
                Check(walker.Batch, walker.Header.BaseOffset);
                JournalRecord.Index(walker.Header, walker.Records, index);
                offset = walker.Header.NextOffset;
            }

            if (offset == from) throw Damaged(offset);
        }

        return index;
    }

    private void Replay(PartitionLog log, List<long> offsets, ref int at, ActorSystem system, long from, long to, ref long most, Action<IPersistentRepresentation> callback)
    {
        var before = at;
        var walker = new RecordBatchWalker(Read(log, offsets[at]));
        while (at < offsets.Count && most > 0 && walker.MoveNext())
        {
            if (walker.Header.BaseOffset < offsets[at]) continue;
            if (walker.Header.BaseOffset > offsets[at]) break;
            Check(walker.Batch, offsets[at]);
            most -= JournalRecord.Replay(walker.Header, walker.Records, system, from, to, most, callback);
            at++;
        }

        if (at == before) throw Damaged(offsets[at]);
    }

    private byte[] Read(PartitionLog log, long offset)
    {
        using var read = log.Read(offset, Limits.JournalReadBytes, ReadLimit.End, minOneBatch: true);
        return read.Error == ErrorCode.None ? read.ReadBytes() : throw new IOException($"the journal {_folder} cannot be read at offset {offset}: {read.Error.Name()}");
    }

    private void Check(ReadOnlySpan<byte> batch, long offset)
    {
        if (!RecordBatchHeader.IsCrcValid(batch)) throw Damaged(offset);
    }

    private InvalidDataException Damaged(long offset) => new($"the journal {_folder} is damaged at offset {offset}");

    private sealed class WriteNow
    {
        public static readonly WriteNow Instance = new();
    }

    /// <summary>What came with one message, or one deletion, and who waits for it.</summary>
    private sealed class Wave
    {
        private List<Exception?>? _refused;
        private int _writes;

        public List<Batch> Batches { get; } = [];

        public TaskCompletionSource<IImmutableList<Exception?>?> Done { get; } = new();

        public IImmutableList<Exception?>? Results => _refused?.ToImmutableList();

        public void Add(AtomicWrite write, Memory<byte> bytes)
        {
            _writes++;
            _refused?.Add(null);
            Batches.Add(new Batch(write.PersistenceId, bytes, write.LowestSequenceNr, write.HighestSequenceNr, -1));
        }

        public void Refuse(Exception why)
        {
            _refused ??= [.. Enumerable.Repeat<Exception?>(null, _writes)];
            _writes++;
            _refused.Add(why);
        }

        public void AddMark(string id, long deletedTo, long highest, long nowMs) => Batches.Add(new Batch(id, JournalRecord.Mark(id, deletedTo, highest, nowMs), 0, highest, deletedTo));
    }

    private sealed record Batch(string Id, Memory<byte> Bytes, long First, long Last, long DeletedTo)
    {
        public long Offset { get; set; }

        public void Enter(JournalIndex index)
        {
            if (DeletedTo >= 0) index.Mark(Id, DeletedTo, Last, Offset);
            else index.Add(Id, First, Last, Offset);
        }
    }
}
