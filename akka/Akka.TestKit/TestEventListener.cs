using Akka.Actor;
using Akka.Event;
using Akka.TestKit.TestEvent;

namespace Akka.TestKit;

/// <summary>A logger that counts what event filters match, and prints the rest.</summary>
public class TestEventListener : DefaultLogger
{
    private static readonly Type[] Events = [typeof(Mute), typeof(Unmute), typeof(DeadLetter), typeof(UnhandledMessage)];

    private readonly List<IEventFilter> _filters = [];

    // A system does not wait for its loggers: a test that mutes as its first act would be too early for a listener that subscribes itself.
    internal static void Subscribe(ExtendedActorSystem system)
    {
        foreach (var service in ((LocalActorRef)system.SystemGuardian).Cell.GetChildren())
        {
            if (service is LocalActorRef local && typeof(TestEventListener).IsAssignableFrom(local.Cell.Props.Type)) Subscribe(system.EventStream, local);
        }
    }

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger initialize:
                Subscribe(initialize.LoggingBus, Self);
                Sender.Tell(new LoggerInitialized());
                return true;
            case Mute mute:
                _filters.AddRange(mute.Filters);
                return true;
            case Unmute unmute:
                foreach (var filter in unmute.Filters) _filters.Remove(filter);
                return true;
            case LogEvent log:
                if (!Matched(log)) Print(log);
                return true;
            case DeadLetter letter:
                // The listener of the dead letters logs them; here they are only matched.
                Matched(new Warning(letter.Recipient?.Path.ToString() ?? "", letter.Recipient?.GetType() ?? typeof(DeadLetter), letter));
                return true;
            case UnhandledMessage unhandled:
                var warning = new Warning(unhandled.Recipient.Path.ToString(), unhandled.Recipient.GetType(), $"Unhandled message from {unhandled.Sender}: {unhandled.Message}");
                if (!Matched(warning)) Print(warning);
                return true;
            default:
                return base.Receive(message);
        }
    }

    private static void Subscribe(LoggingBus bus, IActorRef listener)
    {
        foreach (var type in Events) bus.Subscribe(listener, type);
    }

    // Every filter that matches counts.
    private bool Matched(LogEvent log)
    {
        var matched = false;
        foreach (var filter in _filters) matched |= filter.Apply(log);
        return matched;
    }
}
