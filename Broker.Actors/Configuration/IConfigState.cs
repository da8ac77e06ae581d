namespace AkkaStream.Actors.Configuration;

/// <summary>What the cluster knows when a configuration is asked for or changed: one consistent moment of its metadata.</summary>
public interface IConfigState
{
    /// <summary>The configuration of the broker that was asked.</summary>
    BrokerConfig Broker { get; }

    /// <summary>Numbers of all brokers.</summary>
    IEnumerable<int> Brokers { get; }

    /// <summary>Names of all topics.</summary>
    IEnumerable<string> Topics { get; }

    /// <summary>Whether a topic exists.</summary>
    bool HasTopic(string name);

    /// <summary>What is set on a resource; empty where nothing is. The broker resource with the empty name holds the cluster's defaults.</summary>
    IReadOnlyDictionary<string, string> ValuesOf(ConfigResource resource);

    /// <summary>Names of all resources of a kind that have something set.</summary>
    IEnumerable<string> Configured(ConfigResourceType type);
}

/// <summary>One value that shall change.</summary>
/// <param name="Resource">What it is set on.</param>
/// <param name="Key">The key.</param>
/// <param name="Value">The new value; null removes what is set.</param>
public readonly record struct ConfigChange(ConfigResource Resource, string Key, string? Value);
