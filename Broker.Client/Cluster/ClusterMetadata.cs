using System.Collections.Frozen;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Cluster;

/// <summary>A topic and the number of one of its partitions.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">From 0 on.</param>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Topic}-{Partition}";
}

/// <summary>One partition, as a broker described it.</summary>
/// <param name="Index">Its number, from 0 on.</param>
/// <param name="Leader">The leader's broker id, or -1 where there is none.</param>
/// <param name="LeaderEpoch">Of that leadership, or -1 where the broker did not say.</param>
/// <param name="Replicas">Broker ids, the preferred leader first.</param>
/// <param name="InSync">Broker ids of the in-sync replicas.</param>
/// <param name="Error">What is wrong with the partition, or <see cref="ErrorCode.None"/>.</param>
public sealed record PartitionMetadata(int Index, int Leader, int LeaderEpoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSync, ErrorCode Error);

/// <summary>One topic, as a broker described it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, or zero where the broker gives none.</param>
/// <param name="IsInternal">Whether it is the cluster's own.</param>
/// <param name="Partitions">Its partitions by number.</param>
public sealed record TopicMetadata(string Name, Guid Id, bool IsInternal, IReadOnlyList<PartitionMetadata> Partitions);

/// <summary>What is known of a cluster at one moment. Immutable.</summary>
public sealed class ClusterMetadata
{
    /// <summary>Nothing is known.</summary>
    public static readonly ClusterMetadata Empty = new(null, -1, FrozenDictionary<int, BrokerAddress>.Empty, FrozenDictionary<string, TopicMetadata>.Empty);

    private ClusterMetadata(string? clusterId, int controller, FrozenDictionary<int, BrokerAddress> brokers, FrozenDictionary<string, TopicMetadata> topics)
    {
        ClusterId = clusterId;
        Controller = controller;
        Brokers = brokers;
        Topics = topics;
    }

    /// <summary>The cluster's id, or null where the broker gives none.</summary>
    public string? ClusterId { get; }

    /// <summary>The broker to which controller requests go, or -1.</summary>
    public int Controller { get; }

    /// <summary>Addresses by broker id.</summary>
    public FrozenDictionary<int, BrokerAddress> Brokers { get; }

    /// <summary>Topics by name.</summary>
    public FrozenDictionary<string, TopicMetadata> Topics { get; }

    /// <summary>The partition, or null where it is not known.</summary>
    public PartitionMetadata? Partition(TopicPartition partition)
        => Topics.TryGetValue(partition.Topic, out var topic) && (uint)partition.Partition < (uint)topic.Partitions.Count ? topic.Partitions[partition.Partition] : null;

    /// <summary>The topic with that id, or null.</summary>
    public TopicMetadata? TopicOf(Guid id)
    {
        foreach (var topic in Topics.Values)
        {
            if (topic.Id == id) return topic;
        }

        return null;
    }

    /// <summary>This, with what an answer says about brokers and the topics in it. A leader with an older epoch than the one known is not taken over.</summary>
    public ClusterMetadata With(MetadataResponse answer)
    {
        var brokers = answer.Brokers.ToFrozenDictionary(b => b.NodeId, b => new BrokerAddress(b.Host, b.Port));
        var topics = new Dictionary<string, TopicMetadata>(Topics);
        foreach (var topic in answer.Topics)
        {
            if (topic.Name is not { } name) continue;
            if (topic.ErrorCode == ErrorCode.None) topics[name] = TopicOf(name, topic);
            else if (topic.ErrorCode is ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId) topics.Remove(name);
        }

        return new ClusterMetadata(answer.ClusterId, answer.ControllerId, brokers, topics.ToFrozenDictionary());
    }

    private TopicMetadata TopicOf(string name, MetadataResponse.MetadataResponseTopic topic)
    {
        var known = Topics.TryGetValue(name, out var before) && before.Id == topic.TopicId ? before.Partitions : [];
        var partitions = topic.Partitions.OrderBy(p => p.PartitionIndex).Select(p => PartitionOf(p, known)).ToList();
        return new TopicMetadata(name, topic.TopicId, topic.IsInternal, partitions);
    }

    private static PartitionMetadata PartitionOf(MetadataResponse.MetadataResponsePartition p, IReadOnlyList<PartitionMetadata> known)
    {
        var before = known.FirstOrDefault(k => k.Index == p.PartitionIndex);
        var stale = before is not null && p.LeaderEpoch >= 0 && p.LeaderEpoch < before.LeaderEpoch;
        return stale ? before! : new PartitionMetadata(p.PartitionIndex, p.LeaderId, p.LeaderEpoch, p.ReplicaNodes, p.IsrNodes, p.ErrorCode);
    }
}
