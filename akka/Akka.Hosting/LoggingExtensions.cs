using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Akka.Hosting;

/// <summary>Chooses a system's loggers.</summary>
public static class LoggingExtensions
{
    /// <summary>Chooses the system's loggers and what they log.</summary>
    public static AkkaConfigurationBuilder ConfigureLoggers(this AkkaConfigurationBuilder builder, Action<LoggerConfigBuilder> configurator)
    {
        var loggers = new LoggerConfigBuilder(builder);
        configurator(loggers);
        return builder.AddHocon(loggers.ToConfig(), HoconAddMode.Prepend);
    }

    /// <summary>Adds the logger that writes to standard output.</summary>
    public static LoggerConfigBuilder AddDefaultLogger(this LoggerConfigBuilder builder) => builder.AddLogger<DefaultLogger>();

    /// <summary>Adds a logger that hands log events to the host's Microsoft.Extensions.Logging.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder builder)
    {
        builder.Builder.UsesLoggerFactory = true;
        return builder.AddLogger(typeof(LoggerFactoryLogger));
    }

    /// <summary>Adds a logger that hands log events to loggers of <paramref name="loggerFactory"/>.</summary>
    public static LoggerConfigBuilder AddLoggerFactory(this LoggerConfigBuilder builder, ILoggerFactory loggerFactory)
    {
        builder.Builder.AddSetup(new LoggerFactorySetup(loggerFactory));
        return builder.AddLogger(typeof(LoggerFactoryLogger));
    }
}
