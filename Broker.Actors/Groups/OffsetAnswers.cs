using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>Answers that repeat a request's partitions.</summary>
internal static class OffsetAnswers
{
    /// <summary>The same error for every partition.</summary>
    public static OffsetCommitResponse Commit(OffsetCommitRequest request, ErrorCode error)
    {
        var answer = new OffsetCommitResponse { Topics = new(request.Topics.Count) };
        foreach (var topic in request.Topics)
        {
            var partitions = new List<OffsetCommitResponse.OffsetCommitResponsePartition>(topic.Partitions.Count);
            foreach (var partition in topic.Partitions) partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
            answer.Topics.Add(new() { Name = topic.Name, TopicId = topic.TopicId, Partitions = partitions });
        }

        return answer;
    }

    /// <summary>The same error for every partition.</summary>
    public static TxnOffsetCommitResponse Commit(TxnOffsetCommitRequest request, ErrorCode error)
    {
        var answer = new TxnOffsetCommitResponse { Topics = new(request.Topics.Count) };
        foreach (var topic in request.Topics)
        {
            var partitions = new List<TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition>(topic.Partitions.Count);
            foreach (var partition in topic.Partitions) partitions.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
            answer.Topics.Add(new() { Name = topic.Name, Partitions = partitions });
        }

        return answer;
    }
}
