using System.Collections.Immutable;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>One partition, as the controller decided it.</summary>
/// <param name="Index">Its number, from 0 on.</param>
/// <param name="Replicas">Broker ids, the preferred leader first.</param>
/// <param name="InSync">The in-sync replicas.</param>
/// <param name="Leader">Broker id of the leader, or -1.</param>
/// <param name="LeaderEpoch">Rises with every leadership.</param>
/// <param name="PartitionEpoch">Rises with every change.</param>
public sealed record PartitionImage(int Index, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSync, int Leader, int LeaderEpoch, int PartitionEpoch);

/// <summary>One topic, as the controller decided it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; another topic of the same name has another one.</param>
/// <param name="Partitions">By number.</param>
/// <param name="Configs">What is set on the topic itself.</param>
public sealed record TopicImage(string Name, Guid Id, ImmutableArray<PartitionImage> Partitions, ImmutableDictionary<string, string> Configs)
{
    /// <summary>Whether the topic is the cluster's own.</summary>
    public bool IsInternal => TopicNames.IsInternal(Name);
}

/// <summary>
/// Everything the controller decided, at one moment. Immutable: an event makes a new image. Events are Kafka's metadata records, so that
/// its tools read our metadata log.
/// </summary>
public sealed class MetadataImage
{
    /// <summary>Before the first event.</summary>
    public static readonly MetadataImage Empty = new();

    private MetadataImage()
    {
    }

    /// <summary>Offset of the last event in it, or -1.</summary>
    public long Offset { get; private init; } = -1;

    /// <summary>Topics by name.</summary>
    public ImmutableDictionary<string, TopicImage> Topics { get; private init; } = ImmutableDictionary.Create<string, TopicImage>(StringComparer.Ordinal);

    /// <summary>Names of topics by id.</summary>
    public ImmutableDictionary<Guid, string> Names { get; private init; } = ImmutableDictionary<Guid, string>.Empty;

    /// <summary>Names of topics by what they collide in: dots read as underscores.</summary>
    public ImmutableDictionary<string, string> Collisions { get; private init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>What is set on resources other than topics: brokers ("" for all of them), groups, client metrics.</summary>
    public ImmutableDictionary<ConfigResource, ImmutableDictionary<string, string>> Configs { get; private init; } = ImmutableDictionary<ConfigResource, ImmutableDictionary<string, string>>.Empty;

    /// <summary>The first producer id that no broker was given.</summary>
    public long NextProducerId { get; private init; }

    /// <summary>
    /// Names of the topics that came, changed or went with the events that made this image of the one before it: what a follower of the images has to
    /// look at, however many topics there are. A topic that went and came again within them stands here once.
    /// </summary>
    public IReadOnlyCollection<string> Touched { get; private init; } = [];

    /// <summary>The topic with that id, or null.</summary>
    public TopicImage? TopicOf(Guid id) => Names.TryGetValue(id, out var name) ? Topics[name] : null;

    /// <summary>The image after these events, the last of which has that offset.</summary>
    /// <exception cref="MalformedMessageException">An event contradicts the image: the journal is not the one this image came from.</exception>
    public MetadataImage With(IReadOnlyList<IApiMessage> events, long offset)
    {
        var change = new Change(this);
        foreach (var e in events) change.Apply(e);
        return change.Done(offset);
    }

    // Brokers that lead or replicate one partition do so for many: their lists are in memory once.
    private IReadOnlyList<int> Recent { get; init; } = [];

    private sealed class Change(MetadataImage image)
    {
        private IReadOnlyList<int> recent = image.Recent;

        private readonly ImmutableDictionary<string, TopicImage>.Builder topics = image.Topics.ToBuilder();
        private readonly ImmutableDictionary<Guid, string>.Builder names = image.Names.ToBuilder();
        private readonly ImmutableDictionary<string, string>.Builder collisions = image.Collisions.ToBuilder();
        private ImmutableDictionary<ConfigResource, ImmutableDictionary<string, string>> configs = image.Configs;
        private readonly Dictionary<string, ImmutableArray<PartitionImage>.Builder> grown = new(StringComparer.Ordinal);
        private readonly HashSet<string> touched = new(StringComparer.Ordinal);
        private long nextProducerId = image.NextProducerId;

        public void Apply(IApiMessage e)
        {
            switch (e)
            {
                case TopicRecord topic: Add(topic); break;
                case PartitionRecord partition: Add(partition); break;
                case RemoveTopicRecord removed: Remove(removed.TopicId); break;
                case ConfigRecord config: Configure(config); break;
                case ProducerIdsRecord ids: nextProducerId = ids.NextProducerId; break;
                default: throw new MalformedMessageException($"the metadata journal holds an event that this version does not know: {e.GetType().Name}");
            }
        }

        public MetadataImage Done(long offset)
        {
            foreach (var (name, partitions) in grown) topics[name] = topics[name] with { Partitions = partitions.ToImmutable() };
            return new()
            {
                Offset = offset,
                Topics = topics.ToImmutable(),
                Names = names.ToImmutable(),
                Collisions = collisions.ToImmutable(),
                Configs = configs,
                NextProducerId = nextProducerId,
                Touched = touched,
                Recent = recent,
            };
        }

        private void Add(TopicRecord topic)
        {
            topics.Add(topic.Name, new TopicImage(topic.Name, topic.TopicId, [], ImmutableDictionary<string, string>.Empty));
            names.Add(topic.TopicId, topic.Name);
            collisions[TopicNames.CollisionKey(topic.Name)] = topic.Name;
            touched.Add(topic.Name);
        }

        private void Add(PartitionRecord p)
        {
            if (!names.TryGetValue(p.TopicId, out var name)) throw new MalformedMessageException($"the metadata journal has a partition of the unknown topic {KafkaUuid.ToText(p.TopicId)}");
            // Gathered, and made an array once: a hundred thousand partitions of one topic are not copied a hundred thousand times.
            if (!grown.TryGetValue(name, out var partitions)) grown.Add(name, partitions = topics[name].Partitions.ToBuilder());
            if (p.PartitionId != partitions.Count) throw new MalformedMessageException($"the metadata journal has partition {p.PartitionId} of {name} after {partitions.Count} partitions");
            partitions.Add(new PartitionImage(p.PartitionId, Shared(p.Replicas), Shared(p.Isr), p.Leader, p.LeaderEpoch, p.PartitionEpoch));
            touched.Add(name);
        }

        private IReadOnlyList<int> Shared(IReadOnlyList<int> brokers) => recent.SequenceEqual(brokers) ? recent : recent = [.. brokers];

        private void Remove(Guid id)
        {
            if (!names.Remove(id, out var name)) return;
            topics.Remove(name);
            grown.Remove(name);
            touched.Add(name);
            collisions.Remove(TopicNames.CollisionKey(name));
        }

        private void Configure(ConfigRecord config)
        {
            var resource = new ConfigResource((ConfigResourceType)config.ResourceType, config.ResourceName);
            if (resource.Type == ConfigResourceType.Topic)
            {
                if (!topics.TryGetValue(config.ResourceName, out var topic)) return;
                topics[topic.Name] = topic with { Configs = Set(topic.Configs, config) };
                touched.Add(topic.Name);
                return;
            }

            var values = Set(configs.GetValueOrDefault(resource, ImmutableDictionary<string, string>.Empty), config);
            configs = values.IsEmpty ? configs.Remove(resource) : configs.SetItem(resource, values);
        }

        private static ImmutableDictionary<string, string> Set(ImmutableDictionary<string, string> values, ConfigRecord config)
            => config.Value is null ? values.Remove(config.Name) : values.SetItem(config.Name, config.Value);
    }
}
