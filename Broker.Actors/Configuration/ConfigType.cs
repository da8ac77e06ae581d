namespace AkkaStream.Actors.Configuration;

/// <summary>Type of a configuration value, numbered as in DescribeConfigs.</summary>
public enum ConfigType : sbyte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>true or false, in any case.</summary>
    Boolean = 1,

    /// <summary>Text; blanks around it do not count.</summary>
    String = 2,

    /// <summary>Whole number of 32 bits.</summary>
    Int = 3,

    /// <summary>Whole number of 16 bits.</summary>
    Short = 4,

    /// <summary>Whole number of 64 bits.</summary>
    Long = 5,

    /// <summary>Floating point number.</summary>
    Double = 6,

    /// <summary>Texts separated by commas.</summary>
    List = 7,

    /// <summary>Name of a Java class: accepted, never loaded.</summary>
    Class = 8,

    /// <summary>Text that is never shown.</summary>
    Password = 9,
}

/// <summary>Whether a broker key can change while the broker runs.</summary>
public enum ConfigUpdateMode
{
    /// <summary>Only by a restart.</summary>
    ReadOnly,

    /// <summary>For each broker by itself.</summary>
    PerBroker,

    /// <summary>For one broker or for all of the cluster.</summary>
    ClusterWide,
}

/// <summary>How much a key matters.</summary>
public enum ConfigImportance
{
    /// <summary>To nearly everyone.</summary>
    High,

    /// <summary>To some.</summary>
    Medium,

    /// <summary>To few.</summary>
    Low,
}

/// <summary>Where a value comes from, numbered as in DescribeConfigs.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Set on the topic.</summary>
    Topic = 1,

    /// <summary>Set on this broker while it runs.</summary>
    DynamicBroker = 2,

    /// <summary>Set for all brokers of the cluster while they run.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>Given at the start: file, environment, option.</summary>
    StaticBroker = 4,

    /// <summary>Nobody set it.</summary>
    Default = 5,

    /// <summary>Level of a logger.</summary>
    DynamicBrokerLogger = 6,

    /// <summary>Set on a client metrics subscription.</summary>
    ClientMetrics = 7,

    /// <summary>Set on a group.</summary>
    Group = 8,
}

/// <summary>What a configuration belongs to, numbered as in the protocol.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>A topic, by name.</summary>
    Topic = 2,

    /// <summary>A broker, by number; the empty name means all of the cluster.</summary>
    Broker = 4,

    /// <summary>The loggers of a broker, by number.</summary>
    BrokerLogger = 8,

    /// <summary>A client metrics subscription, by name.</summary>
    ClientMetrics = 16,

    /// <summary>A group, by id.</summary>
    Group = 32,
}

/// <summary>One thing that has a configuration.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Name">Its name.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name);
