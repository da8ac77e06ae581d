namespace AkkaStream.Actors.Storage;

/// <summary>
/// The aborted transactions whose markers lie in one segment: the file <c>.txnindex</c>, by rising offset of the marker. Nothing is opened before the
/// first question. One writer; readers on any thread take no lock once the file is known.
/// </summary>
internal sealed class TransactionIndex(IDisk disk, SegmentFile name, bool isEmpty)
{
    private const int Block = 120;

    private readonly LeasedFile _file = new(disk, name, DiskAccess.Create);
    private readonly Lock _gate = new();
    private Known? _known = isEmpty ? new Known(0, []) : null;

    /// <summary>Whether the entries are known: the file was looked at, or there was none to look at.</summary>
    public bool IsKnown => Volatile.Read(ref _known) is not null;

    /// <summary>Entries that are not in the file yet.</summary>
    public int Waiting => Volatile.Read(ref _known)?.Waiting.Length ?? 0;

    /// <summary>Entries in the file and on their way there.</summary>
    public int Count => Volatile.Read(ref _known) is { } known ? known.Stored + known.Waiting.Length : 0;

    /// <summary>
    /// Looks at the file, once. One that is missing or damaged is made anew from what <paramref name="rebuild"/> finds in the log; false where the segment
    /// was removed meanwhile. Errors of the disk as of <see cref="IDisk"/>, except that a file that cannot be written is kept in memory.
    /// </summary>
    /// <param name="baseOffset">The segment's first offset.</param>
    /// <param name="endOffset">Where the next segment begins, or the log ends.</param>
    /// <param name="rebuild">Finds the entries in the log; null where a segment that is needed was removed meanwhile.</param>
    /// <param name="report">Is told what was damaged.</param>
    public bool Look(long baseOffset, long endOffset, Func<List<AbortedTransaction>?> rebuild, Action<string> report)
    {
        lock (_gate)
        {
            if (_known is not null) return true;
            var length = disk.LengthOf(_file.Path);
            if (length >= 0 && Judge(length, baseOffset, endOffset) is { } sound)
            {
                Volatile.Write(ref _known, sound);
                return true;
            }

            if (rebuild() is not { } entries) return false;
            if (length >= 0 || entries.Count > 0) report($"{Path.GetFileName(_file.Path)} is {(length < 0 ? "missing" : "damaged")} and made anew from the log: {entries.Count} aborted transactions");
            _known = new Known(0, [.. entries]);
            TryStoreAnew(report);
            return true;
        }
    }

    /// <summary>Adds an aborted transaction, whose marker lies behind all others. It is in the file after <see cref="Store"/>.</summary>
    public void Add(in AbortedTransaction entry)
    {
        lock (_gate)
        {
            var known = _known!;
            Volatile.Write(ref _known, known with { Waiting = [.. known.Waiting, entry] });
        }
    }

    /// <summary>Writes what waits. Without entries a file is made only for <paramref name="evenEmpty"/>: it says that there are none.</summary>
    public void Store(bool evenEmpty)
    {
        lock (_gate)
        {
            if (_known is not { } known) return;
            if (known.Waiting.Length == 0 && (known.Stored > 0 || !evenEmpty || disk.LengthOf(_file.Path) == 0)) return;
            if (_file.TryLease() is not { } file) return;
            try
            {
                var bytes = new byte[known.Waiting.Length * AbortedTransaction.Size];
                for (var i = 0; i < known.Waiting.Length; i++) known.Waiting[i].Encode(bytes.AsSpan(i * AbortedTransaction.Size));
                if (bytes.Length > 0) file.Write(bytes, (long)known.Stored * AbortedTransaction.Size);
                var count = known.Stored + known.Waiting.Length;
                if (file.Length != (long)count * AbortedTransaction.Size) file.SetLength((long)count * AbortedTransaction.Size);
                Volatile.Write(ref _known, new Known(count, []));
            }
            finally
            {
                _file.Dispose();
            }
        }
    }

    /// <summary>
    /// Adds to <paramref name="into"/> what a read of [<paramref name="from"/>, <paramref name="upTo"/>) has to leave out. False where the segment was
    /// removed meanwhile. <paramref name="complete"/>: later segments have nothing more for it.
    /// </summary>
    public bool TryCollect(long from, long upTo, List<AbortedTransaction> into, out bool complete)
    {
        complete = false;
        var known = Volatile.Read(ref _known)!;
        if (known.Stored > 0 && !TryCollectStored(known.Stored, from, upTo, into, ref complete)) return false;
        foreach (var entry in known.Waiting)
        {
            if (complete) break;
            Take(entry, from, upTo, into, ref complete);
        }

        return true;
    }

    /// <summary>Makes durable what was stored.</summary>
    public void Flush()
    {
        if (IsKnown && disk.LengthOf(_file.Path) >= 0) _file.TryFlush();
    }

    /// <summary>The log ends at <paramref name="offset"/> now: entries whose markers are gone go.</summary>
    public void CutTail(long offset)
    {
        lock (_gate)
        {
            if (_known is null) return;
            var all = new List<AbortedTransaction>();
            if (!TryCollect(0, long.MaxValue, all, out _)) return;
            all.RemoveAll(entry => entry.LastOffset >= offset);
            if (all.Count == Count && Waiting == 0) return;
            var before = _known;
            Volatile.Write(ref _known, new Known(0, [.. all]));
            try
            {
                Store(evenEmpty: true);
            }
            catch (Exception error) when (error.IsDiskError())
            {
                // The next try has to find what is to go, for it is in the file still.
                Volatile.Write(ref _known, before);
                throw;
            }
        }
    }

    public void Retire() => _file.Retire();

    /// <summary>Keeps its file open, where entries are known to be in it, until <see cref="Unpin"/>. False where it was removed. For the owner; may throw as <see cref="IDisk"/>.</summary>
    public bool TryPin() => Volatile.Read(ref _known) is not { Stored: > 0 } || _file.TryPin();

    /// <summary>The file may be closed again.</summary>
    public void Unpin() => _file.Unpin();

    private static void Take(in AbortedTransaction entry, long from, long upTo, List<AbortedTransaction> into, ref bool complete)
    {
        if (entry.LastOffset >= from && entry.FirstOffset < upTo) into.Add(entry);
        complete = entry.LastStableOffset >= upTo;
    }

    private void TryStoreAnew(Action<string> report)
    {
        try
        {
            Store(evenEmpty: true);
        }
        catch (Exception error) when (error.IsDiskError())
        {
            report($"{Path.GetFileName(_file.Path)} cannot be written and is kept in memory: {error.Message}");
        }
    }

    private bool TryCollectStored(int stored, long from, long upTo, List<AbortedTransaction> into, ref bool complete)
    {
        if (_file.TryLease() is not { } file) return false;
        try
        {
            Span<byte> bytes = stackalloc byte[Block * AbortedTransaction.Size];
            for (var at = FirstAtOrAfter(file, stored, from); at < stored && !complete;)
            {
                var wanted = Math.Min(Block, stored - at);
                var got = file.Read(bytes[..(wanted * AbortedTransaction.Size)], (long)at * AbortedTransaction.Size) / AbortedTransaction.Size;
                if (got == 0) throw new IOException($"{_file.Path} is shorter than it was");
                TakeBlock(bytes[..(got * AbortedTransaction.Size)], from, upTo, into, ref complete);
                at += got;
            }

            return true;
        }
        finally
        {
            _file.Dispose();
        }
    }

    private void TakeBlock(ReadOnlySpan<byte> entries, long from, long upTo, List<AbortedTransaction> into, ref bool complete)
    {
        for (var at = 0; at < entries.Length && !complete; at += AbortedTransaction.Size)
        {
            if (!AbortedTransaction.TryDecode(entries[at..], out var entry)) throw new IOException($"{_file.Path}: an entry is damaged");
            Take(entry, from, upTo, into, ref complete);
        }
    }

    // The first entry whose marker lies at or behind an offset, give or take a block that is read at once anyway.
    private static int FirstAtOrAfter(IDiskFile file, int stored, long offset)
    {
        Span<byte> one = stackalloc byte[AbortedTransaction.Size];
        int low = 0, high = stored;
        while (high - low > Block)
        {
            var middle = (low + high) >>> 1;
            var isBefore = file.Read(one, (long)middle * AbortedTransaction.Size) == one.Length && AbortedTransaction.TryDecode(one, out var entry) && entry.LastOffset < offset;
            if (isBefore) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    // Null where the file is not what the segment's index can be.
    private Known? Judge(long length, long baseOffset, long endOffset)
    {
        if (length % AbortedTransaction.Size != 0 || length / AbortedTransaction.Size > int.MaxValue) return null;
        if (length == 0) return new Known(0, []);
        using var file = disk.Open(_file.Path, DiskAccess.Read);
        Span<byte> bytes = stackalloc byte[Block * AbortedTransaction.Size];
        var last = baseOffset - 1;
        for (var at = 0L; at < length;)
        {
            var got = file.Read(bytes[..(int)Math.Min(bytes.Length, length - at)], at) / AbortedTransaction.Size;
            if (got == 0) return null;
            for (var i = 0; i < got; i++)
            {
                if (!AbortedTransaction.TryDecode(bytes[(i * AbortedTransaction.Size)..], out var entry) || entry.LastOffset <= last || entry.LastOffset >= endOffset) return null;
                last = entry.LastOffset;
            }

            at += got * AbortedTransaction.Size;
        }

        return new Known((int)(length / AbortedTransaction.Size), []);
    }

    /// <summary>What is known, as one value.</summary>
    /// <param name="Stored">Entries in the file.</param>
    /// <param name="Waiting">Entries behind those, not written yet.</param>
    private sealed record Known(int Stored, AbortedTransaction[] Waiting);
}
