using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <summary>A topic to create.</summary>
/// <param name="Name">1 to 249 of letters, digits, '.', '_' and '-'.</param>
/// <param name="Partitions">How many; -1 for the broker's default.</param>
/// <param name="ReplicationFactor">How many replicas; -1 for the broker's default.</param>
public sealed record NewTopic(string Name, int Partitions = -1, short ReplicationFactor = -1)
{
    /// <summary>Topic configuration, by key.</summary>
    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();

    /// <summary>Broker ids by partition, the preferred leader first, where the cluster is not to choose; <see cref="Partitions"/> and <see cref="ReplicationFactor"/> are left at -1 then.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<int>> Assignments { get; init; } = new Dictionary<int, IReadOnlyList<int>>();
}

/// <summary>What came of one topic.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, or zero where the broker does not say.</param>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
/// <param name="Message">The broker's own words, if any.</param>
public sealed record TopicResult(string Name, Guid Id, ErrorCode Error, string? Message)
{
    /// <summary>Throws unless it went well.</summary>
    /// <exception cref="Cluster.BrokerException">It did not.</exception>
    public void ThrowIfFailed() => Cluster.BrokerException.ThrowIf(Error, $"topic {Name}", Message);
}

/// <summary>What has a configuration; the numbers are Kafka's.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A broker, by id; an empty name is the default of all.</summary>
    Broker = 4,

    /// <summary>A subscription of client metrics.</summary>
    ClientMetrics = 16,

    /// <summary>A group.</summary>
    Group = 32,
}

/// <summary>A topic, broker or the like as the owner of a configuration.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Name">Name or id.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name)
{
    /// <summary>What is set on one broker.</summary>
    /// <param name="id">Its id.</param>
    public static ConfigResource OfBroker(int id) => new(ConfigResourceType.Broker, id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => Type switch
    {
        ConfigResourceType.Topic => $"topic {Name}",
        ConfigResourceType.Group => $"group {Name}",
        ConfigResourceType.ClientMetrics => $"client metrics {Name}",
        _ => Name.Length == 0 ? "all brokers" : $"broker {Name}",
    };
}

/// <summary>Where a configuration value comes from; the numbers are Kafka's.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>The broker did not say.</summary>
    Unknown = 0,

    /// <summary>Set on the topic.</summary>
    Topic = 1,

    /// <summary>Set on this broker while it ran.</summary>
    Broker = 2,

    /// <summary>Set for all brokers while they ran.</summary>
    AllBrokers = 3,

    /// <summary>The broker's own configuration file.</summary>
    StaticBroker = 4,

    /// <summary>Nobody set it.</summary>
    Default = 5,
}

/// <summary>One configuration value.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">The value; null where it is sensitive or has none.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="IsReadOnly">Whether it can be changed only by a restart.</param>
/// <param name="IsSensitive">Whether its value is never told.</param>
public sealed record ConfigEntry(string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive);

/// <summary>Which offset is asked for: a time in milliseconds since 1970, or one of these.</summary>
public static class OffsetSpec
{
    /// <summary>The end: the offset that the next record will get.</summary>
    public const long Latest = -1;

    /// <summary>The first offset that is still there.</summary>
    public const long Earliest = -2;

    /// <summary>The record with the largest timestamp (KIP-734).</summary>
    public const long MaxTimestamp = -3;
}

/// <summary>An offset that was asked for.</summary>
/// <param name="Offset">The offset; -1 where there is none, for example no record so late.</param>
/// <param name="Timestamp">That record's time in milliseconds since 1970, or -1.</param>
/// <param name="LeaderEpoch">Of that record, or -1.</param>
public readonly record struct OffsetResult(long Offset, long Timestamp, int LeaderEpoch);
