using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Tools.Singleton;

/// <summary>How a singleton is managed. Immutable.</summary>
public sealed class ClusterSingletonManagerSettings : INoSerializationVerificationNeeded
{
    /// <summary>By its parts: the name of the child that is the singleton, the role that its nodes have (all where it is null or empty), how long is waited after the removal of an
    /// unreachable member (not negative), how often a hand-over is asked for again (more than 0).</summary>
    public ClusterSingletonManagerSettings(string singletonName, string? role, TimeSpan removalMargin, TimeSpan handOverRetryInterval, bool considerAppVersion)
    {
        if (string.IsNullOrWhiteSpace(singletonName)) throw new ArgumentNullException(nameof(singletonName));
        if (removalMargin < TimeSpan.Zero) throw new ArgumentException("removalMargin must not be negative", nameof(removalMargin));
        if (handOverRetryInterval <= TimeSpan.Zero) throw new ArgumentException("handOverRetryInterval must be positive", nameof(handOverRetryInterval));
        SingletonName = singletonName;
        Role = string.IsNullOrEmpty(role) ? null : role;
        RemovalMargin = removalMargin;
        HandOverRetryInterval = handOverRetryInterval;
        ConsiderAppVersion = considerAppVersion;
    }

    /// <summary>The name of the child that is the singleton.</summary>
    public string SingletonName { get; }

    /// <summary>The role of its nodes; null for all.</summary>
    public string? Role { get; }

    /// <summary>How long is waited after the removal of a member of which nobody knows whether its process is gone.</summary>
    public TimeSpan RemovalMargin { get; }

    /// <summary>How often a hand-over is asked for again.</summary>
    public TimeSpan HandOverRetryInterval { get; }

    /// <summary>Kept for Akka.NET's sake: age alone decides here.</summary>
    public bool ConsiderAppVersion { get; }

    /// <summary>By a system's configuration, <c>akka.cluster.singleton</c>.</summary>
    public static ClusterSingletonManagerSettings Create(ActorSystem system)
    {
        SingletonReference.AddTo(system);
        var settings = Create(system.Settings.Config.GetConfig("akka.cluster.singleton"));
        return settings.WithRemovalMargin(system.Settings.Config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after", allowInfinite: false));
    }

    /// <summary>By a configuration in the form of <c>akka.cluster.singleton</c>.</summary>
    public static ClusterSingletonManagerSettings Create(Config config)
        => new(
            config.GetString("singleton-name", "singleton")!,
            config.GetString("role"),
            TimeSpan.Zero,
            config.GetTimeSpan("hand-over-retry-interval", TimeSpan.FromSeconds(1), allowInfinite: false),
            config.GetBoolean("consider-app-version"));

    /// <summary>With another name.</summary>
    public ClusterSingletonManagerSettings WithSingletonName(string singletonName) => new(singletonName, Role, RemovalMargin, HandOverRetryInterval, ConsiderAppVersion);

    /// <summary>With another role.</summary>
    public ClusterSingletonManagerSettings WithRole(string? role) => new(SingletonName, role, RemovalMargin, HandOverRetryInterval, ConsiderAppVersion);

    /// <summary>With another margin.</summary>
    public ClusterSingletonManagerSettings WithRemovalMargin(TimeSpan removalMargin) => new(SingletonName, Role, removalMargin, HandOverRetryInterval, ConsiderAppVersion);

    /// <summary>With another interval.</summary>
    public ClusterSingletonManagerSettings WithHandOverRetryInterval(TimeSpan handOverRetryInterval) => new(SingletonName, Role, RemovalMargin, handOverRetryInterval, ConsiderAppVersion);
}
