using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Requests.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Groups;

/// <summary>DescribeGroups, ConsumerGroupDescribe, ListGroups and DeleteGroups: each group by its own coordinator, all answers in one.</summary>
/// <param name="broker">The broker.</param>
public sealed class GroupAdminHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        switch (slot.Request)
        {
            case DescribeGroupsRequest request: Describe(request, slot); break;
            case ConsumerGroupDescribeRequest request: Describe(request, slot); break;
            case ListGroupsRequest request: List(request, slot); break;
            case DeleteGroupsRequest request: Delete(request, slot); break;
            default: slot.CloseConnection($"{slot.Header.Key} is no request about groups"); break;
        }
    }

    private void Describe(DescribeGroupsRequest request, RequestSlot slot)
    {
        var caller = GroupHandler.CallerOf(slot);
        Gather<DescribeGroupsResponse.DescribedGroup>(request.Groups.Count, (i, done) =>
        {
            var group = request.Groups[i];
            broker.Coordinators.Tell(TopicNames.ConsumerOffsets, group, new DescribeCall(group, caller, described =>
            {
                if (request.IncludeAuthorizedOperations && described.ErrorCode == ErrorCode.None) described.AuthorizedOperations = AuthorizedOperations.Group;
                done(described);
            }));
        }, all => slot.Complete(new DescribeGroupsResponse { Groups = [.. all] }));
    }

    private void Describe(ConsumerGroupDescribeRequest request, RequestSlot slot)
    {
        var caller = GroupHandler.CallerOf(slot);
        Gather<ConsumerGroupDescribeResponse.DescribedGroup>(request.GroupIds.Count, (i, done) =>
        {
            var group = request.GroupIds[i];
            broker.Coordinators.Tell(TopicNames.ConsumerOffsets, group, new ConsumerDescribeCall(group, caller, described =>
            {
                if (request.IncludeAuthorizedOperations && described.ErrorCode == ErrorCode.None) described.AuthorizedOperations = AuthorizedOperations.Group;
                done(described);
            }));
        }, all => slot.Complete(new ConsumerGroupDescribeResponse { Groups = [.. all] }));
    }

    private void List(ListGroupsRequest request, RequestSlot slot)
    {
        var caller = GroupHandler.CallerOf(slot);
        var handles = broker.Partitions.TryGetTopic(TopicNames.ConsumerOffsets, out var partitions) ? partitions.OfType<PartitionHandle>().Where(handle => handle.IsLeader).ToArray() : [];
        Gather<ListGroupsResponse>(handles.Length, (i, done) => handles[i].TellCoordinator(new ListCall(request, caller, done)), all =>
        {
            var answer = new ListGroupsResponse();
            foreach (var part in all)
            {
                if (part.ErrorCode != ErrorCode.None) answer.ErrorCode = part.ErrorCode;
                answer.Groups.AddRange(part.Groups);
            }

            slot.Complete(answer);
        });
    }

    private void Delete(DeleteGroupsRequest request, RequestSlot slot)
    {
        var caller = GroupHandler.CallerOf(slot);
        var names = request.GroupsNames.Distinct().ToList();
        Gather<DeleteGroupsResponse.DeletableGroupResult>(
            names.Count,
            (i, done) => broker.Coordinators.Tell(TopicNames.ConsumerOffsets, names[i], new DeleteGroupCall(names[i], caller, done)),
            all => slot.Complete(new DeleteGroupsResponse { Results = [.. all] }));
    }

    // Asks many, and goes on when the last one has answered.
    private static void Gather<T>(int count, Action<int, Action<T>> ask, Action<T[]> all)
    {
        var answers = new T[count];
        var open = count + 1;
        for (var i = 0; i < count; i++)
        {
            var at = i;
            ask(i, answer =>
            {
                answers[at] = answer;
                Arrived();
            });
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) all(answers);
        }
    }
}
