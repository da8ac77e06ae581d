using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster.Sharding;

/// <summary>What a region can be asked. The answers are gathered beside its turns.</summary>
public sealed partial class ShardRegion
{
    private void OnQuery(IShardRegionQuery query)
    {
        switch (query)
        {
            case GetShardRegionState:
                Gather().PipeTo(Sender, Self);
                break;
            case GetShardRegionStats:
                Count().PipeTo(Sender, Self);
                break;
            case GetCurrentRegions:
                if (_coordinator is null) Sender.Tell(new CurrentRegions(ImmutableHashSet<Address>.Empty), Self);
                else _coordinator.Tell(query, Sender);
                break;
            case GetClusterShardingStats stats:
                CountAll(stats.Timeout).PipeTo(Sender, Self);
                break;
            default:
                Unhandled(query);
                break;
        }
    }

    private async Task<CurrentShardRegionState> Gather()
    {
        var timeout = _settings.ShardRegionQueryTimeout;
        var asked = _shards.Select(entry => (entry.Key, Answer: entry.Value.Ask<ShardState>(Shard.GetState.Instance, timeout))).ToList();
        var shards = ImmutableHashSet.CreateBuilder<ShardState>();
        var failed = ImmutableHashSet.CreateBuilder<string>();
        foreach (var (shard, answer) in asked)
        {
            try
            {
                shards.Add(await answer.ConfigureAwait(false));
            }
            catch (AskTimeoutException)
            {
                failed.Add(shard);
            }
        }

        return new CurrentShardRegionState(shards.ToImmutable(), failed.ToImmutable());
    }

    private async Task<ShardRegionStats> Count()
    {
        var state = await Gather().ConfigureAwait(false);
        return new ShardRegionStats(state.Shards.ToImmutableDictionary(shard => shard.ShardId, shard => shard.EntityIds.Count), state.Failed);
    }

    private async Task<ClusterShardingStats> CountAll(TimeSpan timeout)
    {
        var (self, here, system) = (Self, _cluster.SelfAddress, Context.System);
        var path = Self.Path.Elements;
        var stats = ImmutableDictionary.CreateBuilder<Address, ShardRegionStats>();
        if (_coordinator is null) return new ClusterShardingStats(stats.ToImmutable());
        var regions = await _coordinator.Ask<CurrentRegions>(GetCurrentRegions.Instance, timeout).ConfigureAwait(false);
        var asked = regions.Regions.Select(address => (address, Answer: (address.Equals(here) ? (ICanTell)self : system.ActorSelection(new RootActorPath(address) / path)).Ask<ShardRegionStats>(GetShardRegionStats.Instance, timeout))).ToList();
        foreach (var (address, answer) in asked)
        {
            try
            {
                stats[address] = await answer.ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                // Left out, as its doc comment says.
                system.Log.Debug("no word of its shards from {0} in time", address);
            }
        }

        return new ClusterShardingStats(stats.ToImmutable());
    }
}
