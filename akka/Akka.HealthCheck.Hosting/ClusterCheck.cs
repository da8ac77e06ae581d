using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Akka.HealthCheck.Hosting;

/// <summary>Whether this node is up in its cluster, and whom it cannot reach.</summary>
internal sealed class ClusterCheck(ActorSystem system) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check(context.Registration.FailureStatus));

    private HealthCheckResult Check(HealthStatus failed)
    {
        if (!system.HasExtension<Cluster.Cluster>()) return new HealthCheckResult(failed, $"the actor system {system.Name} is in no cluster: akka.actor.provider is not cluster");
        var cluster = Cluster.Cluster.Get(system);
        var state = cluster.State;
        var data = new Dictionary<string, object>
        {
            ["address"] = cluster.SelfAddress.ToString(),
            ["status"] = cluster.SelfMember.Status.ToString(),
            ["members"] = state.Members.Count,
            ["unreachable"] = string.Join(", ", state.Unreachable.Select(member => member.Address)),
            ["leader"] = state.Leader?.ToString() ?? "",
        };
        if (cluster.IsTerminated) return new HealthCheckResult(failed, $"{cluster.SelfAddress} has left the cluster, or was given up by it", data: data);
        if (cluster.SelfMember.Status is not (MemberStatus.Up or MemberStatus.WeaklyUp)) return new HealthCheckResult(failed, $"{cluster.SelfAddress} is {cluster.SelfMember.Status}, not up", data: data);
        return state.Unreachable.Count == 0
            ? HealthCheckResult.Healthy($"{cluster.SelfAddress} is up, {state.Members.Count} member(s)", data)
            : HealthCheckResult.Degraded($"{cluster.SelfAddress} is up, and cannot reach {data["unreachable"]}", data: data);
    }
}
