using AkkaStream.Actors.Configuration;

namespace AkkaStream.Actors.Metadata;

/// <summary>One moment of the metadata, as the configuration logic looks at it.</summary>
/// <param name="image">What the controller decided.</param>
/// <param name="broker">The asked broker's configuration.</param>
/// <param name="brokerId">Its id; the only one there is where none is registered.</param>
public sealed class ImageConfigState(MetadataImage image, BrokerConfig broker, int brokerId) : IConfigState
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <inheritdoc/>
    public BrokerConfig Broker => broker;

    /// <inheritdoc/>
    public IEnumerable<int> Brokers => image.Brokers.IsEmpty ? [brokerId] : image.Brokers.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Topics => image.Topics.Keys;

    /// <inheritdoc/>
    public bool HasTopic(string name) => image.Topics.ContainsKey(name);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> ValuesOf(ConfigResource resource)
    {
        if (resource.Type == ConfigResourceType.Topic) return image.Topics.TryGetValue(resource.Name, out var topic) ? topic.Configs : Nothing;
        return image.Configs.TryGetValue(resource, out var values) ? values : Nothing;
    }

    /// <inheritdoc/>
    public IEnumerable<string> Configured(ConfigResourceType type)
        => type == ConfigResourceType.Topic
            ? image.Topics.Values.Where(t => !t.Configs.IsEmpty).Select(t => t.Name)
            : image.Configs.Keys.Where(r => r.Type == type).Select(r => r.Name);
}
