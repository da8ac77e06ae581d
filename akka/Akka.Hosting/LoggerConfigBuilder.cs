using System.Text;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Hosting;

/// <summary>How much of something is logged.</summary>
public enum TriStateValue
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>As many as a count says.</summary>
    Some,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>Which loggers a system has, and what they log.</summary>
public sealed class LoggerConfigBuilder
{
    private readonly HashSet<string> _loggers = [];
    private bool _loggersChosen;

    internal LoggerConfigBuilder(AkkaConfigurationBuilder builder) => Builder = builder;

    /// <summary>From which level on is logged. Default <see cref="LogLevel.InfoLevel"/>.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.InfoLevel;

    /// <summary>Whether the whole configuration is logged at the start. Default false.</summary>
    public bool LogConfigOnStart { get; set; }

    /// <summary>What of actors' lives is logged on the debug level; null leaves it to the configuration.</summary>
    public DebugOptions? DebugOptions { get; set; }

    /// <summary>How dead letters are logged; null leaves it to the configuration.</summary>
    public DeadLetterOptions? DeadLetterOptions { get; set; }

    internal AkkaConfigurationBuilder Builder { get; }

    /// <summary>Removes all loggers.</summary>
    public LoggerConfigBuilder ClearLoggers()
    {
        _loggersChosen = true;
        _loggers.Clear();
        return this;
    }

    /// <summary>Adds a logger: an actor that handles <see cref="InitializeLogger"/> and <see cref="LogEvent"/>s.</summary>
    public LoggerConfigBuilder AddLogger<T>()
        where T : Actor.ActorBase
        => AddLogger(typeof(T));

    internal LoggerConfigBuilder AddLogger(Type type)
    {
        _loggersChosen = true;
        _loggers.Add($"{type.FullName}, {type.Assembly.GetName().Name}");
        return this;
    }

    internal Config ToConfig()
    {
        var text = new StringBuilder();
        text.Append("akka.loglevel = ").Append(Level(LogLevel)).Append('\n');
        text.Append("akka.log-config-on-start = ").Append(LogConfigOnStart.ToHocon()).Append('\n');
        if (_loggersChosen) text.Append("akka.loggers = [").AppendJoin(", ", _loggers.Select(logger => logger.ToHocon())).Append("]\n");
        if (DebugOptions is not null) text.Append(DebugOptions).Append('\n');
        if (DeadLetterOptions is not null) text.Append(DeadLetterOptions).Append('\n');
        return ConfigurationFactory.ParseString(text.ToString());
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => throw new ConfigurationException($"{level} is no log level"),
    };
}

/// <summary>What of actors' lives is logged on the debug level; null leaves it to the configuration.</summary>
public sealed class DebugOptions
{
    /// <summary>Messages of actors that ask for it.</summary>
    public bool? Receive { get; set; }

    /// <summary>Messages that actors handle without their code: <c>PoisonPill</c> and the like.</summary>
    public bool? AutoReceive { get; set; }

    /// <summary>Starts, restarts, stops.</summary>
    public bool? LifeCycle { get; set; }

    /// <summary>Transitions of finite state machines.</summary>
    public bool? FiniteStateMachine { get; set; }

    /// <summary>Subscriptions of the event stream.</summary>
    public bool? EventStream { get; set; }

    /// <summary>Messages that no handler took.</summary>
    public bool? Unhandled { get; set; }

    /// <summary>Routers whose configuration cannot be right.</summary>
    public bool? RouterMisconfiguration { get; set; }

    /// <summary>As HOCON.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Set(text, "receive", Receive);
        Set(text, "autoreceive", AutoReceive);
        Set(text, "lifecycle", LifeCycle);
        Set(text, "fsm", FiniteStateMachine);
        Set(text, "event-stream", EventStream);
        Set(text, "unhandled", Unhandled);
        Set(text, "router-misconfiguration", RouterMisconfiguration);
        return text.ToString();
    }

    private static void Set(StringBuilder text, string key, bool? value)
    {
        if (value is { } given) text.Append("akka.actor.debug.").Append(key).Append(" = ").Append(given.ToHocon()).Append('\n');
    }
}

/// <summary>How dead letters are logged.</summary>
public sealed class DeadLetterOptions
{
    /// <summary>All, none, or <see cref="LogCount"/> of them. Default <see cref="TriStateValue.Some"/>.</summary>
    public TriStateValue ShouldLog { get; set; } = TriStateValue.Some;

    /// <summary>After how many the logging is suspended. Default 10.</summary>
    public int LogCount { get; set; } = 10;

    /// <summary>Whether they are logged while the system terminates.</summary>
    public bool? LogDuringShutdown { get; set; }

    /// <summary>For how long the logging is suspended.</summary>
    public TimeSpan? LogSuspendDuration { get; set; }

    /// <summary>As HOCON.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("akka.log-dead-letters = ");
        text.Append(ShouldLog == TriStateValue.All ? "on" : ShouldLog == TriStateValue.None ? "off" : LogCount.ToHocon()).Append('\n');
        if (LogDuringShutdown is { } during) text.Append("akka.log-dead-letters-during-shutdown = ").Append(during.ToHocon()).Append('\n');
        if (LogSuspendDuration is { } suspended) text.Append("akka.log-dead-letters-suspend-duration = ").Append(suspended.ToHocon(true)).Append('\n');
        return text.ToString();
    }
}
