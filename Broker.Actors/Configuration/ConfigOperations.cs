using AkkaStream.Client.Protocol;
using Verdict = AkkaStream.Actors.Configuration.ConfigChanges.Verdict;

namespace AkkaStream.Actors.Configuration;

/// <summary>Turns the operations of a request into values that shall be set or removed, before anything is said about the values.</summary>
internal static class ConfigOperations
{
    private const int Set = 0;
    private const int Delete = 1;
    private const int Append = 2;
    private const int Subtract = 3;

    /// <summary>Operations one by one: set, delete, append to a list, subtract from it.</summary>
    internal static Verdict Resolve(ConfigResource resource, List<IncrementalAlterConfigsRequest.AlterableConfig> operations, IConfigState state, List<ConfigChange> changes)
    {
        var verdict = CheckResource(resource, state);
        if (!verdict.IsFine) return verdict;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var current = state.ValuesOf(resource);
        foreach (var operation in operations)
        {
            if (!seen.Add(operation.Name)) return Invalid("Error due to duplicate config keys");
            if (operation.ConfigOperation is < Set or > Subtract) return Invalid($"Unknown operation {operation.ConfigOperation} on {operation.Name}");
            if (operation.ConfigOperation != Delete && operation.Value is null) return Invalid($"Null value not supported for : {operation.Name}");
            if (operation.ConfigOperation is Set or Delete)
            {
                changes.Add(new ConfigChange(resource, operation.Name, operation.ConfigOperation == Delete ? null : operation.Value));
                continue;
            }

            verdict = ChangeList(resource, operation, current, state.Broker, changes);
            if (!verdict.IsFine) return verdict;
        }

        return Verdict.Fine;
    }

    /// <summary>Everything at once: what is not named goes.</summary>
    internal static Verdict Replace(ConfigResource resource, List<AlterConfigsRequest.AlterableConfig> values, IConfigState state, List<ConfigChange> changes)
    {
        var verdict = CheckResource(resource, state);
        if (!verdict.IsFine) return verdict;
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            if (!named.Add(value.Name)) return Invalid("Error due to duplicate config keys");
            if (value.Value is null) return Invalid($"Null value not supported for : {value.Name}");
            changes.Add(new ConfigChange(resource, value.Name, value.Value));
        }

        foreach (var name in state.ValuesOf(resource).Keys)
        {
            if (!named.Contains(name)) changes.Add(new ConfigChange(resource, name, null));
        }

        return Verdict.Fine;
    }

    private static Verdict CheckResource(ConfigResource resource, IConfigState state)
    {
        switch (resource.Type)
        {
            case ConfigResourceType.Topic:
                if (resource.Name.Length == 0) return Invalid("Default topic resources are not allowed.");
                return state.HasTopic(resource.Name) ? Verdict.Fine : new Verdict(ErrorCode.UnknownTopicOrPartition, $"The topic '{resource.Name}' does not exist.");
            case ConfigResourceType.Broker:
                return resource.Name.Length == 0 || ConfigChanges.UnknownBroker(resource, state) is not { } unknown ? Verdict.Fine : Invalid(unknown);
            case ConfigResourceType.BrokerLogger:
                return Invalid(ConfigChanges.UnknownBroker(resource, state) ?? "Log levels cannot be changed while the broker runs: start it with --log-level");
            case ConfigResourceType.ClientMetrics:
                return resource.Name.Length > 0 ? Verdict.Fine : Invalid("Subscription name can't be empty");
            case ConfigResourceType.Group:
                return resource.Name.Length > 0 ? Verdict.Fine : Invalid("Default group resources are not allowed.");
            default:
                return Invalid($"Unsupported resource type {(sbyte)resource.Type}");
        }
    }

    private static Verdict ChangeList(ConfigResource resource, IncrementalAlterConfigsRequest.AlterableConfig operation, IReadOnlyDictionary<string, string> current, BrokerConfig broker, List<ConfigChange> changes)
    {
        var key = KeyOf(resource, operation.Name);
        if (key is null || key.Type != ConfigType.List)
        {
            return new Verdict(ErrorCode.InvalidConfig, $"Can't {(operation.ConfigOperation == Append ? "APPEND" : "SUBTRACT")} to key {operation.Name} because its type is not LIST.");
        }

        var before = current.TryGetValue(operation.Name, out var own) ? own : DefaultOf(resource, key, broker);
        var elements = ConfigText.List(before);
        foreach (var element in ConfigText.List(operation.Value!))
        {
            if (operation.ConfigOperation == Subtract) elements.Remove(element);
            else if (!elements.Contains(element)) elements.Add(element);
        }

        var after = string.Join(',', elements);
        if (own is not null || after != before) changes.Add(new ConfigChange(resource, operation.Name, after));
        return Verdict.Fine;
    }

    private static ConfigKey? KeyOf(ConfigResource resource, string name)
    {
        ConfigKey? key;
        switch (resource.Type)
        {
            case ConfigResourceType.Topic: ConfigTable.Topic.TryGet(name, out key); break;
            case ConfigResourceType.Group: ConfigTable.Group.TryGet(name, out key); break;
            case ConfigResourceType.ClientMetrics: ConfigTable.ClientMetrics.TryGet(name, out key); break;
            default: key = BrokerConfig.KeyOf(name); break;
        }

        return key;
    }

    private static string DefaultOf(ConfigResource resource, ConfigKey key, BrokerConfig broker)
        => (resource.Type == ConfigResourceType.Broker ? broker.String(key.Name) : TopicConfig.DefaultOf(key, broker)) ?? "";

    private static Verdict Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
