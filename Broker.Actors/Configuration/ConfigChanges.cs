using System.Globalization;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Configuration;

/// <summary>
/// Judges AlterConfigs and IncrementalAlterConfigs. Nothing is changed here: what shall change comes back as a list, which whoever keeps the
/// metadata makes durable. With <c>validateOnly</c> the list is empty.
/// </summary>
public static class ConfigChanges
{
    /// <summary>Answers IncrementalAlterConfigs (KIP-339).</summary>
    /// <param name="request">The request.</param>
    /// <param name="state">What holds now.</param>
    /// <param name="changes">Filled with what shall change: all of a resource or nothing of it.</param>
    public static IncrementalAlterConfigsResponse Answer(IncrementalAlterConfigsRequest request, IConfigState state, List<ConfigChange> changes)
    {
        var response = new IncrementalAlterConfigsResponse();
        foreach (var asked in request.Resources)
        {
            var resource = new ConfigResource((ConfigResourceType)asked.ResourceType, asked.ResourceName);
            var isRepeated = request.Resources.Count(other => other.ResourceType == asked.ResourceType && other.ResourceName == asked.ResourceName) > 1;
            var wanted = new List<ConfigChange>();
            var verdict = isRepeated ? Repeated : ConfigOperations.Resolve(resource, asked.Configs, state, wanted);
            if (verdict.IsFine) verdict = Judge(resource, wanted, state);
            if (verdict.IsFine && !request.ValidateOnly) changes.AddRange(wanted);
            response.Responses.Add(new() { ErrorCode = verdict.Error, ErrorMessage = verdict.Message, ResourceType = asked.ResourceType, ResourceName = asked.ResourceName });
        }

        return response;
    }

    /// <summary>Answers AlterConfigs, which replaces everything that is set on a resource.</summary>
    /// <param name="request">The request.</param>
    /// <param name="state">What holds now.</param>
    /// <param name="changes">Filled with what shall change: all of a resource or nothing of it.</param>
    public static AlterConfigsResponse Answer(AlterConfigsRequest request, IConfigState state, List<ConfigChange> changes)
    {
        var response = new AlterConfigsResponse();
        foreach (var asked in request.Resources)
        {
            var resource = new ConfigResource((ConfigResourceType)asked.ResourceType, asked.ResourceName);
            var isRepeated = request.Resources.Count(other => other.ResourceType == asked.ResourceType && other.ResourceName == asked.ResourceName) > 1;
            var wanted = new List<ConfigChange>();
            var verdict = isRepeated ? Repeated : ConfigOperations.Replace(resource, asked.Configs, state, wanted);
            if (verdict.IsFine) verdict = Judge(resource, wanted, state);
            if (verdict.IsFine && !request.ValidateOnly) changes.AddRange(wanted);
            response.Responses.Add(new() { ErrorCode = verdict.Error, ErrorMessage = verdict.Message, ResourceType = asked.ResourceType, ResourceName = asked.ResourceName });
        }

        return response;
    }

    /// <summary>Judges what a new topic shall be configured with. The message is null where all is fine.</summary>
    public static (ErrorCode Error, string? Message) CheckNewTopic(IReadOnlyDictionary<string, string?> own, BrokerConfig broker)
    {
        foreach (var (name, value) in own)
        {
            if (value is null) return (ErrorCode.InvalidConfig, $"Null value not supported for topic configs: {name}");
        }

        var verdict = JudgeTopic(own!, own!, broker);
        return (verdict.Error, verdict.Message);
    }

    /// <summary>What is set after the changes of one resource: a new dictionary.</summary>
    public static Dictionary<string, string> Apply(IReadOnlyDictionary<string, string> before, IEnumerable<ConfigChange> changes)
    {
        var after = new Dictionary<string, string>(before, StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.Value is null) after.Remove(change.Key);
            else after[change.Key] = change.Value;
        }

        return after;
    }

    /// <summary>Null where the resource is this broker, else a sentence: each answers for itself, and hands its changes on to the controller.</summary>
    internal static string? OtherBroker(ConfigResource resource, IConfigState state)
    {
        if (!int.TryParse(resource.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)) return $"Broker id must be an integer, but it is: {resource.Name}";
        return id == state.Broker.NodeId ? null : $"Unexpected broker id, expected {state.Broker.NodeId}, but received {resource.Name}";
    }

    /// <summary>Null where the resource is a broker of the cluster, else a sentence: the controller decides for all of them, wherever it runs.</summary>
    internal static string? UnknownBroker(ConfigResource resource, IConfigState state)
        => OtherBroker(resource, state) is { } other && !state.Brokers.Any(id => id.ToString(CultureInfo.InvariantCulture) == resource.Name) ? other : null;

    private static readonly Verdict Repeated = new(ErrorCode.InvalidRequest, "Each resource must appear at most once.");

    private static Verdict Judge(ConfigResource resource, List<ConfigChange> wanted, IConfigState state)
    {
        var after = Apply(state.ValuesOf(resource), wanted);
        var changed = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var change in wanted) changed[change.Key] = change.Value;
        return resource.Type switch
        {
            ConfigResourceType.Topic => JudgeTopic(changed, after, state.Broker),
            ConfigResourceType.Broker => BrokerChanges.Judge(resource, changed, after, state),
            ConfigResourceType.Group => GroupChanges.Judge(changed, after, state.Broker),
            ConfigResourceType.ClientMetrics => ClientMetricsChanges.Judge(changed),
            _ => Verdict.Fine,
        };
    }

    private static Verdict JudgeTopic(IReadOnlyDictionary<string, string?> changed, IReadOnlyDictionary<string, string> after, BrokerConfig broker)
    {
        foreach (var (name, value) in changed)
        {
            if (!ConfigTable.Topic.TryGet(name, out var key)) return new Verdict(ErrorCode.InvalidConfig, $"Unknown topic config name: {name}");
            if (value is not null && key.Check(value) is { } fault) return new Verdict(ErrorCode.InvalidConfig, fault);
        }

        var conflict = TopicConfig.Create(after, broker).Conflict();
        return conflict is null ? Verdict.Fine : new Verdict(ErrorCode.InvalidConfig, conflict);
    }

    /// <summary>What becomes of a resource's changes.</summary>
    /// <param name="Error">The code; None where all is fine.</param>
    /// <param name="Message">A sentence, where something is not.</param>
    internal readonly record struct Verdict(ErrorCode Error, string? Message)
    {
        internal static readonly Verdict Fine = new(ErrorCode.None, null);

        internal bool IsFine => Error == ErrorCode.None;
    }
}
