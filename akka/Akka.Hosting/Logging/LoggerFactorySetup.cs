using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Logging;

/// <summary>The factory whose loggers get a system's log events.</summary>
public class LoggerFactorySetup(ILoggerFactory loggerFactory) : Setup
{
    static LoggerFactorySetup() => Akka.Event.KnownLoggers.Add("Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting", typeof(LoggerFactoryLogger));

    /// <summary>The factory.</summary>
    public ILoggerFactory LoggerFactory { get; } = loggerFactory;
}
