using System.Globalization;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Host.Logging;

/// <summary>Log lines on stderr: time, level, category, message; an exception follows on lines of its own. Nothing is buffered, so nothing is lost at an end.</summary>
/// <param name="least">The least important level that is written.</param>
/// <param name="output">Where lines go.</param>
public sealed class StderrLoggerFactory(LogLevel least, TextWriter output) : ILoggerFactory
{
    private readonly Lock gate = new();

    /// <summary>A factory that writes to the process's stderr.</summary>
    /// <param name="level">A value of <c>log.level</c>.</param>
    public static StderrLoggerFactory Of(string level)
        => new(LevelOf(level), new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <summary>Not supported: there is one place for lines.</summary>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("lines go to stderr only");

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();

    private static LogLevel LevelOf(string text) => text.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "information" => LogLevel.Information,
        "error" => LogLevel.Error,
        "critical" => LogLevel.Critical,
        "none" => LogLevel.None,
        _ => LogLevel.Warning,
    };

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    private bool IsEnabled(LogLevel level) => level >= least && level != LogLevel.None;

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {NameOf(level)} {category}: {message}");
        lock (gate)
        {
            output.WriteLine(line);
            if (exception is not null) output.WriteLine(exception);
        }
    }

    private sealed class Logger(StderrLoggerFactory factory, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => factory.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) factory.Write(logLevel, category, formatter(state, exception), exception);
        }
    }
}
