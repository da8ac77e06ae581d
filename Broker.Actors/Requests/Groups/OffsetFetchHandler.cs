using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Groups;

/// <summary>OffsetFetch: asks the coordinator of each group, and puts the answers together as the version wants them.</summary>
/// <param name="broker">The broker.</param>
public sealed class OffsetFetchHandler(BrokerServices broker) : IRequestHandler
{
    private const short FirstOfAll = 2;
    private const short FirstBatched = 8;
    private const short FirstById = 10;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (OffsetFetchRequest)slot.Request;
        var version = slot.Header.Version;
        if (version < FirstBatched)
        {
            Ask(AsGroup(request), request.RequireStable, slot, group => slot.Complete(AsOldAnswer(group, request, version)));
            return;
        }

        var answers = new OffsetFetchResponse.OffsetFetchResponseGroup[request.Groups.Count];
        var open = answers.Length + 1;
        for (var i = 0; i < answers.Length; i++)
        {
            var at = i;
            Ask(request.Groups[i], request.RequireStable, slot, group =>
            {
                answers[at] = group;
                Arrived();
            });
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) slot.Complete(new OffsetFetchResponse { Groups = [.. answers] });
        }
    }

    private void Ask(OffsetFetchRequest.OffsetFetchRequestGroup group, bool requireStable, RequestSlot slot, Action<OffsetFetchResponse.OffsetFetchResponseGroup> done)
    {
        List<OffsetFetchResponse.OffsetFetchResponseTopics>? unknown = null;
        var byId = slot.Header.Version >= FirstById;
        if (byId) unknown = NameTopics(group);
        var call = new FetchOffsetsCall(group, requireStable, GroupHandler.CallerOf(slot), answer =>
        {
            if (unknown is not null && answer.ErrorCode == ErrorCode.None) answer.Topics.AddRange(unknown);
            if (byId) IdentifyTopics(answer);
            done(answer);
        });
        broker.Coordinators.Tell(TopicNames.ConsumerOffsets, group.GroupId, call);
    }

    private List<OffsetFetchResponse.OffsetFetchResponseTopics>? NameTopics(OffsetFetchRequest.OffsetFetchRequestGroup group)
    {
        List<OffsetFetchResponse.OffsetFetchResponseTopics>? unknown = null;
        for (var i = (group.Topics?.Count ?? 0) - 1; i >= 0; i--)
        {
            var topic = group.Topics![i];
            if (broker.Metadata.Image.TopicOf(topic.TopicId) is { } known)
            {
                topic.Name = known.Name;
                continue;
            }

            var partitions = topic.PartitionIndexes.ConvertAll(p => new OffsetFetchResponse.OffsetFetchResponsePartitions { PartitionIndex = p, CommittedOffset = -1, ErrorCode = ErrorCode.UnknownTopicId });
            (unknown ??= []).Add(new() { TopicId = topic.TopicId, Partitions = partitions });
            group.Topics.RemoveAt(i);
        }

        return unknown;
    }

    // Where all topics were asked for the coordinator knows names; a topic that is gone has no id to tell.
    private void IdentifyTopics(OffsetFetchResponse.OffsetFetchResponseGroup answer)
    {
        for (var i = answer.Topics.Count - 1; i >= 0; i--)
        {
            var topic = answer.Topics[i];
            if (topic.TopicId != Guid.Empty) continue;
            if (broker.Metadata.Image.Topics.TryGetValue(topic.Name, out var known)) topic.TopicId = known.Id;
            else answer.Topics.RemoveAt(i);
        }
    }

    private static OffsetFetchRequest.OffsetFetchRequestGroup AsGroup(OffsetFetchRequest request) => new()
    {
        GroupId = request.GroupId,
        Topics = request.Topics?.ConvertAll(t => new OffsetFetchRequest.OffsetFetchRequestTopics { Name = t.Name, PartitionIndexes = t.PartitionIndexes }),
    };

    private static OffsetFetchResponse AsOldAnswer(OffsetFetchResponse.OffsetFetchResponseGroup group, OffsetFetchRequest request, short version)
    {
        var answer = new OffsetFetchResponse { ErrorCode = group.ErrorCode };
        foreach (var topic in group.Topics)
        {
            answer.Topics.Add(new()
            {
                Name = topic.Name,
                Partitions = topic.Partitions.ConvertAll(p => new OffsetFetchResponse.OffsetFetchResponsePartition
                {
                    PartitionIndex = p.PartitionIndex,
                    CommittedOffset = p.CommittedOffset,
                    CommittedLeaderEpoch = p.CommittedLeaderEpoch,
                    Metadata = p.Metadata,
                    ErrorCode = p.ErrorCode,
                }),
            });
        }

        // The first versions have no place for an error but the partitions.
        if (version >= FirstOfAll || group.ErrorCode == ErrorCode.None) return answer;
        foreach (var topic in request.Topics ?? [])
        {
            var partitions = topic.PartitionIndexes.ConvertAll(p => new OffsetFetchResponse.OffsetFetchResponsePartition { PartitionIndex = p, CommittedOffset = -1, ErrorCode = group.ErrorCode });
            answer.Topics.Add(new() { Name = topic.Name, Partitions = partitions });
        }

        return answer;
    }
}
