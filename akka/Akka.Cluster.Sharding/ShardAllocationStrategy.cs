using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Cluster.Sharding;

/// <summary>Decides where shards are. Asked by the coordinator only, one question at a time for a shard.</summary>
public interface IShardAllocationStrategy : INoSerializationVerificationNeeded
{
    /// <summary>The region that gets a shard: one of <paramref name="currentShardAllocations"/>. <paramref name="requester"/> asked for it first.</summary>
    Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations);

    /// <summary>The shards that are to move; asked again and again. <paramref name="rebalanceInProgress"/> move already.</summary>
    Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress);
}

/// <summary>A strategy that is started with the coordinator.</summary>
public interface IStartableAllocationStrategy : IShardAllocationStrategy
{
    /// <summary>Called before the first question.</summary>
    void Start();
}

/// <summary>A strategy that needs the system.</summary>
public interface IActorSystemDependentAllocationStrategy : IShardAllocationStrategy
{
    /// <summary>Called before the first question.</summary>
    void Start(ActorSystem system);
}

/// <summary>The strategies that there are.</summary>
public static class ShardAllocationStrategy
{
    /// <summary>
    /// A new shard goes to the region with the fewest; a round of rebalancing moves as many from the fullest as bring all nearer to the same, at most <paramref name="absoluteLimit"/> (0 for no limit) and at most
    /// <paramref name="relativeLimit"/> of all shards (but at least 1).
    /// </summary>
    public static IShardAllocationStrategy LeastShardAllocationStrategy(int absoluteLimit, double relativeLimit) => new LeastShards(absoluteLimit, relativeLimit);

    private sealed class LeastShards(int absoluteLimit, double relativeLimit) : IShardAllocationStrategy
    {
        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
            => Task.FromResult(currentShardAllocations.OrderBy(entry => entry.Value.Count).ThenBy(entry => entry.Key.Path.ToString(), StringComparer.Ordinal).First().Key);

        public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
        {
            IImmutableSet<string> moved = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);
            if (rebalanceInProgress.Count > 0 || currentShardAllocations.Count < 2) return Task.FromResult(moved);
            var total = currentShardAllocations.Values.Sum(shards => shards.Count);
            var limit = Math.Max(1, (int)(relativeLimit * total));
            if (absoluteLimit > 0) limit = Math.Min(limit, absoluteLimit);

            // Nobody has more than his share, rounded up; and where all have that or less, nobody less than one below it.
            var share = (total + currentShardAllocations.Count - 1) / currentShardAllocations.Count;
            foreach (var shards in currentShardAllocations.Values)
            {
                foreach (var shard in shards.Take(Math.Max(0, shards.Count - share)))
                {
                    if (moved.Count < limit) moved = moved.Add(shard);
                }
            }

            var least = currentShardAllocations.Values.Min(shards => shards.Count);
            if (moved.Count > 0 || least >= share - 1) return Task.FromResult(moved);
            foreach (var shards in currentShardAllocations.Values)
            {
                if (shards.Count == share && moved.Count < Math.Min(limit, share - 1 - least)) moved = moved.Add(shards[0]);
            }

            return Task.FromResult(moved);
        }
    }
}
