using System.Globalization;

namespace Akka.Event;

/// <summary>Turns a template such as "{0} of {1}" and its arguments into text.</summary>
public interface ILogMessageFormatter
{
    /// <summary>The text.</summary>
    string Format(string format, params object[] args);

    /// <summary>The text.</summary>
    string Format(string format, IEnumerable<object> args);
}

/// <summary>As <see cref="string.Format(string, object[])"/> does.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only one needed.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    /// <inheritdoc/>
    public string Format(string format, params object[] args) => string.Format(CultureInfo.InvariantCulture, format, args);

    /// <inheritdoc/>
    public string Format(string format, IEnumerable<object> args) => Format(format, [.. args]);
}

/// <summary>A template and its arguments, turned into text only where somebody reads it.</summary>
public abstract class LogMessage(ILogMessageFormatter formatter, string format)
{
    /// <summary>Makes the text.</summary>
    protected readonly ILogMessageFormatter Formatter = formatter;

    /// <summary>The template.</summary>
    public string Format { get; } = format;

    /// <summary>Template and arguments side by side.</summary>
    public abstract string Unformatted();

    /// <summary>The arguments.</summary>
    public abstract IEnumerable<object> Parameters();
}

/// <summary>A template with any arguments.</summary>
internal sealed class FormattedMessage(ILogMessageFormatter formatter, string format, object[] args) : LogMessage(formatter, format)
{
    public override string Unformatted() => $"{Format} [{string.Join(", ", args)}]";

    public override IEnumerable<object> Parameters() => args;

    public override string ToString() => Formatter.Format(Format, args);
}

/// <summary>What an actor or service logs by.</summary>
public interface ILoggingAdapter
{
    /// <summary>Makes texts of templates.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>Whether debug events are logged.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether information is logged.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether warnings are logged.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether errors are logged.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether events of a level are logged.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Logs a template with its arguments.</summary>
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);

    /// <summary>Logs a text.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format);
}

/// <summary>What adapters share.</summary>
public abstract class LoggingAdapterBase(ILogMessageFormatter logMessageFormatter) : ILoggingAdapter
{
    /// <inheritdoc/>
    public ILogMessageFormatter Formatter { get; } = logMessageFormatter;

    /// <inheritdoc/>
    public abstract bool IsDebugEnabled { get; }

    /// <inheritdoc/>
    public abstract bool IsInfoEnabled { get; }

    /// <inheritdoc/>
    public abstract bool IsWarningEnabled { get; }

    /// <inheritdoc/>
    public abstract bool IsErrorEnabled { get; }

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => IsDebugEnabled,
        LogLevel.InfoLevel => IsInfoEnabled,
        LogLevel.WarningLevel => IsWarningEnabled,
        _ => IsErrorEnabled,
    };

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
        if (IsEnabled(logLevel)) NotifyLog(logLevel, message, cause);
    }

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
        if (IsEnabled(logLevel)) NotifyLog(logLevel, format, cause);
    }

    /// <summary>Takes an event whose level is logged.</summary>
    protected abstract void NotifyLog(LogLevel logLevel, object message, Exception? cause = null);
}

/// <summary>Logs to a bus.</summary>
public sealed class BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter logMessageFormatter) : LoggingAdapterBase(logMessageFormatter)
{
    /// <summary>The bus.</summary>
    public LoggingBus Bus { get; } = bus;

    /// <summary>Where events come from.</summary>
    public string LogSource { get; } = logSource;

    /// <summary>Which class they come from.</summary>
    public Type LogClass { get; } = logClass;

    /// <inheritdoc/>
    public override bool IsDebugEnabled => Bus.LogLevel <= LogLevel.DebugLevel;

    /// <inheritdoc/>
    public override bool IsInfoEnabled => Bus.LogLevel <= LogLevel.InfoLevel;

    /// <inheritdoc/>
    public override bool IsWarningEnabled => Bus.LogLevel <= LogLevel.WarningLevel;

    /// <inheritdoc/>
    public override bool IsErrorEnabled => Bus.LogLevel <= LogLevel.ErrorLevel;

    /// <inheritdoc/>
    protected override void NotifyLog(LogLevel logLevel, object message, Exception? cause = null)
        => Bus.Publish(logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause, LogSource, LogClass, message),
            LogLevel.InfoLevel => new Info(cause, LogSource, LogClass, message),
            LogLevel.WarningLevel => new Warning(cause, LogSource, LogClass, message),
            _ => new Error(cause, LogSource, LogClass, message),
        });
}

/// <summary>Logs nothing.</summary>
public sealed class NoLogger : ILoggingAdapter
{
    /// <summary>The only one.</summary>
    public static readonly ILoggingAdapter Instance = new NoLogger();

    private NoLogger()
    {
    }

    /// <inheritdoc/>
    public ILogMessageFormatter Formatter => DefaultLogMessageFormatter.Instance;

    /// <inheritdoc/>
    public bool IsDebugEnabled => false;

    /// <inheritdoc/>
    public bool IsInfoEnabled => false;

    /// <inheritdoc/>
    public bool IsWarningEnabled => false;

    /// <inheritdoc/>
    public bool IsErrorEnabled => false;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => false;

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, LogMessage message)
    {
    }

    /// <inheritdoc/>
    public void Log(LogLevel logLevel, Exception? cause, string format)
    {
    }
}
