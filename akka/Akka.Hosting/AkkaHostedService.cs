using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Starts the actor system with the host and stops it with the host; a system that ends by itself stops the host.</summary>
public class AkkaHostedService : IHostedService
{
    /// <summary>The system; set when the host has started.</summary>
    protected ActorSystem? ActorSystem;

    /// <summary>The system's shutdown; set when the host has started.</summary>
    protected CoordinatedShutdown? CoordinatedShutdown;

    /// <summary>What the system is made of.</summary>
    protected readonly AkkaConfigurationBuilder ConfigurationBuilder;

    /// <summary>The container.</summary>
    protected readonly IServiceProvider ServiceProvider;

    /// <summary>Logs starts and failures.</summary>
    protected readonly ILogger<AkkaHostedService> Logger;

    /// <summary>The host's life; null outside of one.</summary>
    protected readonly IHostApplicationLifetime? HostApplicationLifetime;

    /// <summary>A service that starts what <paramref name="configurationBuilder"/> collected.</summary>
    public AkkaHostedService(AkkaConfigurationBuilder configurationBuilder, IServiceProvider serviceProvider, ILogger<AkkaHostedService> logger, IHostApplicationLifetime? applicationLifetime)
    {
        ConfigurationBuilder = configurationBuilder;
        ServiceProvider = serviceProvider;
        Logger = logger;
        HostApplicationLifetime = applicationLifetime;
    }

    /// <summary>Creates the system, its actors, and runs the startup tasks. A failure stops the host.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            ActorSystem = ServiceProvider.GetRequiredService<ActorSystem>();
            CoordinatedShutdown = Actor.CoordinatedShutdown.Get(ActorSystem);
            await ConfigurationBuilder.Start(ActorSystem).ConfigureAwait(false);
            _ = StopHostWithSystem(ActorSystem);
        }
        catch (Exception e)
        {
            Logger.Log(LogLevel.Critical, e, "The actor system did not start");
            HostApplicationLifetime?.StopApplication();
            throw;
        }
    }

    /// <summary>Runs the coordinated shutdown and waits for it.</summary>
    public virtual async Task StopAsync(CancellationToken cancellationToken)
    {
        if (CoordinatedShutdown is null) return;
        await CoordinatedShutdown.Run(Actor.CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
    }

    private async Task StopHostWithSystem(ActorSystem system)
    {
        await system.WhenTerminated.ConfigureAwait(false);
        HostApplicationLifetime?.StopApplication();
    }
}
