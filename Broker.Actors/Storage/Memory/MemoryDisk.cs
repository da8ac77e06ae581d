namespace AkkaStream.Actors.Storage.Memory;

/// <summary>
/// A disk in memory: for a broker without a disk, and for tests that lose power, tear writes, flip bits, run full or fail. Without a
/// <see cref="Random"/> it remembers nothing for a crash and costs little more than its bytes. Safe from any thread.
/// </summary>
public sealed class MemoryDisk : IDisk
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryNode> _files = [];
    private readonly HashSet<string> _directories = ["/"];
    private readonly Dictionary<string, long> _namesChanged = [];
    private readonly Dictionary<string, List<Action>> _unsyncedNames = [];
    private readonly Random? _dice;
    private long _used;
    private long _now;
    private long _crashed;
    private int _failAfter = -1;

    /// <summary>A disk that never fails.</summary>
    public MemoryDisk()
    {
    }

    /// <summary>A disk that can crash and fail; what is lost is decided by <paramref name="dice"/>.</summary>
    public MemoryDisk(Random dice) => _dice = dice;

    /// <summary>Bytes that files may hold together; writing beyond fails as on a full disk. No bound at first.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <inheritdoc/>
    public OpenFileTable? OpenFiles { get; init; }

    /// <summary>Every change is refused.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>Probability that a read returns one flipped bit, from 0 to 1.</summary>
    public double FlippedReads { get; set; }

    /// <summary>Changes so far: writes, flushes, renames and so on; what <see cref="FailAfter"/> counts.</summary>
    public int Changes { get; private set; }

    /// <summary>The change after the next <paramref name="changes"/> ones fails, a write possibly after a part of it, and all behind it, until <see cref="Heal"/>.</summary>
    public void FailAfter(int changes)
    {
        lock (_gate) _failAfter = Changes + changes;
    }

    /// <summary>Failures, read-only and the bound end.</summary>
    public void Heal()
    {
        lock (_gate)
        {
            _failAfter = -1;
            IsReadOnly = false;
            Capacity = long.MaxValue;
            FlippedReads = 0;
        }
    }

    /// <summary>
    /// The power goes: of every file a random number of the writes since its last flush are gone, the oldest of them possibly in part; likewise names
    /// since their directory's last sync. Open files are open no more.
    /// </summary>
    public void Crash()
    {
        if (_dice is null) throw new InvalidOperationException("a disk without dice remembers nothing that could be lost");
        lock (_gate)
        {
            foreach (var directory in _unsyncedNames.Keys.Order(StringComparer.Ordinal).ToArray())
            {
                // With a directory that was never made durable goes all that is in it, whatever happened there.
                if (_unsyncedNames.TryGetValue(directory, out var names)) LoseNames(names);
            }

            _unsyncedNames.Clear();
            _crashed = ++_now;
            foreach (var path in _files.Keys.Order(StringComparer.Ordinal).ToArray())
            {
                var survivor = _files[path].AfterCrash(_dice);
                _used += survivor.Length - _files[path].Length;
                _files[path] = survivor;
            }
        }
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskAccess access)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(path, out var node)) return new MemoryFile(this, node);
            if (access != DiskAccess.Create) throw new FileNotFoundException($"{path} is not there", path);
            Change();
            var parent = ParentOf(path);
            if (!_directories.Contains(parent)) throw new DirectoryNotFoundException($"{parent} is not there");
            node = new MemoryNode(_dice is not null) { Id = ++_now, Changed = _now };
            _files.Add(path, node);
            Remember(parent, () => Forget(path));
            return new MemoryFile(this, node);
        }
    }

    /// <inheritdoc/>
    public long LengthOf(string path)
    {
        lock (_gate) return _files.TryGetValue(path, out var node) ? node.Length : -1;
    }

    /// <inheritdoc/>
    public FileStamp? StampOf(string path)
    {
        lock (_gate)
        {
            // After a crash everything counts as changed.
            if (_files.TryGetValue(path, out var node)) return new FileStamp((ulong)node.Id, node.Length, Math.Max(node.Changed, _crashed));
            return _directories.Contains(path) ? new FileStamp(0, 0, Math.Max(_namesChanged.GetValueOrDefault(path), _crashed)) : null;
        }
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (_gate) return _directories.Contains(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<DiskEntry> List(string directory)
    {
        var found = new List<DiskEntry>();
        lock (_gate)
        {
            foreach (var path in _files.Keys)
            {
                if (ParentOf(path) == directory) found.Add(new DiskEntry(NameOf(path), false));
            }

            foreach (var path in _directories)
            {
                if (path.Length > 1 && ParentOf(path) == directory) found.Add(new DiskEntry(NameOf(path), true));
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            if (_directories.Contains(path)) return;
            Change();
            if (ParentOf(path) is var parent && !_directories.Contains(parent)) CreateDirectory(parent);
            _directories.Add(path);
            Remember(parent, () => LoseTree(path));
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var node)) return;
            Change();
            Unlink(path, node);
            Remember(ParentOf(path), () => Link(path, node));
        }
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        lock (_gate)
        {
            if (!_directories.Contains(path)) return;
            Change();
            RemoveTree(path);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            if (_directories.Contains(from))
            {
                Change();
                MoveTree(from, to);
                Remember(ParentOf(to), () => MoveTree(to, from));
                return;
            }

            if (!_files.TryGetValue(from, out var node)) throw new FileNotFoundException($"{from} is not there", from);
            Change();
            _files.TryGetValue(to, out var replaced);
            if (replaced is not null) Unlink(to, replaced);
            _files.Remove(from);
            _files[to] = node;
            _namesChanged[ParentOf(from)] = ++_now;
            Remember(ParentOf(to), () => UndoRename(from, to, node, replaced));
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        lock (_gate)
        {
            Change();
            _unsyncedNames.Remove(path);
        }
    }

    /// <inheritdoc/>
    public DiskSpace SpaceOf(string directory)
    {
        lock (_gate) return new DiskSpace(Capacity, Room);
    }

    internal int Read(MemoryNode node, Span<byte> to, long position)
    {
        var got = node.Read(to, position);
        if (FlippedReads <= 0 || got == 0 || _dice is null) return got;
        lock (_gate)
        {
            if (_dice.NextDouble() < FlippedReads) to[_dice.Next(got)] ^= (byte)(1 << _dice.Next(8));
        }

        return got;
    }

    internal void Write(MemoryNode node, ReadOnlySpan<byte> from, long position)
    {
        lock (_gate)
        {
            var fits = (int)Math.Clamp(Room + Math.Max(0, Math.Min(from.Length, node.Length - position)), 0, from.Length);
            try
            {
                Change();
            }
            catch (IOException) when (_dice is not null && !IsReadOnly)
            {
                Put(node, from[..Math.Min(fits, _dice.Next(from.Length + 1))], position);
                throw;
            }

            Put(node, from[..fits], position);
            if (fits < from.Length) throw new IOException("no space is left on the disk", DiskFiles.NoSpace);
        }
    }

    internal void SetLength(MemoryNode node, long length)
    {
        lock (_gate)
        {
            Change();
            if (length - node.Length > Room) throw new IOException("no space is left on the disk", DiskFiles.NoSpace);
            node.Changed = ++_now;
            _used += length - node.Length;
            node.SetLength(length);
        }
    }

    internal void Flush(MemoryNode node)
    {
        lock (_gate)
        {
            Change();
            node.Flush();
        }
    }

    // Less than all of a long, so that it can be added to.
    private long Room => Math.Clamp(Capacity - Math.Max(0, _used), 0, long.MaxValue / 2);

    private void Put(MemoryNode node, ReadOnlySpan<byte> from, long position)
    {
        var before = node.Length;
        node.Changed = ++_now;
        node.Write(from, position);
        _used += node.Length - before;
    }

    private void Change()
    {
        if (IsReadOnly) throw new UnauthorizedAccessException("the disk is read-only");
        if (_failAfter >= 0 && Changes >= _failAfter) throw new IOException("the disk fails");
        Changes++;
    }

    private void Remember(string directory, Action undo)
    {
        _namesChanged[directory] = ++_now;
        if (_dice is null) return;
        if (!_unsyncedNames.TryGetValue(directory, out var names)) _unsyncedNames.Add(directory, names = []);
        names.Add(undo);
    }

    private void LoseNames(List<Action> names)
    {
        var kept = _dice!.Next(names.Count + 1);
        for (var i = names.Count - 1; i >= kept; i--) names[i]();
    }

    private void UndoRename(string from, string to, MemoryNode node, MemoryNode? replaced)
    {
        _files.Remove(to);
        _files[from] = node;
        if (replaced is not null) Link(to, replaced);
    }

    private void Link(string path, MemoryNode node)
    {
        _files[path] = node;
        _used += node.Length;
    }

    private void Unlink(string path, MemoryNode node)
    {
        _files.Remove(path);
        _used -= node.Length;
    }

    private void Forget(string path)
    {
        if (_files.TryGetValue(path, out var node)) Unlink(path, node);
    }

    private void LoseTree(string path)
    {
        RemoveTree(path);
        foreach (var directory in _unsyncedNames.Keys.Where(directory => directory == path || IsBelow(directory, path)).ToArray()) _unsyncedNames.Remove(directory);
    }

    private void RemoveTree(string path)
    {
        foreach (var file in _files.Keys.Where(file => IsBelow(file, path)).ToArray()) Unlink(file, _files[file]);
        _directories.RemoveWhere(directory => directory == path || IsBelow(directory, path));
        foreach (var directory in _namesChanged.Keys.Where(directory => directory == path || IsBelow(directory, path)).ToArray()) _namesChanged.Remove(directory);
        _namesChanged[ParentOf(path)] = ++_now;
    }

    private void MoveTree(string from, string to)
    {
        foreach (var file in _files.Keys.Where(file => IsBelow(file, from)).ToArray())
        {
            _files[to + file[from.Length..]] = _files[file];
            _files.Remove(file);
        }

        foreach (var directory in _directories.Where(directory => directory == from || IsBelow(directory, from)).ToArray())
        {
            _directories.Remove(directory);
            _directories.Add(to + directory[from.Length..]);
            _namesChanged.Remove(directory);
            _namesChanged[to + directory[from.Length..]] = ++_now;
        }
    }

    private static bool IsBelow(string path, string directory) => path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory, StringComparison.Ordinal);

    private static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
