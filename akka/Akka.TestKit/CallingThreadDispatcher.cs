using Akka.Configuration;
using Akka.Dispatch;

namespace Akka.TestKit;

/// <summary>Runs an actor's turn on the thread that sends to it, before <c>Tell</c> returns; for tests only.</summary>
public class CallingThreadDispatcher(MessageDispatcherConfigurator configurator) : MessageDispatcher(configurator)
{
    /// <summary>Where it is configured.</summary>
    public static new readonly string Id = "akka.test.calling-thread-dispatcher";

    // A mailbox asks for its next turn at the end of one: it runs after that one, not inside it, however many there are.
    [ThreadStatic]
    private static Mailbox? _again;

    internal override void Schedule(Mailbox mailbox)
    {
        var outer = _again;
        Mailbox? next = mailbox;
        while (next is not null)
        {
            _again = null;
            next.Run();
            next = _again;
        }

        _again = outer;
    }

    internal override void Reschedule(Mailbox mailbox) => _again = mailbox;

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run) => run.Run();

    /// <inheritdoc/>
    protected override void Shutdown()
    {
        // Has no threads of its own.
    }
}

/// <summary>Makes a <see cref="CallingThreadDispatcher"/>.</summary>
public class CallingThreadDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites) : MessageDispatcherConfigurator(config, prerequisites)
{
    private CallingThreadDispatcher? _dispatcher;

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher ??= new CallingThreadDispatcher(this);
}
