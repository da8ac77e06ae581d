using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>Looking into groups, and ending them.</summary>
internal sealed class GroupAdmin(GroupSpace space, GroupOffsets offsets, ConsumerGroups consumer, ConsumerRecords records)
{
    private const short FirstWithNotFound = 6;

    /// <summary>DescribeGroups of one group.</summary>
    public void Describe(DescribeCall call)
    {
        var answer = space.Groups.GetValueOrDefault(call.Request) switch
        {
            ClassicGroup group => Describe(group),
            _ => Missing(call),
        };
        space.Effects.WhenCommitted(error =>
        {
            if (error == ErrorCode.None) call.Answer(answer);
            else call.Refuse(error);
        });
    }

    /// <summary>ConsumerGroupDescribe of one group.</summary>
    public void Describe(ConsumerDescribeCall call)
    {
        if (space.Groups.GetValueOrDefault(call.Request) is not ConsumerGroup group)
        {
            call.Refuse(ErrorCode.GroupIdNotFound);
            return;
        }

        var answer = new ConsumerGroupDescribeResponse.DescribedGroup
        {
            GroupId = group.Id,
            GroupState = group.StateName,
            GroupEpoch = group.Epoch,
            AssignmentEpoch = group.TargetEpoch,
            AssignorName = consumer.AssignorOf(group),
            Members = group.Members.Values.Select(m => Describe(group, m)).ToList(),
        };
        space.Effects.WhenCommitted(error =>
        {
            if (error == ErrorCode.None) call.Answer(answer);
            else call.Refuse(error);
        });
    }

    /// <summary>ListGroups.</summary>
    public void List(ListCall call)
    {
        var request = call.Request;
        var answer = new ListGroupsResponse();
        foreach (var group in space.Groups.Values)
        {
            if (!IsNamed(request.StatesFilter, group.StateName) || !IsNamed(request.TypesFilter, group.TypeName)) continue;
            answer.Groups.Add(new() { GroupId = group.Id, ProtocolType = group.ProtocolTypeName, GroupState = group.StateName, GroupType = group.TypeName });
        }

        space.Effects.WhenCommitted(error =>
        {
            if (error == ErrorCode.None) call.Answer(answer);
            else call.Refuse(error);
        });
    }

    /// <summary>DeleteGroups of one group.</summary>
    public void Delete(DeleteGroupCall call)
    {
        if (!space.Groups.TryGetValue(call.Request, out var group))
        {
            call.Refuse(ErrorCode.GroupIdNotFound);
            return;
        }

        if (!group.IsEmpty)
        {
            call.Refuse(ErrorCode.NonEmptyGroup);
            return;
        }

        offsets.DropAll(group);
        Remove(group);
        space.Effects.WhenCommitted(error => call.Answer(new() { GroupId = call.Request, ErrorCode = error }));
    }

    /// <summary>A group goes, in the log too.</summary>
    public void Remove(Group group)
    {
        if (group is ConsumerGroup young) records.GroupEnds(young);
        else space.Records.Classic(space.Effects, group.Id, null);
        space.Groups.Remove(group.Id);
    }

    private ConsumerGroupDescribeResponse.Member Describe(ConsumerGroup group, ConsumerMember member)
    {
        const sbyte speaksClassic = 0;
        const sbyte speaksConsumer = 1;
        return new()
        {
            MemberId = member.Id,
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            MemberEpoch = member.Epoch,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
            SubscribedTopicRegex = member.HasPattern ? member.Pattern : null,
            Assignment = Named(member.Assigned),
            TargetAssignment = Named(group.Target.GetValueOrDefault(member.Id, PartitionMap.Empty)),
            MemberType = member.Classic is null ? speaksConsumer : speaksClassic,
        };
    }

    private ConsumerGroupDescribeResponse.Assignment Named(PartitionMap partitions)
    {
        var names = space.Environment.Image().Names;
        return new()
        {
            TopicPartitions = partitions.Topics.Where(t => names.ContainsKey(t.Key))
                .Select(t => new ConsumerGroupDescribeResponse.TopicPartitions { TopicId = t.Key, TopicName = names[t.Key], Partitions = [.. t.Value] }).ToList(),
        };
    }

    private static DescribeGroupsResponse.DescribedGroup Describe(ClassicGroup group)
    {
        var stable = group.State == ClassicState.Stable;
        var answer = new DescribeGroupsResponse.DescribedGroup
        {
            GroupId = group.Id,
            GroupState = group.StateName,
            ProtocolType = group.ProtocolTypeName,
            ProtocolData = stable ? group.Protocol ?? "" : "",
            Members = new(group.Members.Count),
        };
        foreach (var member in group.Members.Values)
        {
            answer.Members.Add(new()
            {
                MemberId = member.Id,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                MemberMetadata = stable ? member.MetadataOf(group.Protocol) : [],
                MemberAssignment = stable ? member.Assignment : [],
            });
        }

        return answer;
    }

    private static DescribeGroupsResponse.DescribedGroup Missing(DescribeCall call) => new()
    {
        GroupId = call.Request,
        GroupState = "Dead",
        ErrorCode = call.Caller.Version >= FirstWithNotFound ? ErrorCode.GroupIdNotFound : ErrorCode.None,
        ErrorMessage = call.Caller.Version >= FirstWithNotFound ? $"there is no group {call.Request}" : null,
    };

    private static bool IsNamed(List<string> filter, string name)
    {
        if (filter.Count == 0) return true;
        foreach (var wanted in filter)
        {
            if (wanted.Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
