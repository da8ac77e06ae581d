using Akka.Actor;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Topics;

/// <summary>CreateTopics, DeleteTopics and CreatePartitions: the controller decides and answers.</summary>
public sealed class TopicChangeHandlers(BrokerServices broker) : IRequestHandler
{
    private const short FirstDeletionById = 6;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        object command = slot.Request switch
        {
            CreateTopicsRequest create => new CreateTopicsCommand(create, slot.Complete),
            DeleteTopicsRequest delete => new DeleteTopicsCommand(delete, slot.Header.Version < FirstDeletionById, slot.Complete),
            CreatePartitionsRequest grow => new CreatePartitionsCommand(grow, slot.Complete),
            _ => throw new ArgumentException($"{slot.Header.Key} is not handled here", nameof(slot)),
        };
        broker.Controller.Tell(command, ActorRefs.NoSender);
    }
}
