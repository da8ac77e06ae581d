using System.Text;
using Akka.Cluster.Hosting.SBR;
using Akka.Hosting;
using Akka.Remote.Hosting;

namespace Akka.Cluster.Hosting;

/// <summary>A node's part in a cluster. What is null stays as the configuration has it.</summary>
public sealed class ClusterOptions
{
    /// <summary>The node's roles.</summary>
    public string[]? Roles { get; set; }

    /// <summary>The nodes that are asked for the cluster, such as <c>akka.tcp://system@host:port</c>.</summary>
    public string[]? SeedNodes { get; set; }

    /// <summary>How many members there have to be before the first comes up.</summary>
    public int? MinimumNumberOfMembers { get; set; }

    /// <summary>The same for roles.</summary>
    public Dictionary<string, int>? MinimumNumberOfMembersPerRole { get; set; }

    /// <summary>The version of the application.</summary>
    public string? AppVersion { get; set; }

    /// <summary>How unreachable members are judged.</summary>
    public SplitBrainResolverOption? SplitBrainResolver { get; set; }

    /// <summary>How silent members are noticed.</summary>
    public PhiAccrualFailureDetectorOptions? FailureDetector { get; set; }

    internal string ToHocon()
    {
        var text = new StringBuilder("akka.cluster {\n");
        if (Roles is not null) text.Append("roles = [").AppendJoin(",", Roles.Select(role => role.ToHocon())).Append("]\n");
        if (SeedNodes is not null) text.Append("seed-nodes = [").AppendJoin(",", SeedNodes.Select(node => node.ToHocon())).Append("]\n");
        if (MinimumNumberOfMembers is { } least) text.Append("min-nr-of-members = ").Append(least.ToHocon()).Append('\n');
        foreach (var (role, count) in MinimumNumberOfMembersPerRole ?? []) text.Append("role.").Append(role.ToHocon()).Append(".min-nr-of-members = ").Append(count.ToHocon()).Append('\n');
        if (AppVersion is not null) text.Append("app-version = ").Append(AppVersion.ToHocon()).Append('\n');
        if (FailureDetector is not null) text.Append("failure-detector {\n").Append(FailureDetector.ToHocon()).Append("}\n");
        return text.Append("}\n").ToString();
    }
}
