using System.Globalization;
using AkkaStream.Client.Protocol;
using Entry = AkkaStream.Client.Protocol.DescribeConfigsResponse.DescribeConfigsResourceResult;
using Synonym = AkkaStream.Client.Protocol.DescribeConfigsResponse.DescribeConfigsSynonym;

namespace AkkaStream.Actors.Configuration;

/// <summary>Answers DescribeConfigs and ListConfigResources: values, where they come from, and what would hold without them.</summary>
public static class ConfigDescriptions
{
    /// <summary>Answers DescribeConfigs, versions 0 to 4.</summary>
    public static DescribeConfigsResponse Answer(DescribeConfigsRequest request, IConfigState state)
    {
        var response = new DescribeConfigsResponse();
        foreach (var asked in request.Resources)
        {
            var result = new DescribeConfigsResponse.DescribeConfigsResult { ResourceType = asked.ResourceType, ResourceName = asked.ResourceName, ErrorMessage = null };
            var wanted = asked.ConfigurationKeys is { Count: > 0 } keys ? new HashSet<string>(keys, StringComparer.Ordinal) : null;
            var entries = new Entries(wanted, request.IncludeSynonyms, request.IncludeDocumentation, result.Configs);
            (result.ErrorCode, result.ErrorMessage) = Describe(new ConfigResource((ConfigResourceType)asked.ResourceType, asked.ResourceName), state, entries);
            response.Results.Add(result);
        }

        return response;
    }

    /// <summary>Answers ListConfigResources (KIP-1142): version 0 and an empty list of types mean client metrics and everything.</summary>
    public static ListConfigResourcesResponse Answer(ListConfigResourcesRequest request, short version, IConfigState state)
    {
        var response = new ListConfigResourcesResponse();
        ReadOnlySpan<sbyte> everything = [(sbyte)ConfigResourceType.Topic, (sbyte)ConfigResourceType.Broker, (sbyte)ConfigResourceType.BrokerLogger, (sbyte)ConfigResourceType.ClientMetrics, (sbyte)ConfigResourceType.Group];
        var types = version == 0 ? [(sbyte)ConfigResourceType.ClientMetrics] : request.ResourceTypes.Count == 0 ? everything.ToArray() : [.. request.ResourceTypes.Distinct()];
        foreach (var type in types)
        {
            if (!everything.Contains(type)) return new ListConfigResourcesResponse { ErrorCode = ErrorCode.UnsupportedVersion };
            foreach (var name in NamesOf((ConfigResourceType)type, state))
            {
                response.ConfigResources.Add(new ListConfigResourcesResponse.ConfigResource { ResourceName = name, ResourceType = type });
            }
        }

        return response;
    }

    /// <summary>The configuration of a topic that was just created, as CreateTopics shows it.</summary>
    public static List<CreateTopicsResponse.CreatableTopicConfigs> OfNewTopic(IReadOnlyDictionary<string, string> own, BrokerConfig broker)
    {
        var found = new List<Entry>();
        DescribeTopic(own, broker, new Entries(null, false, false, found));
        var configs = new List<CreateTopicsResponse.CreatableTopicConfigs>(found.Count);
        foreach (var entry in found)
        {
            configs.Add(new CreateTopicsResponse.CreatableTopicConfigs
            {
                Name = entry.Name,
                Value = entry.Value,
                ReadOnly = entry.ReadOnly,
                ConfigSource = entry.ConfigSource,
                IsSensitive = entry.IsSensitive,
            });
        }

        return configs;
    }

    private static IEnumerable<string> NamesOf(ConfigResourceType type, IConfigState state) => type switch
    {
        ConfigResourceType.Topic => state.Topics,
        ConfigResourceType.Broker or ConfigResourceType.BrokerLogger => state.Brokers.Select(id => id.ToString(CultureInfo.InvariantCulture)),
        _ => state.Configured(type),
    };

    private static (ErrorCode Error, string? Message) Describe(ConfigResource resource, IConfigState state, Entries entries)
    {
        switch (resource.Type)
        {
            case ConfigResourceType.Topic:
                if (!state.HasTopic(resource.Name)) return (ErrorCode.UnknownTopicOrPartition, null);
                DescribeTopic(state.ValuesOf(resource), state.Broker, entries);
                return default;
            case ConfigResourceType.Broker when resource.Name.Length == 0:
                DescribeCluster(state.Broker, entries);
                return default;
            case ConfigResourceType.Broker or ConfigResourceType.BrokerLogger:
                if (ConfigChanges.OtherBroker(resource, state) is { } fault) return (ErrorCode.InvalidRequest, fault);
                if (resource.Type == ConfigResourceType.Broker) DescribeBroker(state.Broker, entries);
                else entries.Add(new Entry { Name = "root", Value = LoggerLevel(state.Broker.String("log.level")!), ConfigSource = (sbyte)ConfigSource.DynamicBrokerLogger, ConfigType = (sbyte)ConfigType.String, Documentation = null });
                return default;
            case ConfigResourceType.ClientMetrics:
                if (resource.Name.Length == 0) return (ErrorCode.InvalidRequest, "Client metrics subscription name must not be empty");
                DescribeTable(ConfigTable.ClientMetrics, ConfigSource.ClientMetrics, state.ValuesOf(resource), state.Broker, entries);
                return default;
            case ConfigResourceType.Group:
                if (resource.Name.Length == 0) return (ErrorCode.InvalidRequest, "Group name must not be empty");
                DescribeTable(ConfigTable.Group, ConfigSource.Group, state.ValuesOf(resource), state.Broker, entries);
                return default;
            default:
                return (ErrorCode.InvalidRequest, $"Unsupported resource type {(sbyte)resource.Type}");
        }
    }

    private static string LoggerLevel(string level) => level.ToLowerInvariant() switch
    {
        "information" => "INFO",
        "warning" => "WARN",
        "critical" or "none" => "FATAL",
        var other => other.ToUpperInvariant(),
    };

    private static void DescribeTopic(IReadOnlyDictionary<string, string> own, BrokerConfig broker, Entries entries)
        => DescribeTable(ConfigTable.Topic, ConfigSource.Topic, own, broker, entries);

    private static void DescribeTable(ConfigTable table, ConfigSource source, IReadOnlyDictionary<string, string> own, BrokerConfig broker, Entries entries)
    {
        foreach (var key in table.All)
        {
            var isOwn = own.TryGetValue(key.Name, out var value);
            if (!entries.Wants(key.Name) || (key.IsInternal && !isOwn)) continue;
            var shown = isOwn ? key.Canonical(value!) : TopicConfig.DefaultOf(key, broker);
            var synonyms = new List<Synonym>();
            if (isOwn) synonyms.Add(new Synonym { Name = key.Name, Value = shown, Source = (sbyte)source });
            if (key.BrokerSynonyms is { Count: > 0 } brokerKeys) AddBroker(brokerKeys[0].Name, broker, synonyms);
            entries.Add(key, key.Name, shown, false, synonyms);
        }
    }

    private static void DescribeBroker(BrokerConfig broker, Entries entries)
    {
        foreach (var key in ConfigTable.Broker.All)
        {
            if (!entries.Wants(key.Name) || (key.IsInternal && broker.Explicit(key.Name) is null)) continue;
            AddBroker(key, key.Name, broker, entries);
        }

        foreach (var name in broker.Static.Keys.Concat(broker.DynamicCluster.Keys).Concat(broker.DynamicBroker.Keys).Distinct())
        {
            if (!ConfigTable.Broker.TryGet(name, out _) && entries.Wants(name) && BrokerConfig.KeyOf(name) is { } key) AddBroker(key, name, broker, entries);
        }
    }

    private static void AddBroker(ConfigKey key, string name, BrokerConfig broker, Entries entries)
    {
        var value = broker.Explicit(name) ?? key.Default;
        var synonyms = new List<Synonym>();
        AddBroker(name, broker, synonyms);
        entries.Add(key, name, value is null || key.IsSensitive ? value : key.Canonical(value), key.UpdateMode == ConfigUpdateMode.ReadOnly, synonyms);
    }

    private static void DescribeCluster(BrokerConfig broker, Entries entries)
    {
        foreach (var (name, value) in broker.DynamicCluster)
        {
            if (!entries.Wants(name) || BrokerConfig.KeyOf(name) is not { } key) continue;
            entries.Add(key, name, value, key.UpdateMode == ConfigUpdateMode.ReadOnly, [new Synonym { Name = name, Value = key.IsSensitive ? null : value, Source = (sbyte)ConfigSource.DynamicDefaultBroker }]);
        }
    }

    // All that could give a broker key its value, best first. Kinder units of the same key (log.retention.hours) count only behind the key itself.
    private static void AddBroker(string name, BrokerConfig broker, List<Synonym> synonyms)
    {
        var names = BrokerConfig.NamesOf(name);
        var from = synonyms.Count;
        AddFrom(broker.DynamicBroker, ConfigSource.DynamicBroker, names, synonyms);
        AddFrom(broker.DynamicCluster, ConfigSource.DynamicDefaultBroker, names, synonyms);
        AddFrom(broker.Static, ConfigSource.StaticBroker, names, synonyms);
        foreach (var each in names)
        {
            if (ConfigTable.Broker.TryGet(each, out var key) && key.Default is { } value) synonyms.Add(new Synonym { Name = each, Value = value, Source = (sbyte)ConfigSource.Default });
        }

        while (from < synonyms.Count && synonyms[from].Name != name) synonyms.RemoveAt(from);
    }

    private static void AddFrom(IReadOnlyDictionary<string, string> values, ConfigSource source, ReadOnlySpan<string> names, List<Synonym> synonyms)
    {
        foreach (var name in names)
        {
            if (!values.TryGetValue(name, out var value)) continue;
            var isSensitive = BrokerConfig.KeyOf(name) is not { IsSensitive: false };
            synonyms.Add(new Synonym { Name = name, Value = isSensitive ? null : value, Source = (sbyte)source });
        }
    }

    private sealed class Entries(HashSet<string>? wanted, bool withSynonyms, bool withDocumentation, List<Entry> found)
    {
        public bool Wants(string name) => wanted is null || wanted.Contains(name);

        public void Add(Entry entry)
        {
            if (Wants(entry.Name)) found.Add(entry);
        }

        public void Add(ConfigKey key, string name, string? value, bool isReadOnly, List<Synonym> synonyms)
        {
            var source = synonyms.Count == 0 ? (sbyte)ConfigSource.Default : synonyms[0].Source;
            found.Add(new Entry
            {
                Name = name,
                Value = key.IsSensitive ? null : value,
                ReadOnly = isReadOnly,
                ConfigSource = source,
                IsSensitive = key.IsSensitive,
                Synonyms = withSynonyms ? synonyms : [],
                ConfigType = (sbyte)key.Type,
                Documentation = withDocumentation ? key.Documentation : null,
            });
        }
    }
}
