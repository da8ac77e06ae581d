using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Host.Logging;

/// <summary>Has an actor system's log events written by a logger factory, and by nothing else.</summary>
internal static class SystemLogging
{
    /// <summary>The set-up of such a system.</summary>
    /// <param name="loggers">Where events go.</param>
    /// <param name="level">A value of <c>log.level</c>: events below it are not even made.</param>
    /// <param name="more">HOCON that the system gets too.</param>
    internal static ActorSystemSetup Setup(ILoggerFactory loggers, string level, string more = "")
    {
        var least = level.ToLowerInvariant() switch
        {
            "trace" or "debug" => "DEBUG",
            "information" => "INFO",
            "warning" => "WARNING",
            "none" => "OFF",
            _ => "ERROR",
        };
        var config = ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = {{least}}
              stdout-loglevel = OFF
              loggers = ["Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting"]
            }
            {{more}}
            """);
        return ActorSystemSetup.Create(new LoggerFactorySetup(loggers), BootstrapSetup.Create().WithConfig(config));
    }
}
