namespace AkkaStream.Actors.Storage;

/// <summary>
/// A file that is opened when first asked for and stays open while anyone holds a lease. Retired (its segment was removed), it gives no new leases
/// and is closed after the last one. Safe from any thread; no lock is held while the disk works.
/// </summary>
/// <remarks><see cref="Dispose"/> gives one lease back: so the file itself is the lease, and none is allocated.</remarks>
internal sealed class LeasedFile(IDisk disk, string path, DiskAccess access) : IDisposable
{
    private readonly Lock _gate = new();
    private IDiskFile? _file;
    private int _leases;
    private bool _retired;
    private bool _isThere;

    public string Path => path;

    /// <summary>The file, open until <see cref="Dispose"/>; null after <see cref="Retire"/>. May throw what <see cref="IDisk.Open"/> throws.</summary>
    public IDiskFile? TryLease()
    {
        lock (_gate)
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

    /// <summary>Gives a lease back.</summary>
    public void Dispose() => Close(releases: 1, retires: false);

    /// <summary>No more leases; closes when the last one is given back.</summary>
    public void Retire() => Close(releases: 0, retires: true);

    /// <summary>Closes the file where nobody holds it; the next lease opens it again. Whether it is closed now.</summary>
    public bool CloseIfIdle()
    {
        Close(releases: 0, retires: false);
        lock (_gate) return _file is null;
    }

    private IDiskFile? OpenAndLease()
    {
        IDiskFile? spare = null;
        try
        {
            spare = disk.Open(path, access == DiskAccess.Create && Volatile.Read(ref _isThere) ? DiskAccess.Write : access);
        }
        catch (IOException) when (IsSettled)
        {
            // It was removed meanwhile, or opened by another before its name changed.
        }

        // Once it is there it is never made again: a reader that comes while the file is renamed must not leave an empty one in its place.
        Volatile.Write(ref _isThere, true);
        try
        {
            lock (_gate)
            {
                if (_retired) return null;
                if (_file is null) (_file, spare) = (spare, null);
                if (_file is null) return null;
                _leases++;
                return _file;
            }
        }
        finally
        {
            spare?.Dispose();
        }
    }

    private bool IsSettled
    {
        get
        {
            lock (_gate) return _retired || _file is not null;
        }
    }

    private void Close(int releases, bool retires)
    {
        IDiskFile? idle = null;
        lock (_gate)
        {
            _leases -= releases;
            _retired |= retires;
            var wanted = releases > 0 && !_retired;
            if (_leases == 0 && !wanted) (idle, _file) = (_file, null);
        }

        idle?.Dispose();
    }
}
