using Akka.Actor;

namespace Akka.Event;

/// <summary>A logger that is no actor: it logs on the thread of the event.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    private static readonly ActorPath LoggerPath = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    /// <inheritdoc/>
    public sealed override IActorRefProvider Provider => throw new NotSupportedException("This logger does not provide.");

    /// <inheritdoc/>
    public override ActorPath Path => LoggerPath;

    /// <summary>Logs an event.</summary>
    protected abstract void Log(object message);

    /// <inheritdoc/>
    protected sealed override void TellInternal(object message, IActorRef? sender) => Log(message);
}

/// <summary>Writes events to the console, a line each.</summary>
public class StandardOutLogger : MinimalLogger
{
    /// <inheritdoc/>
    protected override void Log(object message)
    {
        if (message is LogEvent) StandardOutWriter.WriteLine(message.ToString()!);
    }
}

/// <summary>The logger of systems that name no other: writes events to the console.</summary>
public class DefaultLogger : ActorBase
{
    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized(), Self);
                return true;
            case LogEvent log:
                Print(log);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes an event.</summary>
    protected virtual void Print(LogEvent logEvent) => StandardOutWriter.WriteLine(logEvent.ToString());
}
