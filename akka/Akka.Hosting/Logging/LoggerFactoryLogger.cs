using System.Collections;
using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Microsoft.Extensions.Logging;
using AkkaLevel = Akka.Event.LogLevel;
using HostLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Akka.Hosting.Logging;

/// <summary>
/// Hands a system's log events to Microsoft.Extensions.Logging: the category is the class that logs, the source and time of the event are
/// properties of its entry.
/// </summary>
public class LoggerFactoryLogger : ActorBase
{
    /// <summary>Logs about this logger itself.</summary>
    protected readonly ILoggingAdapter InternalLogger = Akka.Event.Logging.GetLogger(Context.System.EventStream, nameof(LoggerFactoryLogger));

    private readonly ConcurrentDictionary<Type, ILogger> _loggers = new();
    private readonly ILoggerFactory _factory;

    /// <summary>A logger of the system that creates it. Throws <see cref="ConfigurationException"/> where the system has no <see cref="LoggerFactorySetup"/>.</summary>
    public LoggerFactoryLogger()
    {
        var setup = Context.System.Settings.Setup.Get<LoggerFactorySetup>();
        if (!setup.HasValue) throw new ConfigurationException($"{nameof(LoggerFactoryLogger)} needs a {nameof(LoggerFactorySetup)}: use ConfigureLoggers(l => l.AddLoggerFactory())");
        _factory = setup.Value.LoggerFactory;
    }

    /// <inheritdoc/>
    protected override void PostStop() => InternalLogger.Debug("{0} stopped", nameof(LoggerFactoryLogger));

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                InternalLogger.Debug("{0} started", nameof(LoggerFactoryLogger));
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent log:
                Log(log, Self.Path);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes one event.</summary>
    protected virtual void Log(LogEvent log, ActorPath path)
    {
        var logger = _loggers.GetOrAdd(log.LogClass, static (type, factory) => factory.CreateLogger(type), _factory);
        var level = Level(log.LogLevel());
        if (logger.IsEnabled(level)) logger.Log(level, default, new Entry(log), log.Cause, static (entry, _) => entry.ToString());
    }

    private static HostLevel Level(AkkaLevel level) => level switch
    {
        AkkaLevel.DebugLevel => HostLevel.Debug,
        AkkaLevel.InfoLevel => HostLevel.Information,
        AkkaLevel.WarningLevel => HostLevel.Warning,
        _ => HostLevel.Error,
    };

    /// <summary>An event as loggers with structure read it.</summary>
    private readonly struct Entry(LogEvent log) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 3;

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => new("LogSource", log.LogSource),
            1 => new("Timestamp", log.Timestamp),
            2 => new("{OriginalFormat}", log.Message is LogMessage message ? message.Format : log.Message?.ToString()),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public override string ToString() => log.Message?.ToString() ?? "";

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            for (var i = 0; i < Count; i++) yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
