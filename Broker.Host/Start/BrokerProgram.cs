using System.Text;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Cluster;
using AkkaStream.Host.Configuration;
using AkkaStream.Host.Logging;
using AkkaStream.Host.Metrics;
using AkkaStream.Host.Pbm;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Host.Start;

/// <summary>The process that is a broker: gathers its configuration, starts it, waits for a signal, stops it.</summary>
internal static class BrokerProgram
{
    private static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(2);

    private const int Removed = 2;

    /// <summary>Exit code after a clean stop.</summary>
    internal const int Clean = 0;

    /// <summary>Exit code when the broker could not start, or not stop cleanly.</summary>
    internal const int Failed = 1;

    /// <summary>Exit code when the configuration or the command line cannot be used.</summary>
    internal const int Misused = 2;

    /// <summary>Runs until a signal comes.</summary>
    /// <returns>The process's exit code.</returns>
    internal static int Run(string[] args)
    {
        foreach (var arg in args)
        {
            if (arg is "--help" or "-h" or "-?") return Say(false, BrokerOptions.Help, Clean);
            if (arg == "--version") return Say(false, Banner.Version, Clean);
        }

        ConfigSources sources;
        BrokerConfig config;
        try
        {
            sources = BrokerOptions.Read(args, Environment.GetEnvironmentVariables());
            config = sources.Build();
        }
        catch (ConfigException fault)
        {
            return Say(true, fault.Message + "\nThe broker was not started.", Misused);
        }

        using var loggers = StderrLoggerFactory.Of(config.String("log.level")!);
        foreach (var warning in sources.Warnings) Log(loggers, true, warning);
        if (sources.WithoutEffect.Count > 0) Log(loggers, false, $"accepted, without effect in this version: {string.Join(", ", sources.WithoutEffect)}");
        return Serve(config, loggers);
    }

    private static int Serve(BrokerConfig config, StderrLoggerFactory loggers)
    {
        using var signals = new StopSignals();
        RunningBroker broker;
        try
        {
            broker = Start(config, loggers, signals);
        }
        catch (OperationCanceledException)
        {
            return Clean;
        }
        catch (PutOutException)
        {
            // So slow a start that others took it for gone: nothing was served yet.
            return Again(loggers);
        }
        catch (ConfigException fault)
        {
            return Say(true, fault.Message + "\nThe broker was not started.", Misused);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Say(true, fault.Message + "\nThe broker was not started.", Failed);
        }

        Say(false, Banner.Text(config, broker.Door!.Bound, broker.ActorAddress), Clean);
        using var tidy = new Timer(static _ => Tidy(), null, AfterStart, Timeout.InfiniteTimeSpan);

        // Behind the banner: clients do not wait for what only people look at, and not for the place of partitions that can be nowhere else.
        broker.Node.FormCluster();
        using var metrics = new BrokerMetrics(broker.Node.Services);
        if (config.Boolean("petabridge.cmd.enable")) broker.ServeConsoles();
        var first = Task.WaitAny(signals.Asked, broker.Failed, broker.Ended);
        if (first == Removed) return Restart(broker, loggers);
        var failed = first == 1;
        Log(loggers, false, "stopping");
        var error = broker.StopAsync().GetAwaiter().GetResult();
        if (failed) return Say(true, broker.Failed.Result + "\nThe broker was stopped.", Failed);
        return error == ErrorCode.None ? Clean : Say(true, $"The broker stopped, but not cleanly: {error.Name()}. The next start will look over its logs.", Failed);
    }

    private static RunningBroker Start(BrokerConfig config, StderrLoggerFactory loggers, StopSignals signals)
    {
        var cluster = ClusterConfig.Of(config);
        var setup = SystemLogging.Setup(loggers, config.String("log.level")!, ConsoleHost.Hocon(config) + "\n" + ClusterSystem.HoconOf(config));
        void Say(bool isWarning, string line) => Log(loggers, isWarning, line);
        if (cluster is null) return RunningBroker.Start(config, log: Say, setup: setup);
        using var stop = new CancellationTokenSource();
        signals.Asked.ContinueWith(_ => stop.Cancel(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return RunningBroker.StartAsync(config, log: Say, setup: setup, cancellation: stop.Token).GetAwaiter().GetResult();
    }

    // The cluster went on without this broker, which could not be reached. Nothing that it knows counts any more: the process begins anew, under the same number.
    private static int Restart(RunningBroker broker, StderrLoggerFactory loggers)
    {
        broker.StopAsync().GetAwaiter().GetResult();
        return Again(loggers);
    }

    private static int Again(StderrLoggerFactory loggers)
    {
        Log(loggers, true, "the cluster went on without this broker, which could not be reached for too long; it starts again");
        return SameProcess.Begin() ? Clean : Say(true, "The cluster went on without this broker, and it could not be started again by itself: start it.", Failed);
    }

    // A start leaves more garbage behind than a broker of ten thousand partitions holds, and a broker that nobody uses would keep that memory for ever.
    private static void Tidy() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private static void Log(StderrLoggerFactory loggers, bool isWarning, string line)
    {
        var logger = loggers.CreateLogger("Broker");
        if (isWarning) logger.LogWarning("{Line}", line);
        else logger.LogInformation("{Line}", line);
    }

    // The console's own writers would cost a start some milliseconds of encodings and locks.
    private static int Say(bool isError, string text, int exitCode)
    {
        using var stream = isError ? Console.OpenStandardError() : Console.OpenStandardOutput();
        stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
        return exitCode;
    }
}
