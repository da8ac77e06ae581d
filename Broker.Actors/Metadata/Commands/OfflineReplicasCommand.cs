using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// AssignReplicasToDirs, as far as this cluster has a use for it: a broker that lost a log directory names the replicas that lay there. They leave their in-sync sets, and others
/// lead; where the broker was the last in sync, nobody leads until it comes back with the directory.
/// </summary>
/// <param name="request">The replicas, by directory. Which directory it is does not matter: only what cannot be got at is named.</param>
/// <param name="done">Gets the answer once others lead.</param>
public sealed class OfflineReplicasCommand(AssignReplicasToDirsRequest request, Action<AssignReplicasToDirsResponse> done) : ControllerCommand
{
    private readonly AssignReplicasToDirsResponse answer = new();

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (!context.IsRegistered(request.BrokerId, request.BrokerEpoch, out _))
        {
            answer.ErrorCode = ErrorCode.StaleBrokerEpoch;
            return [];
        }

        var work = new PartitionWork(context);
        foreach (var directory in request.Directories)
        {
            var topics = directory.Topics.ConvertAll(topic => new AssignReplicasToDirsResponse.TopicData
            {
                TopicId = topic.TopicId,
                Partitions = topic.Partitions.ConvertAll(p => new AssignReplicasToDirsResponse.PartitionData { PartitionIndex = p.PartitionIndex, ErrorCode = Leave(context.Image.TopicOf(topic.TopicId), p.PartitionIndex, work) }),
            });
            answer.Directories.Add(new() { Id = directory.Id, Topics = topics });
        }

        return work.Events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new AssignReplicasToDirsResponse { ErrorCode = error });

    private ErrorCode Leave(TopicImage? topic, int index, PartitionWork work)
    {
        if (topic is null) return ErrorCode.UnknownTopicId;
        if (!work.TryFind(topic, index, out var partition)) return ErrorCode.UnknownTopicOrPartition;
        if (!partition.IsReplica(request.BrokerId)) return ErrorCode.NotLeaderOrFollower;
        if (!partition.IsInSync(request.BrokerId) && !PartitionImage.Contains(partition.Elr, request.BrokerId)) return ErrorCode.None;
        var decision = work.Decision(topic, partition, request.BrokerId);
        decision.Leave(request.BrokerId);
        (decision.Unclean, decision.IsOffline) = (request.BrokerId, true);
        work.Take(partition, decision, out _);
        return ErrorCode.None;
    }
}
