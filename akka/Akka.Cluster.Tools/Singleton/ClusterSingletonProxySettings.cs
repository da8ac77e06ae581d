using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a proxy finds its singleton. Immutable.</summary>
public sealed class ClusterSingletonProxySettings : INoSerializationVerificationNeeded
{
    /// <summary>By its parts: the singleton's name, the role of its nodes (all where it is null or empty), how often it is sought (more than 0), and how many messages wait for it (0 to 10,000).</summary>
    public ClusterSingletonProxySettings(string singletonName, string? role, TimeSpan singletonIdentificationInterval, int bufferSize, bool considerAppVersion)
    {
        if (string.IsNullOrWhiteSpace(singletonName)) throw new ArgumentNullException(nameof(singletonName));
        if (singletonIdentificationInterval <= TimeSpan.Zero) throw new ArgumentException("singletonIdentificationInterval must be positive", nameof(singletonIdentificationInterval));
        if (bufferSize is < 0 or > 10_000) throw new ArgumentException("bufferSize must be between 0 and 10000", nameof(bufferSize));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        SingletonIdentificationInterval = singletonIdentificationInterval;
        BufferSize = bufferSize;
        ConsiderAppVersion = considerAppVersion;
    }

    /// <summary>The singleton's name.</summary>
    public string SingletonName { get; }

    /// <summary>The role of its nodes; null for all.</summary>
    public string? Role { get; }

    /// <summary>How often it is sought, at the least.</summary>
    public TimeSpan SingletonIdentificationInterval { get; }

    /// <summary>How many messages wait while it is not found; of more, the oldest are dropped.</summary>
    public int BufferSize { get; }

    /// <summary>Kept for Akka.NET's sake: age alone decides here.</summary>
    public bool ConsiderAppVersion { get; }

    /// <summary>By a system's configuration, <c>akka.cluster.singleton-proxy</c>.</summary>
    public static ClusterSingletonProxySettings Create(ActorSystem system)
    {
        SingletonReference.AddTo(system);
        var config = system.Settings.Config.GetConfig("akka.cluster.singleton-proxy");
        return Create(config, config.GetBoolean("consider-app-version"));
    }

    /// <summary>By a configuration in the form of <c>akka.cluster.singleton-proxy</c>.</summary>
    public static ClusterSingletonProxySettings Create(Config config, bool considerAppVersion)
        => new(
            config.GetString("singleton-name", "singleton")!,
            config.GetString("role"),
            config.GetTimeSpan("singleton-identification-interval", TimeSpan.FromSeconds(1), allowInfinite: false),
            config.GetInt("buffer-size", 1000),
            considerAppVersion);

    /// <summary>With another name.</summary>
    public ClusterSingletonProxySettings WithSingletonName(string singletonName) => new(singletonName, Role, SingletonIdentificationInterval, BufferSize, ConsiderAppVersion);

    /// <summary>With another role.</summary>
    public ClusterSingletonProxySettings WithRole(string? role) => new(SingletonName, role, SingletonIdentificationInterval, BufferSize, ConsiderAppVersion);

    /// <summary>With another interval.</summary>
    public ClusterSingletonProxySettings WithSingletonIdentificationInterval(TimeSpan singletonIdentificationInterval) => new(SingletonName, Role, singletonIdentificationInterval, BufferSize, ConsiderAppVersion);

    /// <summary>With another buffer.</summary>
    public ClusterSingletonProxySettings WithBufferSize(int bufferSize) => new(SingletonName, Role, SingletonIdentificationInterval, bufferSize, ConsiderAppVersion);
}
