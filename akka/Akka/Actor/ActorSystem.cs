using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A tree of actors and what they share. It costs little to make and lasts until <see cref="Terminate"/>.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    /// <summary>Configuration and what it says.</summary>
    public abstract Settings Settings { get; }

    /// <summary>The system's name.</summary>
    public abstract string Name { get; }

    /// <summary>The dispatchers.</summary>
    public abstract Dispatchers Dispatchers { get; }

    /// <summary>The types of mailboxes.</summary>
    public abstract Mailboxes Mailboxes { get; }

    /// <summary>The time.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The events.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Where messages go that nobody can take.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Forgets what is sent to it.</summary>
    public abstract IActorRef IgnoreRef { get; }

    /// <summary>Logs as the system.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>When the system began, on its monotonic clock.</summary>
    public TimeSpan StartTime { get; internal init; }

    /// <summary>How long it has been running.</summary>
    public TimeSpan Uptime => Scheduler.MonotonicClock - StartTime;

    /// <summary>The serialisers; made at the first use.</summary>
    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>Ends when all actors have.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>A system by the engine's defaults.</summary>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>A system by <paramref name="config"/> over the engine's defaults.</summary>
    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));

    /// <summary>A system by a set-up.</summary>
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <summary>A system by set-ups. Throws <see cref="ArgumentException"/> for a name that is no host name's part.</summary>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    /// <summary>The system's extension, made where it is not there yet.</summary>
    public abstract object GetExtension(IExtensionId extensionId);

    /// <summary>The system's extension of a class; null where it has none.</summary>
    public abstract T? GetExtension<T>()
        where T : class, IExtension;

    /// <summary>Whether the system has an extension of a class.</summary>
    public abstract bool HasExtension(Type type);

    /// <summary>Whether the system has an extension of a class.</summary>
    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    /// <summary>The system's extension of a class, if it has one.</summary>
    public abstract bool TryGetExtension(Type extensionType, out object extension);

    /// <summary>The system's extension of a class, if it has one.</summary>
    public abstract bool TryGetExtension<T>(out T extension)
        where T : class, IExtension;

    /// <summary>The system's extension, made where it is not there yet.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>Calls when all actors ended, the last one given first. Throws <see cref="InvalidOperationException"/> after that.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>Stops all actors, the user's before the system's own, children before parents; after the coordinated shutdown where that is configured.</summary>
    public abstract Task Terminate();

    /// <summary>Stops an actor after the message at hand.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Terminates, and waits for the end.</summary>
    public void Dispose()
    {
        Terminate().Wait();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(string actorPath);
}

/// <summary>A system as its extensions see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    /// <summary>Makes and finds references.</summary>
    public abstract IActorRefProvider Provider { get; }

    /// <summary>The supervisor of what users make.</summary>
    public abstract IInternalActorRef Guardian { get; }

    /// <summary>Where paths from the root begin.</summary>
    public abstract IInternalActorRef LookupRoot { get; }

    /// <summary>The supervisor of the system's own services.</summary>
    public abstract IInternalActorRef SystemGuardian { get; }

    /// <summary>Creates a service of the system, which ends after the user's actors.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <summary>Creates a service of the system, which ends after the user's actors.</summary>
    public abstract IActorRef SystemActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new();
}
