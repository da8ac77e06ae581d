using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Akka.HealthCheck.Hosting;

/// <summary>Health checks of the actor system that <c>AddAkka</c> put among the services, for what the host asks them with (a readiness or liveness probe, say).</summary>
public static class AkkaHealthChecks
{
    /// <summary>How long a check waits for the system to answer, by default.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The system lives: it has not ended, and its user guardian answers. One that fails it does not come back by itself: fit for liveness, and tagged <c>akka</c> and <c>live</c> unless other tags are given.
    /// </summary>
    /// <param name="builder">From <c>AddHealthChecks()</c>.</param>
    /// <param name="name">Its name among the checks; <c>akka-system</c> by default.</param>
    /// <param name="failureStatus">What it reports when it fails; unhealthy by default.</param>
    /// <param name="tags">Tags to choose it by.</param>
    /// <param name="timeout">How long the guardian may take; <see cref="DefaultTimeout"/> by default.</param>
    public static IHealthChecksBuilder AddAkkaSystem(this IHealthChecksBuilder builder, string name = "akka-system", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
        => builder.Add(new HealthCheckRegistration(name, services => new SystemCheck(services.GetRequiredService<ActorSystem>(), timeout ?? DefaultTimeout), failureStatus, tags ?? ["akka", "live"]));

    /// <summary>
    /// This node takes part in its cluster: healthy while it is up and reaches all other members, degraded while it is up and some cannot be reached, and unhealthy while it joins, leaves or is no member.
    /// Fit for readiness, and tagged <c>akka</c> and <c>ready</c> unless other tags are given. The data has status, members, unreachable ones and the leader. A system without a cluster provider fails it.
    /// </summary>
    /// <param name="builder">From <c>AddHealthChecks()</c>.</param>
    /// <param name="name">Its name among the checks; <c>akka-cluster</c> by default.</param>
    /// <param name="failureStatus">What it reports when it fails; unhealthy by default.</param>
    /// <param name="tags">Tags to choose it by.</param>
    public static IHealthChecksBuilder AddAkkaCluster(this IHealthChecksBuilder builder, string name = "akka-cluster", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
        => builder.Add(new HealthCheckRegistration(name, services => new ClusterCheck(services.GetRequiredService<ActorSystem>()), failureStatus, tags ?? ["akka", "ready"]));
}
