using System.Globalization;
using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>How much an event matters.</summary>
public enum LogLevel
{
    /// <summary>For who looks for an error.</summary>
    DebugLevel,

    /// <summary>The ordinary course of things.</summary>
    InfoLevel,

    /// <summary>Worth a look.</summary>
    WarningLevel,

    /// <summary>Something went wrong.</summary>
    ErrorLevel,
}

/// <summary>Something to log.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    /// <summary>An event of now.</summary>
    protected LogEvent() => Timestamp = SystemClock.Now.UtcDateTime;

    private protected LogEvent(Exception? cause, string logSource, Type logClass, object message)
        : this()
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }

    /// <summary>What led to it.</summary>
    public Exception? Cause { get; protected set; }

    /// <summary>When it was, UTC.</summary>
    public DateTime Timestamp { get; }

    /// <summary>Where it came from, such as an actor's path.</summary>
    public string LogSource { get; protected set; } = "";

    /// <summary>Which class it came from.</summary>
    public Type LogClass { get; protected set; } = typeof(LogEvent);

    /// <summary>The text, or what makes it.</summary>
    public object Message { get; protected set; } = "";

    /// <summary>How much it matters.</summary>
    public abstract LogLevel LogLevel();

    /// <inheritdoc/>
    public override string ToString()
    {
        var level = Logging.StringFor(LogLevel());
        var text = string.Create(CultureInfo.InvariantCulture, $"[{level}][{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ}][{LogSource}] {Message}");
        return Cause is null ? text : $"{text}{Environment.NewLine}Cause: {Cause}";
    }
}

/// <summary>Something went wrong.</summary>
public class Error : LogEvent
{
    /// <summary>With all there is to say.</summary>
    public Error(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}

/// <summary>Worth a look.</summary>
public class Warning : LogEvent
{
    /// <summary>Without an exception.</summary>
    public Warning(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>With all there is to say.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>The ordinary course of things.</summary>
public class Info : LogEvent
{
    /// <summary>Without an exception.</summary>
    public Info(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>With all there is to say.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>For who looks for an error.</summary>
public class Debug : LogEvent
{
    /// <summary>Without an exception.</summary>
    public Debug(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>With all there is to say.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message)
        : base(cause, logSource, logClass, message)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>The first message to a logger.</summary>
public class InitializeLogger(LoggingBus loggingBus) : INoSerializationVerificationNeeded
{
    /// <summary>Where the events come from.</summary>
    public LoggingBus LoggingBus { get; } = loggingBus;
}

/// <summary>A logger's answer to <see cref="InitializeLogger"/>.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression;
