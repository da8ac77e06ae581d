using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>A bus of log events, by their classes.</summary>
public class LoggingBus : ActorEventBus<object, Type>
{
    private static readonly Type[] Levels = [typeof(Debug), typeof(Info), typeof(Warning), typeof(Error)];

    private readonly List<IActorRef> _loggers = [];
    private MinimalLogger? _stdout;

    /// <summary>The least level that is logged.</summary>
    public LogLevel LogLevel { get; private set; } = LogLevel.ErrorLevel;

    /// <summary>Logs from this level on.</summary>
    public virtual void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        foreach (var logger in _loggers) SubscribeFrom(logger, logLevel);
    }

    /// <summary>Logs to the console from the settings' <c>stdout-loglevel</c> on, until loggers run.</summary>
    public void StartStdoutLogger(Settings config)
    {
        LogLevel = Logging.LogLevelFor(config.StdoutLogLevel);
        _stdout = config.StdoutLogger;
        SubscribeFrom(_stdout, LogLevel);
    }

    internal void StartLoggers(ActorSystemImpl system)
    {
        var level = Logging.LogLevelFor(system.Settings.LogLevel);
        var number = 0;
        foreach (var name in system.Settings.Loggers)
        {
            var type = name.Split(',')[0].Trim() == "Akka.Event.DefaultLogger" ? typeof(DefaultLogger) : KnownLoggers.Find(name) ?? Type.GetType(name)
                ?? throw new Configuration.ConfigurationException($"Logger specified in config cannot be found: \"{name}\"");
            StartLogger(system, type, $"log{++number}-{type.Name}");
        }

        SetLogLevel(level);
        if (_stdout is not null && number > 0) Unsubscribe(_stdout);
    }

    internal void StopLoggers()
    {
        // The end of the system itself is still to be told.
        if (_stdout is not null) SubscribeFrom(_stdout, Logging.LogLevelFor(_stdoutLevel));
        foreach (var logger in _loggers) Unsubscribe(logger);
        _loggers.Clear();
    }

    /// <inheritdoc/>
    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    /// <inheritdoc/>
    protected override void Publish(object @event, IActorRef subscriber) => subscriber.Tell(@event, ActorRefs.NoSender);

    /// <inheritdoc/>
    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    /// <inheritdoc/>
    protected override Type GetClassifier(object @event) => @event.GetType();

    private string _stdoutLevel = "WARNING";

    // The logger is not waited for: what it gets first is the message that sets it up, and what is logged from here on comes after that.
    private void StartLogger(ActorSystemImpl system, Type type, string name)
    {
        _stdoutLevel = system.Settings.StdoutLogLevel;
        var logger = system.SystemActorOf(Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher), name);
        logger.Tell(new InitializeLogger(this), ActorRefs.NoSender);
        _loggers.Add(logger);
    }

    private void SubscribeFrom(IActorRef logger, LogLevel least)
    {
        for (var level = LogLevel.DebugLevel; level <= LogLevel.ErrorLevel; level++)
        {
            if (level >= least) Subscribe(logger, Levels[(int)level]);
            else Unsubscribe(logger, Levels[(int)level]);
        }
    }
}

/// <summary>A system's events: whatever objects are published, by their classes. Subscribers that ended are taken out.</summary>
public class EventStream : LoggingBus
{
    private readonly bool _debug;
    private readonly Lock _lock = new();
    private ActorSystemImpl? _system;
    private IActorRef? _unsubscriber;

    /// <summary>A stream; with <paramref name="debug"/> it tells who subscribes.</summary>
    public EventStream(bool debug) => _debug = debug;

    /// <summary>Subscribes to events of a class and of those derived from it; false where that is so already.</summary>
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (_debug) Publish(new Debug("EventStream", GetType(), $"subscribing {subscriber} to channel {channel}"));
        if (subscriber is LocalActorRef) Unsubscriber()?.Tell(new EventStreamUnsubscriber.Register(subscriber), ActorRefs.NoSender);
        return base.Subscribe(subscriber, channel);
    }

    /// <summary>Ends a subscription; false where there was none.</summary>
    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (_debug) Publish(new Debug("EventStream", GetType(), $"unsubscribing {subscriber} from channel {channel}"));
        return base.Unsubscribe(subscriber, channel);
    }

    /// <summary>Ends all subscriptions of an actor; false where there were none.</summary>
    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (_debug) Publish(new Debug("EventStream", GetType(), $"unsubscribing {subscriber} from all channels"));
        return base.Unsubscribe(subscriber);
    }

    internal void Bind(ActorSystemImpl system) => _system = system;

    // Begins with the first subscriber that can end: most systems have only their loggers.
    private IActorRef? Unsubscriber()
    {
        if (_unsubscriber is not null || _system is not { IsStarted: true } system) return _unsubscriber;
        lock (_lock)
        {
            try
            {
                return _unsubscriber ??= system.SystemActorOf(Props.CreateBy(new EventStreamUnsubscriber.Producer(this)), "eventStreamUnsubscriber");
            }
            catch (InvalidOperationException)
            {
                // The system ends: its subscribers end with it.
                return null;
            }
        }
    }
}

/// <summary>Takes subscribers out that ended.</summary>
internal sealed class EventStreamUnsubscriber(EventStream stream) : ActorBase
{
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Register register:
                Context.Watch(register.Subscriber);
                return true;
            case Terminated terminated:
                stream.Unsubscribe(terminated.ActorRef);
                return true;
            default:
                return false;
        }
    }

    public sealed record Register(IActorRef Subscriber);

    public sealed class Producer(EventStream stream) : IIndirectActorProducer
    {
        public Type ActorType => typeof(EventStreamUnsubscriber);

        public ActorBase Produce() => new EventStreamUnsubscriber(stream);

        public void Release(ActorBase actor)
        {
        }
    }
}

/// <summary>Short forms.</summary>
public static class EventStreamExtensions
{
    /// <summary>Subscribes to events of a class and of those derived from it; false where that is so already.</summary>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Ends a subscription; false where there was none.</summary>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
