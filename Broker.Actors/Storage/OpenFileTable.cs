namespace AkkaStream.Actors.Storage;

/// <summary>
/// The log and index files that are open at once, bounded: where one more is opened than may be, one that nobody uses and that was not used lately is closed, and
/// opened again when it is asked for. Files in use are never closed, so that the bound can be passed by as many as are used at the same moment. Safe from any thread.
/// </summary>
public sealed class OpenFileTable
{
    private readonly Lock _gate = new();
    private readonly List<LeasedFile> _open = [];
    private int _hand;

    /// <summary>A table of at most <paramref name="limit"/> idle files.</summary>
    public OpenFileTable(int limit) => Limit = limit;

    /// <summary>Files that may be open at once.</summary>
    public int Limit { get; }

    /// <summary>Files that are open.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _open.Count;
        }
    }

    // A file was opened. Called without any lock.
    internal void Add(LeasedFile file)
    {
        lock (_gate)
        {
            if (file.TablePosition >= 0) return;
            file.TablePosition = _open.Count;
            _open.Add(file);
            if (_open.Count > Limit) CloseSome();
        }
    }

    // A file was closed by its owner. Called without any lock.
    internal void Remove(LeasedFile file)
    {
        lock (_gate)
        {
            // It may have been opened again meanwhile.
            if (file.TablePosition >= 0 && !file.IsOpen) RemoveAt(file.TablePosition);
        }
    }

    // A clock: whoever was used since the hand last passed gets another round.
    private void CloseSome()
    {
        for (var steps = 2 * _open.Count; steps > 0 && _open.Count > Limit; steps--)
        {
            if (_hand >= _open.Count) _hand = 0;
            if (_open[_hand].TryCloseUnused()) RemoveAt(_hand);
            else _hand++;
        }
    }

    private void RemoveAt(int position)
    {
        _open[position].TablePosition = -1;
        var last = _open[^1];
        _open.RemoveAt(_open.Count - 1);
        if (position == _open.Count) return;
        _open[position] = last;
        last.TablePosition = position;
    }
}
