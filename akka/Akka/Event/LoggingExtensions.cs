namespace Akka.Event;

/// <summary>Logging by level. Arguments are turned into text only where somebody reads it.</summary>
public static class LoggingExtensions
{
    /// <summary>Logs for who looks for an error.</summary>
    public static void Debug(this ILoggingAdapter log, string format)
        => log.Log(LogLevel.DebugLevel, null, format);

    /// <summary>Logs for who looks for an error.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format)
        => log.Log(LogLevel.DebugLevel, cause, format);

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug(this ILoggingAdapter log, string format, params object[] args)
        => Log(log, LogLevel.DebugLevel, null, format, args);

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug(this ILoggingAdapter log, Exception? cause, string format, params object[] args)
        => Log(log, LogLevel.DebugLevel, cause, format, args);

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.DebugLevel)) Write(log, LogLevel.DebugLevel, null, format, [arg1!]);
    }

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.DebugLevel)) Write(log, LogLevel.DebugLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.DebugLevel)) Write(log, LogLevel.DebugLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.DebugLevel)) Write(log, LogLevel.DebugLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.DebugLevel)) Write(log, LogLevel.DebugLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs for who looks for an error, a template with arguments.</summary>
    public static void Debug<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.DebugLevel)) Write(log, LogLevel.DebugLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs the ordinary course of things.</summary>
    public static void Info(this ILoggingAdapter log, string format)
        => log.Log(LogLevel.InfoLevel, null, format);

    /// <summary>Logs the ordinary course of things.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format)
        => log.Log(LogLevel.InfoLevel, cause, format);

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info(this ILoggingAdapter log, string format, params object[] args)
        => Log(log, LogLevel.InfoLevel, null, format, args);

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info(this ILoggingAdapter log, Exception? cause, string format, params object[] args)
        => Log(log, LogLevel.InfoLevel, cause, format, args);

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.InfoLevel)) Write(log, LogLevel.InfoLevel, null, format, [arg1!]);
    }

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.InfoLevel)) Write(log, LogLevel.InfoLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.InfoLevel)) Write(log, LogLevel.InfoLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.InfoLevel)) Write(log, LogLevel.InfoLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.InfoLevel)) Write(log, LogLevel.InfoLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs the ordinary course of things, a template with arguments.</summary>
    public static void Info<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.InfoLevel)) Write(log, LogLevel.InfoLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs what is worth a look.</summary>
    public static void Warning(this ILoggingAdapter log, string format)
        => log.Log(LogLevel.WarningLevel, null, format);

    /// <summary>Logs what is worth a look.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format)
        => log.Log(LogLevel.WarningLevel, cause, format);

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning(this ILoggingAdapter log, string format, params object[] args)
        => Log(log, LogLevel.WarningLevel, null, format, args);

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning(this ILoggingAdapter log, Exception? cause, string format, params object[] args)
        => Log(log, LogLevel.WarningLevel, cause, format, args);

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.WarningLevel)) Write(log, LogLevel.WarningLevel, null, format, [arg1!]);
    }

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.WarningLevel)) Write(log, LogLevel.WarningLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.WarningLevel)) Write(log, LogLevel.WarningLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.WarningLevel)) Write(log, LogLevel.WarningLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.WarningLevel)) Write(log, LogLevel.WarningLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs what is worth a look, a template with arguments.</summary>
    public static void Warning<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.WarningLevel)) Write(log, LogLevel.WarningLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs what went wrong.</summary>
    public static void Error(this ILoggingAdapter log, string format)
        => log.Log(LogLevel.ErrorLevel, null, format);

    /// <summary>Logs what went wrong.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format)
        => log.Log(LogLevel.ErrorLevel, cause, format);

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error(this ILoggingAdapter log, string format, params object[] args)
        => Log(log, LogLevel.ErrorLevel, null, format, args);

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error(this ILoggingAdapter log, Exception? cause, string format, params object[] args)
        => Log(log, LogLevel.ErrorLevel, cause, format, args);

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error<T1>(this ILoggingAdapter log, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel)) Write(log, LogLevel.ErrorLevel, null, format, [arg1!]);
    }

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error<T1>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel)) Write(log, LogLevel.ErrorLevel, cause, format, [arg1!]);
    }

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error<T1, T2>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel)) Write(log, LogLevel.ErrorLevel, null, format, [arg1!, arg2!]);
    }

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error<T1, T2>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel)) Write(log, LogLevel.ErrorLevel, cause, format, [arg1!, arg2!]);
    }

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error<T1, T2, T3>(this ILoggingAdapter log, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel)) Write(log, LogLevel.ErrorLevel, null, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs what went wrong, a template with arguments.</summary>
    public static void Error<T1, T2, T3>(this ILoggingAdapter log, Exception? cause, string format, T1 arg1, T2 arg2, T3 arg3)
    {
        if (log.IsEnabled(LogLevel.ErrorLevel)) Write(log, LogLevel.ErrorLevel, cause, format, [arg1!, arg2!, arg3!]);
    }

    /// <summary>Logs a text.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, string format)
        => log.Log(logLevel, null, format);

    /// <summary>Logs a template with arguments.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, string format, params object[] args)
        => Log(log, logLevel, null, format, args);

    /// <summary>Logs a template with arguments.</summary>
    public static void Log(this ILoggingAdapter log, LogLevel logLevel, Exception? cause, string format, params object[] args)
    {
        if (log.IsEnabled(logLevel)) Write(log, logLevel, cause, format, args);
    }

    private static void Write(ILoggingAdapter log, LogLevel level, Exception? cause, string format, object[] args)
        => log.Log(level, cause, new FormattedMessage(log.Formatter, format, args));
}
