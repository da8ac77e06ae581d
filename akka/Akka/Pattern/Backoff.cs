using Akka.Actor;

namespace Akka.Pattern;

/// <summary>When a child's count of restarts begins anew.</summary>
public interface IBackoffReset;

/// <summary>When told to by <see cref="BackoffSupervisor.Reset"/>.</summary>
internal sealed class ManualReset : IBackoffReset;

/// <summary>When the child lived for so long.</summary>
internal sealed record AutoReset(TimeSpan ResetBackoff) : IBackoffReset;

/// <summary>What makes a child begin again later.</summary>
internal enum RestartType
{
    /// <summary>Its failure.</summary>
    OnFailure,

    /// <summary>Its end.</summary>
    OnStop,
}

/// <summary>Options of supervisors that let a child begin again only after a while, longer each time.</summary>
public static class Backoff
{
    /// <summary>For a child that fails.</summary>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
        => new ChildBackoff(RestartType.OnFailure, childProps, childName, minBackoff, maxBackoff, randomFactor);

    /// <summary>For a child that fails, at most so many times.</summary>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries)
        => OnFailure(childProps, childName, minBackoff, maxBackoff, randomFactor).WithMaxNrOfRetries(maxNrOfRetries);

    /// <summary>For a child that ends, by itself or because it failed.</summary>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
        => new ChildBackoff(RestartType.OnStop, childProps, childName, minBackoff, maxBackoff, randomFactor);

    /// <summary>For a child that ends, at most so many times.</summary>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries)
        => OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor).WithMaxNrOfRetries(maxNrOfRetries);
}

/// <summary>Options of such a supervisor. Immutable.</summary>
public abstract class BackoffOptions
{
    /// <summary>The count begins anew when the child lived for so long; this is the default, with the least time.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>The count begins anew only when told to.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>Decides by another strategy.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>The child is stopped when it fails.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>At most so many times; negative without a limit.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>Answers what comes while the child is not there; else that is a dead letter.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>After such a message the child's end is final.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);

    internal abstract Props Props();
}

/// <summary>The options.</summary>
internal sealed class ChildBackoff(RestartType restart, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) : BackoffOptions
{
    private ChildBackoff(ChildBackoff other)
        : this(other.Restart, other.ChildProps, other.ChildName, other.MinBackoff, other.MaxBackoff, other.RandomFactor)
    {
        Reset = other.Reset;
        Strategy = other.Strategy;
        ReplyWhileStopped = other.ReplyWhileStopped;
        FinalStopMessage = other.FinalStopMessage;
    }

    public RestartType Restart { get; } = restart;

    public Props ChildProps { get; } = childProps;

    public string ChildName { get; } = childName;

    public TimeSpan MinBackoff { get; } = minBackoff;

    public TimeSpan MaxBackoff { get; } = maxBackoff;

    public double RandomFactor { get; } = randomFactor;

    public IBackoffReset Reset { get; private init; } = new AutoReset(minBackoff);

    public OneForOneStrategy Strategy { get; private init; } = new(SupervisorStrategy.DefaultDecider);

    public object? ReplyWhileStopped { get; private init; }

    public Func<object, bool>? FinalStopMessage { get; private init; }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => new ChildBackoff(this) { Reset = new AutoReset(resetBackoff) };

    public override BackoffOptions WithManualReset() => new ChildBackoff(this) { Reset = new ManualReset() };

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => new ChildBackoff(this) { Strategy = supervisorStrategy };

    public override BackoffOptions WithDefaultStoppingStrategy()
        => new ChildBackoff(this) { Strategy = new OneForOneStrategy(Strategy.MaxNumberOfRetries, Strategy.WithinTimeRangeMilliseconds, _ => Directive.Stop) };

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => new ChildBackoff(this) { Strategy = Strategy.WithMaxNrOfRetries(maxNrOfRetries) };

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => new ChildBackoff(this) { ReplyWhileStopped = replyWhileStopped };

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => new ChildBackoff(this) { FinalStopMessage = isFinalStopMessage };

    internal override Props Props()
    {
        if (MinBackoff <= TimeSpan.Zero) throw new ArgumentException("MinBackoff must be greater than 0");
        if (MaxBackoff < MinBackoff) throw new ArgumentException("MaxBackoff must be greater than MinBackoff");
        if (RandomFactor is < 0.0 or > 1.0) throw new ArgumentException("RandomFactor must be between 0.0 and 1.0");
        if (Reset is AutoReset auto && (auto.ResetBackoff < MinBackoff || auto.ResetBackoff > MaxBackoff)) throw new ArgumentException("the time of auto reset must be between MinBackoff and MaxBackoff");
        return Actor.Props.CreateBy(new Actor.Internal.GuardianProducer(() => new BackoffSupervisor(this)));
    }
}
