using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Makes filters of log events: what is not given matches anything.</summary>
public class EventFilterFactory
{
    private readonly TestKitBase _testkit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<EventFilterBase> _filters;

    /// <summary>Filters of the kit's system.</summary>
    public EventFilterFactory(TestKitBase testkit)
        : this(testkit, testkit.Sys)
    {
    }

    /// <summary>Filters of a system.</summary>
    public EventFilterFactory(TestKitBase testkit, ActorSystem system)
        : this(testkit, system, [])
    {
    }

    /// <summary>Filters of a system, beside others.</summary>
    public EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<EventFilterBase> filters)
    {
        _testkit = testkit;
        _system = system;
        _filters = filters;
    }

    /// <summary>Errors with an exception of the type or one derived from it, or one inside it where asked for.</summary>
    public IEventFilterApplier Exception<TException>(string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception
        => Exception(typeof(TException), message, start, contains, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception
        => Exception(typeof(TException), pattern, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception(Type exceptionType, string? message = null, string? start = null, string? contains = null, string? source = null, bool checkInnerExceptions = false)
        => Exceptions(exceptionType, new TextCondition(message, start, contains, null, source), checkInnerExceptions);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null, bool checkInnerExceptions = false)
        => Exceptions(exceptionType, new TextCondition(null, null, null, pattern, source), checkInnerExceptions);

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null, string? source = null)
        => ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(Regex pattern, string? source = null) => ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null, string? source = null)
        => ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(Regex pattern, string? source = null) => ForLogLevel(LogLevel.WarningLevel, pattern, source);

    /// <summary>Infos.</summary>
    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null, string? source = null)
        => ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    /// <summary>Infos.</summary>
    public IEventFilterApplier Info(Regex pattern, string? source = null) => ForLogLevel(LogLevel.InfoLevel, pattern, source);

    /// <summary>Debug events.</summary>
    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null, string? source = null)
        => ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    /// <summary>Debug events.</summary>
    public IEventFilterApplier Debug(Regex pattern, string? source = null) => ForLogLevel(LogLevel.DebugLevel, pattern, source);

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string? message = null, string? start = null, string? contains = null, string? source = null)
        => OfLevel(logLevel, new TextCondition(message, start, contains, null, source));

    /// <summary>Events of a level.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null)
        => OfLevel(logLevel, new TextCondition(null, null, null, pattern, source));

    /// <summary>Dead letters.</summary>
    public IEventFilterApplier DeadLetter() => DeadLetters(_ => true, null, "dead letters");

    /// <summary>Dead letters with a message of the type, sent by the actor with the path <paramref name="source"/>.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) => DeadLetters(letter => letter.Message is TMessage, source, $"dead letters of type {typeof(TMessage)}");

    /// <summary>Dead letters with a message of the type that fulfils <paramref name="isMatch"/>.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null)
        => DeadLetters(letter => letter.Message is TMessage message && isMatch(message), source, $"dead letters of type {typeof(TMessage)}");

    /// <summary>Dead letters with a message of the type.</summary>
    public IEventFilterApplier DeadLetter(Type type, string? source = null) => DeadLetters(letter => type.IsInstanceOfType(letter.Message), source, $"dead letters of type {type}");

    /// <summary>Dead letters with a message of the type that fulfils <paramref name="isMatch"/>.</summary>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null)
        => DeadLetters(letter => type.IsInstanceOfType(letter.Message) && isMatch(letter.Message), source, $"dead letters of type {type}");

    /// <summary>Events that fulfil a condition.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Applier(new ConditionFilter("log events that fulfil a condition", log => predicate(log)));

    /// <summary>Events of a type that fulfil a condition.</summary>
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate)
        where TLogEvent : LogEvent
        => Applier(new ConditionFilter($"events of type {typeof(TLogEvent).Name} that fulfil a condition", log => log is TLogEvent typed && predicate(typed)));

    private static bool Matches(Exception? cause, Type type, TextCondition text, LogEvent log, bool inner)
    {
        for (; cause is not null; cause = cause.InnerException)
        {
            if (type.IsInstanceOfType(cause) && (text.Text(cause.Message) || text.Text(log.Message?.ToString()))) return true;
            if (cause is AggregateException many && inner && many.InnerExceptions.Any(one => Matches(one, type, text, log, inner))) return true;
            if (!inner) return false;
        }

        return false;
    }

    private EventFilterApplier Exceptions(Type type, TextCondition text, bool inner)
        => Applier(new ConditionFilter($"errors with {type.Name}{text}", log => log is Error && text.From(log) && Matches(log.Cause, type, text, log, inner)));

    private EventFilterApplier OfLevel(LogLevel level, TextCondition text)
        => Applier(new ConditionFilter($"{level} events{text}", log => log.LogLevel() == level && text.From(log) && text.Text(log.Message?.ToString())));

    private EventFilterApplier DeadLetters(Func<DeadLetter, bool> matches, string? source, string name)
        => Applier(new ConditionFilter(name, log => log.Message is DeadLetter letter && (source is null || letter.Sender?.Path.ToString() == source) && matches(letter)));

    private EventFilterApplier Applier(EventFilterBase filter) => new(_testkit, _system, [.. _filters, filter]);
}
