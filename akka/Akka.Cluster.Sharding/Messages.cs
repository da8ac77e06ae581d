using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Util;

namespace Akka.Cluster.Sharding;

/// <summary>Sharding's messages that other nodes may get.</summary>
public interface IClusterShardingSerializable;

/// <summary>Takes an entity's id and the message for it out of a message; none where the message is for no entity.</summary>
public delegate Option<(string, object)> ExtractEntityId(object message);

/// <summary>Names the shard of a message's entity.</summary>
public delegate string? ExtractShardId(object message);

/// <summary>What a region can be told.</summary>
public interface IShardRegionCommand;

/// <summary>What a region can be asked.</summary>
public interface IShardRegionQuery;

/// <summary>A message with the id of its entity.</summary>
public sealed class ShardingEnvelope(string entityId, object message) : IClusterShardingSerializable, IWrappedMessage, IEquatable<ShardingEnvelope>
{
    /// <summary>The entity.</summary>
    public string EntityId { get; } = entityId;

    /// <summary>What it gets.</summary>
    public object Message { get; } = message;

    /// <inheritdoc/>
    public bool Equals(ShardingEnvelope? other) => other is not null && EntityId == other.EntityId && Message.Equals(other.Message);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ShardingEnvelope);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(EntityId, Message);

    /// <inheritdoc/>
    public override string ToString() => $"ShardingEnvelope({EntityId}, {Message})";
}

/// <summary>From an entity to its parent: it wants to end. It gets <see cref="StopMessage"/> back, on which it has to stop; messages that come meanwhile start it anew.</summary>
public sealed class Passivate(object stopMessage) : IShardRegionCommand
{
    /// <summary>What comes back.</summary>
    public object StopMessage { get; } = stopMessage;
}

/// <summary>Has a region hand its shards over, and end.</summary>
public sealed class GracefulShutdown : IShardRegionCommand
{
    /// <summary>The only one.</summary>
    public static readonly GracefulShutdown Instance = new();

    private GracefulShutdown()
    {
    }
}

/// <summary>Asks a region for its shards and their entities: <see cref="CurrentShardRegionState"/>.</summary>
public sealed class GetShardRegionState : IShardRegionQuery
{
    /// <summary>The only one.</summary>
    public static readonly GetShardRegionState Instance = new();

    private GetShardRegionState()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => "GetShardRegionState";
}

/// <summary>Asks a region how many entities each of its shards has: <see cref="ShardRegionStats"/>.</summary>
public sealed class GetShardRegionStats : IShardRegionQuery, IClusterShardingSerializable
{
    /// <summary>The only one.</summary>
    public static readonly GetShardRegionStats Instance = new();

    private GetShardRegionStats()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => "GetShardRegionStats";
}

/// <summary>Asks which nodes have a region: <see cref="CurrentRegions"/>.</summary>
public sealed class GetCurrentRegions : IShardRegionQuery, IClusterShardingSerializable
{
    /// <summary>The only one.</summary>
    public static readonly GetCurrentRegions Instance = new();

    private GetCurrentRegions()
    {
    }

    /// <inheritdoc/>
    public override string ToString() => "GetCurrentRegions";
}

/// <summary>Asks all regions how many entities they have: <see cref="ClusterShardingStats"/>. Those that do not answer within <paramref name="timeout"/> are left out.</summary>
public sealed class GetClusterShardingStats(TimeSpan timeout) : IShardRegionQuery, IEquatable<GetClusterShardingStats>
{
    /// <summary>How long is waited.</summary>
    public readonly TimeSpan Timeout = timeout;

    /// <inheritdoc/>
    public bool Equals(GetClusterShardingStats? other) => other is not null && Timeout == other.Timeout;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GetClusterShardingStats);

    /// <inheritdoc/>
    public override int GetHashCode() => Timeout.GetHashCode();
}

/// <summary>The nodes that have a region.</summary>
public sealed class CurrentRegions(IImmutableSet<Address> regions) : IClusterShardingSerializable
{
    /// <summary>Their addresses.</summary>
    public readonly IImmutableSet<Address> Regions = regions;
}

/// <summary>A shard and its entities.</summary>
public sealed class ShardState(string shardId, IImmutableSet<string> entityIds) : IEquatable<ShardState>
{
    /// <summary>The shard.</summary>
    public readonly string ShardId = shardId;

    /// <summary>Its entities.</summary>
    public readonly IImmutableSet<string> EntityIds = entityIds;

    /// <inheritdoc/>
    public bool Equals(ShardState? other) => other is not null && ShardId == other.ShardId && EntityIds.SetEquals(other.EntityIds);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ShardState);

    /// <inheritdoc/>
    public override int GetHashCode() => ShardId.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{ShardId}: {string.Join(", ", EntityIds)}";
}

/// <summary>A region's shards.</summary>
public sealed class CurrentShardRegionState(IImmutableSet<ShardState> shards, IImmutableSet<string> failed)
{
    /// <summary>All answered.</summary>
    public CurrentShardRegionState(IImmutableSet<ShardState> shards)
        : this(shards, ImmutableHashSet<string>.Empty)
    {
    }

    /// <summary>Those that answered.</summary>
    public readonly IImmutableSet<ShardState> Shards = shards;

    /// <summary>Those that did not.</summary>
    public readonly IImmutableSet<string> Failed = failed;

    /// <inheritdoc/>
    public override string ToString() => string.Join("; ", Shards);
}

/// <summary>How many entities each shard of a region has.</summary>
public sealed class ShardRegionStats(IImmutableDictionary<string, int> stats, IImmutableSet<string> failed) : IClusterShardingSerializable
{
    /// <summary>All answered.</summary>
    public ShardRegionStats(IImmutableDictionary<string, int> stats)
        : this(stats, ImmutableHashSet<string>.Empty)
    {
    }

    /// <summary>Entities by shard.</summary>
    public readonly IImmutableDictionary<string, int> Stats = stats;

    /// <summary>Shards that did not answer.</summary>
    public readonly IImmutableSet<string> Failed = failed;
}

/// <summary>How many entities each shard of each region has.</summary>
public sealed class ClusterShardingStats(IImmutableDictionary<Address, ShardRegionStats> regions)
{
    /// <summary>By the regions' nodes.</summary>
    public readonly IImmutableDictionary<Address, ShardRegionStats> Regions = regions;
}

/// <summary>What regions and their coordinator say to each other; all on the control lane.</summary>
internal abstract record CoordinatorMessage : IControlMessage, IDeadLetterSuppression;

/// <summary>A region is there, with these shards; a proxy has none and gets none. The number is that of the region's node: a process that was started again at the same address has another one.</summary>
internal sealed record Register(IActorRef Region, bool IsProxy, ImmutableList<string> Shards, int NodeUid = 0) : CoordinatorMessage;

/// <summary>The region is known to this coordinator, and listens to no other.</summary>
internal sealed record RegisterAck(IActorRef Coordinator) : CoordinatorMessage;

/// <summary>From a new coordinator: which shards are there?</summary>
internal sealed record TellShards(IActorRef Coordinator) : CoordinatorMessage;

/// <summary>From a region to whoever coordinates: it is there, and wants to be asked for its shards.</summary>
internal sealed record WhoCoordinates : CoordinatorMessage;

/// <summary>Where is a shard?</summary>
internal sealed record GetShardHome(string Shard) : CoordinatorMessage;

/// <summary>There.</summary>
internal sealed record ShardHome(string Shard, IActorRef Region) : CoordinatorMessage;

/// <summary>A region gets a shard.</summary>
internal sealed record HostShard(string Shard) : CoordinatorMessage;

/// <summary>It has it.</summary>
internal sealed record ShardStarted(string Shard) : CoordinatorMessage;

/// <summary>A shard is about to move: messages for it have to wait.</summary>
internal sealed record BeginHandOff(string Shard) : CoordinatorMessage;

/// <summary>They do.</summary>
internal sealed record BeginHandOffAck(string Shard) : CoordinatorMessage;

/// <summary>From a region to the one that has a shard, behind all that it sent there: it holds back what comes for that shard. No control message, since it must not overtake.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Coordinator">Who is to hear that it has come: the coordinator, or the region itself.</param>
internal sealed record LastOfShard(string Shard, IActorRef Coordinator) : IClusterShardingSerializable, IDeadLetterSuppression;

/// <summary>From a region that had a shard to one that may still send there: send nothing more, and say so by <see cref="LastOfShard"/>.</summary>
internal sealed record TellLast(string Shard) : CoordinatorMessage;

/// <summary>A region has to stop a shard.</summary>
internal sealed record HandOff(string Shard) : CoordinatorMessage
{
    /// <summary>Those that have not said that they hold messages back: what still comes from them must not go on to the shard's next place, where newer ones of the same senders may have come.</summary>
    public ImmutableList<IActorRef> Late { get; init; } = [];
}

/// <summary>It has.</summary>
internal sealed record ShardStopped(string Shard) : CoordinatorMessage;

/// <summary>A region wants to end.</summary>
internal sealed record GracefulShutdownRequest(IActorRef Region) : CoordinatorMessage;
