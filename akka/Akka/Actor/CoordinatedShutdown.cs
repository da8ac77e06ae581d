using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Stops an application in order: named phases that depend on each other, each with tasks that run side by side. It runs once, whoever asks.
/// Phases, their order, time limits and whether a failure is survived are in <c>akka.coordinated-shutdown.phases</c>.
/// </summary>
public sealed partial class CoordinatedShutdown : IExtension
{
    /// <summary>First: tell others, before listeners close.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Listeners close: nobody new comes in.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>What is in flight is answered.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Connections and services stop.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>What has to be done while the cluster is still there.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Shard regions hand off.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>The member leaves.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>Singletons hand over.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>The exit is known to the others.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>The cluster's actors stop.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>What has to be done while actors are still there.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The actor system terminates.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ShutdownPhases _phases;
    private readonly Lock _lock = new();
    private Task<Done>? _run;

    internal CoordinatedShutdown(ExtendedActorSystem system, Config config)
    {
        System = system;
        _phases = new ShutdownPhases(config);
    }

    /// <summary>The system that is stopped.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>Why it was stopped; null before that.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>The most that all phases together may take.</summary>
    public TimeSpan TotalTimeout => _phases.TotalTimeout;

    /// <summary>The shutdown of a system.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) => sys.WithExtension<CoordinatedShutdown, CoordinatedShutdownExtension>();

    /// <summary>
    /// Adds a task to a phase; tasks of a phase start together. A phase that is over runs no more tasks.
    /// Throws <see cref="ConfigurationException"/> for an unknown phase, <see cref="ArgumentException"/> for an empty name.
    /// </summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        ArgumentNullException.ThrowIfNull(task);
        lock (_lock) _phases.Require(phase).Tasks.Add(new ShutdownTask(taskName, task));
    }

    /// <summary>How long a phase may take. Throws <see cref="ArgumentException"/> for an unknown one.</summary>
    public TimeSpan Timeout(string phase)
        => _phases.Find(phase)?.Timeout ?? throw new ArgumentException($"there is no shutdown phase '{phase}'", nameof(phase));

    /// <summary>
    /// Runs the phases, from <paramref name="fromPhase"/> on where one is given. A second call gives the same task.
    /// The task fails when a phase fails or takes too long that is configured with <c>recover = off</c>; later phases then do not run.
    /// </summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var start = fromPhase is null ? 0 : _phases.IndexOf(fromPhase);
        Promise<Done> done;
        lock (_lock)
        {
            if (_run is not null) return _run;
            done = new Promise<Done>(((ActorSystemImpl)System).Later);
            _run = done.Task;
            ShutdownReason = reason;
        }

        _ = RunPhases(start, done);
        return done.Task;
    }

    private async Task RunPhases(int start, Promise<Done> done)
    {
        try
        {
            for (var i = start; i < _phases.InOrder.Count; i++) await RunPhase(_phases.InOrder[i]).ConfigureAwait(false);
            done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            done.TrySetException(e);
        }
    }

    private async Task RunPhase(ShutdownPhase phase)
    {
        ShutdownTask[] tasks;
        lock (_lock) tasks = [.. phase.Tasks];
        if (tasks.Length == 0) return;
        if (!phase.Enabled)
        {
            System.Log.Info("Shutdown phase [{0}] is disabled; {1} task(s) do not run", phase.Name, tasks.Length);
            return;
        }

        System.Log.Debug("Shutdown phase [{0}] runs {1} task(s)", phase.Name, tasks.Length);
        // Before the tasks: the one that terminates the system ends its timers too.
        using var deadline = new ShutdownDeadline((ActorSystemImpl)System, phase.Timeout);
        var running = new Task[tasks.Length];
        for (var i = 0; i < tasks.Length; i++) running[i] = RunTask(phase, tasks[i]);
        var all = Task.WhenAll(running);
        if (await Task.WhenAny(all, deadline.Reached).ConfigureAwait(false) == all)
        {
            await all.ConfigureAwait(false);
            return;
        }

        var late = new List<string>();
        for (var i = 0; i < tasks.Length; i++)
        {
            if (!running[i].IsCompleted) late.Add(tasks[i].Name);
        }

        // The last task may have ended between the deadline and here.
        if (late.Count == 0) return;
        var message = $"shutdown phase [{phase.Name}] took longer than {phase.Timeout.TotalMilliseconds:0} ms; still running: {string.Join(", ", late)}";
        if (!phase.Recover) throw new TimeoutException(message);
        System.Log.Warning("{0}", message);
    }

    private async Task RunTask(ShutdownPhase phase, ShutdownTask task)
    {
        try
        {
            await task.Run().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            System.Log.Warning("Task [{0}] of shutdown phase [{1}] failed: {2}", task.Name, phase.Name, e.Message);
        }
    }
}
