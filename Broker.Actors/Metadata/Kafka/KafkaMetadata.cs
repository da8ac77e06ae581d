using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Kafka;

/// <summary>What a Kafka controller had decided, as far as it concerns one broker that goes on alone with what lies in its directories. A plain object.</summary>
internal sealed class KafkaMetadata
{
    // Kinds of records that an operator would miss; the others are Kafka's own business.
    private static readonly Dictionary<int, string> Missed = new()
    {
        [10] = "delegation tokens",
        [11] = "SCRAM credentials",
        [14] = "quotas",
        [18] = "ACLs",
    };

    private readonly Dictionary<Guid, Topic> topics = [];
    private readonly HashSet<Guid> removed = [];
    private readonly Dictionary<ConfigResource, SortedDictionary<string, string>> configs = [];
    private readonly SortedSet<string> missed = new(StringComparer.Ordinal);
    private long nextProducerId;

    /// <summary>What the log holds and we do not take, in words: "ACLs", "quotas".</summary>
    public IReadOnlyCollection<string> LeftOut => missed;

    /// <summary>Takes the type of a record that is none of ours.</summary>
    public void Skip(int type)
    {
        if (Missed.TryGetValue(type, out var name)) missed.Add(name);
    }

    /// <summary>Takes a record.</summary>
    public void Apply(IApiMessage record)
    {
        switch (record)
        {
            case TopicRecord topic:
                topics[topic.TopicId] = new Topic(topic.Name, topic.TopicId);
                break;
            case PartitionRecord partition:
                topics.GetValueOrDefault(partition.TopicId)?.Partitions.TryAdd(partition.PartitionId, partition);
                break;
            case PartitionChangeRecord change:
                Change(change);
                break;
            case RemoveTopicRecord gone:
                removed.Add(gone.TopicId);
                if (topics.Remove(gone.TopicId, out var was)) configs.Remove(new ConfigResource(ConfigResourceType.Topic, was.Name));
                break;
            case ConfigRecord config:
                Configure(config);
                break;
            case ProducerIdsRecord ids:
                nextProducerId = Math.Max(nextProducerId, ids.NextProducerId);
                break;
        }
    }

    /// <summary>The events of our journal that say the same: topics that have a partition here, under their ids, led by this broker; what is configured; where producer ids go on.</summary>
    /// <param name="config">The broker's configuration.</param>
    /// <param name="here">Partitions that have a directory, by topic: their numbers and the ids of their topics.</param>
    /// <param name="report">Takes a sentence about what is left out.</param>
    public List<IApiMessage> Events(BrokerConfig config, ILookup<string, (int Partition, Guid TopicId)> here, Action<string> report)
    {
        var events = new List<IApiMessage>();
        var absent = 0;
        foreach (var topic in topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            if (here.Contains(topic.Name)) Add(topic, config.NodeId, [.. here[topic.Name].Select(p => p.Partition)], events, report);
            else absent++;
        }

        if (absent > 0) report($"{absent} topic(s) of Kafka's metadata have no partition in the log directories and are left out");
        var idsHere = here.SelectMany(p => p).Select(p => p.TopicId).ToHashSet();
        events.AddRange(removed.Where(idsHere.Contains).Select(id => new RemoveTopicRecord { TopicId = id }));
        AddConfigs(config, events, report);
        if (nextProducerId > 0) events.Add(new ProducerIdsRecord { BrokerId = config.NodeId, NextProducerId = nextProducerId });
        return events;
    }

    private static void Add(Topic topic, int node, HashSet<int> here, List<IApiMessage> events, Action<string> report)
    {
        events.Add(new TopicRecord { Name = topic.Name, TopicId = topic.Id });
        var count = topic.Partitions.Count == 0 ? 0 : topic.Partitions.Keys.Max() + 1;
        for (var i = 0; i < count; i++)
        {
            var partition = Placement.NewPartition(topic.Id, i, [node]);
            if (topic.Partitions.TryGetValue(i, out var theirs))
            {
                // Another process leads from now on: clients that knew Kafka's epoch ask again.
                partition.LeaderEpoch = theirs.LeaderEpoch + 1;
                partition.PartitionEpoch = theirs.PartitionEpoch + 1;
            }

            events.Add(partition);
        }

        var missing = Enumerable.Range(0, count).Count(i => !here.Contains(i));
        if (missing > 0) report($"{missing} of {count} partitions of {topic.Name} have no directory here: they begin empty");
    }

    // What a client could set is taken, one value at a time; what this broker does not know or would refuse is named.
    private void AddConfigs(BrokerConfig config, List<IApiMessage> events, Action<string> report)
    {
        var image = MetadataImage.Empty.With(events, -1);
        foreach (var (resource, values) in configs.OrderBy(c => c.Key.Type).ThenBy(c => c.Key.Name, StringComparer.Ordinal))
        {
            if (resource.Type == ConfigResourceType.Topic && !image.Topics.ContainsKey(resource.Name)) continue;
            foreach (var (key, value) in values)
            {
                var changes = new List<ConfigChange>();
                var answer = ConfigChanges.Answer(Setting(resource, key, value), new ImageConfigState(image, config, config.NodeId), changes);
                if (answer.Responses[0].ErrorCode != ErrorCode.None) report($"{key} of {resource.Type.ToString().ToLowerInvariant()} '{resource.Name}' is left out: {answer.Responses[0].ErrorMessage}");
                var records = changes.ConvertAll<IApiMessage>(c => new ConfigRecord { ResourceType = (sbyte)c.Resource.Type, ResourceName = c.Resource.Name, Name = c.Key, Value = c.Value });
                image = image.With(records, -1);
                events.AddRange(records);
            }
        }
    }

    private static IncrementalAlterConfigsRequest Setting(ConfigResource resource, string key, string value) => new()
    {
        Resources = [new() { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Configs = [new() { Name = key, ConfigOperation = 0, Value = value }] }],
    };

    private void Change(PartitionChangeRecord change)
    {
        if (topics.GetValueOrDefault(change.TopicId)?.Partitions.GetValueOrDefault(change.PartitionId) is not { } partition) return;
        // -2: the leader stayed, and so did its epoch.
        if (change.Leader != -2) partition.LeaderEpoch++;
        partition.PartitionEpoch++;
    }

    private void Configure(ConfigRecord config)
    {
        var resource = new ConfigResource((ConfigResourceType)config.ResourceType, config.ResourceName);
        if (!configs.TryGetValue(resource, out var values)) configs[resource] = values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (config.Value is null) values.Remove(config.Name);
        else values[config.Name] = config.Value;
    }

    private sealed record Topic(string Name, Guid Id)
    {
        public Dictionary<int, PartitionRecord> Partitions { get; } = [];
    }
}
