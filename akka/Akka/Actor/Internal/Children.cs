using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Akka.Actor.Internal;

/// <summary>What an actor does when the children that it stopped are gone.</summary>
internal enum ChildrenWait
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Makes the actor that could not be made before.</summary>
    Creation,

    /// <summary>Makes the new instance of a restart.</summary>
    Recreation,

    /// <summary>Ends.</summary>
    Termination,
}

/// <summary>An actor's children by name. Others look in from any thread, and the guardians' children are made from any thread; hence the lock.</summary>
internal sealed class Children
{
    private readonly Lock _lock = new();

    // Null while the name is only taken, then the reference, in its place the counts of restarts from the first failure among the children on.
    private readonly Dictionary<string, object?> _byName = [];
    private HashSet<IActorRef>? _dying;
    private int _live;
    private long _nextName = -1;
    private ChildrenWait _wait;
    private Exception? _cause;
    private bool _terminated;

    /// <summary>Whether the actor ended: no more children.</summary>
    public bool Terminated
    {
        set
        {
            lock (_lock) _terminated = value;
        }
    }

    /// <summary>Whether the actor waits for children to end in order to end or begin itself.</summary>
    public bool IsTerminating
    {
        get
        {
            lock (_lock) return _terminated || _wait is ChildrenWait.Termination;
        }
    }

    public bool IsWaiting
    {
        get
        {
            lock (_lock) return _wait != ChildrenWait.None;
        }
    }

    /// <summary>The number of the next child without a name of its own; any thread.</summary>
    public long NextName() => Interlocked.Increment(ref _nextName);

    /// <summary>Takes a name. Throws where it is taken, or the actor ends.</summary>
    public void Reserve(string name)
    {
        lock (_lock)
        {
            if (_terminated || _wait == ChildrenWait.Termination) throw new InvalidOperationException("Cannot create child while terminating or terminated");
            if (!_byName.TryAdd(name, null)) throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
        }
    }

    public void Unreserve(string name)
    {
        lock (_lock)
        {
            if (_byName.TryGetValue(name, out var child) && child is null) _byName.Remove(name);
        }
    }

    /// <summary>The child with a name taken before; false where the actor began to end since.</summary>
    public bool Add(string name, IInternalActorRef child)
    {
        lock (_lock)
        {
            if (_terminated || _wait == ChildrenWait.Termination)
            {
                _byName.Remove(name);
                return false;
            }

            if (_byName.GetValueOrDefault(name) is null) _live++;
            _byName[name] = child;
            return true;
        }
    }

    public IInternalActorRef? Find(string name)
    {
        lock (_lock) return _byName.TryGetValue(name, out var child) ? RefOf(child) : null;
    }

    /// <summary>Whether that incarnation is a child.</summary>
    public bool Has(IActorRef child)
    {
        lock (_lock) return IsOwn(child);
    }

    /// <summary>How often that incarnation was restarted; null where it is no child.</summary>
    public ChildRestartStats? Stats(IActorRef child, IScheduler scheduler)
    {
        lock (_lock) return IsOwn(child) ? StatsOf(child.Path.Name, scheduler) : null;
    }

    /// <summary>How often all children were restarted. A child gets its counts when this is first asked for.</summary>
    public List<ChildRestartStats> Stats(IScheduler scheduler)
    {
        lock (_lock)
        {
            var all = new List<ChildRestartStats>(_byName.Count);
            foreach (var name in _byName.Keys)
            {
                if (StatsOf(name, scheduler) is { } stats) all.Add(stats);
            }

            return all;
        }
    }

    public List<IInternalActorRef> Refs()
    {
        lock (_lock)
        {
            var all = new List<IInternalActorRef>(_byName.Count);
            foreach (var entry in _byName.Values)
            {
                if (RefOf(entry) is { } child) all.Add(child);
            }

            return all;
        }
    }

    /// <summary>As <see cref="Refs"/>, when somebody asks: of ten thousand children that end one after the other nobody does.</summary>
    public IEnumerable<IInternalActorRef> RefsOnDemand()
    {
        foreach (var child in Refs()) yield return child;
    }

    /// <summary>The actor told a child to stop: what waits for children waits for it too.</summary>
    public void ShallDieIfOwn(IActorRef child)
    {
        lock (_lock)
        {
            if (IsOwn(child)) (_dying ??= []).Add(child);
        }
    }

    /// <summary>What to do when the children told to stop are gone; false where none is waited for.</summary>
    public bool SetWait(ChildrenWait wait, Exception? cause)
    {
        lock (_lock)
        {
            var waits = wait == ChildrenWait.Termination ? _live > 0 : _dying is { Count: > 0 };
            if (!waits)
            {
                if (wait == ChildrenWait.Termination) _terminated = true;
                return false;
            }

            _wait = wait;
            _cause = cause;
            return true;
        }
    }

    /// <summary>A child ended: what that was the last thing to wait for.</summary>
    public ChildrenWait Remove(IActorRef child, out Exception? cause)
    {
        lock (_lock)
        {
            if (_byName.Remove(child.Path.Name, out var entry) && entry is not null) _live--;
            _dying?.Remove(child);
            cause = _cause;
            if (_wait == ChildrenWait.None) return ChildrenWait.None;
            if (_wait == ChildrenWait.Termination ? _live > 0 : _dying is { Count: > 0 }) return ChildrenWait.None;
            var done = _wait;
            _cause = null;
            _wait = ChildrenWait.None;
            if (done == ChildrenWait.Termination) _terminated = true;
            return done;
        }
    }

    private static IInternalActorRef? RefOf(object? entry) => entry is ChildRestartStats stats ? stats.Child : (IInternalActorRef?)entry;

    // In the place of the reference, which changes nothing for whoever goes through the names.
    private ChildRestartStats? StatsOf(string name, IScheduler scheduler)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrNullRef(_byName, name);
        if (Unsafe.IsNullRef(ref entry) || entry is null) return null;
        if (entry is not ChildRestartStats stats) entry = stats = new ChildRestartStats((IInternalActorRef)entry, scheduler);
        return stats;
    }

    private bool IsOwn(IActorRef child) => _byName.TryGetValue(child.Path.Name, out var entry) && RefOf(entry) is { } own && own.Equals(child);
}
