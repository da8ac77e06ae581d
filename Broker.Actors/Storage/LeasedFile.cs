namespace AkkaStream.Actors.Storage;

/// <summary>
/// A file that is opened when first asked for and stays open while anyone holds a lease, and afterwards until the disk's <see cref="OpenFileTable"/> needs its
/// place. Retired (its segment was removed), it gives no new leases and is closed after the last one. Safe from any thread; no lock is held while the disk works.
/// </summary>
/// <remarks>
/// <see cref="Dispose"/> gives one lease back: so the file itself is the lease, and none is allocated. The lock is the object itself: ten thousand idle
/// partitions have thirty thousand of these.
/// </remarks>
internal sealed class LeasedFile(IDisk disk, SegmentFile name, DiskAccess access) : IDisposable
{
    private IDiskFile? _file;
    private int _leases;
    private bool _retired;
    private bool _isThere;
    private bool _used;
    private bool _isPinned;

    public SegmentFile Name => name;

    public string Path => name.ToString();

    /// <summary>Where it stands in the table, or -1. The table's own, under its lock.</summary>
    public int TablePosition { get; set; } = -1;

    /// <summary>What is known of its bytes; forgotten when the file is closed for lack of use, since what is read later may come from the disk anew.</summary>
    public CheckedRanges? Checked { get; init; }

    /// <summary>Whether the file is open.</summary>
    public bool IsOpen
    {
        get
        {
            lock (this) return _file is not null;
        }
    }

    /// <summary>The file, open until <see cref="Dispose"/>; null after <see cref="Retire"/>. May throw what <see cref="IDisk.Open"/> throws.</summary>
    public IDiskFile? TryLease()
    {
        lock (this)
        {
            if (_retired) return null;
            if (_file is { } open)
            {
                _leases++;
                return open;
            }
        }

        return OpenAndLease();
    }

    /// <summary>Makes durable what was written; false where the file was removed meanwhile. May throw as <see cref="IDisk"/>.</summary>
    public bool TryFlush()
    {
        if (TryLease() is not { } file) return false;
        try
        {
            file.Flush();
            return true;
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Opens the file and keeps it open until <see cref="Unpin"/>, whatever its name becomes. False where it was removed. For one owner; may throw as <see cref="IDisk"/>.</summary>
    public bool TryPin() => _isPinned || (_isPinned = TryLease() is not null);

    /// <summary>The file may be closed again; nothing where it is not pinned.</summary>
    public void Unpin()
    {
        if (_isPinned) Dispose();
        _isPinned = false;
    }

    /// <summary>Closes the file where nobody holds it, until it is asked for again.</summary>
    public void Rest()
    {
        IDiskFile? unused;
        lock (this)
        {
            if (_leases > 0 || _file is null) return;
            (unused, _file) = (_file, null);
        }

        disk.OpenFiles?.Remove(this);
        unused.Dispose();
        Checked?.Forget();
    }

    /// <summary>Gives a lease back.</summary>
    public void Dispose() => Close(releases: 1, retires: false);

    /// <summary>No more leases; closes when the last one is given back.</summary>
    public void Retire() => Close(releases: 0, retires: true);

    /// <summary>For the table: closes the file where nobody holds it and nobody did since the last time this was asked. True where it is closed now.</summary>
    public bool TryCloseUnused()
    {
        IDiskFile? unused;
        lock (this)
        {
            if (_leases > 0) return false;
            if (_used)
            {
                _used = false;
                return false;
            }

            (unused, _file) = (_file, null);
        }

        unused?.Dispose();
        if (unused is not null) Checked?.Forget();
        return true;
    }

    private IDiskFile? OpenAndLease()
    {
        IDiskFile? spare = null;
        try
        {
            spare = disk.Open(Path, access == DiskAccess.Create && Volatile.Read(ref _isThere) ? DiskAccess.Write : access);
        }
        catch (IOException) when (IsSettled)
        {
            // It was removed meanwhile, or opened by another before its name changed.
        }

        // Once it is there it is never made again: a reader that comes while the file is renamed must not leave an empty one in its place.
        Volatile.Write(ref _isThere, true);
        IDiskFile? leased;
        var isNew = false;
        lock (this)
        {
            if (!_retired && _file is null) (_file, spare, isNew) = (spare, null, spare is not null);
            leased = _retired ? null : _file;
            if (leased is not null) _leases++;
        }

        spare?.Dispose();
        if (isNew) disk.OpenFiles?.Add(this);
        return leased;
    }

    private bool IsSettled
    {
        get
        {
            lock (this) return _retired || _file is not null;
        }
    }

    private void Close(int releases, bool retires)
    {
        IDiskFile? idle = null;
        lock (this)
        {
            _leases -= releases;
            _used |= releases > 0;
            _retired |= retires;
            var wanted = releases > 0 && !_retired;
            if (_leases == 0 && !wanted) (idle, _file) = (_file, null);
        }

        if (idle is null) return;
        disk.OpenFiles?.Remove(this);
        idle.Dispose();
    }
}

/// <summary>The name of a segment's file, put together when it is needed: ten thousand idle partitions have forty thousand such files.</summary>
/// <param name="Directory">The partition's directory.</param>
/// <param name="BaseOffset">The segment's first offset.</param>
/// <param name="Suffix">Of <see cref="LogFiles"/>.</param>
internal readonly record struct SegmentFile(string Directory, long BaseOffset, string Suffix)
{
    /// <inheritdoc/>
    public override string ToString() => LogFiles.Path(Directory, BaseOffset, Suffix);
}
