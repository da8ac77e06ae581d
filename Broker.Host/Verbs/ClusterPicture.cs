using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary>One replica of a partition, as its own broker says it.</summary>
/// <param name="Broker">Its broker.</param>
/// <param name="IsThere">Whether that broker takes part in the cluster now.</param>
/// <param name="IsInSync">Whether it counts as in sync.</param>
/// <param name="End">Where its log ends; null where its broker did not say.</param>
/// <param name="Bytes">Bytes of its log; null where its broker did not say.</param>
internal sealed record ReplicaView(int Broker, bool IsThere, bool IsInSync, long? End, long? Bytes);

/// <summary>What brokers say of a cluster at about one moment: made with requests that every Kafka broker answers.</summary>
internal sealed class ClusterPicture
{
    private readonly Dictionary<int, IReadOnlyList<LogDir>> directories = [];
    private readonly Dictionary<(TopicPartition, int), long> sizes = [];
    private readonly Dictionary<(TopicPartition, int), long> ends = [];
    private IReadOnlyDictionary<string, int> least = new Dictionary<string, int>();

    private ClusterPicture(IReadOnlyList<ClusterBroker> brokers, IReadOnlyList<TopicMetadata> topics, IReadOnlyList<Reassignment> moving)
    {
        Brokers = brokers;
        Topics = topics;
        Moving = moving;
        There = brokers.Where(b => !b.IsFenced).Select(b => b.Id).ToHashSet();
    }

    /// <summary>Brokers by id, those included that are registered and not there.</summary>
    internal IReadOnlyList<ClusterBroker> Brokers { get; }

    /// <summary>Topics by name.</summary>
    internal IReadOnlyList<TopicMetadata> Topics { get; }

    /// <summary>What moves between brokers.</summary>
    internal IReadOnlyList<Reassignment> Moving { get; }

    /// <summary>Brokers that take part now.</summary>
    internal IReadOnlySet<int> There { get; }

    /// <summary>Brokers that were asked for what they have and did not answer, with the reason.</summary>
    internal SortedDictionary<int, string> Silent { get; } = [];

    /// <summary>Every partition with its topic.</summary>
    internal IEnumerable<(TopicMetadata Topic, PartitionMetadata Partition)> Partitions => Topics.SelectMany(topic => topic.Partitions.Select(partition => (topic, partition)));

    /// <summary>Looks at brokers, topics and moves.</summary>
    internal static async Task<ClusterPicture> Read(ClientSession session, CancellationToken cancellation)
    {
        var brokers = await session.Admin.ListBrokersAsync(cancellation);
        var topics = await session.Admin.ListTopicsAsync(cancellation);
        return new ClusterPicture(brokers, topics, await session.Admin.ListReassignmentsAsync(cancellation));
    }

    /// <summary>Asks every broker that is there how large its replicas are; those that do not answer are noted.</summary>
    internal Task ReadSizes(ClientSession session, CancellationToken cancellation) => Each(async broker =>
    {
        var found = await session.Admin.DescribeLogDirsAsync(broker, cancellation);
        lock (sizes)
        {
            directories[broker] = found;
            foreach (var replica in found.SelectMany(d => d.Replicas).Where(r => !r.IsFuture)) sizes[(replica.Partition, broker)] = replica.SizeInBytes;
        }
    });

    /// <summary>Asks every broker that is there where the logs of these partitions end on it; those that do not answer are noted.</summary>
    internal Task ReadEnds(ClientSession session, IReadOnlyCollection<(TopicMetadata Topic, PartitionMetadata Partition)> which, CancellationToken cancellation) => Each(async broker =>
    {
        var own = which.Where(p => p.Partition.Replicas.Contains(broker)).Select(p => new TopicPartition(p.Topic.Name, p.Partition.Index)).ToList();
        if (own.Count == 0) return;
        var found = await session.Admin.ReplicaEndsAsync(broker, own, cancellation);
        lock (sizes)
        {
            foreach (var (partition, end) in found) ends[(partition, broker)] = end;
        }
    });

    /// <summary>Asks what <c>min.insync.replicas</c> is for every topic.</summary>
    internal async Task ReadLeastInSync(ClientSession session, CancellationToken cancellation)
    {
        var found = await session.Admin.DescribeTopicKeyAsync(Topics.Select(t => t.Name), "min.insync.replicas", cancellation);
        least = found.Where(f => f.Value.Value is not null).ToDictionary(f => f.Key, f => int.Parse(f.Value.Value!, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>How many replicas of a partition have to be in sync for acks=all; no more than it has.</summary>
    internal int LeastInSync(TopicMetadata topic, PartitionMetadata partition) => Math.Min(least.GetValueOrDefault(topic.Name, 1), partition.Replicas.Count);

    /// <summary>The log directories of a broker; null where it did not say.</summary>
    internal IReadOnlyList<LogDir>? DirectoriesOf(int broker) => directories.GetValueOrDefault(broker);

    /// <summary>Whether a broker said that it takes no new partitions.</summary>
    internal bool IsCordoned(int broker) => DirectoriesOf(broker) is { Count: > 0 } known && known.All(d => d.IsCordoned);

    /// <summary>Whether a broker may get partitions: it is there, stays, and said nothing else.</summary>
    internal bool TakesPartitions(ClusterBroker broker) => !broker.IsFenced && !broker.IsShuttingDown && !IsCordoned(broker.Id);

    /// <summary>Looks whether there are such topics.</summary>
    /// <exception cref="BrokerException">One of them is not there.</exception>
    internal void CheckTopics(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(name => Topics.All(t => t.Name != name)) is { } missing) throw new BrokerException(ErrorCode.UnknownTopicOrPartition, $"topic {missing}");
    }

    /// <summary>Bytes of a broker's replica; null where it did not say.</summary>
    internal long? SizeOf(TopicPartition partition, int broker) => sizes.TryGetValue((partition, broker), out var size) ? size : null;

    /// <summary>The replicas of a partition in their order.</summary>
    internal IEnumerable<ReplicaView> ReplicasOf(TopicMetadata topic, PartitionMetadata partition)
    {
        var key = new TopicPartition(topic.Name, partition.Index);
        return partition.Replicas.Select(broker => new ReplicaView(broker, There.Contains(broker), partition.InSync.Contains(broker), ends.TryGetValue((key, broker), out var end) ? end : null, SizeOf(key, broker)));
    }

    /// <summary>Bytes that a replica still lacks of what its leader has; null where one of them did not say.</summary>
    internal long? LacksOf(TopicMetadata topic, PartitionMetadata partition, int broker)
    {
        var key = new TopicPartition(topic.Name, partition.Index);
        if (SizeOf(key, partition.Leader) is not { } whole) return null;
        // One that has only just begun has no log yet.
        return Math.Max(0, whole - (SizeOf(key, broker) ?? (directories.ContainsKey(broker) ? 0 : whole)));
    }

    /// <summary>The partition of that name, or null.</summary>
    internal (TopicMetadata Topic, PartitionMetadata Partition)? Find(TopicPartition name)
    {
        var topic = Topics.FirstOrDefault(t => t.Name == name.Topic);
        var partition = topic?.Partitions.FirstOrDefault(p => p.Index == name.Partition);
        return partition is null ? null : (topic!, partition);
    }

    /// <summary>Replicas of a partition without those that a move brings there; none where there is no such partition.</summary>
    internal IReadOnlyList<int> SettledReplicasOf(TopicPartition name)
        => Find(name) is var (_, partition) ? partition.Replicas.Except(Moving.FirstOrDefault(m => m.Partition == name)?.Adding ?? []).ToList() : [];

    /// <summary>The same as the controller's rules for placement take it: to plan with them.</summary>
    internal ControllerContext ToContext()
    {
        var events = new List<IApiMessage>();
        foreach (var broker in Brokers)
        {
            var cordoned = IsCordoned(broker.Id);
            events.Add(new RegisterBrokerRecord
            {
                BrokerId = broker.Id,
                Rack = broker.Rack,
                Fenced = broker.IsFenced,
                InControlledShutdown = broker.IsShuttingDown,
                LogDirs = [new Guid(1, 0, 0, new byte[8])],
                CordonedLogDirs = cordoned ? [new Guid(1, 0, 0, new byte[8])] : null,
            });
        }

        var moving = Moving.ToDictionary(m => m.Partition);
        foreach (var topic in Topics)
        {
            var id = topic.Id == Guid.Empty ? Guid.NewGuid() : topic.Id;
            events.Add(new TopicRecord { Name = topic.Name, TopicId = id });
            foreach (var partition in topic.Partitions.OrderBy(p => p.Index)) events.Add(Event(id, partition, moving.GetValueOrDefault(new TopicPartition(topic.Name, partition.Index))));
        }

        return new ControllerContext(MetadataImage.Empty.With(events, events.Count), BrokerConfig.Create(new Dictionary<string, string>()), -1, Guid.NewGuid) { IsCluster = true };
    }

    private static PartitionRecord Event(Guid topic, PartitionMetadata partition, Reassignment? moving) => new()
    {
        TopicId = topic,
        PartitionId = partition.Index,
        Replicas = [.. partition.Replicas],
        Isr = [.. partition.InSync],
        Leader = partition.Leader,
        LeaderEpoch = partition.LeaderEpoch,
        AddingReplicas = [.. moving?.Adding ?? []],
        RemovingReplicas = [.. moving?.Removing ?? []],
    };

    private Task Each(Func<int, Task> ask) => Task.WhenAll(There.Select(async broker =>
    {
        try
        {
            await ask(broker);
        }
        catch (Exception fault) when (fault is TransportException or BrokerException)
        {
            lock (sizes) Silent[broker] = fault.Message;
        }
    }));
}
