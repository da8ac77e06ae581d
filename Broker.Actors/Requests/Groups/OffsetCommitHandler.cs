using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Groups;

/// <summary>OffsetCommit: sorts out what does not exist, and hands the rest to the group's coordinator.</summary>
/// <param name="broker">The broker.</param>
public sealed class OffsetCommitHandler(BrokerServices broker) : IRequestHandler
{
    private const short FirstById = 10;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (OffsetCommitRequest)slot.Request;
        var refused = Judge(request, slot.Header.Version >= FirstById);
        if (refused is not null && request.Topics.Count == 0)
        {
            slot.Complete(refused);
            return;
        }

        var call = new CommitCall(request, GroupHandler.CallerOf(slot), answer =>
        {
            if (refused is not null) Merge(answer, refused);
            slot.Complete(answer);
        });
        broker.Coordinators.Tell(TopicNames.ConsumerOffsets, request.GroupId, call);
        // The coordinator keeps the order of what it is told: the next commit of the connection need not wait for the disk.
        slot.OrderFixed();
    }

    // Gives the answers for what does not exist, and leaves the rest in the request; null where all is there.
    private OffsetCommitResponse? Judge(OffsetCommitRequest request, bool byId)
    {
        OffsetCommitResponse? refused = null;
        for (var i = request.Topics.Count - 1; i >= 0; i--)
        {
            var topic = request.Topics[i];
            var error = ErrorCode.UnknownTopicOrPartition;
            if (byId)
            {
                if (broker.Metadata.Image.TopicOf(topic.TopicId) is { } known) topic.Name = known.Name;
                else error = ErrorCode.UnknownTopicId;
            }
            else if (broker.Metadata.Image.Topics.TryGetValue(topic.Name, out var named))
            {
                topic.TopicId = named.Id;
            }

            JudgePartitions(topic, error, ref refused);
            if (topic.Partitions.Count == 0) request.Topics.RemoveAt(i);
        }

        return refused;
    }

    private void JudgePartitions(OffsetCommitRequest.OffsetCommitRequestTopic topic, ErrorCode error, ref OffsetCommitResponse? refused)
    {
        OffsetCommitResponse.OffsetCommitResponseTopic? results = null;
        for (var i = topic.Partitions.Count - 1; i >= 0; i--)
        {
            var index = topic.Partitions[i].PartitionIndex;
            if (error != ErrorCode.UnknownTopicId && broker.Partitions.Knows(topic.Name, index)) continue;
            if (results is null)
            {
                refused ??= new OffsetCommitResponse();
                refused.Topics.Add(results = new() { Name = topic.Name, TopicId = topic.TopicId });
            }

            results.Partitions.Add(new() { PartitionIndex = index, ErrorCode = error });
            topic.Partitions.RemoveAt(i);
        }
    }

    private static void Merge(OffsetCommitResponse answer, OffsetCommitResponse refused)
    {
        foreach (var topic in refused.Topics)
        {
            if (answer.Topics.Find(t => t.Name == topic.Name && t.TopicId == topic.TopicId) is { } there) there.Partitions.AddRange(topic.Partitions);
            else answer.Topics.Add(topic);
        }
    }
}
