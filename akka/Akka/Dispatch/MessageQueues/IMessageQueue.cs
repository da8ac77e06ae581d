using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>Where messages wait. Any thread adds; only the actor's turn takes.</summary>
public interface IMessageQueue
{
    /// <summary>Whether a message waits.</summary>
    bool HasMessages { get; }

    /// <summary>How many wait.</summary>
    int Count { get; }

    /// <summary>Adds a message.</summary>
    void Enqueue(IActorRef receiver, Envelope envelope);

    /// <summary>Takes the next one.</summary>
    bool TryDequeue(out Envelope envelope);

    /// <summary>The actor ended: what waits goes to <paramref name="deadletters"/>.</summary>
    void CleanUp(IActorRef owner, IMessageQueue deadletters);
}
