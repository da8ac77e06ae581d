using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// The partitions of this broker, by name and by topic id. Every topic of the cluster stands here; a place is null where this broker has no replica of that partition.
/// Looking up takes no lock; only the controller's events change it.
/// </summary>
public sealed class PartitionRegistry
{
    private readonly ConcurrentDictionary<string, PartitionHandle?[]> byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, PartitionHandle?[]> byId = new();

    /// <summary>Whether any partition may be offline: false costs a question nothing.</summary>
    public bool HasOffline { get; internal set; }

    /// <summary>Every partition that is here.</summary>
    public IEnumerable<PartitionHandle> All
    {
        get
        {
            foreach (var topic in byName)
            {
                foreach (var handle in topic.Value)
                {
                    if (handle is not null) yield return handle;
                }
            }
        }
    }

    /// <summary>The topic's partitions by number, null those that are not here; false where there is no such topic.</summary>
    public bool TryGetTopic(string topic, [NotNullWhen(true)] out PartitionHandle?[]? partitions) => byName.TryGetValue(topic, out partitions);

    /// <summary>The topic's partitions by number, null those that are not here; false where there is no such topic.</summary>
    public bool TryGetTopic(Guid topicId, [NotNullWhen(true)] out PartitionHandle?[]? partitions) => byId.TryGetValue(topicId, out partitions);

    /// <summary>The partition, or null where it is not here or not at all.</summary>
    public PartitionHandle? Find(string topic, int index)
        => byName.TryGetValue(topic, out var partitions) && (uint)index < (uint)partitions.Length ? partitions[index] : null;

    /// <summary>The partition, or null where it is not here or not at all.</summary>
    public PartitionHandle? Find(Guid topicId, int index)
        => byId.TryGetValue(topicId, out var partitions) && (uint)index < (uint)partitions.Length ? partitions[index] : null;

    /// <summary>Whether the partition is here and offline.</summary>
    public bool IsOffline(Guid topicId, int index) => HasOffline && Find(topicId, index) is { IsOffline: true };

    internal void Set(string topic, Guid id, PartitionHandle?[] partitions)
    {
        byName[topic] = partitions;
        byId[id] = partitions;
    }

    internal PartitionHandle?[] Remove(string topic, Guid id)
    {
        byId.TryRemove(id, out _);
        return byName.TryRemove(topic, out var partitions) ? partitions : [];
    }
}
