using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes adapters, and knows the levels' names.</summary>
public static class Logging
{
    /// <summary>The event class of a level.</summary>
    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException("Unknown LogLevel", nameof(logLevel)),
    };

    /// <summary>A level's name.</summary>
    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => throw new ArgumentException("Unknown LogLevel", nameof(logLevel)),
    };

    /// <summary>The level of a name: DEBUG, INFO, WARNING, ERROR, OFF. Throws <see cref="ArgumentException"/> for another one.</summary>
    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => (LogLevel)int.MaxValue,
        _ => throw new ArgumentException($"Unknown LogLevel: \"{logLevel}\". Valid values are: \"Debug\", \"Info\", \"Warning\", \"Error\", \"Off\"", nameof(logLevel)),
    };

    /// <summary>The level of an event class.</summary>
    public static LogLevel LogLevelFor<T>()
        where T : LogEvent
        => typeof(T) == typeof(Debug) ? LogLevel.DebugLevel
            : typeof(T) == typeof(Info) ? LogLevel.InfoLevel
            : typeof(T) == typeof(Warning) ? LogLevel.WarningLevel
            : typeof(T) == typeof(Error) ? LogLevel.ErrorLevel
            : throw new ArgumentException($@"Unknown LogEvent type: ""{typeof(T).FullName}"".");

    /// <summary>A class's name.</summary>
    public static string SimpleName(object o) => SimpleName(o.GetType());

    /// <summary>A class's name.</summary>
    public static string SimpleName(Type t) => t.Name;

    /// <summary>An adapter for an actor.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null)
        => new BusLogging(
            context.System.EventStream,
            context.Self.Path.ToString(),
            (context as Actor.Internal.ActorCell)?.Instance?.GetType() ?? context.Props.Type,
            logMessageFormatter ?? context.System.Settings.LogFormatter);

    /// <summary>An adapter for a source: a name, a class, an actor, an object of a class.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = SourceOf(logSourceObj);
        return new BusLogging(system.EventStream, $"{source}({system.Name})", type, logMessageFormatter ?? system.Settings.LogFormatter);
    }

    /// <summary>An adapter for a source: a name, a class, an actor, an object of a class.</summary>
    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var (source, type) = SourceOf(logSourceObj);
        return new BusLogging(loggingBus, source, type, logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    private static (string Source, Type Type) SourceOf(object source) => source switch
    {
        string name => (name, typeof(LogEvent)),
        Type type => (SimpleName(type), type),
        IActorRef actor => (actor.Path.ToString(), typeof(ActorBase)),
        IActorContext context => (context.Self.Path.ToString(), context.Props.Type),
        ActorSystem system => (system.Name, typeof(ActorSystem)),
        _ => (SimpleName(source), source.GetType()),
    };
}
