using AkkaStream.Client.Protocol;
using Verdict = AkkaStream.Actors.Configuration.ConfigChanges.Verdict;

namespace AkkaStream.Actors.Configuration;

/// <summary>Judges values that are set on a broker, or on all of a cluster, while they run.</summary>
internal static class BrokerChanges
{
    internal static Verdict Judge(ConfigResource resource, Dictionary<string, string?> changed, Dictionary<string, string> after, IConfigState state)
    {
        var isCluster = resource.Name.Length == 0;
        foreach (var (name, value) in changed)
        {
            var key = BrokerConfig.KeyOf(name);
            if (key is null) return Invalid($"Unknown broker config name: {name}{(ConfigTable.Broker.Nearest(name) is { } nearest ? $", did you mean {nearest.Name}?" : "")}");
            if (CheckMode(key, name, isCluster) is { } refused) return Invalid(refused);
            if (value is not null && key.Check(value) is { } fault) return Invalid(fault);
        }

        try
        {
            var broker = state.Broker;
            var running = isCluster ? broker.WithDynamic(after, broker.DynamicBroker) : broker.WithDynamic(broker.DynamicCluster, after);
            running.CheckTogether();
            return Verdict.Fine;
        }
        catch (ConfigException conflict)
        {
            return Invalid(conflict.Message);
        }
    }

    private static string? CheckMode(ConfigKey key, string name, bool isCluster)
    {
        // Kafka rebinds these while it runs; here a listener lives as long as the broker.
        if (key.UpdateMode == ConfigUpdateMode.ReadOnly || key.Name is "listeners" or "listener.security.protocol.map") return $"Cannot update these configs dynamically: [{name}]";
        if (IsKeyMaterial(key.Name) && name == key.Name) return $"These security configs can be dynamically updated only per-listener using the listener prefix: [{name}]";
        return isCluster && key.UpdateMode == ConfigUpdateMode.PerBroker ? $"Cannot update these configs at default cluster level: [{name}]" : null;
    }

    private static bool IsKeyMaterial(string name)
        => name is "ssl.key.password" || name.StartsWith("ssl.keystore.", StringComparison.Ordinal) || name.StartsWith("ssl.truststore.", StringComparison.Ordinal);

    private static Verdict Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
