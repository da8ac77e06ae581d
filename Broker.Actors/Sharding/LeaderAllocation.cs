using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaStream.Actors.Metadata;

namespace AkkaStream.Actors.Sharding;

/// <summary>
/// Puts each partition's shard on the broker which the controller made its leader, and has it moved when the leader is another one: the controller decides, sharding locates. A shard whose leader is not
/// known, or has no region here yet, goes to whoever asks, until it is.
/// </summary>
/// <param name="metadata">What the controller decided, as the coordinator's broker knows it.</param>
/// <param name="self">Address of the coordinator's own actor system.</param>
public sealed class LeaderAllocation(MetadataCache metadata, Address self) : IShardAllocationStrategy
{
    /// <inheritdoc/>
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
        => Task.FromResult(RegionOf(shardId, currentShardAllocations.Keys) ?? requester);

    /// <inheritdoc/>
    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        var moved = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (region, shards) in currentShardAllocations)
        {
            foreach (var shard in shards)
            {
                if (!rebalanceInProgress.Contains(shard) && RegionOf(shard, currentShardAllocations.Keys) is { } right && !right.Equals(region)) moved.Add(shard);
            }
        }

        return Task.FromResult<IImmutableSet<string>>(moved.ToImmutable());
    }

    private IActorRef? RegionOf(string shard, IEnumerable<IActorRef> regions)
    {
        var image = metadata.Image;
        if (!PartitionShards.TryParse(shard, out var topic, out var index) || !image.Topics.TryGetValue(topic, out var known) || index >= known.Partitions.Length) return null;
        if (!image.Brokers.TryGetValue(known.Partitions[index].Leader, out var leader) || leader.AkkaHost is not { } host) return null;
        foreach (var region in regions)
        {
            var address = region.Path.Address.HasGlobalScope ? region.Path.Address : self;
            if (address.Host == host && address.Port == leader.AkkaPort) return region;
        }

        return null;
    }
}
