using System.Globalization;

namespace Akka.Cluster.Sharding;

/// <summary>Tells for which entity and shard a message is, and what the entity gets of it.</summary>
public interface IMessageExtractor
{
    /// <summary>The entity; null where the message is for none.</summary>
    string? EntityId(object message);

    /// <summary>What the entity gets.</summary>
    object? EntityMessage(object message);

    /// <summary>The entity's shard; null where the message is for none.</summary>
    string? ShardId(object message);

    /// <summary>The shard of an entity, with the message where there is one.</summary>
    string ShardId(string entityId, object? messageHint = null);
}

/// <summary>An extractor whose shards are a hash of the entity's id: the same on all nodes and in all processes.</summary>
public abstract class HashCodeMessageExtractor : IMessageExtractor
{
    /// <summary>How many shards there are; the same on all nodes.</summary>
    public readonly int MaxNumberOfShards;

    /// <summary>With a number of shards, at least 1.</summary>
    protected HashCodeMessageExtractor(int maxNumberOfShards)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxNumberOfShards, 1);
        MaxNumberOfShards = maxNumberOfShards;
    }

    /// <summary>An extractor by functions; without <paramref name="entityMessageExtractor"/> the entity gets the message itself.</summary>
    public static HashCodeMessageExtractor Create(int maxNumberOfShards, Func<object, string?> entityIdExtractor, Func<object, object>? entityMessageExtractor = null)
        => new ByFunctions(maxNumberOfShards, entityIdExtractor, entityMessageExtractor);

    /// <inheritdoc/>
    public abstract string? EntityId(object message);

    /// <inheritdoc/>
    public virtual object? EntityMessage(object message) => message is ShardingEnvelope envelope ? envelope.Message : message;

    /// <inheritdoc/>
    public virtual string? ShardId(object message)
    {
        var id = message switch
        {
            ShardingEnvelope envelope => envelope.EntityId,
            ShardRegion.StartEntity start => start.EntityId,
            _ => EntityId(message),
        };
        return id is null ? null : ShardId(id, message);
    }

    /// <inheritdoc/>
    public virtual string ShardId(string entityId, object? messageHint = null)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u;
        foreach (var c in entityId) hash = (hash ^ c) * 16777619;
        return ((hash ^ (hash >> 16)) % (uint)MaxNumberOfShards).ToString(CultureInfo.InvariantCulture);
    }

    private sealed class ByFunctions(int shards, Func<object, string?> id, Func<object, object>? message) : HashCodeMessageExtractor(shards)
    {
        public override string? EntityId(object msg) => msg is ShardingEnvelope envelope ? envelope.EntityId : id(msg);

        public override object? EntityMessage(object msg) => msg is ShardingEnvelope envelope ? envelope.Message : message is null ? msg : message(msg);
    }
}

/// <summary>An extractor by two functions.</summary>
internal sealed class FunctionExtractor(ExtractEntityId entity, ExtractShardId shard) : IMessageExtractor
{
    public string? EntityId(object message) => entity(message) is { HasValue: true } found ? found.Value.Item1 : null;

    public object? EntityMessage(object message) => entity(message) is { HasValue: true } found ? found.Value.Item2 : null;

    public string? ShardId(object message) => shard(message);

    public string ShardId(string entityId, object? messageHint = null) => messageHint is null ? shard(new ShardRegion.StartEntity(entityId))! : shard(messageHint)!;
}
