using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Akka.HealthCheck.Hosting;

/// <summary>Whether the system has ended, and whether its user guardian answers.</summary>
internal sealed class SystemCheck(ActorSystem system, TimeSpan timeout) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (system.WhenTerminated.IsCompleted) return new HealthCheckResult(context.Registration.FailureStatus, $"the actor system {system.Name} has ended");
        try
        {
            await system.ActorSelection("/user").Ask<ActorIdentity>(new Identify(null), timeout, cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy($"the actor system {system.Name} answers", new Dictionary<string, object> { ["uptime"] = system.Uptime.ToString() });
        }
        catch (Exception failure) when (failure is AskTimeoutException or OperationCanceledException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"the actor system {system.Name} does not answer within {timeout.TotalSeconds:0.###} s", failure);
        }
    }
}
