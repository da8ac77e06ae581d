using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch.MessageQueues;

namespace Akka.Dispatch;

/// <summary>Makes an actor's queue.</summary>
public abstract class MailboxType
{
    /// <summary>The system's settings.</summary>
    protected readonly Settings Settings;

    /// <summary>The mailbox's section.</summary>
    protected readonly Config Config;

    /// <summary>A type by its section of the configuration.</summary>
    protected MailboxType(Settings settings, Config config)
    {
        Settings = settings;
        Config = config;
    }

    /// <summary>The queue of <paramref name="owner"/>.</summary>
    public abstract IMessageQueue Create(IActorRef owner, ActorSystem system);
}

/// <summary>Without a limit: the default.</summary>
public sealed class UnboundedMailbox : MailboxType
{
    /// <summary>A type without settings.</summary>
    public UnboundedMailbox()
        : this(null!, Config.Empty)
    {
    }

    /// <summary>A type by its section of the configuration.</summary>
    public UnboundedMailbox(Settings settings, Config config)
        : base(settings, config)
    {
    }

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedMessageQueue();
}

/// <summary>Without a limit; for actors that put messages back to the front, which every mailbox here can.</summary>
public sealed class UnboundedDequeBasedMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new UnboundedMessageQueue();
}

/// <summary>With a limit: <c>mailbox-capacity</c> messages; a sender waits <c>mailbox-push-timeout-time</c> for room, then the message is a dead letter.</summary>
public sealed class BoundedMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    private readonly BoundedLimits _limits = BoundedLimits.Of(config);

    /// <summary>How many messages may wait.</summary>
    public int Capacity => _limits.Capacity;

    /// <summary>How long a sender waits for room; negative for as long as it takes.</summary>
    public TimeSpan PushTimeout => _limits.PushTimeout;

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new BoundedMessageQueue(Capacity, PushTimeout) { DeadLetters = system.DeadLetters };
}

/// <summary>As <see cref="BoundedMailbox"/>; for actors that put messages back to the front.</summary>
public sealed class BoundedDequeBasedMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    private readonly BoundedLimits _limits = BoundedLimits.Of(config);

    /// <summary>How many messages may wait.</summary>
    public int Capacity => _limits.Capacity;

    /// <summary>How long a sender waits for room; negative for as long as it takes.</summary>
    public TimeSpan PushTimeout => _limits.PushTimeout;

    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new BoundedMessageQueue(Capacity, PushTimeout) { DeadLetters = system.DeadLetters };
}

/// <summary>Most urgent first, those of one urgency in any order: a derived class says which. Without a limit.</summary>
public abstract class UnboundedPriorityMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    /// <inheritdoc/>
    public sealed override IMessageQueue Create(IActorRef owner, ActorSystem system) => new PriorityMessageQueue(PriorityGenerator);

    /// <summary>How urgent a message is; the least comes first.</summary>
    protected abstract int PriorityGenerator(object message);
}

/// <summary>Most urgent first, those of one urgency in their order: a derived class says which. Without a limit.</summary>
public abstract class UnboundedStablePriorityMailbox(Settings settings, Config config) : MailboxType(settings, config)
{
    /// <inheritdoc/>
    public sealed override IMessageQueue Create(IActorRef owner, ActorSystem system) => new PriorityMessageQueue(PriorityGenerator);

    /// <summary>How urgent a message is; the least comes first.</summary>
    protected abstract int PriorityGenerator(object message);
}

/// <summary>The limits of a bounded mailbox.</summary>
internal readonly record struct BoundedLimits(int Capacity, TimeSpan PushTimeout)
{
    public static BoundedLimits Of(Config config)
    {
        var capacity = config.GetInt("mailbox-capacity", 1000);
        if (capacity <= 0) throw new ConfigurationException($"mailbox-capacity must be more than 0, not {capacity}");
        return new BoundedLimits(capacity, config.GetTimeSpan("mailbox-push-timeout-time", TimeSpan.FromSeconds(10)));
    }
}
