using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.SBR;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>What the cluster reads of the configuration.</summary>
public sealed class ClusterSettings
{
    internal ClusterSettings(Config config)
    {
        var cluster = config.GetConfig("akka.cluster");
        SeedNodes = [.. cluster.GetStringList("seed-nodes").Select(text => ParseSeed(text))];
        SeedNodeTimeout = cluster.GetTimeSpan("seed-node-timeout", allowInfinite: false);
        RetryUnsuccessfulJoinAfter = OffOr(cluster, "retry-unsuccessful-join-after");
        ShutdownAfterUnsuccessfulJoinSeedNodes = OffOr(cluster, "shutdown-after-unsuccessful-join-seed-nodes");
        RunCoordinatedShutdownWhenDown = cluster.GetBoolean("run-coordinated-shutdown-when-down");
        Roles = [.. cluster.GetStringList("roles")];
        if (Roles.Count > Limits.Roles) throw new ConfigurationException($"akka.cluster.roles: {Roles.Count} roles, the limit is {Limits.Roles}");
        AppVersion = AppVersion.Create(cluster.GetString("app-version", "0.0.0")!);
        MinNrOfMembers = cluster.GetInt("min-nr-of-members", 1);
        // Most name none, and the way there would have to be compiled at every start.
        var ofRoles = cluster.GetConfig("role");
        MinNrOfMembersOfRole = ofRoles.IsEmpty ? ImmutableDictionary<string, int>.Empty : ofRoles.AsEnumerable().ToImmutableDictionary(entry => entry.Key, entry => cluster.GetInt($"role.\"{entry.Key}\".min-nr-of-members", 1));
        WeaklyUpAfter = OffOr(cluster, "allow-weakly-up-members") ?? TimeSpan.Zero;
        GossipInterval = cluster.GetTimeSpan("gossip-interval", allowInfinite: false);
        LeaderActionsInterval = cluster.GetTimeSpan("leader-actions-interval", allowInfinite: false);
        UnreachableNodesReaperInterval = cluster.GetTimeSpan("unreachable-nodes-reaper-interval", allowInfinite: false);
        FailureDetectorConfig = cluster.GetConfig("failure-detector");
        HeartbeatInterval = FailureDetectorConfig.GetTimeSpan("heartbeat-interval", allowInfinite: false);
        HeartbeatAcceptablePause = FailureDetectorConfig.GetTimeSpan("acceptable-heartbeat-pause", allowInfinite: false);
        HeartbeatExpectedResponseAfter = FailureDetectorConfig.GetTimeSpan("expected-response-after", allowInfinite: false);
        MonitoredByNrOfMembers = Math.Max(1, FailureDetectorConfig.GetInt("monitored-by-nr-of-members"));
        var downing = cluster.GetString("downing-provider-class", "")!.Split(',')[0].Trim();
        if (downing is not ("" or "Akka.Cluster.NoDowning" or "Akka.Cluster.SBR.SplitBrainResolverProvider"))
        {
            throw new ConfigurationException($"akka.cluster.downing-provider-class: there is no provider '{downing}'; there are Akka.Cluster.SBR.SplitBrainResolverProvider and Akka.Cluster.NoDowning");
        }

        Downing = downing.EndsWith("SplitBrainResolverProvider", StringComparison.Ordinal) ? new DowningSettings(cluster.GetConfig("split-brain-resolver")) : null;
    }

    /// <summary>The nodes that are asked for a cluster: <c>akka.cluster.seed-nodes</c>.</summary>
    public ImmutableList<Address> SeedNodes { get; }

    /// <summary>How long the first seed node waits for the others before it begins a cluster.</summary>
    public TimeSpan SeedNodeTimeout { get; }

    /// <summary>After what time a join is tried again; null for never.</summary>
    public TimeSpan? RetryUnsuccessfulJoinAfter { get; }

    /// <summary>After what time without a cluster the system is shut down; null for never.</summary>
    public TimeSpan? ShutdownAfterUnsuccessfulJoinSeedNodes { get; }

    /// <summary>Whether a node that was given up shuts down.</summary>
    public bool RunCoordinatedShutdownWhenDown { get; }

    /// <summary>This node's roles.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>The version of this node's application.</summary>
    public AppVersion AppVersion { get; }

    /// <summary>How many members there have to be before the first comes up.</summary>
    public int MinNrOfMembers { get; }

    /// <summary>The same for each role.</summary>
    public ImmutableDictionary<string, int> MinNrOfMembersOfRole { get; }

    /// <summary>Whether members may take part while not all can agree.</summary>
    public bool AllowWeaklyUpMembers => WeaklyUpAfter > TimeSpan.Zero;

    /// <summary>After what time they do; 0 for never.</summary>
    public TimeSpan WeaklyUpAfter { get; }

    /// <summary>How often a node gossips when nothing happens.</summary>
    public TimeSpan GossipInterval { get; }

    /// <summary>How often the leader looks when nothing happens.</summary>
    public TimeSpan LeaderActionsInterval { get; }

    /// <summary>How often a node looks who is silent.</summary>
    public TimeSpan UnreachableNodesReaperInterval { get; }

    /// <summary>The failure detector.</summary>
    public Config FailureDetectorConfig { get; }

    /// <summary>How often heartbeats are sent.</summary>
    public TimeSpan HeartbeatInterval { get; }

    /// <summary>After what time a node that never answered counts as having done so once.</summary>
    public TimeSpan HeartbeatExpectedResponseAfter { get; }

    /// <summary>How long heartbeats may be missing beyond what is usual.</summary>
    internal TimeSpan HeartbeatAcceptablePause { get; }

    /// <summary>How many nodes check one.</summary>
    public int MonitoredByNrOfMembers { get; }

    /// <summary>How unreachable members are judged; null for not at all.</summary>
    internal DowningSettings? Downing { get; }

    private static Address ParseSeed(string text)
        => Address.TryParse(text, out var address) && address.HasGlobalScope ? address : throw new ConfigurationException($"akka.cluster.seed-nodes: '{text}' is no address such as akka.tcp://system@host:port");

    private static TimeSpan? OffOr(Config config, string path)
        => config.GetString(path)?.ToLowerInvariant() is "off" or "false" or "none" or null ? null : config.GetTimeSpan(path, allowInfinite: false);
}
