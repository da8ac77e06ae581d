namespace Akka.Cluster.Sharding.Remembering;

/// <summary>
/// Which names are on record, and what has to be written: one write at a time, with everything that came meanwhile in the next one. A name may be used when it is on record. A plain state
/// machine between a shard (or the coordinator) and its <see cref="NameStore"/>.
/// </summary>
internal sealed class NameMemory
{
    private readonly HashSet<string> _recorded = new(StringComparer.Ordinal);
    private readonly HashSet<string> _starting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _changes = new(StringComparer.Ordinal);
    private NameStore.Write? _writing;
    private long _number;
    private bool _isUp;

    /// <summary>Whether the store has ever said what it has.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Whether all is written.</summary>
    public bool IsSettled => _writing is null && _changes.Count == 0;

    /// <summary>Whether no further name can be remembered.</summary>
    public bool IsFull => _recorded.Count + _starting.Count + _changes.Count >= Limits.Remembered;

    /// <summary>Whether a name is on record, and is to stay there.</summary>
    public bool Contains(string name) => _recorded.Contains(name) && !_changes.ContainsKey(name);

    /// <summary>A name is wanted: true where it is on record, false where it has to be written first.</summary>
    public bool Start(string name)
    {
        if (_recorded.Contains(name))
        {
            _changes.Remove(name);
            return true;
        }

        if (_starting.Contains(name)) _changes.Remove(name);
        else _changes[name] = true;
        return false;
    }

    /// <summary>A name is not wanted any more.</summary>
    public void Stop(string name)
    {
        if (_recorded.Contains(name) || _starting.Contains(name)) _changes[name] = false;
        else _changes.Remove(name);
    }

    /// <summary>Nothing is started here any more: what was not written yet need not be.</summary>
    public void Leave()
    {
        foreach (var (name, starts) in _changes)
        {
            if (starts) _changes.Remove(name);
        }
    }

    /// <summary>What is to be written now; null while a write is under way, or where there is nothing.</summary>
    public NameStore.Write? Next()
    {
        if (!_isUp || _writing is not null || _changes.Count == 0) return null;
        List<string> started = [], stopped = [];
        foreach (var (name, starts) in _changes)
        {
            if (started.Count + stopped.Count == Limits.NamesInOneWrite) break;
            _changes.Remove(name);
            (starts ? started : stopped).Add(name);
        }

        _starting.UnionWith(started);

        // Until the answer nobody knows whether these are still on record.
        _recorded.ExceptWith(stopped);
        return _writing = new NameStore.Write(++_number, started, stopped);
    }

    /// <summary>A write is on record. Gives the names that may be used now.</summary>
    public IReadOnlyCollection<string> Written(long number)
    {
        if (_writing is not { } written || written.Number != number) return [];
        _writing = null;
        _starting.Clear();
        _recorded.UnionWith(written.Started);
        return [.. written.Started.Where(Contains)];
    }

    /// <summary>The store is gone, with whatever was under way; it comes back with <see cref="Loaded"/>.</summary>
    public void Lost() => _isUp = false;

    /// <summary>The store says what it has. Gives the names that may be used now: all at first, later those whose write had got there after all.</summary>
    public IReadOnlyCollection<string> Loaded(IReadOnlyCollection<string> names)
    {
        var usable = new HashSet<string>(IsLoaded ? [] : names, StringComparer.Ordinal);
        var unsure = _writing;
        (_writing, _isUp, IsLoaded) = (null, true, true);
        _starting.Clear();
        _recorded.Clear();
        _recorded.UnionWith(names);
        foreach (var name in unsure?.Started ?? []) _changes.TryAdd(name, true);
        foreach (var name in unsure?.Stopped ?? []) _changes.TryAdd(name, false);
        foreach (var (name, starts) in _changes)
        {
            if (starts != _recorded.Contains(name)) continue;
            _changes.Remove(name);
            if (starts) usable.Add(name);
        }

        return usable;
    }
}
