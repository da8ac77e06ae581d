using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// One segment: its log file and two indexes. The writer keeps account of what it appends; readers use the file and the indexes up to the end that their view names.
/// </summary>
internal sealed class LogSegment
{
    private int _bytesSinceEntry;
    private long _maxTimestamp = RecordBatchHeader.NoTimestamp;
    private readonly IDisk _disk;
    private TransactionIndex? _transactions;
    private bool _retired;

    public LogSegment(IDisk disk, string directory, long baseOffset, SegmentIndex offsets, SegmentIndex times)
        : this(disk, directory, baseOffset, new SegmentFile(directory, baseOffset, LogFiles.Log), DiskAccess.Create, offsets, times)
    {
    }

    /// <summary>A segment whose log file has that name, or gets it.</summary>
    public LogSegment(IDisk disk, string directory, long baseOffset, SegmentFile log, DiskAccess access, SegmentIndex offsets, SegmentIndex times)
    {
        _disk = disk;
        Directory = directory;
        BaseOffset = baseOffset;
        Log = new LeasedFile(disk, log, access) { Checked = new CheckedRanges() };
        Offsets = offsets;
        Times = times;
    }

    public string Directory { get; }

    /// <summary>The offset that names it; no record in it has a lower one.</summary>
    public long BaseOffset { get; }

    public LeasedFile Log { get; }

    /// <summary>Which of its bytes are known to be good.</summary>
    public CheckedRanges Checked => Log.Checked!;

    public SegmentIndex Offsets { get; }

    public SegmentIndex Times { get; }

    /// <summary>The aborted transactions whose markers are in it. Made at the first question: most segments are never asked.</summary>
    public TransactionIndex Transactions => Volatile.Read(ref _transactions) ?? MakeTransactions();

    /// <summary>Every transaction marker in it was seen since it was empty, so that its file need not be looked at. Set before anyone asks.</summary>
    public bool SawEveryMarker { get; set; }

    /// <summary>Bytes of good batches. Written by the owner, and final once the segment is closed.</summary>
    public long Size { get; set; }

    /// <summary>Largest timestamp of its first batch, milliseconds since 1970; null while it is empty or was not read yet.</summary>
    public long? FirstTimestamp { get; set; }

    /// <summary>When it was opened for appending, milliseconds since 1970: its age where the records have no timestamps.</summary>
    public long OpenedMs { get; set; }

    /// <summary>Largest timestamp of its records; -1 where none has one.</summary>
    public long MaxTimestamp => Volatile.Read(ref _maxTimestamp);

    /// <summary>Last offset of the first batch with that timestamp.</summary>
    public long OffsetOfMaxTimestamp { get; private set; } = -1;

    /// <summary>An empty one; no file is made before the first append.</summary>
    public static LogSegment Fresh(IDisk disk, string directory, long baseOffset, long nowMs) => new(
        disk, directory, baseOffset,
        SegmentIndex.Fresh(disk, new SegmentFile(directory, baseOffset, LogFiles.Index), SegmentIndex.OffsetEntrySize),
        SegmentIndex.Fresh(disk, new SegmentFile(directory, baseOffset, LogFiles.TimeIndex), SegmentIndex.TimeEntrySize))
    { OpenedMs = nowMs };

    /// <summary>Takes a batch that stands at <paramref name="position"/> into the indexes, by Kafka's rule.</summary>
    public void Account(in RecordBatchHeader header, long position, int indexInterval)
    {
        FirstTimestamp ??= header.MaxTimestamp;
        if (header.MaxTimestamp > _maxTimestamp)
        {
            OffsetOfMaxTimestamp = header.LastOffset;
            Volatile.Write(ref _maxTimestamp, header.MaxTimestamp);
        }

        if (_bytesSinceEntry > indexInterval)
        {
            if (!Offsets.InMemory) Wake(header.BaseOffset);
            Offsets.Add(header.LastOffset - BaseOffset, (int)position);
            AddTime();
            _bytesSinceEntry = 0;
        }

        _bytesSinceEntry += header.SizeInBytes;
        Size = position + header.SizeInBytes;
    }

    /// <summary>The largest timestamp and where it stands, as a time index told.</summary>
    public void RestoreMaxTimestamp(long timestamp, long offset)
    {
        OffsetOfMaxTimestamp = offset;
        Volatile.Write(ref _maxTimestamp, timestamp);
    }

    /// <summary>Bytes of batches behind the last index entry.</summary>
    public int BytesSinceEntry => _bytesSinceEntry;

    /// <summary>The bytes since the last index entry are not known: count from here.</summary>
    public void RestoreInterval(int bytes) => _bytesSinceEntry = bytes;

    /// <summary>Adds the largest timestamp so far to the time index, if it is larger than what is there.</summary>
    public void AddTime()
    {
        if (_maxTimestamp < 0 || (Times.TryLast(out var last, out _) && last >= _maxTimestamp)) return;
        Times.Add(_maxTimestamp, (int)(OffsetOfMaxTimestamp - BaseOffset));
    }

    /// <summary>Whether its indexes lie in memory: it takes appends, or did a short while ago.</summary>
    public bool IsAwake => Offsets.HoldsEntries || Times.HoldsEntries;

    /// <summary>Has the indexes in memory, so that more can be added. For the owner, before it appends; may throw as <see cref="IDisk"/>.</summary>
    /// <param name="endOffset">Where the log ends.</param>
    public void Wake(long endOffset)
    {
        Offsets.Unseal(endOffset - BaseOffset - 1, Size - 1);
        Times.Unseal(long.MaxValue, endOffset - BaseOffset - 1);
    }

    /// <summary>
    /// Lets go of the indexes in memory and of the open files, until an append or a reader needs them. For the owner; may throw as <see cref="IDisk"/>, and
    /// then they stay.
    /// </summary>
    public void Rest()
    {
        if (IsAwake) StoreAndRelease();
        Log.Rest();
        Offsets.Rest();
        Times.Rest();
    }

    /// <summary>No more appends: indexes are completed and written. May throw as <see cref="IDisk"/>; then they stay in memory and serve.</summary>
    public void Seal()
    {
        AddTime();
        StoreAndRelease();
    }

    /// <summary>Writes the aborted transactions that wait. A file without entries is made where the log has transactions: it says that none was aborted here.</summary>
    public void StoreTransactions(bool hasTransactions)
    {
        if (hasTransactions && SawEveryMarker) Transactions.Store(evenEmpty: true);
        else Volatile.Read(ref _transactions)?.Store(evenEmpty: hasTransactions);
    }

    /// <summary>Makes the aborted transactions durable that were stored.</summary>
    public void FlushTransactions() => Volatile.Read(ref _transactions)?.Flush();

    /// <summary>Opens its files and keeps them open until <see cref="Unpin"/>: readers then find them whatever their names become. False where it was removed. May throw as <see cref="IDisk"/>.</summary>
    public bool TryPin()
    {
        if (!Log.TryPin()) return false;
        var isWhole = false;
        try
        {
            isWhole = Offsets.TryPin() && Times.TryPin() && Volatile.Read(ref _transactions)?.TryPin() != false;
        }
        finally
        {
            if (!isWhole) Unpin();
        }

        return isWhole;
    }

    /// <summary>Its files may be closed again.</summary>
    public void Unpin()
    {
        Offsets.Unpin();
        Times.Unpin();
        Volatile.Read(ref _transactions)?.Unpin();
        Log.Unpin();
    }

    public void Retire()
    {
        Volatile.Write(ref _retired, true);
        Log.Retire();
        Offsets.Retire();
        Times.Retire();
        Volatile.Read(ref _transactions)?.Retire();
    }

    private void StoreAndRelease()
    {
        // Both are in the file before either is let go of: where the disk refuses the second one, the segment is the active one still, and takes appends.
        Times.Store();
        Offsets.Store();
        Times.Release();
        Offsets.Release();
    }

    private TransactionIndex MakeTransactions()
    {
        var made = new TransactionIndex(_disk, new SegmentFile(Directory, BaseOffset, LogFiles.TransactionIndex), SawEveryMarker);
        var first = Interlocked.CompareExchange(ref _transactions, made, null) ?? made;
        if (Volatile.Read(ref _retired)) first.Retire();
        return first;
    }
}
