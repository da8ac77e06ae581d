using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>What the coordinator's core asks for.</summary>
internal interface ICoordinatorOutlet
{
    /// <summary>Sends to a region or a proxy.</summary>
    void Tell(IActorRef to, CoordinatorMessage message);

    /// <summary>Whether a shard is on record, or need not be; where not, it will be, which is told by <see cref="ShardCoordinatorCore.Remember"/>.</summary>
    bool Record(string shard);

    /// <summary>Asks the strategy where a shard goes; the answer comes by <see cref="ShardCoordinatorCore.Allocate"/>. Nobody asked for one that is only remembered.</summary>
    void AskWhere(string shard, IActorRef? requester, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations);

    /// <summary>Something worth a line in the log.</summary>
    void Log(string text);
}

/// <summary>
/// Which region has which shard, and the moves that are under way. It has no store: a new coordinator learns from the regions what they have, and places nothing that is not known to be
/// nowhere before all of them have answered. Shards that are remembered are placed without anybody asking for them. A plain state machine.
/// </summary>
internal sealed class ShardCoordinatorCore(ICoordinatorOutlet outlet, TimeSpan handOffTimeout, TimeSpan hostTimeout)
{
    // What a strategy is asked with is in the same order in every process, unlike hashes.
    private static readonly IComparer<IActorRef> ByPath = Comparer<IActorRef>.Create((a, b) => a.Path.CompareTo(b.Path) is var order and not 0 ? order : a.Path.Uid.CompareTo(b.Path.Uid));

    private readonly Dictionary<IActorRef, ImmutableList<string>> _regions = [];
    private readonly HashSet<IActorRef> _proxies = [];
    private readonly HashSet<IActorRef> _leaving = [];
    private readonly HashSet<IActorRef> _lost = [];
    private readonly Dictionary<string, IActorRef> _homes = [];
    private readonly Dictionary<string, List<IActorRef>> _asking = [];
    private readonly Dictionary<string, TimeSpan> _placing = [];
    private readonly Dictionary<string, TimeSpan> _starting = [];
    private readonly Dictionary<string, Transfer> _moves = [];
    private readonly HashSet<string> _remembered = [];
    private readonly HashSet<string> _homeless = [];
    private bool _recovered;

    /// <summary>Regions that take shards, and what they have.</summary>
    public IImmutableDictionary<IActorRef, IImmutableList<string>> Allocations
        => _regions.Where(entry => !_leaving.Contains(entry.Key) && !_lost.Contains(entry.Key)).ToImmutableSortedDictionary(entry => entry.Key, entry => (IImmutableList<string>)entry.Value, ByPath);

    public IEnumerable<IActorRef> Regions => _regions.Keys;

    /// <summary>The shards that move.</summary>
    public IImmutableSet<string> Moving => _moves.Keys.ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Whether all regions have said what they have.</summary>
    public bool IsRecovered => _recovered;

    /// <summary>Whether anything is under way that <see cref="Tick"/> has to look after.</summary>
    public bool HasOpenEnds => _asking.Count > 0 || _placing.Count > 0 || _starting.Count > 0 || _moves.Count > 0 || _leaving.Count > 0 || _homeless.Count > 0;

    /// <summary>Where a shard is; null where it is nowhere, or not known.</summary>
    public IActorRef? HomeOf(string shard) => _homes.GetValueOrDefault(shard);

    /// <summary>All who could have a shard have answered, or are gone.</summary>
    public void Recovered(TimeSpan now)
    {
        if (_recovered) return;
        _recovered = true;
        outlet.Log($"coordinator has {_regions.Count} region(s) with {_homes.Count} shard(s)");
        PlaceAllWanted(now);
    }

    /// <summary>These shards have entities that are to run.</summary>
    public void Remember(IEnumerable<string> shards, TimeSpan now)
    {
        foreach (var shard in shards)
        {
            if (!_remembered.Add(shard) || _homes.ContainsKey(shard)) continue;
            _homeless.Add(shard);
            PlaceIfWanted(shard, now);
        }
    }

    /// <summary>A region says that it is there, and what it has. True where it was not known.</summary>
    public bool Register(Register register, IActorRef self, TimeSpan now)
    {
        var isNew = register.IsProxy ? _proxies.Add(register.Region) : _regions.TryAdd(register.Region, []);
        outlet.Tell(register.Region, new RegisterAck(self));
        if (register.IsProxy) return isNew;
        foreach (var shard in register.Shards) Claimed(register.Region, shard);
        PlaceAllWanted(now);
        return isNew;
    }

    /// <summary>Somebody wants to know where a shard is.</summary>
    public void Ask(IActorRef requester, string shard, TimeSpan now)
    {
        if (_homes.TryGetValue(shard, out var home) && !_moves.ContainsKey(shard) && !_starting.ContainsKey(shard) && !_lost.Contains(home))
        {
            outlet.Tell(requester, new ShardHome(shard, home));
            return;
        }

        if (!_asking.TryGetValue(shard, out var asking)) _asking[shard] = asking = [];
        if (!asking.Contains(requester) && asking.Count < Limits.WaitingForShard) asking.Add(requester);
        if (home is null) Place(shard, now);
        else if (_starting.TryGetValue(shard, out var since) && (home.Equals(requester) || now - since >= hostTimeout))
        {
            // The order or its answer was lost, or it came while the region was stopping the shard.
            _starting[shard] = now;
            outlet.Tell(home, new HostShard(shard));
        }
    }

    /// <summary>The strategy's answer; null where it failed.</summary>
    public void Allocate(string shard, IActorRef? region, TimeSpan now)
    {
        _placing.Remove(shard);
        if (_homes.ContainsKey(shard)) return;
        if (region is null || !_regions.TryGetValue(region, out var shards) || _leaving.Contains(region))
        {
            outlet.Log($"shard {shard} is not placed: {(region is null ? "the strategy failed" : $"{region.Path} is no region that takes shards")}");
            return;
        }

        _homes[shard] = region;
        _homeless.Remove(shard);
        _regions[region] = shards.Add(shard);
        _starting[shard] = now;
        outlet.Tell(region, new HostShard(shard));
    }

    /// <summary>A region has started a shard.</summary>
    public void Started(IActorRef region, string shard)
    {
        if (!_homes.TryGetValue(shard, out var home) || !home.Equals(region)) return;
        _starting.Remove(shard);
        if (!_asking.Remove(shard, out var asking)) return;
        foreach (var requester in asking) outlet.Tell(requester, new ShardHome(shard, home));
    }

    /// <summary>These shards are to be placed anew.</summary>
    public void Move(IEnumerable<string> shards, TimeSpan now)
    {
        foreach (var shard in shards)
        {
            if (!_homes.TryGetValue(shard, out var home) || _moves.ContainsKey(shard) || _starting.ContainsKey(shard)) continue;
            var move = new Transfer(home, [.. _regions.Keys, .. _proxies], now + handOffTimeout);
            _moves[shard] = move;
            foreach (var party in move.Waiting.ToArray()) outlet.Tell(party, new BeginHandOff(shard));
        }
    }

    /// <summary>A region or proxy holds messages for a shard back.</summary>
    public void HeldBack(IActorRef by, string shard)
    {
        if (_moves.TryGetValue(shard, out var move) && move.Waiting.Remove(by)) GoOn(shard, move);
    }

    /// <summary>A region has stopped a shard.</summary>
    public void Stopped(IActorRef region, string shard, TimeSpan now)
    {
        if (!_homes.TryGetValue(shard, out var home) || !home.Equals(region)) return;
        // An order to stop that was said twice is answered twice: the second answer must not end what the region was told to start since, which it answers first.
        if (_starting.ContainsKey(shard)) return;
        _moves.Remove(shard);
        Free(shard);
        PlaceIfWanted(shard, now);
    }

    /// <summary>A region wants to end: it gets nothing more, and what it has moves.</summary>
    public void Leave(IActorRef region, TimeSpan now)
    {
        if (!_regions.TryGetValue(region, out var shards)) return;
        if (_leaving.Add(region)) outlet.Log($"{region.Path} hands {shards.Count} shard(s) over");
        Move(shards, now);
    }

    /// <summary>A region cannot be reached any more, and what it has may still run: it is nobody's home until it is gone.</summary>
    public void Lost(IActorRef region)
    {
        if (_regions.ContainsKey(region)) _lost.Add(region);
    }

    /// <summary>A region or a proxy is gone, and nothing of it runs any more.</summary>
    public void Gone(IActorRef party, TimeSpan now)
    {
        _proxies.Remove(party);
        _leaving.Remove(party);
        _lost.Remove(party);
        foreach (var asking in _asking.Values) asking.Remove(party);
        var freed = _regions.Remove(party, out var shards) ? shards : [];
        foreach (var shard in freed)
        {
            _homes.Remove(shard);
            _starting.Remove(shard);
            _moves.Remove(shard);
            if (_remembered.Contains(shard)) _homeless.Add(shard);
        }

        foreach (var (shard, move) in _moves.ToArray())
        {
            if (move.Waiting.Remove(party)) GoOn(shard, move);
        }

        foreach (var shard in freed) PlaceIfWanted(shard, now);
    }

    /// <summary>Time goes on: what was lost on the way is said again.</summary>
    public void Tick(TimeSpan now)
    {
        foreach (var (shard, since) in _starting.ToArray())
        {
            if (now - since < hostTimeout) continue;
            _starting[shard] = now;
            outlet.Tell(_homes[shard], new HostShard(shard));
        }

        foreach (var (shard, move) in _moves.ToArray())
        {
            if (move.Asked) outlet.Tell(move.From, move.Order(shard));
            else foreach (var party in move.Waiting.ToArray()) outlet.Tell(party, new BeginHandOff(shard));
            if (now < move.Deadline || move.Asked) continue;

            // Who does not answer is slow or gone; what it still sends there is too late.
            move.GiveUpWaiting();
            GoOn(shard, move);
        }

        foreach (var region in _leaving.ToArray()) Move(_regions[region], now);
        if (_recovered) PlaceAllWanted(now);
    }

    private void Claimed(IActorRef region, string shard)
    {
        if (_homes.TryGetValue(shard, out var home))
        {
            // The first word counts: the region that has it by this coordinator's order, or was known first.
            if (!home.Equals(region)) outlet.Log($"shard {shard} is claimed by {region.Path}, and has its place at {home.Path}: the former has to stop it");
            if (!home.Equals(region)) outlet.Tell(region, new HandOff(shard));
            return;
        }

        _homes[shard] = region;
        _homeless.Remove(shard);
        _regions[region] = _regions[region].Add(shard);
        if (!_asking.Remove(shard, out var asking)) return;
        foreach (var requester in asking) outlet.Tell(requester, new ShardHome(shard, region));
    }

    private void GoOn(string shard, Transfer move)
    {
        if (move.Waiting.Count > 0 || move.Asked) return;
        move.Asked = true;
        outlet.Tell(move.From, move.Order(shard));
    }

    private void Free(string shard)
    {
        if (_homes.Remove(shard, out var home) && _regions.TryGetValue(home, out var shards)) _regions[home] = shards.Remove(shard);
        _starting.Remove(shard);
        if (_remembered.Contains(shard)) _homeless.Add(shard);
    }

    private void PlaceAllWanted(TimeSpan now)
    {
        foreach (var shard in _asking.Keys.ToArray()) PlaceIfWanted(shard, now);
        foreach (var shard in _homeless.ToArray()) PlaceIfWanted(shard, now);
    }

    private void PlaceIfWanted(string shard, TimeSpan now)
    {
        if (!_homes.ContainsKey(shard) && (_homeless.Contains(shard) || FirstToAsk(shard) is not null)) Place(shard, now);
    }

    private IActorRef? FirstToAsk(string shard) => _asking.TryGetValue(shard, out var asking) && asking.Count > 0 ? asking[0] : null;

    private void Place(string shard, TimeSpan now)
    {
        if (!_recovered || (_placing.TryGetValue(shard, out var since) && now - since < hostTimeout)) return;
        var allocations = Allocations;
        if (allocations.Count == 0 || !outlet.Record(shard)) return;
        _placing[shard] = now;
        outlet.AskWhere(shard, FirstToAsk(shard), allocations);
    }

    private sealed class Transfer(IActorRef from, HashSet<IActorRef> waiting, TimeSpan deadline)
    {
        public IActorRef From => from;

        /// <summary>Who has not said that it holds messages back.</summary>
        public HashSet<IActorRef> Waiting => waiting;

        public TimeSpan Deadline => deadline;

        private ImmutableList<IActorRef> Late { get; set; } = [];

        /// <summary>The order to stop the shard.</summary>
        public HandOff Order(string shard) => new(shard) { Late = Late };

        /// <summary>Nobody is waited for any more; the move goes on without them.</summary>
        public void GiveUpWaiting()
        {
            Late = [.. Waiting];
            Waiting.Clear();
        }

        /// <summary>Whether the shard's region was told to stop it.</summary>
        public bool Asked { get; set; }
    }
}
