using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>What a failure leads to concerns all children alike. A child that fails more often than the limits allow is stopped.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    /// <summary>By the default decider, without limits.</summary>
    public AllForOneStrategy()
        : this(DefaultDecider)
    {
    }

    /// <summary>By a decider, without limits.</summary>
    public AllForOneStrategy(IDecider decider)
        : this(-1, -1, decider)
    {
    }

    /// <summary>By a function, without limits.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, localOnlyDecider)
    {
    }

    /// <summary>At most so many restarts within the time; null for no limit of that kind.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), localOnlyDecider)
    {
    }

    /// <summary>At most so many restarts within the time; null for no limit of that kind.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), decider)
    {
    }

    /// <summary>At most so many restarts within the milliseconds; negative for no limit of that kind.</summary>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>At most so many restarts within the milliseconds; negative for no limit of that kind.</summary>
    public AllForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>How many restarts; negative without a limit.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>Within which time; negative without a limit.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc/>
    public override IDecider Decider { get; }

    /// <inheritdoc/>
    public override void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children)
    {
    }

    /// <inheritdoc/>
    public override void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        var allowed = restart;
        foreach (var each in children) allowed = allowed && each.RequestRestartPermission(MaxNumberOfRetries, WithinTimeRangeMilliseconds);
        foreach (var each in children)
        {
            if (allowed) RestartChild(each.Child, cause, !each.Child.Equals(child));
            else context.Stop(each.Child);
        }
    }

    /// <inheritdoc/>
    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);
}
