using Akka.Actor;

namespace Akka.Remote;

/// <summary>Somebody who watches, and the actor whose end it is to hear of.</summary>
internal readonly record struct WatchPair(IInternalActorRef Watchee, IInternalActorRef Watcher);

/// <summary>
/// Which local actors watch which remote ones, by node, and whether those nodes are alive: by their answers to heartbeats, except for members of the cluster,
/// which the cluster judges. A plain state machine: time is handed in.
/// </summary>
internal sealed class WatchedNodes(Func<FailureDetector> makeDetector, TimeSpan expectedResponseAfter)
{
    private readonly Dictionary<Address, Node> _nodes = [];
    private readonly Dictionary<Address, List<WatchPair>> _watchedBy = [];
    private HashSet<Address> _members = [];

    /// <summary>Nodes with an actor that is watched.</summary>
    public int Count => _nodes.Count;

    /// <summary>Whether an actor of a node is watched that the cluster does not judge.</summary>
    public bool HasStrangers
    {
        get
        {
            foreach (var address in _nodes.Keys)
            {
                if (!_members.Contains(address)) return true;
            }

            return false;
        }
    }

    /// <summary>Notes a watch; true where the peer has to be told.</summary>
    public bool Watch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        var address = watchee.Path.Address;
        if (!_nodes.TryGetValue(address, out var node)) _nodes[address] = node = new Node(makeDetector());
        var isNew = !node.Watchees.TryGetValue(watchee, out var watchers);
        if (isNew) node.Watchees[watchee] = watchers = [];
        watchers!.Add(watcher);
        return isNew;
    }

    /// <summary>Takes a watch back; true where the peer has to be told.</summary>
    public bool Unwatch(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        var address = watchee.Path.Address;
        if (!_nodes.TryGetValue(address, out var node) || !node.Watchees.TryGetValue(watchee, out var watchers)) return false;
        watchers.Remove(watcher);
        if (watchers.Count > 0) return false;
        node.Watchees.Remove(watchee);
        if (node.Watchees.Count == 0) _nodes.Remove(address);
        return true;
    }

    /// <summary>A remote actor ended: who has to hear of it. One that was watched by its name alone is the one that had that name.</summary>
    public List<WatchPair> Died(IActorRef actor)
    {
        var told = new List<WatchPair>();
        if (!_nodes.TryGetValue(actor.Path.Address, out var node)) return told;
        foreach (var (watchee, watchers) in node.Watchees)
        {
            if (!watchee.Path.Equals(actor.Path) || (watchee.Path.Uid != 0 && watchee.Path.Uid != actor.Path.Uid)) continue;
            foreach (var watcher in watchers) told.Add(new WatchPair(watchee, watcher));
        }

        foreach (var pair in told) node.Watchees.Remove(pair.Watchee);
        if (node.Watchees.Count == 0) _nodes.Remove(actor.Path.Address);
        return told;
    }

    /// <summary>A node is gone: who has to hear of it.</summary>
    public List<WatchPair> NodeGone(Address address)
    {
        var told = new List<WatchPair>();
        if (!_nodes.Remove(address, out var node)) return told;
        foreach (var (watchee, watchers) in node.Watchees)
        {
            foreach (var watcher in watchers) told.Add(new WatchPair(watchee, watcher));
        }

        return told;
    }

    /// <summary>A peer's watcher watches a local actor, or no longer does.</summary>
    public void WatchedBy(Address peer, WatchPair pair, bool watches)
    {
        if (!_watchedBy.TryGetValue(peer, out var pairs)) _watchedBy[peer] = pairs = [];
        if (watches && !pairs.Contains(pair)) pairs.Add(pair);
        else if (!watches) pairs.Remove(pair);
        if (pairs.Count == 0) _watchedBy.Remove(peer);
    }

    /// <summary>What a peer that is gone had watched here.</summary>
    public List<WatchPair> TakeWatchedBy(Address peer) => _watchedBy.Remove(peer, out var pairs) ? pairs : [];

    /// <summary>The nodes whose life the cluster judges.</summary>
    public void SetMembers(HashSet<Address> members) => _members = members;

    public bool IsMember(Address address) => _members.Contains(address);

    /// <summary>The nodes that have to be asked whether they are alive.</summary>
    public List<Address> ToAsk(TimeSpan now)
    {
        var asked = new List<Address>();
        foreach (var (address, node) in _nodes)
        {
            if (_members.Contains(address)) continue;
            node.FirstAsked ??= now;

            // A node that never answers has to be noticed too: its first answer counts as given when it should have come.
            if (!node.Detector.IsMonitoring && now - node.FirstAsked >= expectedResponseAfter) node.Detector.HeartBeat();
            asked.Add(address);
        }

        return asked;
    }

    /// <summary>A node answered. True where it is another incarnation than before: then the watches have to be made known to it anew.</summary>
    public bool Answered(Address address, int uid)
    {
        if (!_nodes.TryGetValue(address, out var node)) return false;
        node.Detector.HeartBeat();
        var other = node.Uid != 0 && node.Uid != uid;
        node.Uid = uid;
        return other;
    }

    /// <summary>The nodes that have been silent for too long.</summary>
    public List<Address> Silent()
    {
        var silent = new List<Address>();
        foreach (var (address, node) in _nodes)
        {
            if (!_members.Contains(address) && !node.Detector.IsAvailable) silent.Add(address);
        }

        return silent;
    }

    /// <summary>The actors of a node that are watched.</summary>
    public IEnumerable<IInternalActorRef> Watchees(Address address) => _nodes.TryGetValue(address, out var node) ? [.. node.Watchees.Keys] : [];

    private sealed class Node(FailureDetector detector)
    {
        public FailureDetector Detector { get; } = detector;

        public Dictionary<IInternalActorRef, HashSet<IInternalActorRef>> Watchees { get; } = [];

        public TimeSpan? FirstAsked { get; set; }

        public int Uid { get; set; }
    }
}
