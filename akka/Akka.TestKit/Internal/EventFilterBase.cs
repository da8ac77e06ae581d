using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>Tells of an event that a filter matched.</summary>
public delegate void EventMatched(EventFilterBase eventFilter, LogEvent logEvent);

/// <summary>Picks log events and tells of those that match.</summary>
public abstract class EventFilterBase : IEventFilter
{
    private protected EventFilterBase()
    {
    }

    /// <summary>An event matched. May come from any thread.</summary>
    public event EventMatched? EventMatched;

    /// <summary>What the filter picks, in a word.</summary>
    protected abstract string FilterDescriptiveName { get; }

    /// <inheritdoc/>
    public bool Apply(LogEvent logEvent)
    {
        if (!IsMatch(logEvent)) return false;
        OnEventMatched(logEvent);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => FilterDescriptiveName;

    /// <summary>Whether the event is one of those that the filter picks.</summary>
    protected abstract bool IsMatch(LogEvent evt);

    /// <summary>Tells of a match.</summary>
    protected virtual void OnEventMatched(LogEvent logEvent) => EventMatched?.Invoke(this, logEvent);
}

/// <summary>A filter that is a condition.</summary>
internal sealed class ConditionFilter(string name, Func<LogEvent, bool> condition) : EventFilterBase
{
    protected override string FilterDescriptiveName => name;

    protected override bool IsMatch(LogEvent evt) => condition(evt);
}
