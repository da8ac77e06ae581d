using Akka.Actor;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>
/// <c>/user/replicas</c>, where followers on other brokers find the partitions of this one: takes their subscriptions and hands them to the partitions' actors, which talk to the followers
/// themselves from then on.
/// </summary>
public sealed class ReplicasActor : UntypedActor
{
    /// <summary>Its name below <c>/user</c>.</summary>
    public const string Name = "replicas";

    private readonly PartitionRegistry partitions;

    /// <summary>The door to these partitions.</summary>
    public ReplicasActor(PartitionRegistry partitions) => this.partitions = partitions;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Subscribe subscribe when partitions.Find(subscribe.TopicId, subscribe.Partition) is { } handle:
                handle.Actor.Tell(subscribe, Sender);
                break;
            case Subscribe subscribe:
                Sender.Tell(new SubscribeRefused(-1, subscribe.Session, ErrorCode.UnknownTopicOrPartition), Self);
                break;
            case PeerLost lost:
                foreach (var handle in partitions.All) handle.Actor.Tell(lost, ActorRefs.NoSender);
                break;
            default:
                Unhandled(message);
                break;
        }
    }
}

/// <summary>
/// Connections to a broker broke: what was on them may be lost. Followers of its partitions subscribe again, which asks for nothing that is there already. Told to
/// <c>/user/replicas</c> by whoever watches connections.
/// </summary>
/// <param name="BrokerId">The broker.</param>
public sealed record PeerLost(int BrokerId);
