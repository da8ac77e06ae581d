using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>
/// Regions that did not say in time that they send nothing more to a shard which has moved on: what comes from senders of their nodes was sent before, and would overtake what the same
/// senders have sent to its new place since. A plain state machine.
/// </summary>
internal sealed class LateSenders
{
    private readonly Dictionary<string, HashSet<IActorRef>> _late = [];

    /// <summary>Whether nobody is late.</summary>
    public bool IsEmpty => _late.Count == 0;

    /// <summary>Who is late, for which shard.</summary>
    public IEnumerable<(string Shard, IActorRef Region)> All
    {
        get
        {
            foreach (var (shard, regions) in _late)
            {
                foreach (var region in regions) yield return (shard, region);
            }
        }
    }

    /// <summary>Notes a region; false where it was known.</summary>
    public bool Add(string shard, IActorRef region)
    {
        if (!_late.TryGetValue(shard, out var regions)) _late[shard] = regions = [];
        return regions.Add(region);
    }

    /// <summary>Whether what a sender sends to a shard comes too late.</summary>
    public bool Is(string shard, IActorRef sender)
    {
        if (_late.Count == 0 || !_late.TryGetValue(shard, out var regions)) return false;
        var address = sender.Path.Address;
        foreach (var region in regions)
        {
            if (region.Path.Address.Equals(address)) return true;
        }

        return false;
    }

    /// <summary>A region has said that nothing more comes.</summary>
    public void Remove(string shard, IActorRef region)
    {
        if (_late.TryGetValue(shard, out var regions) && regions.Remove(region) && regions.Count == 0) _late.Remove(shard);
    }

    /// <summary>The shard is here again: what comes now comes in order.</summary>
    public void Returned(string shard) => _late.Remove(shard);

    /// <summary>A region has ended.</summary>
    public void Gone(IActorRef region) => Drop(region.Equals);

    /// <summary>A node is gone, and its regions with it.</summary>
    public void GoneAt(Address address) => Drop(region => region.Path.Address.Equals(address));

    private void Drop(Predicate<IActorRef> which)
    {
        if (_late.Count == 0) return;
        foreach (var (shard, regions) in _late.ToArray())
        {
            if (regions.RemoveWhere(which) > 0 && regions.Count == 0) _late.Remove(shard);
        }
    }
}
