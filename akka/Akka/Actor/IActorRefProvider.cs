using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>Makes references, and finds them by path.</summary>
public interface IActorRefProvider
{
    /// <summary>The root of the tree.</summary>
    IInternalActorRef RootGuardian { get; }

    /// <summary>Where dead letters go.</summary>
    IActorRef DeadLetters { get; }

    /// <summary>Forgets what is sent to it.</summary>
    IActorRef IgnoreRef { get; }

    /// <summary>The root's path.</summary>
    ActorPath RootPath { get; }

    /// <summary>The settings.</summary>
    Settings Settings { get; }

    /// <summary>Where temporary references are.</summary>
    IInternalActorRef TempContainer { get; }

    /// <summary>Ends with the tree.</summary>
    Task TerminationTask { get; }

    /// <summary>The system's address in this process.</summary>
    Address DefaultAddress { get; }

    /// <summary>A path below <see cref="TempContainer"/> that nothing has yet.</summary>
    ActorPath TempPath();

    /// <summary>The root of an address; dead letters where that is nowhere.</summary>
    IActorRef RootGuardianAt(Address address);

    /// <summary>Puts a reference at a path from <see cref="TempPath"/>.</summary>
    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);

    /// <summary>Takes it away.</summary>
    void UnregisterTempActor(ActorPath path);

    /// <summary>The reference at a path; one that makes dead letters where nobody is there.</summary>
    IActorRef ResolveActorRef(string path);

    /// <summary>The reference at a path; one that makes dead letters where nobody is there.</summary>
    IActorRef ResolveActorRef(ActorPath actorPath);

    /// <summary>The system's address as another one sees it; null where it cannot be seen.</summary>
    Address? GetExternalAddressFor(Address address);

    /// <summary>Makes a reference to a new actor, which is not started yet.</summary>
    internal IInternalActorRef ActorOf(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path, bool systemService);
}
