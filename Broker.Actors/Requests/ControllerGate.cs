using Akka.Actor;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>The way to the controller, wherever it runs. From any thread; answers come on any.</summary>
public interface IControllerGate
{
    /// <summary>Takes clients' requests that the controller decides to it; null where they are decided in this process.</summary>
    IRequestHandler? Forwarding { get; }

    /// <summary>Creates topics that clients asked about, with the cluster's defaults.</summary>
    /// <param name="names">Legal names.</param>
    /// <param name="done">Told when they are in force here, or cannot be made.</param>
    void CreateTopics(IReadOnlyList<string> names, Action done);

    /// <summary>Makes a topic of the cluster's own.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="done">Told when it is in force here, or cannot be made.</param>
    void CreateInternalTopic(string name, Action done);

    /// <summary>Takes a block of producer ids that nobody else gets.</summary>
    /// <param name="done">Gets the first one and how many, or an error.</param>
    void TakeProducerIds(Action<ErrorCode, long, int> done);
}

/// <summary>The way to the controller of a broker that is alone: an actor of the same system.</summary>
/// <param name="controller">The controller.</param>
public sealed class LocalControllerGate(IActorRef controller) : IControllerGate
{
    /// <inheritdoc/>
    public IRequestHandler? Forwarding => null;

    /// <inheritdoc/>
    public void CreateTopics(IReadOnlyList<string> names, Action done) => controller.Tell(new AutoCreateTopicsCommand(names, _ => done()), ActorRefs.NoSender);

    /// <inheritdoc/>
    public void CreateInternalTopic(string name, Action done) => controller.Tell(new InternalTopicCommand(name, done), ActorRefs.NoSender);

    /// <inheritdoc/>
    public void TakeProducerIds(Action<ErrorCode, long, int> done) => controller.Tell(new ProducerIdsCommand(done), ActorRefs.NoSender);
}
