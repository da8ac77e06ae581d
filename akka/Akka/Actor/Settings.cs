using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A system's configuration over the engine's defaults, and what the engine reads of it. A value is read when it is first asked for.</summary>
public class Settings
{
    private readonly HashSet<Config> _injected = new(ReferenceEqualityComparer.Instance);

    /// <summary>Settings by <paramref name="config"/>.</summary>
    public Settings(ActorSystem system, Config config)
        : this(system, config, ActorSystemSetup.Empty)
    {
    }

    /// <summary>Settings by <paramref name="config"/> and <paramref name="setup"/>.</summary>
    public Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Setup = setup;
        Config = config.WithFallback(ReferenceConfig.Default);
        LogLevel = Config.GetString("akka.loglevel")!;
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel")!;
        Loggers = Config.GetStringList("akka.loggers");
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher")!;
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan);
        LogDeadLetters = ReadLogDeadLetters();
        var debug = Config.GetConfig("akka.actor.debug");
        DebugAutoReceive = debug.GetBoolean("autoreceive");
        DebugLifecycle = debug.GetBoolean("lifecycle");
        DebugEventStream = debug.GetBoolean("event-stream");
        DebugUnhandledMessage = debug.GetBoolean("unhandled");
        DebugRouterMisconfiguration = debug.GetBoolean("router-misconfiguration");
        AddLoggingReceive = debug.GetBoolean("receive");
        FsmDebugEvent = debug.GetBoolean("fsm");
        CoordinatedShutdownRunByActorSystemTerminate = Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
    }

    /// <summary>The system.</summary>
    public ActorSystem System { get; }

    /// <summary>The whole configuration, defaults included.</summary>
    public Config Config { get; private set; }

    /// <summary>What code gave.</summary>
    public ActorSystemSetup Setup { get; }

    /// <summary>The least level that is logged: <c>akka.loglevel</c>.</summary>
    public string LogLevel { get; }

    /// <summary>The least level that goes to the console before loggers run: <c>akka.stdout-loglevel</c>.</summary>
    public string StdoutLogLevel { get; }

    /// <summary>The loggers' classes: <c>akka.loggers</c>.</summary>
    public IList<string> Loggers { get; }

    /// <summary>Where loggers run: <c>akka.loggers-dispatcher</c>.</summary>
    public string LoggersDispatcher { get; }

    /// <summary>How long an ask waits that names no time: <c>akka.actor.ask-timeout</c>.</summary>
    public TimeSpan AskTimeout { get; }

    /// <summary>How many dead letters are logged before a pause: <c>akka.log-dead-letters</c>.</summary>
    public int LogDeadLetters { get; }

    /// <summary>Whether dead letters are logged while the system ends: <c>akka.log-dead-letters-during-shutdown</c>.</summary>
    public bool LogDeadLettersDuringShutdown => Config.GetBoolean("akka.log-dead-letters-during-shutdown");

    /// <summary>How long that pause is: <c>akka.log-dead-letters-suspend-duration</c>.</summary>
    public TimeSpan LogDeadLettersSuspendDuration => Config.GetTimeSpan("akka.log-dead-letters-suspend-duration", TimeSpan.FromMinutes(5));

    /// <summary>Whether the configuration is logged at the start: <c>akka.log-config-on-start</c>.</summary>
    public bool LogConfigOnStart => Config.GetBoolean("akka.log-config-on-start");

    /// <summary>Whether the engine's own handling of messages is logged: <c>akka.actor.debug.autoreceive</c>.</summary>
    public bool DebugAutoReceive { get; }

    /// <summary>Whether starts, restarts and ends are logged: <c>akka.actor.debug.lifecycle</c>.</summary>
    public bool DebugLifecycle { get; }

    /// <summary>Whether subscriptions are logged: <c>akka.actor.debug.event-stream</c>.</summary>
    public bool DebugEventStream { get; }

    /// <summary>Whether unhandled messages are logged: <c>akka.actor.debug.unhandled</c>.</summary>
    public bool DebugUnhandledMessage { get; }

    /// <summary>Whether routers' mistakes are logged: <c>akka.actor.debug.router-misconfiguration</c>.</summary>
    public bool DebugRouterMisconfiguration { get; }

    /// <summary>Whether handled messages are logged: <c>akka.actor.debug.receive</c>.</summary>
    public bool AddLoggingReceive { get; }

    /// <summary>Whether transitions of state machines are logged: <c>akka.actor.debug.fsm</c>.</summary>
    public bool FsmDebugEvent { get; }

    /// <summary>The strategy of the user guardian: <c>akka.actor.guardian-supervisor-strategy</c>.</summary>
    public string SupervisorStrategyClass => Config.GetString("akka.actor.guardian-supervisor-strategy")!;

    /// <summary>The scheduler's class: <c>akka.scheduler.implementation</c>.</summary>
    public string SchedulerClass => Config.GetString("akka.scheduler.implementation", "Akka.Actor.HashedWheelTimerScheduler")!;

    /// <summary>Whether <see cref="ActorSystem.Terminate"/> runs the coordinated shutdown: <c>akka.coordinated-shutdown.run-by-actor-system-terminate</c>.</summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Makes texts of log templates.</summary>
    public ILogMessageFormatter LogFormatter => DefaultLogMessageFormatter.Instance;

    /// <summary>Writes to the console before loggers run.</summary>
    public MinimalLogger StdoutLogger { get; } = new StandardOutLogger();

    /// <summary>Adds defaults below all others.</summary>
    public void InjectTopLevelFallback(Config config) => Config = Config.WithFallback(config);

    /// <summary>As <see cref="InjectTopLevelFallback"/>, once; false where these very defaults are there already.</summary>
    internal bool TryInjectTopLevelFallback(Config config)
    {
        lock (_injected)
        {
            if (!_injected.Add(config)) return false;
            InjectTopLevelFallback(config);
            return true;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Config.ToString(includeFallback: true);

    private int ReadLogDeadLetters() => Config.GetString("akka.log-dead-letters")!.ToLowerInvariant() switch
    {
        "on" or "true" or "yes" => int.MaxValue,
        "off" or "false" or "no" => 0,
        _ => Config.GetInt("akka.log-dead-letters"),
    };
}
