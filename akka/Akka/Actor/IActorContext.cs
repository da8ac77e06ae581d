using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>What handles a message: true where it did.</summary>
public delegate bool Receive(object message);

/// <summary>What handles a message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Watches actors for their end.</summary>
public interface ICanWatch
{
    /// <summary>Sends <see cref="Terminated"/> when <paramref name="subject"/> ends, at once where it already has.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>Sends <paramref name="message"/> when <paramref name="subject"/> ends. Throws <see cref="InvalidOperationException"/> where it is already watched otherwise.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Ends the watch; a notification that is already under way does not arrive.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor has around it. Only for use while it handles a message.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>The actor itself.</summary>
    IActorRef Self { get; }

    /// <summary>The recipe it was made by.</summary>
    Props Props { get; }

    /// <summary>Who sent the message at hand; the dead letters where nobody is named.</summary>
    IActorRef Sender { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>The supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>Where it runs.</summary>
    MessageDispatcher Dispatcher { get; }

    /// <summary>The time without messages after which <see cref="ReceiveTimeout"/> comes; null for never.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Handles messages in another way from the next one on.</summary>
    void Become(Receive receive);

    /// <summary>Handles messages in another way until <see cref="UnbecomeStacked"/>.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Back to the behaviour before the last <see cref="BecomeStacked"/>.</summary>
    void UnbecomeStacked();

    /// <summary>A child by its name; <see cref="Nobody"/> where there is none.</summary>
    IActorRef Child(string name);

    /// <summary>The children.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Sends <see cref="Actor.ReceiveTimeout"/> whenever nothing came for so long; null ends that. At least 1 ms.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Ends an actor after the message at hand.</summary>
    void Stop(IActorRef child);
}

/// <summary>The context with behaviours that handle everything.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Handles messages in another way from the next one on.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Handles messages in another way until unbecome.</summary>
    void BecomeStacked(UntypedReceive receive);
}

/// <summary>What the engine needs of an actor.</summary>
public interface IInternalActor
{
    /// <summary>Its context.</summary>
    IActorContext ActorContext { get; }
}
