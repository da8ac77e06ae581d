using System.Text.RegularExpressions;
using AkkaStream.Client.Protocol;
using Verdict = AkkaStream.Actors.Configuration.ConfigChanges.Verdict;

namespace AkkaStream.Actors.Configuration;

/// <summary>Judges values that are set on a group: within the table's bounds, and within those that the broker sets for its groups.</summary>
internal static class GroupChanges
{
    internal static Verdict Judge(Dictionary<string, string?> changed, Dictionary<string, string> after, BrokerConfig broker)
    {
        foreach (var (name, value) in changed)
        {
            if (!ConfigTable.Group.TryGet(name, out var key)) return Invalid($"Unknown group config name: {name}");
            if (value is null) continue;
            var fault = key.Check(value) ?? CheckBounds(key, value, broker);
            if (fault is not null) return Invalid(fault);
        }

        foreach (var kind in (ReadOnlySpan<string>)["consumer", "share", "streams"])
        {
            if (Value(kind + ".heartbeat.interval.ms", after, broker) >= Value(kind + ".session.timeout.ms", after, broker))
            {
                return Invalid($"{kind}.session.timeout.ms must be greater than {kind}.heartbeat.interval.ms");
            }
        }

        return Verdict.Fine;
    }

    // consumer.session.timeout.ms lies between group.consumer.min.session.timeout.ms and group.consumer.max.session.timeout.ms.
    private static string? CheckBounds(ConfigKey key, string value, BrokerConfig broker)
    {
        if (key.Type != ConfigType.Int) return null;
        var dot = key.Name.IndexOf('.', StringComparison.Ordinal);
        var least = $"group.{key.Name[..dot]}.min{key.Name[dot..]}";
        var most = $"group.{key.Name[..dot]}.max{key.Name[dot..]}";
        if (key.Name == "streams.num.standby.replicas") most = "group.streams.max.standby.replicas";
        var number = ConfigText.Long(value);
        if (ConfigTable.Broker.TryGet(least, out _) && number < broker.Long(least)) return $"{key.Name} must be greater than or equal to {least}";
        return ConfigTable.Broker.TryGet(most, out _) && number > broker.Long(most) ? $"{key.Name} must be less than or equal to {most}" : null;
    }

    private static long Value(string name, Dictionary<string, string> after, BrokerConfig broker)
        => ConfigText.Long(after.TryGetValue(name, out var own) ? own : TopicConfig.DefaultOf(ConfigTable.Group[name], broker)!);

    private static Verdict Invalid(string message) => new(ErrorCode.InvalidConfig, message);
}

/// <summary>Judges values that are set on a client metrics subscription (KIP-714).</summary>
internal static class ClientMetricsChanges
{
    private const int LeastIntervalMs = 100;
    private const int MostIntervalMs = 3_600_000;

    internal static Verdict Judge(Dictionary<string, string?> changed)
    {
        foreach (var (name, value) in changed)
        {
            if (!ConfigTable.ClientMetrics.TryGet(name, out var key)) return new Verdict(ErrorCode.InvalidRequest, $"Unknown client metrics configuration: {name}");
            if (value is null) continue;
            if (key.Check(value) is { } fault) return new Verdict(ErrorCode.InvalidConfig, fault);
            if (name == "interval.ms" && ConfigText.Long(value) is < LeastIntervalMs or > MostIntervalMs)
            {
                return new Verdict(ErrorCode.InvalidRequest, $"Invalid value {value} for interval.ms, interval must be between {LeastIntervalMs} and {MostIntervalMs} (1 hour)");
            }

            if (name != "match") continue;
            foreach (var pattern in ConfigText.List(value))
            {
                if (!IsPattern(pattern)) return new Verdict(ErrorCode.InvalidConfig, $"Illegal client matching pattern: {pattern}");
            }
        }

        return Verdict.Fine;
    }

    private static bool IsPattern(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) return false;
        var isKnown = text[..equals].Trim() is "client_id" or "client_instance_id" or "client_software_name" or "client_software_version" or "client_source_address" or "client_source_port";
        if (!isKnown || equals == text.Length - 1) return false;
        try
        {
            _ = new Regex(text[(equals + 1)..].Trim(), RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
