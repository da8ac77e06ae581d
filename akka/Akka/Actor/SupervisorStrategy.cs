using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What becomes of a failed child.</summary>
public enum Directive
{
    /// <summary>It goes on with the next message, its state kept.</summary>
    Resume,

    /// <summary>A new instance takes its place; the failed message is gone, the others stay.</summary>
    Restart,

    /// <summary>The supervisor fails with the same.</summary>
    Escalate,

    /// <summary>It ends.</summary>
    Stop,
}

/// <summary>Decides by the exception.</summary>
public interface IDecider
{
    /// <summary>What becomes of a child that failed with <paramref name="cause"/>.</summary>
    Directive Decide(Exception cause);
}

/// <summary>Decides by a function.</summary>
public class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    /// <inheritdoc/>
    public Directive Decide(Exception cause) => decider(cause);
}

/// <summary>Decides by the exception's type: the first pair that fits, else the default.</summary>
public class DeployableDecider(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs) : IDecider
{
    /// <summary>By pairs.</summary>
    public DeployableDecider(Directive defaultDirective, IEnumerable<KeyValuePair<Type, Directive>> pairs)
        : this(defaultDirective, pairs.ToArray())
    {
    }

    /// <summary>For what no pair fits.</summary>
    public Directive DefaultDirective { get; } = defaultDirective;

    /// <inheritdoc/>
    public Directive Decide(Exception cause)
    {
        foreach (var (type, directive) in pairs)
        {
            if (type.IsInstanceOfType(cause)) return directive;
        }

        return DefaultDirective;
    }
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>By a function.</summary>
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);

    /// <summary>By pairs.</summary>
    public static DeployableDecider From(Directive defaultDirective, params KeyValuePair<Type, Directive>[] pairs) => new(defaultDirective, pairs);

    /// <summary>By pairs.</summary>
    public static DeployableDecider From(Directive defaultDirective, IEnumerable<KeyValuePair<Type, Directive>> pairs) => new(defaultDirective, pairs);
}

/// <summary>How an actor handles failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Stops on <see cref="ActorInitializationException"/>, <see cref="ActorKilledException"/> and <see cref="DeathPactException"/>, else restarts.</summary>
    public static readonly IDecider DefaultDecider = Actor.Decider.From(e => e is ActorInitializationException or ActorKilledException or DeathPactException ? Directive.Stop : Directive.Restart);

    /// <summary>The failed child only, by the default decider, as often as it takes.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>Stops the failed child.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    /// <summary>Who decides.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether failures are logged; on by default.</summary>
    protected bool LoggingEnabled { get; init; } = true;

    /// <summary>What becomes of a child.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Restarts or stops the failed child and those that share its lot.</summary>
    public abstract void ProcessFailure(IActorContext context, bool restart, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children);

    /// <summary>A child ended.</summary>
    public abstract void HandleChildTerminated(IActorContext actorContext, IActorRef child, IEnumerable<IInternalActorRef> children);

    /// <summary>Logs a failure as an error.</summary>
    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled) return;
        var text = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var source = child.Path.ToString();
        switch (directive)
        {
            case Directive.Resume:
                context.System.EventStream.Publish(new Warning(cause, source, GetType(), text));
                break;
            case Directive.Escalate:
                break;
            default:
                context.System.EventStream.Publish(new Error(cause, source, GetType(), text));
                break;
        }
    }

    /// <summary>Restarts a child, a running one after it was suspended.</summary>
    protected void RestartChild(IActorRef child, Exception cause, bool suspendFirst)
    {
        var actor = (IInternalActorRef)child;
        if (suspendFirst) actor.Suspend();
        actor.Restart(cause);
    }

    /// <summary>Lets a failed child go on.</summary>
    protected void ResumeChild(IActorRef child, Exception exception) => ((IInternalActorRef)child).Resume(exception);

    /// <summary>Decides and acts; false where the supervisor has to fail itself.</summary>
    internal bool HandleFailure(ActorCell cell, IActorRef child, Exception cause, ChildRestartStats stats, IReadOnlyCollection<ChildRestartStats> children)
    {
        var directive = Handle(child, cause);
        LogFailure(cell, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                ResumeChild(child, cause);
                return true;
            case Directive.Restart:
                ProcessFailure(cell, true, child, cause, stats, children);
                return true;
            case Directive.Stop:
                ProcessFailure(cell, false, child, cause, stats, children);
                return true;
            default:
                return false;
        }
    }

    private protected static int Milliseconds(TimeSpan? time)
        => time is not { } given || given == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Min(int.MaxValue, given.TotalMilliseconds);
}

/// <summary>Makes the strategy of the guardians.</summary>
public abstract class SupervisorStrategyConfigurator
{
    /// <summary>The strategy.</summary>
    public abstract SupervisorStrategy Create();

    /// <summary>By class name. Throws <see cref="Akka.Configuration.ConfigurationException"/> where there is no such class.</summary>
    public static SupervisorStrategyConfigurator CreateConfigurator(string typeName) => typeName switch
    {
        "Akka.Actor.DefaultSupervisorStrategy" => new DefaultSupervisorStrategy(),
        "Akka.Actor.StoppingSupervisorStrategy" => new StoppingSupervisorStrategy(),
        _ => Type.GetType(typeName) is { } type && typeof(SupervisorStrategyConfigurator).IsAssignableFrom(type)
            ? (SupervisorStrategyConfigurator)Activator.CreateInstance(type)!
            : throw new Akka.Configuration.ConfigurationException($"could not instantiate supervisor strategy [{typeName}]"),
    };
}

/// <summary>Makes <see cref="SupervisorStrategy.DefaultStrategy"/>.</summary>
public class DefaultSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc/>
    public override SupervisorStrategy Create() => SupervisorStrategy.DefaultStrategy;
}

/// <summary>Makes <see cref="SupervisorStrategy.StoppingStrategy"/>.</summary>
public class StoppingSupervisorStrategy : SupervisorStrategyConfigurator
{
    /// <inheritdoc/>
    public override SupervisorStrategy Create() => SupervisorStrategy.StoppingStrategy;
}
