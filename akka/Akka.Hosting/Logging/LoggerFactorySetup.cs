using Akka.Actor.Setup;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting.Logging;

/// <summary>The factory whose loggers get a system's log events.</summary>
public class LoggerFactorySetup(ILoggerFactory loggerFactory) : Setup
{
    /// <summary>The factory.</summary>
    public ILoggerFactory LoggerFactory { get; } = loggerFactory;
}
