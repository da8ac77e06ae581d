using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;

namespace AkkaStream.Actors.Sharding;

/// <summary>
/// The shard region <c>partition</c>: each partition is a shard with one entity, where its leader is. Whoever has a message for the leader of a partition and does not know where that is tells the
/// region; those on the leader's own broker reach it by <see cref="PartitionRegistry"/>, without a hop.
/// </summary>
public static class PartitionShards
{
    /// <summary>The region's name.</summary>
    public const string TypeName = "partition";

    /// <summary>Starts the region of a broker.</summary>
    /// <param name="system">Its system, a node of the cluster.</param>
    /// <param name="role">The role of all brokers.</param>
    /// <param name="metadata">What the controller decided.</param>
    /// <param name="partitions">The partitions that are here.</param>
    public static IActorRef Start(ActorSystem system, string role, MetadataCache metadata, PartitionRegistry partitions)
    {
        var settings = ClusterShardingSettings.Create(system).WithRole(role).WithPassivateIdleAfter(TimeSpan.Zero);
        var self = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return ClusterSharding.Get(system).Start(TypeName, id => Props.Create(typeof(PartitionEntity), id, partitions), settings, new Extractor(), new LeaderAllocation(metadata, self), PoisonPill.Instance);
    }

    /// <summary>The entity's and shard's id of a partition: as its directory is named.</summary>
    public static string IdOf(string topic, int partition) => string.Create(CultureInfo.InvariantCulture, $"{topic}-{partition}");

    /// <summary>Topic and number of an id; false where it is none.</summary>
    public static bool TryParse(string id, [NotNullWhen(true)] out string? topic, out int partition)
    {
        var dash = id.LastIndexOf('-');
        topic = dash > 0 ? id[..dash] : null;
        partition = -1;
        return topic is not null && int.TryParse(id.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out partition);
    }

    private sealed class Extractor : IMessageExtractor
    {
        public string? EntityId(object message) => message is ShardingEnvelope envelope ? envelope.EntityId : null;

        public object? EntityMessage(object message) => message is ShardingEnvelope envelope ? envelope.Message : message;

        public string? ShardId(object message) => message switch
        {
            ShardingEnvelope envelope => envelope.EntityId,
            ShardRegion.StartEntity start => start.EntityId,
            _ => null,
        };

        public string ShardId(string entityId, object? messageHint = null) => entityId;
    }
}
