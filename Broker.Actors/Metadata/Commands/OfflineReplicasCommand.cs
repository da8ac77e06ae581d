using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// AssignReplicasToDirs, as far as this cluster has a use for it: a broker names replicas that cannot go on. Those that lay in a log directory that it lost leave their in-sync sets, and others
/// lead; where the broker was the last in sync, nobody leads until it comes back with the directory. Those that only have no room (<see cref="NoRoom"/>) leave where another in-sync replica can
/// go on, and come back when they have caught up.
/// </summary>
/// <param name="request">The replicas, by directory. Which directory it is does not matter, but for <see cref="NoRoom"/>: only what cannot go on is named.</param>
/// <param name="done">Gets the answer once others lead.</param>
public sealed class OfflineReplicasCommand(AssignReplicasToDirsRequest request, Action<AssignReplicasToDirsResponse> done) : ControllerCommand
{
    /// <summary>Named as the directory of replicas that cannot be got at: Kafka's id for lost ones.</summary>
    public static readonly Guid Lost = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

    /// <summary>Named as the directory of replicas that are whole and take nothing for now; one of the ids that no directory has.</summary>
    public static readonly Guid NoRoom = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3);

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
                Partitions = topic.Partitions.ConvertAll(p => new AssignReplicasToDirsResponse.PartitionData { PartitionIndex = p.PartitionIndex, ErrorCode = Leave(context, topic.TopicId, p.PartitionIndex, work, directory.Id == NoRoom) }),
            });
            answer.Directories.Add(new() { Id = directory.Id, Topics = topics });
        }

        return work.Events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new AssignReplicasToDirsResponse { ErrorCode = error });

    private ErrorCode Leave(ControllerContext context, Guid topicId, int index, PartitionWork work, bool isWhole)
    {
        if (context.Image.TopicOf(topicId) is not { } topic) return ErrorCode.UnknownTopicId;
        if (!work.TryFind(topic, index, out var partition)) return ErrorCode.UnknownTopicOrPartition;
        if (!partition.IsReplica(request.BrokerId)) return ErrorCode.NotLeaderOrFollower;
        if (!partition.IsInSync(request.BrokerId) && !PartitionImage.Contains(partition.Elr, request.BrokerId)) return ErrorCode.None;
        // With nobody to go on, its readers at least have it.
        if (isWhole && !partition.InSync.Any(other => other != request.BrokerId && context.IsActive(other))) return ErrorCode.None;
        var decision = work.Decision(topic, partition, request.BrokerId);
        decision.Leave(request.BrokerId);
        if (!isWhole) (decision.Unclean, decision.IsOffline) = (request.BrokerId, true);
        work.Take(partition, decision, out _);
        return ErrorCode.None;
    }
}
