using Akka.Actor.Internal;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>Makes a system's <see cref="CoordinatedShutdown"/>.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    /// <inheritdoc/>
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system)
    {
        var config = system.Settings.Config.GetConfig("akka.coordinated-shutdown");
        var shutdown = new CoordinatedShutdown(system, config);
        var terminates = config.GetBoolean("terminate-actor-system", true);
        if (!terminates && config.GetBoolean("run-by-actor-system-terminate", true))
        {
            throw new ConfigurationException("akka.coordinated-shutdown: terminate-actor-system = off needs run-by-actor-system-terminate = off, or Terminate() would never end");
        }

        AddLastTask(system, shutdown, terminates, config.GetBoolean("exit-clr"));
        if (config.GetBoolean("run-by-clr-shutdown-hook", true)) RunAtProcessExit(system, shutdown);
        return shutdown;
    }

    private static void AddLastTask(ExtendedActorSystem system, CoordinatedShutdown shutdown, bool terminates, bool exits)
    {
        if (!terminates && !exits) return;
        shutdown.AddTask(CoordinatedShutdown.PhaseActorSystemTerminate, "terminate-system", async () =>
        {
            if (terminates) await ((ActorSystemImpl)system).FinalTerminate().ConfigureAwait(false);
            if (exits && shutdown.ShutdownReason is not CoordinatedShutdown.ClrExitReason) Environment.Exit(0);
            return Done.Instance;
        });
    }

    private static void RunAtProcessExit(ExtendedActorSystem system, CoordinatedShutdown shutdown)
    {
        void OnExit(object? sender, EventArgs e) => shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance).Wait(shutdown.TotalTimeout);

        AppDomain.CurrentDomain.ProcessExit += OnExit;
        system.RegisterOnTermination(() => AppDomain.CurrentDomain.ProcessExit -= OnExit);
    }
}
