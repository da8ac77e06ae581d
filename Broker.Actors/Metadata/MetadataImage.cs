using System.Collections.Immutable;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

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
public sealed partial class MetadataImage
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

    /// <summary>The registered brokers by id. Empty where a lone broker never registered with its own controller.</summary>
    public ImmutableDictionary<int, BrokerImage> Brokers { get; private init; } = ImmutableDictionary<int, BrokerImage>.Empty;

    /// <summary>Levels of the cluster's features that were set.</summary>
    public ImmutableDictionary<string, short> Features { get; private init; } = ImmutableDictionary.Create<string, short>(StringComparer.Ordinal);

    /// <summary>The first producer id that no broker was given.</summary>
    public long NextProducerId { get; private init; }

    /// <summary>
    /// Ids of the topics that were deleted last, oldest first and at most <see cref="Limits.RemovedTopics"/>: what tells a broker that was away that a directory is a deleted topic's, and not one
    /// of which the metadata knows nothing.
    /// </summary>
    public ImmutableList<Guid> Removed { get; private init; } = [];

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

    /// <summary>
    /// This image as the successor of another one, however many events lie between: <see cref="Touched"/> names each topic that came, changed or went. For an image that was
    /// put together anew, of <see cref="ToEvents"/>. Costs a look at every topic and partition.
    /// </summary>
    public MetadataImage After(MetadataImage before)
    {
        var touched = new HashSet<string>(StringComparer.Ordinal);
        foreach (var topic in before.Topics.Values)
        {
            if (!Topics.TryGetValue(topic.Name, out var now) || !Same(topic, now)) touched.Add(topic.Name);
        }

        foreach (var name in Topics.Keys)
        {
            if (!before.Topics.ContainsKey(name)) touched.Add(name);
        }

        return new()
        {
            Offset = Offset,
            Topics = Topics,
            Names = Names,
            Collisions = Collisions,
            Configs = Configs,
            Brokers = Brokers,
            Features = Features,
            NextProducerId = NextProducerId,
            Removed = Removed,
            Touched = touched,
        };
    }

    /// <summary>
    /// The events that make this image of an empty one, in an order that can be cut anywhere: each piece applies after those before it. Made while they are read, so that
    /// nobody holds them all.
    /// </summary>
    public IEnumerable<IApiMessage> ToEvents()
    {
        foreach (var (name, level) in Features.OrderBy(f => f.Key, StringComparer.Ordinal)) yield return new FeatureLevelRecord { Name = name, FeatureLevel = level };
        foreach (var broker in Brokers.Values.OrderBy(b => b.Id)) yield return broker.ToEvent();
        foreach (var (resource, values) in Configs.OrderBy(c => c.Key.Type).ThenBy(c => c.Key.Name, StringComparer.Ordinal))
        {
            foreach (var config in ConfigEvents(resource, values)) yield return config;
        }

        foreach (var id in Removed) yield return new RemoveTopicRecord { TopicId = id };
        foreach (var topic in Topics.Values.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            yield return new TopicRecord { Name = topic.Name, TopicId = topic.Id };
            foreach (var partition in topic.Partitions) yield return partition.ToEvent(topic.Id);
            foreach (var config in ConfigEvents(new ConfigResource(ConfigResourceType.Topic, topic.Name), topic.Configs)) yield return config;
        }

        if (NextProducerId > 0) yield return new ProducerIdsRecord { BrokerId = -1, BrokerEpoch = -1, NextProducerId = NextProducerId };
    }

    private static IEnumerable<ConfigRecord> ConfigEvents(ConfigResource resource, ImmutableDictionary<string, string> values)
        => values.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => new ConfigRecord { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = v.Key, Value = v.Value });

    // An epoch rises with every change, so that equal epochs of one topic are one state.
    private static bool Same(TopicImage a, TopicImage b)
    {
        if (a.Id != b.Id || a.Partitions.Length != b.Partitions.Length || a.Configs.Count != b.Configs.Count) return false;
        for (var i = 0; i < a.Partitions.Length; i++)
        {
            if (a.Partitions[i].PartitionEpoch != b.Partitions[i].PartitionEpoch) return false;
        }

        return a.Configs.All(c => b.Configs.TryGetValue(c.Key, out var value) && value == c.Value);
    }
}
