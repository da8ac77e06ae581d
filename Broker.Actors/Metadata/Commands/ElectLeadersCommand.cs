using AkkaStream.Actors.Metadata.Decisions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>ElectLeaders: has preferred leaders lead, or gives partitions that nobody can lead a leader at the price of records.</summary>
/// <param name="request">What is asked.</param>
/// <param name="done">Gets the answer once the leaders are in force.</param>
public sealed class ElectLeadersCommand(ElectLeadersRequest request, Action<ElectLeadersResponse> done) : ControllerCommand
{
    private const sbyte Preferred = 0;
    private const sbyte Unclean = 1;

    private readonly ElectLeadersResponse answer = new();

    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context)
    {
        if (request.ElectionType is not (Preferred or Unclean))
        {
            answer.ErrorCode = ErrorCode.InvalidRequest;
            return [];
        }

        var work = new PartitionWork(context);
        if (request.TopicPartitions is null)
        {
            // Who asks about everything hears of those only that it did not expect.
            foreach (var topic in context.Image.Topics.Values) Add(topic.Name, topic.Partitions.Select(p => Judge(topic, p.Index, work)).Where(r => r.ErrorCode != ErrorCode.ElectionNotNeeded).ToList());
        }
        else
        {
            foreach (var asked in request.TopicPartitions)
            {
                var topic = context.Image.Topics.GetValueOrDefault(asked.Topic);
                var results = asked.Partitions.ConvertAll(index => Judge(topic, index, work));
                answer.ReplicaElectionResults.Add(new() { Topic = asked.Topic, PartitionResult = results });
            }
        }

        return work.Events;
    }

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(answer);

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new ElectLeadersResponse { ErrorCode = error });

    private static ElectLeadersResponse.PartitionResult Result(int index, ErrorCode error, string? why) => new() { PartitionId = index, ErrorCode = error, ErrorMessage = why };

    private void Add(string topic, List<ElectLeadersResponse.PartitionResult> results)
    {
        if (results.Count > 0) answer.ReplicaElectionResults.Add(new() { Topic = topic, PartitionResult = results });
    }

    private ElectLeadersResponse.PartitionResult Judge(TopicImage? topic, int index, PartitionWork work)
    {
        if (topic is null || !work.TryFind(topic, index, out var partition)) return Result(index, ErrorCode.UnknownTopicOrPartition, "there is no such partition");
        var isPreferred = request.ElectionType == Preferred;
        if (isPreferred && partition.Leader == partition.Preferred) return Result(index, ErrorCode.ElectionNotNeeded, $"broker {partition.Leader} leads and is preferred");
        if (!isPreferred && partition.Leader >= 0) return Result(index, ErrorCode.ElectionNotNeeded, $"broker {partition.Leader} leads");
        var decision = work.Decision(topic, partition);
        decision.Election = isPreferred ? Election.Preferred : Election.Unclean;
        work.Take(partition, decision, out var changes);
        if (changes) return Result(index, ErrorCode.None, null);
        return isPreferred
            ? Result(index, ErrorCode.PreferredLeaderNotAvailable, $"broker {partition.Preferred} is not in sync, or not there")
            : Result(index, ErrorCode.EligibleLeadersNotAvailable, "no broker that has a replica is there");
    }
}
