using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>Gives actors their turns.</summary>
public abstract class MessageDispatcher
{
    private static readonly int DefaultThroughput = 30;

    /// <summary>A dispatcher by the configuration of <paramref name="configurator"/>: <c>throughput</c>, <c>throughput-deadline-time</c>.</summary>
    protected MessageDispatcher(MessageDispatcherConfigurator configurator)
    {
        Configurator = configurator;
        var config = configurator.Config;
        Id = config.GetString("id", Dispatchers.DefaultDispatcherId)!;
        Throughput = Math.Max(1, config.GetInt("throughput", DefaultThroughput));
        var deadline = config.GetTimeSpan("throughput-deadline-time", TimeSpan.Zero);
        if (deadline > TimeSpan.Zero) ThroughputDeadlineTime = deadline.Ticks;
    }

    /// <summary>Its name in the configuration.</summary>
    public string Id { get; protected set; }

    /// <summary>How many messages an actor handles before others have their turn.</summary>
    public int Throughput { get; protected set; }

    /// <summary>How long a turn may take, in units of 100 ns; null without a limit.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>Who made it.</summary>
    public MessageDispatcherConfigurator Configurator { get; }

    /// <summary>The system's events.</summary>
    public EventStream EventStream => Configurator.Prerequisites.EventStream;

    /// <summary>The system's types of mailboxes.</summary>
    public Mailboxes Mailboxes => Configurator.Prerequisites.Mailboxes;

    /// <summary>Has a method run.</summary>
    public void Schedule(Action run) => ExecuteTask(new ActionRunnable(run));

    /// <summary>Has work run.</summary>
    public void Schedule(IRunnable run) => ExecuteTask(run);

    /// <summary>Whether nobody waits for a turn.</summary>
    internal virtual bool IsAlone => false;

    /// <summary>Runs work soon.</summary>
    protected abstract void ExecuteTask(IRunnable run);

    /// <summary>No more turns will be asked for.</summary>
    protected virtual void Shutdown()
    {
    }

    /// <summary>Has a mailbox take its turn.</summary>
    internal virtual void Schedule(Mailbox mailbox) => ExecuteTask(mailbox);

    /// <summary>Has a mailbox take another turn, after others.</summary>
    internal virtual void Reschedule(Mailbox mailbox) => ExecuteTask(mailbox);

    /// <summary>An actor began here.</summary>
    internal virtual void Attach()
    {
    }

    /// <summary>An actor ended here.</summary>
    internal virtual void Detach()
    {
    }

    internal void ShutdownNow() => Shutdown();

    internal long TurnDeadline(ActorSystem system)
        => ThroughputDeadlineTime is { } limit ? system.Scheduler.HighResMonotonicClock.Ticks + limit : 0;

    internal bool IsPast(long deadline, ActorSystem system) => system.Scheduler.HighResMonotonicClock.Ticks >= deadline;
}

/// <summary>What a dispatcher needs of its system.</summary>
public interface IDispatcherPrerequisites
{
    /// <summary>The events.</summary>
    EventStream EventStream { get; }

    /// <summary>The time.</summary>
    IScheduler Scheduler { get; }

    /// <summary>The settings.</summary>
    Settings Settings { get; }

    /// <summary>The types of mailboxes.</summary>
    Mailboxes Mailboxes { get; }
}

/// <summary>What a dispatcher needs of its system.</summary>
public sealed class DefaultDispatcherPrerequisites(EventStream eventStream, IScheduler scheduler, Settings settings, Mailboxes mailboxes) : IDispatcherPrerequisites
{
    /// <inheritdoc/>
    public EventStream EventStream { get; } = eventStream;

    /// <inheritdoc/>
    public IScheduler Scheduler { get; } = scheduler;

    /// <inheritdoc/>
    public Settings Settings { get; } = settings;

    /// <inheritdoc/>
    public Mailboxes Mailboxes { get; } = mailboxes;
}

/// <summary>Makes a dispatcher from its section of the configuration.</summary>
public abstract class MessageDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
{
    /// <summary>The section.</summary>
    public Config Config { get; } = config;

    /// <summary>What the dispatcher needs.</summary>
    public IDispatcherPrerequisites Prerequisites { get; } = prerequisites;

    /// <summary>The dispatcher: one for all who ask, or one for each.</summary>
    public abstract MessageDispatcher Dispatcher();
}

/// <summary>The default dispatcher: turns on the process's thread pool.</summary>
public sealed class DispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly ThreadPoolDispatcher _dispatcher;

    /// <summary>One dispatcher by <paramref name="config"/>.</summary>
    public DispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites)
        => _dispatcher = new ThreadPoolDispatcher(this);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher;
}
