using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// AlterPartitionReassignments: has partitions move to other brokers, or stops that. Those that are added become replicas at once, and those that go stay until the added ones are
/// in sync. What asks for nothing but another order, or for fewer replicas, is done at once.
/// </summary>
/// <param name="request">What is asked.</param>
/// <param name="done">Gets the answer once the moves have begun.</param>
public sealed class ReassignPartitionsCommand(AlterPartitionReassignmentsRequest request, Action<AlterPartitionReassignmentsResponse> done) : ControllerCommand
{
    private readonly AlterPartitionReassignmentsResponse answer = new() { AllowReplicationFactorChange = request.AllowReplicationFactorChange, ErrorMessage = null };

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var work = new PartitionWork(context);
        foreach (var topic in request.Topics)
        {
            var known = context.Image.Topics.GetValueOrDefault(topic.Name);
            var results = new List<AlterPartitionReassignmentsResponse.ReassignablePartitionResponse>(topic.Partitions.Count);
            foreach (var partition in topic.Partitions)
            {
                var (error, why) = Judge(known, partition, context, work);
                results.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error, ErrorMessage = why });
            }

            answer.Responses.Add(new() { Name = topic.Name, Partitions = results });
        }

        return work.Events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new AlterPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = null });

    private (ErrorCode Error, string? Why) Judge(TopicImage? topic, AlterPartitionReassignmentsRequest.ReassignablePartition asked, ControllerContext context, PartitionWork work)
    {
        if (topic is null) return (ErrorCode.UnknownTopicOrPartition, "there is no such topic");
        if (!work.TryFind(topic, asked.PartitionIndex, out var partition)) return (ErrorCode.UnknownTopicOrPartition, "there is no such partition");
        if (asked.Replicas is not { } replicas) return Cancel(topic, partition, work);
        if (Placement.Check(replicas, context.Brokers) is { } wrong) return (ErrorCode.InvalidReplicaAssignment, wrong);
        var cordoned = replicas.Where(r => !partition.IsReplica(r) && context.Brokers[r].IsCordoned).ToList();
        if (cordoned.Count > 0) return (ErrorCode.InvalidReplicaAssignment, $"broker {cordoned[0]} takes no new partitions: its log directories are cordoned");
        var factor = partition.Replicas.Count - partition.Removing.Count;
        if (!request.AllowReplicationFactorChange && replicas.Count != factor) return (ErrorCode.InvalidReplicationFactor, $"the partition has {factor} replicas and would have {replicas.Count}");
        Move(topic, partition, replicas, work);
        return (ErrorCode.None, null);
    }

    // Those that a move before this one added are still on their way.
    private static void Move(TopicImage topic, PartitionImage partition, List<int> replicas, PartitionWork work)
    {
        var decision = work.Decision(topic, partition);
        List<int> leaving = [.. partition.Replicas.Where(r => !replicas.Contains(r)).Order()];
        decision.Replicas = [.. replicas, .. leaving];
        decision.Removing = leaving;
        decision.Adding = [.. replicas.Where(r => !partition.IsReplica(r) || PartitionImage.Contains(partition.Adding, r)).Order()];
        work.Take(partition, decision, out _);
    }

    private static (ErrorCode Error, string? Why) Cancel(TopicImage topic, PartitionImage partition, PartitionWork work)
    {
        if (!partition.IsReassigning) return (ErrorCode.NoReassignmentInProgress, "the partition does not move");
        var replicas = partition.Replicas.Where(r => !PartitionImage.Contains(partition.Adding, r)).ToList();
        var inSync = partition.InSync.Where(replicas.Contains).ToList();
        var isSafe = inSync.Count > 0 || partition.Elr.Any(replicas.Contains);
        if (replicas.Count == 0 || (!isSafe && !work.RulesOf(topic).AllowsUnclean))
        {
            return (ErrorCode.InvalidReplicaAssignment, "none of the replicas from before the move is in sync: stopping it would lose records");
        }

        var decision = work.Decision(topic, partition);
        (decision.Replicas, decision.Adding, decision.Removing) = (replicas, [], []);
        decision.SetInSync(inSync);
        work.Take(partition, decision, out _);
        return (ErrorCode.None, null);
    }
}
