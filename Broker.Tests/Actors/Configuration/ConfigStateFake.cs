using AkkaStream.Actors.Configuration;

namespace AkkaStream.Tests.Actors.Configuration;

/// <summary>One broker with a topic "t"; changes are kept as a controller would keep them.</summary>
internal sealed class ConfigStateFake : IConfigState
{
    private readonly Dictionary<ConfigResource, Dictionary<string, string>> values = [];

    public ConfigStateFake(params (string Key, string Value)[] given) => Broker = BrokerConfig.Create(given.ToDictionary(v => v.Key, v => v.Value));

    public static ConfigResource Topic => new(ConfigResourceType.Topic, "t");

    public BrokerConfig Broker { get; private set; }

    public IEnumerable<int> Brokers => [Broker.NodeId];

    public IEnumerable<string> Topics => ["t"];

    public bool HasTopic(string name) => name == "t";

    public IReadOnlyDictionary<string, string> ValuesOf(ConfigResource resource) => values.TryGetValue(resource, out var set) ? set : new Dictionary<string, string>();

    public IEnumerable<string> Configured(ConfigResourceType type) => values.Where(v => v.Key.Type == type && v.Value.Count > 0).Select(v => v.Key.Name);

    public void Apply(List<ConfigChange> changes)
    {
        foreach (var group in changes.GroupBy(change => change.Resource)) values[group.Key] = ConfigChanges.Apply(ValuesOf(group.Key), group);
        Broker = Broker.WithDynamic(ValuesOf(new ConfigResource(ConfigResourceType.Broker, "")), ValuesOf(new ConfigResource(ConfigResourceType.Broker, "1")));
    }
}
