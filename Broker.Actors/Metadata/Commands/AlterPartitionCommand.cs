using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>
/// AlterPartition: a leader asks for other in-sync sets. Only the present leader, of the present epochs, is heard, and only brokers that are there in the life that the leader
/// knows of get in (KIP-903). A reassignment that was waiting for this ends with it.
/// </summary>
/// <param name="request">What is asked; a broker without an epoch can stay in a set, and cannot get in.</param>
/// <param name="done">Gets the answer once the sets are in force.</param>
public sealed class AlterPartitionCommand(AlterPartitionRequest request, Action<AlterPartitionResponse> done) : ControllerCommand
{
    private readonly AlterPartitionResponse answer = new();

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (!context.IsRegistered(request.BrokerId, request.BrokerEpoch, out _))
        {
            answer.ErrorCode = ErrorCode.StaleBrokerEpoch;
            return [];
        }

        var work = new PartitionWork(context);
        foreach (var asked in request.Topics)
        {
            var topic = asked.TopicId == Guid.Empty ? context.Image.Topics.GetValueOrDefault(asked.TopicName) : context.Image.TopicOf(asked.TopicId);
            var partitions = new List<AlterPartitionResponse.PartitionData>(asked.Partitions.Count);
            foreach (var partition in asked.Partitions) partitions.Add(Judge(topic, partition, context, work));
            answer.Topics.Add(new() { TopicId = asked.TopicId, TopicName = asked.TopicName, Partitions = partitions });
        }

        return work.Events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new AlterPartitionResponse { ErrorCode = error });

    private static AlterPartitionResponse.PartitionData Refused(int index, ErrorCode error) => new() { PartitionIndex = index, ErrorCode = error };

    private AlterPartitionResponse.PartitionData Judge(TopicImage? topic, AlterPartitionRequest.PartitionData asked, ControllerContext context, PartitionWork work)
    {
        if (topic is null) return Refused(asked.PartitionIndex, ErrorCode.UnknownTopicId);
        if (!work.TryFind(topic, asked.PartitionIndex, out var partition)) return Refused(asked.PartitionIndex, ErrorCode.UnknownTopicOrPartition);
        var wanted = asked.NewIsrWithEpochs.Count > 0 ? asked.NewIsrWithEpochs.ConvertAll(r => r.BrokerId) : asked.NewIsr;
        if (Problem(partition, asked, wanted, context) is var error and not ErrorCode.None) return Refused(asked.PartitionIndex, error);

        var decision = work.Decision(topic, partition);
        decision.SetInSync(wanted);
        var after = work.Take(partition, decision, out _);
        // The end of a reassignment took the leadership away: who asked has to look at the metadata.
        if (after.Leader != request.BrokerId) return Refused(asked.PartitionIndex, ErrorCode.NewLeaderElected);
        return new()
        {
            PartitionIndex = after.Index,
            LeaderId = after.Leader,
            LeaderEpoch = after.LeaderEpoch,
            Isr = [.. after.InSync],
            PartitionEpoch = after.PartitionEpoch,
        };
    }

    private ErrorCode Problem(PartitionImage partition, AlterPartitionRequest.PartitionData asked, List<int> wanted, ControllerContext context)
    {
        // Somebody knows more than this controller: it is none any more.
        if (asked.LeaderEpoch > partition.LeaderEpoch || asked.PartitionEpoch > partition.PartitionEpoch) return ErrorCode.NotController;
        if (asked.LeaderEpoch < partition.LeaderEpoch) return ErrorCode.FencedLeaderEpoch;
        if (partition.Leader != request.BrokerId) return ErrorCode.InvalidRequest;
        if (asked.PartitionEpoch < partition.PartitionEpoch) return ErrorCode.InvalidUpdateVersion;
        if (asked.LeaderRecoveryState != 0 || !wanted.Contains(partition.Leader)) return ErrorCode.InvalidRequest;
        if (wanted.Distinct().Count() != wanted.Count || !wanted.All(partition.IsReplica)) return ErrorCode.InvalidRequest;
        return IsEligible(partition, asked, wanted, context) ? ErrorCode.None : ErrorCode.IneligibleReplica;
    }

    // Who is new in the set has to be there in the very life that the leader heard from. Of those that are in it, the partition's epoch says as much: it rises when they leave.
    private static bool IsEligible(PartitionImage partition, AlterPartitionRequest.PartitionData asked, List<int> wanted, ControllerContext context)
    {
        for (var i = 0; i < wanted.Count; i++)
        {
            if (!context.IsActive(wanted[i])) return false;
            var epoch = asked.NewIsrWithEpochs.Count > 0 ? asked.NewIsrWithEpochs[i].BrokerEpoch : -1;
            if (epoch != context.Brokers[wanted[i]].Epoch && (epoch != -1 || !partition.IsInSync(wanted[i]))) return false;
        }

        return true;
    }
}
