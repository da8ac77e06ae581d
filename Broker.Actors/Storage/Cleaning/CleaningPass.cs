using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// One cleaning of one log, in steps of a buffer's length: first the keys of the dirty part go into the map, as far as they fit; then every segment up to there is
/// read again and written anew without the records that the map knows to be superseded. For one thread at a time. Memory: the map, two buffers, and the largest batch.
/// </summary>
internal sealed class CleaningPass : IDisposable
{
    private readonly CleaningJob _job;
    private readonly CleaningMeans _means;
    private readonly KeyHasher _hasher;
    private readonly ChunkReader _reader;
    private readonly byte[] _writeBuffer;
    private readonly PooledBuffer _unfolded = new();
    private CleanedTransactions _transactions = new();
    private IReadOnlyList<AbortedSpan> _aborted = [];
    private OffsetMap? _map;
    private RecordsAhead? _ahead;
    private BatchCleaner? _cleaner;
    private CleanedSegment? _target;
    private List<LogSegment[]> _groups = [];
    private LogSegment? _open;
    private bool _indexing = true;
    private bool _full;
    private int _segment;
    private int _group;

    /// <summary>A pass that has done nothing yet.</summary>
    public CleaningPass(CleaningJob job, CleaningMeans means)
    {
        _job = job;
        _means = means;
        _hasher = KeyHasher.From(means.Secret);
        var size = Math.Clamp(means.BufferBytes, Limits.CleanerLeastBuffer, Limits.CleanerMostBuffer);
        _reader = new ChunkReader(size);
        _writeBuffer = new byte[size];
        while (_segment < job.Segments.Length && EndOf(_segment) <= job.FirstDirty) _segment++;
    }

    /// <summary>Where it stands.</summary>
    public CleaningState State { get; private set; }

    /// <summary>With <see cref="CleaningState.Swapping"/>, what the owner is to swap.</summary>
    public CleanedGroup? Ready { get; private set; }

    /// <summary>With <see cref="CleaningState.Failed"/>, a sentence.</summary>
    public string? Failure { get; private set; }

    /// <summary>With <see cref="CleaningState.Failed"/>, whether the disk refused something, which may pass; otherwise the log is damaged.</summary>
    public bool IsDiskFailure { get; private set; }

    /// <summary>With <see cref="CleaningState.Done"/>, the offset from which the log is dirty.</summary>
    public long NextDirty { get; private set; }

    /// <summary>Bytes read so far, in both rounds.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Bytes of the segments that were written.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>Reads and works off one buffer; gives the bytes read and written. Throws nothing that the disk or the log's bytes cause.</summary>
    public long Step()
    {
        var before = BytesRead + BytesWritten + (_target?.Size ?? 0);
        try
        {
            if (_map is null) Begin();
            if (_indexing) StepIndexing();
            else StepCleaning();
        }
        catch (Exception error) when (error.IsDiskError() || error is CorruptRecordException or InvalidDataException)
        {
            IsDiskFailure = error.IsDiskError();
            Fail(error.Message);
        }

        return Math.Max(0, BytesRead + BytesWritten + (_target?.Size ?? 0) - before);
    }

    /// <summary>The owner swapped what was ready: on with the next.</summary>
    public void Swapped()
    {
        Ready = null;
        State = CleaningState.Working;
    }

    /// <summary>Ends it early; files that were not swapped are removed.</summary>
    public void Abort() => End(CleaningState.Aborted);

    /// <summary>Ends it for good.</summary>
    public void Fail(string why)
    {
        Failure = why;
        End(CleaningState.Failed);
    }

    /// <summary>Gives memory and files back.</summary>
    public void Dispose()
    {
        Release();
        _target?.Dispose();
        _cleaner?.Dispose();
        _map?.Dispose();
        _unfolded.Dispose();
    }

    private void Begin()
    {
        // Never more than the records of the dirty part can need.
        var records = _job.FirstUncleanable - Math.Max(_job.FirstDirty, _job.Segments.Length > 0 ? _job.Segments[0].BaseOffset : 0);
        _map = new OffsetMap(Math.Min(_means.MapBytes, OffsetMap.BytesFor(records, _means.LoadFactor)), _means.LoadFactor);
        _ahead = new RecordsAhead(_map, _hasher);
        _aborted = _job.Aborted();
        _transactions.Expect([.. _aborted.Where(span => span.LastOffset >= _job.FirstDirty)]);
    }

    private void StepIndexing()
    {
        if (_full || _segment == _job.Segments.Length)
        {
            StartCleaning();
            return;
        }

        var segment = _job.Segments[_segment];
        if (_open is null && !TryOpen(segment, _job.FirstDirty)) return;
        if (!_reader.IsAtEnd)
        {
            BytesRead += _reader.Fill();
            while (!_full && _reader.MoveNext()) Index(_reader.Header, _reader.Batch);
            return;
        }

        Release();
        // Offsets at the end of a segment may be without a batch.
        _map!.Reach(EndOf(_segment) - 1);
        _segment++;
    }

    private void Index(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        if (header.IsOldFormat)
        {
            IndexMessages(batch);
        }
        else if (header.IsControl)
        {
            _transactions.MayGo(header, BatchCleaner.Unfold(header, batch, _unfolded));
        }
        else if (!_transactions.IsAborted(header))
        {
            IndexRecords(header, BatchCleaner.Unfold(header, batch, _unfolded));
        }

        if (_full) return;
        if (header.LastOffset >= _job.FirstDirty) _map!.Reach(header.LastOffset);
    }

    private void IndexRecords(in RecordBatchHeader header, ReadOnlySpan<byte> bytes)
    {
        var cursor = new RecordCursor(bytes, header.RecordCount);
        while (true)
        {
            var records = _ahead!.Read(ref cursor);
            foreach (ref readonly var record in records)
            {
                var offset = header.BaseOffset + record.OffsetDelta;
                if (!record.HasKey || offset < _job.FirstDirty || _map!.TryPut(record.Hash, offset)) continue;
                _full = true;
                return;
            }

            if (records.Length < RecordsAhead.Most) return;
        }
    }

    private void IndexMessages(ReadOnlySpan<byte> batch)
    {
        using var messages = new LegacyReader(batch);
        while (messages.MoveNext())
        {
            if (messages.IsKeyNull || messages.Offset < _job.FirstDirty || _map!.TryPut(_hasher.Hash(messages.Key), messages.Offset)) continue;
            _full = true;
            return;
        }
    }

    private void StartCleaning()
    {
        Release();
        MakeDurable();
        _indexing = false;
        NextDirty = Math.Max(_map!.LatestOffset + 1, _job.FirstDirty);
        var count = 0;
        while (count < _job.Segments.Length && _job.Segments[count].BaseOffset < NextDirty) count++;
        _groups = SegmentGroups.Of(_job.Segments.AsSpan(0, count), EndOf(count - 1), _job.Config);
        _segment = 0;
        _transactions = new CleanedTransactions { OnAbortedKept = span => _target?.Add(span) };
        _transactions.Expect(_aborted);
        var rules = new CleaningRules
        {
            Keys = _map,
            Hasher = _hasher,
            UpperBound = _job.FirstUncleanable,
            NowMs = _job.NowMs,
            DeleteRetentionMs = _job.Config.DeleteRetentionMs,
            Producers = _job.Producers,
        };
        _cleaner = new BatchCleaner(rules, _transactions);
    }

    // Their names are made durable with the first cleaned segment's, and that of their directory, which may be new, here.
    private void MakeDurable()
    {
        if (_job.NotDurable.Length > 0) _job.Disk.SyncDirectory(Path.GetDirectoryName(_job.Directory)!);
        foreach (var segment in _job.NotDurable) segment.Log.TryFlush();
    }

    private void StepCleaning()
    {
        if (_group == _groups.Count)
        {
            End(CleaningState.Done);
            return;
        }

        var sources = _groups[_group];
        _target ??= new CleanedSegment(_job.Disk, _job.Directory, sources[0].BaseOffset, _job.Config.IndexIntervalBytes, _writeBuffer);
        if (_segment == sources.Length)
        {
            CompleteGroup(sources);
            return;
        }

        if (_open is null && !TryOpen(sources[_segment], sources[_segment].BaseOffset)) return;
        if (_reader.IsAtEnd)
        {
            Release();
            _segment++;
            return;
        }

        BytesRead += _reader.Fill();
        while (_reader.MoveNext()) _cleaner!.Clean(_reader.Header, _reader.Batch, _target);
    }

    private void CompleteGroup(LogSegment[] sources)
    {
        _target!.Complete();
        BytesWritten += _target.Size;
        Ready = new CleanedGroup(_target, sources, _job.Cuts);
        _target = null;
        _segment = 0;
        _group++;
        State = CleaningState.Swapping;
    }

    // False where the segment was removed meanwhile.
    private bool TryOpen(LogSegment segment, long from)
    {
        if (segment.Log.TryLease() is not { } file)
        {
            Abort();
            return false;
        }

        _open = segment;
        var start = 0L;
        if (from > segment.BaseOffset) start = StartOf(segment, file, from);
        _reader.Open(file, segment.Log.Path, start, segment.Size);
        return true;
    }

    private static long StartOf(LogSegment segment, IDiskFile file, long from) => new SegmentRange(segment, file, segment.Size).Locate(from, out var place) switch
    {
        LocateResult.Found => place.Position,
        LocateResult.PastEnd => segment.Size,
        _ => 0, // the reader will find the damage and say where it is
    };

    private void Release()
    {
        _open?.Log.Dispose();
        _open = null;
    }

    private void End(CleaningState state)
    {
        State = state;
        Release();
        var unfinished = _target ?? Ready?.Cleaned;
        (_target, Ready) = (null, null);
        if (unfinished is null) return;
        try
        {
            unfinished.Discard();
        }
        catch (Exception error) when (error.IsDiskError())
        {
            unfinished.Dispose(); // the next start removes what is left
        }
    }

    private long EndOf(int segment) => segment + 1 < _job.Segments.Length ? _job.Segments[segment + 1].BaseOffset : _job.FirstUncleanable;
}
