using AkkaStream.Actors.Coordinators;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>Records of consumer groups: what is kept of one, and what is made of them again.</summary>
internal sealed class ConsumerRecords(GroupSpace space)
{
    private GroupRecords Records => space.Records;

    private ICoordinatorEffects Effects => space.Effects;

    /// <summary>The group's epoch.</summary>
    public void Epoch(ConsumerGroup group)
        => Records.Write(Effects, GroupRecordTypes.ConsumerGroup, new ConsumerGroupMetadataKey { GroupId = group.Id }, new ConsumerGroupMetadataValue { Epoch = group.Epoch, MetadataHash = group.TopicsHash });

    /// <summary>What a member says of itself.</summary>
    public void Member(ConsumerGroup group, ConsumerMember member)
    {
        var value = new ConsumerGroupMemberMetadataValue
        {
            InstanceId = member.InstanceId,
            RackId = member.RackId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SubscribedTopicNames = [.. member.Topics],
            SubscribedTopicRegex = member.Pattern ?? "",
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            ServerAssignor = member.Assignor,
            ClassicMemberMetadata = member.Classic is not { } classic ? null : new()
            {
                SessionTimeoutMs = classic.SessionTimeoutMs,
                SupportedProtocols = classic.Protocols.Select(p => new ConsumerGroupMemberMetadataValue.ClassicProtocol { Name = p.Name, Metadata = p.Metadata }).ToList(),
            },
        };
        Records.Write(Effects, GroupRecordTypes.ConsumerMember, new ConsumerGroupMemberMetadataKey { GroupId = group.Id, MemberId = member.Id }, value);
    }

    /// <summary>What a member has.</summary>
    public void Current(ConsumerGroup group, ConsumerMember member)
    {
        var value = new ConsumerGroupCurrentMemberAssignmentValue
        {
            MemberEpoch = member.Epoch,
            PreviousMemberEpoch = member.PreviousEpoch,
            State = (sbyte)member.State,
            AssignedPartitions = member.Assigned.Topics.Select(t => new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions { TopicId = t.Key, Partitions = [.. t.Value] }).ToList(),
            PartitionsPendingRevocation = member.Revoking.Topics.Select(t => new ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions { TopicId = t.Key, Partitions = [.. t.Value] }).ToList(),
        };
        Records.Write(Effects, GroupRecordTypes.ConsumerCurrent, new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group.Id, MemberId = member.Id }, value);
    }

    /// <summary>What a member is to have.</summary>
    public void Target(ConsumerGroup group, string memberId, PartitionMap target)
    {
        var value = new ConsumerGroupTargetAssignmentMemberValue
        {
            TopicPartitions = target.Topics.Select(t => new ConsumerGroupTargetAssignmentMemberValue.TopicPartition { TopicId = t.Key, Partitions = [.. t.Value] }).ToList(),
        };
        Records.Write(Effects, GroupRecordTypes.ConsumerTargetMember, new ConsumerGroupTargetAssignmentMemberKey { GroupId = group.Id, MemberId = memberId }, value);
    }

    /// <summary>The epoch of the target.</summary>
    public void TargetEpoch(ConsumerGroup group)
        => Records.Write(Effects, GroupRecordTypes.ConsumerTarget, new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group.Id }, new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = group.TargetEpoch, AssignmentTimestamp = group.AssignedAtMs });

    /// <summary>A pattern's topics; null where nobody has the pattern any more.</summary>
    public void Pattern(ConsumerGroup group, string pattern, ResolvedPattern? resolved)
        => Records.Write(
            Effects,
            GroupRecordTypes.ConsumerRegex,
            new ConsumerGroupRegularExpressionKey { GroupId = group.Id, RegularExpression = pattern },
            resolved is null ? null : new ConsumerGroupRegularExpressionValue { Topics = [.. resolved.Topics], Version = resolved.Version, Timestamp = resolved.AtMs });

    /// <summary>A member is gone.</summary>
    public void MemberEnds(ConsumerGroup group, string memberId)
    {
        Records.Write(Effects, GroupRecordTypes.ConsumerCurrent, new ConsumerGroupCurrentMemberAssignmentKey { GroupId = group.Id, MemberId = memberId }, null);
        Records.Write(Effects, GroupRecordTypes.ConsumerTargetMember, new ConsumerGroupTargetAssignmentMemberKey { GroupId = group.Id, MemberId = memberId }, null);
        Records.Write(Effects, GroupRecordTypes.ConsumerMember, new ConsumerGroupMemberMetadataKey { GroupId = group.Id, MemberId = memberId }, null);
    }

    /// <summary>The whole group is gone.</summary>
    public void GroupEnds(ConsumerGroup group)
    {
        foreach (var member in group.Members.Keys) MemberEnds(group, member);
        foreach (var pattern in group.Patterns.Keys) Pattern(group, pattern, null);
        Records.Write(Effects, GroupRecordTypes.ConsumerTarget, new ConsumerGroupTargetAssignmentMetadataKey { GroupId = group.Id }, null);
        Records.Write(Effects, GroupRecordTypes.ConsumerGroup, new ConsumerGroupMetadataKey { GroupId = group.Id }, null);
    }

    /// <summary>Takes a record in; false where it ends the group.</summary>
    public static bool Replay(ConsumerGroup group, IApiMessage key, ReadOnlyMemory<byte>? value)
    {
        switch (key)
        {
            case ConsumerGroupMetadataKey:
                if (value is not { } epoch) return false;
                var metadata = GroupRecordReader.Value<ConsumerGroupMetadataValue>(epoch);
                (group.Epoch, group.TopicsHash) = (metadata.Epoch, metadata.MetadataHash);
                break;
            case ConsumerGroupMemberMetadataKey member:
                if (value is { } said) ReplayMember(group, member.MemberId, GroupRecordReader.Value<ConsumerGroupMemberMetadataValue>(said));
                else group.Remove(member.MemberId);
                break;
            case ConsumerGroupTargetAssignmentMetadataKey:
                if (value is { } target) ReplayTarget(group, GroupRecordReader.Value<ConsumerGroupTargetAssignmentMetadataValue>(target));
                break;
            case ConsumerGroupTargetAssignmentMemberKey member:
                if (value is { } wanted) group.Target[member.MemberId] = MapOf(GroupRecordReader.Value<ConsumerGroupTargetAssignmentMemberValue>(wanted));
                else group.Target.Remove(member.MemberId);
                break;
            case ConsumerGroupCurrentMemberAssignmentKey member:
                ReplayCurrent(group, member.MemberId, value is { } has ? GroupRecordReader.Value<ConsumerGroupCurrentMemberAssignmentValue>(has) : null);
                break;
            case ConsumerGroupRegularExpressionKey pattern:
                if (value is { } resolved) ReplayPattern(group, pattern.RegularExpression, GroupRecordReader.Value<ConsumerGroupRegularExpressionValue>(resolved));
                else group.Patterns.Remove(pattern.RegularExpression);
                break;
        }

        return true;
    }

    private static void ReplayTarget(ConsumerGroup group, ConsumerGroupTargetAssignmentMetadataValue value) => (group.TargetEpoch, group.AssignedAtMs) = (value.AssignmentEpoch, value.AssignmentTimestamp);

    private static void ReplayMember(ConsumerGroup group, string id, ConsumerGroupMemberMetadataValue value)
    {
        var classic = value.ClassicMemberMetadata;
        group.Put(group.Members.GetValueOrDefault(id, new ConsumerMember(id)) with
        {
            InstanceId = value.InstanceId,
            RackId = value.RackId,
            ClientId = value.ClientId,
            ClientHost = value.ClientHost,
            Topics = value.SubscribedTopicNames,
            Pattern = value.SubscribedTopicRegex,
            RebalanceTimeoutMs = value.RebalanceTimeoutMs,
            Assignor = value.ServerAssignor,
            Classic = classic is null ? null : new ClassicSide(classic.SessionTimeoutMs, classic.SupportedProtocols.ConvertAll(p => new ClassicProtocol(p.Name, p.Metadata.ToArray()))),
        });
    }

    private static void ReplayCurrent(ConsumerGroup group, string id, ConsumerGroupCurrentMemberAssignmentValue? value)
    {
        if (!group.Members.TryGetValue(id, out var member)) return;
        group.Put(value is null
            ? member with { Epoch = 0, PreviousEpoch = 0, State = ConsumerMemberState.Stable, Assigned = PartitionMap.Empty, Revoking = PartitionMap.Empty }
            : member with
            {
                Epoch = value.MemberEpoch,
                PreviousEpoch = value.PreviousMemberEpoch,
                State = value.State is >= 0 and <= 2 ? (ConsumerMemberState)value.State : ConsumerMemberState.Stable,
                Assigned = MapOf(value.AssignedPartitions),
                Revoking = MapOf(value.PartitionsPendingRevocation),
            });
    }

    private static void ReplayPattern(ConsumerGroup group, string pattern, ConsumerGroupRegularExpressionValue value)
        => group.Patterns[pattern] = new ResolvedPattern(value.Topics, value.Version, value.Timestamp);

    private static PartitionMap MapOf(ConsumerGroupTargetAssignmentMemberValue value) => PartitionMap.Of(value.TopicPartitions.SelectMany(t => t.Partitions.Select(p => (t.TopicId, p))));

    private static PartitionMap MapOf(List<ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions> topics) => PartitionMap.Of(topics.SelectMany(t => t.Partitions.Select(p => (t.TopicId, p))));
}
