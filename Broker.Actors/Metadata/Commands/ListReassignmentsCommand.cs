using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Commands;

/// <summary>ListPartitionReassignments: what moves.</summary>
/// <param name="request">Which partitions; all where it names none.</param>
/// <param name="done">Gets the answer.</param>
public sealed class ListReassignmentsCommand(ListPartitionReassignmentsRequest request, Action<ListPartitionReassignmentsResponse> done) : ControllerCommand
{
    /// <inheritdoc/>
    public override IReadOnlyList<IApiMessage> Decide(ControllerContext context) => [];

    /// <inheritdoc/>
    public override void Done(MetadataImage image) => done(Answer(request, image));

    /// <inheritdoc/>
    public override void Failed(ErrorCode error) => done(new ListPartitionReassignmentsResponse { ErrorCode = error, ErrorMessage = null });

    /// <summary>What moves, as an image has it.</summary>
    public static ListPartitionReassignmentsResponse Answer(ListPartitionReassignmentsRequest request, MetadataImage image)
    {
        var answer = new ListPartitionReassignmentsResponse { ErrorMessage = null };
        if (request.Topics is null)
        {
            foreach (var topic in image.Topics.Values) Add(answer, topic.Name, topic.Partitions);
            return answer;
        }

        foreach (var asked in request.Topics)
        {
            if (!image.Topics.TryGetValue(asked.Name, out var topic)) continue;
            Add(answer, topic.Name, asked.PartitionIndexes.Distinct().Where(i => i >= 0 && i < topic.Partitions.Length).Select(i => topic.Partitions[i]));
        }

        return answer;
    }

    private static void Add(ListPartitionReassignmentsResponse answer, string topic, IEnumerable<PartitionImage> partitions)
    {
        var moving = partitions.Where(p => p.IsReassigning).Select(p => new ListPartitionReassignmentsResponse.OngoingPartitionReassignment
        {
            PartitionIndex = p.Index,
            Replicas = [.. p.Replicas],
            AddingReplicas = [.. p.Adding],
            RemovingReplicas = [.. p.Removing],
        }).ToList();
        if (moving.Count > 0) answer.Topics.Add(new() { Name = topic, Partitions = moving });
    }
}
