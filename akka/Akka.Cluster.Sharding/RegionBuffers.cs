using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Messages that wait for their shards to be placed, in order for each shard; bounded in all.</summary>
internal sealed class RegionBuffers(int limit)
{
    private readonly Dictionary<string, Queue<(object Message, IActorRef Sender)>> _byShard = [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>The shards that something waits for.</summary>
    public IEnumerable<string> Shards => _byShard.Keys;

    /// <summary>Whether something waits for a shard.</summary>
    public bool Has(string shard) => _byShard.ContainsKey(shard);

    /// <summary>Keeps a message; false where there are too many.</summary>
    public bool TryAdd(string shard, object message, IActorRef sender)
    {
        if (Count >= limit) return false;
        if (!_byShard.TryGetValue(shard, out var queue)) _byShard[shard] = queue = new();
        queue.Enqueue((message, sender));
        Count++;
        return true;
    }

    /// <summary>All that waited for a shard.</summary>
    public IEnumerable<(object Message, IActorRef Sender)> Take(string shard)
    {
        if (!_byShard.Remove(shard, out var queue)) return [];
        Count -= queue.Count;
        return queue;
    }
}
