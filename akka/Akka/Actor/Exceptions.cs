namespace Akka.Actor;

/// <summary>What the engine's exceptions share.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>An exception without a message.</summary>
    protected AkkaException()
    {
    }

    /// <summary>An exception with message and cause.</summary>
    protected AkkaException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>What led to it.</summary>
    protected Exception? Cause => InnerException;
}

/// <summary>A child cannot have that name: it is taken or malformed.</summary>
public class InvalidActorNameException : AkkaException
{
    /// <summary>With a sentence that names it.</summary>
    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence that names it, and a cause.</summary>
    public InvalidActorNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An actor is not in the state that the call needs.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>A message is null.</summary>
public class InvalidMessageException : AkkaException
{
    /// <summary>Without more.</summary>
    public InvalidMessageException()
        : this("Message is null.")
    {
    }

    /// <summary>With a sentence.</summary>
    public InvalidMessageException(string message)
        : base(message)
    {
    }
}

/// <summary>An actor was killed by <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    /// <summary>Without more.</summary>
    public ActorKilledException()
        : this("Kill")
    {
    }

    /// <summary>With a sentence.</summary>
    public ActorKilledException(string message)
        : base(message)
    {
    }
}

/// <summary>An actor's constructor or <c>PreStart</c> failed; by default its supervisor stops it.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Without more.</summary>
    public ActorInitializationException()
    {
    }

    /// <summary>With a sentence.</summary>
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and what led to it.</summary>
    public ActorInitializationException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>With the actor, a sentence, and what led to it.</summary>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause)
        => Actor = actor;

    /// <summary>Whose it was, where known.</summary>
    public IActorRef? Actor { get; set; }

    /// <inheritdoc/>
    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary><c>PreRestart</c> failed while an actor was restarted.</summary>
public class PreRestartException(IActorRef? actor, Exception restartException, Exception? cause, object? optionalMessage)
    : ActorInitializationException(actor, "PreRestart threw during the restart", restartException)
{
    /// <summary>What it threw.</summary>
    public Exception RestartException { get; } = restartException;

    /// <summary>The message that the restart goes back to, if one does.</summary>
    public object? OptionalMessage { get; } = optionalMessage;

    /// <summary>Why it was restarted.</summary>
    internal Exception? RestartCause { get; } = cause;
}

/// <summary>The new instance's constructor or <c>PostRestart</c> failed while an actor was restarted.</summary>
public class PostRestartException(IActorRef? actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"the restart failed ({cause.Message}), original cause: {originalCause}", cause)
{
    /// <summary>Why it was restarted.</summary>
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>A watched actor ended and the watcher did not handle <see cref="Terminated"/>.</summary>
public class DeathPactException(IActorRef deadActor) : AkkaException($"Monitored actor [{deadActor}] terminated")
{
    /// <summary>Who ended.</summary>
    public IActorRef DeadActor { get; } = deadActor;
}

/// <summary>No answer came in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>No actor is at a path.</summary>
public class ActorNotFoundException : AkkaException
{
    /// <summary>Without more.</summary>
    public ActorNotFoundException()
        : this("Not found")
    {
    }

    /// <summary>With a sentence and what led to it.</summary>
    public ActorNotFoundException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>A logger did not start.</summary>
public class LoggerInitializationException : AkkaException
{
    /// <summary>Without more.</summary>
    public LoggerInitializationException()
    {
    }

    /// <summary>With a sentence.</summary>
    public LoggerInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>With a sentence and what led to it.</summary>
    public LoggerInitializationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>A stash is full.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>The scheduler cannot do what is asked.</summary>
public class SchedulerException(string message) : AkkaException(message);
