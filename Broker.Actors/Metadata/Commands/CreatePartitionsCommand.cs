using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>CreatePartitions: raises the number of partitions of topics.</summary>
/// <param name="request">What is asked.</param>
/// <param name="done">Gets the answer once the partitions are in force.</param>
public sealed class CreatePartitionsCommand(CreatePartitionsRequest request, Action<CreatePartitionsResponse> done) : ControllerCommand
{
    private readonly CreatePartitionsResponse answer = new();
    private ReplicaPlacer? placer;

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        var events = new List<IApiMessage>();
        foreach (var group in request.Topics.GroupBy(t => t.Name))
        {
            var (error, why) = group.Count() > 1 ? (ErrorCode.InvalidRequest, "the topic stands twice in the request") : Judge(group.First(), context, events);
            answer.Results.Add(new() { Name = group.Key, ErrorCode = error, ErrorMessage = why });
        }

        return request.ValidateOnly ? [] : events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error)
    {
        foreach (var topic in answer.Results.Where(t => t.ErrorCode == ErrorCode.None)) topic.ErrorCode = error;
        done(answer);
    }

    private (ErrorCode Error, string? Why) Judge(CreatePartitionsRequest.CreatePartitionsTopic asked, ControllerContext context, List<IApiMessage> events)
    {
        if (!context.Image.Topics.TryGetValue(asked.Name, out var topic)) return (ErrorCode.UnknownTopicOrPartition, "there is no such topic");
        var now = topic.Partitions.Length;
        if (asked.Count <= now) return (ErrorCode.InvalidPartitions, $"the topic has {now} partitions; their number can only rise");
        if (asked.Count > Limits.PartitionsPerTopic) return (ErrorCode.InvalidPartitions, $"a topic has at most {Limits.PartitionsPerTopic} partitions");
        // As many as the first partition will have once nothing moves.
        var factor = now == 0 ? context.Config.DefaultReplicationFactor : topic.Partitions[0].Replicas.Count - topic.Partitions[0].Removing.Count;
        if (asked.Assignments is { } given)
        {
            if (given.Count != asked.Count - now) return (ErrorCode.InvalidReplicaAssignment, $"{asked.Count - now} partitions are added, but {given.Count} are assigned");
            foreach (var assignment in given)
            {
                if (Placement.CheckNew(assignment.BrokerIds, factor, context) is { } wrong) return (ErrorCode.InvalidReplicaAssignment, wrong);
            }
        }

        placer ??= new ReplicaPlacer(context);
        var (error, why) = asked.Assignments is null ? placer.Check(factor) : (ErrorCode.None, null);
        if (error != ErrorCode.None) return (error, why);
        for (var i = now; i < asked.Count; i++) events.Add(Placement.NewPartition(topic.Id, i, asked.Assignments is { } a ? a[i - now].BrokerIds : placer.Next(factor), context.IsActive));
        return (ErrorCode.None, null);
    }
}
