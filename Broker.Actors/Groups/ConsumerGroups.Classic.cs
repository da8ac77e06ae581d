using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <content>Members that speak the classic protocol in a consumer group, and groups that go from one protocol to the other.</content>
internal sealed partial class ConsumerGroups
{
    private const string ConsumerProtocol = "consumer";
    private const short FirstWithMemberId = 4;

    /// <summary>JoinGroup, into a consumer group that has members. It is answered at once: the coordinator assigns.</summary>
    public void Join(ConsumerGroup group, JoinCall call)
    {
        var request = call.Request;
        if (!Fits(group, request) || ConsumerMetadata.Subscription(request.Protocols[0].Metadata) is not { } subscription)
        {
            call.Refuse(ErrorCode.InconsistentGroupProtocol);
            return;
        }

        var memberId = request.MemberId.Length > 0 ? request.MemberId : space.NewMemberId(request.GroupInstanceId ?? call.Caller.ClientId);
        if (group.Members.Count >= space.Settings.ConsumerMaxSize && !group.Members.ContainsKey(memberId))
        {
            call.Refuse(ErrorCode.GroupMaxSizeReached);
            return;
        }

        if (request.MemberId.Length == 0 && request.GroupInstanceId is null && call.Caller.Version >= FirstWithMemberId)
        {
            call.Refuse(ErrorCode.MemberIdRequired, memberId);
            return;
        }

        var (error, member) = JoiningClassic(group, memberId, request);
        if (member is null)
        {
            call.Refuse(error);
            return;
        }

        var before = member;
        member = member with
        {
            InstanceId = request.GroupInstanceId ?? member.InstanceId,
            RackId = ConsumerMetadata.RackOf(subscription),
            ClientId = call.Caller.ClientId,
            ClientHost = call.Caller.ClientHost,
            Topics = subscription.Topics.Distinct().Order(StringComparer.Ordinal).ToList(),
            RebalanceTimeoutMs = request.RebalanceTimeoutMs < 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs,
            Classic = new ClassicSide(request.SessionTimeoutMs, request.Protocols.ConvertAll(p => new ClassicProtocol(p.Name, p.Metadata.ToArray()))),
        };
        Subscribe(group, before, member, isJoin: true);
        Assign(group, atOnce: true);
        var after = Reconcile(group, group.Members[memberId], OwnedBy(subscription));
        Expect(group, after);
        space.After(after.RebalanceTimeoutMs, new GroupTimer(GroupTimerKind.ConsumerRebalance, group.Id, memberId));
        var answer = new JoinGroupResponse { MemberId = memberId, GenerationId = after.Epoch, ProtocolType = ConsumerProtocol, ProtocolName = request.Protocols[0].Name };
        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(answer);
            else call.Refuse(failed);
        });
    }

    /// <summary>SyncGroup of a classic member: what the coordinator assigned, in the form that its leader would have sent.</summary>
    public void Sync(ConsumerGroup group, SyncCall call)
    {
        var request = call.Request;
        var (error, member) = ClassicMember(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        if (error == ErrorCode.None && ((request.ProtocolType is { } type && type != ConsumerProtocol) || (request.ProtocolName is { } name && name != member!.Classic!.Protocols[0].Name)))
        {
            error = ErrorCode.InconsistentGroupProtocol;
        }

        // One that is to give something back learns here what it keeps; it joins again when it has let go.
        if (error == ErrorCode.None && member!.Epoch < group.TargetEpoch && member.State != ConsumerMemberState.Unrevoked) error = ErrorCode.RebalanceInProgress;
        if (error != ErrorCode.None)
        {
            call.Refuse(error);
            return;
        }

        Clear(GroupTimerKind.ConsumerRebalance, group, member!.Id);
        Expect(group, member);
        var protocol = member.Classic!.Protocols[0];
        var assignment = new ConsumerProtocolAssignment
        {
            AssignedPartitions = member.Assigned.Topics.Where(t => Image.Names.ContainsKey(t.Key)).Select(t => new ConsumerProtocolAssignment.TopicPartition { Topic = Image.Names[t.Key], Partitions = [.. t.Value] }).ToList(),
        };
        var version = Math.Clamp(ConsumerMetadata.VersionOf(protocol.Metadata), (short)0, assignment.HighestVersion);
        var answer = new SyncGroupResponse { ProtocolType = ConsumerProtocol, ProtocolName = protocol.Name, Assignment = ConsumerMetadata.Write(assignment, version) };
        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(answer);
            else call.Refuse(failed);
        });
    }

    /// <summary>Heartbeat of a classic member: it is told to join again where there is something new for it.</summary>
    public void Heartbeat(ConsumerGroup group, HeartbeatCall call)
    {
        var request = call.Request;
        var (error, member) = ClassicMember(group, request.MemberId, request.GroupInstanceId, request.GenerationId);
        if (error == ErrorCode.None)
        {
            Expect(group, member!);
            Assign(group);
            if (MustRejoin(group, member!))
            {
                error = ErrorCode.RebalanceInProgress;
                var timer = new GroupTimer(GroupTimerKind.ConsumerRebalance, group.Id, member!.Id);
                if (!space.Timers.Has(timer)) space.After(member.RebalanceTimeoutMs, timer);
            }
        }

        call.Answer(new HeartbeatResponse { ErrorCode = error });
    }

    /// <summary>LeaveGroup of a member, whatever it speaks.</summary>
    public ErrorCode Leave(ConsumerGroup group, string memberId, string? instanceId)
    {
        var member = memberId.Length == 0 ? group.StaticMember(instanceId) : group.Members.GetValueOrDefault(memberId);
        if (member is null) return ErrorCode.UnknownMemberId;
        if (instanceId is not null)
        {
            if (group.StaticMember(instanceId) is not { } owner) return ErrorCode.UnknownMemberId;
            if (owner.Id != member.Id) return ErrorCode.FencedInstanceId;
        }

        Fence(group, member.Id);
        return ErrorCode.None;
    }

    /// <summary>Whether a classic group may become a consumer group, while its members are there.</summary>
    public bool MayUpgrade(ClassicGroup group)
        => space.Settings.MigrationPolicy is "BIDIRECTIONAL" or "UPGRADE" && group.IsOfConsumers && group.Members.Count <= space.Settings.ConsumerMaxSize
            && group.Members.Values.All(m => m.Protocols.Count > 0 && ConsumerMetadata.Subscription(m.MetadataOf(group.Protocol ?? m.Protocols[0].Name)) is not null);

    /// <summary>The consumer group that a classic group becomes: its members have what they had, and are told to join again.</summary>
    public ConsumerGroup Upgrade(ClassicGroup old)
    {
        space.Records.Classic(space.Effects, old.Id, null);
        var group = new ConsumerGroup(old.Id) { Epoch = old.Generation, TargetEpoch = old.Generation };
        foreach (var member in old.Members.Values)
        {
            member.Joining?.Refuse(ErrorCode.RebalanceInProgress);
            member.Syncing?.Refuse(ErrorCode.RebalanceInProgress);
            var young = Convert(old, member);
            group.Put(young);
            group.Target[young.Id] = young.Assigned;
            records.Member(group, young);
        }

        group.TopicsHash = HashOf(group);
        records.Epoch(group);
        foreach (var (id, target) in group.Target) records.Target(group, id, target);
        records.TargetEpoch(group);
        foreach (var member in group.Members.Values)
        {
            records.Current(group, member);
            Expect(group, member);
        }

        return group;
    }

    /// <summary>Whether a consumer group has only classic members left, and may be a classic group again.</summary>
    public bool MayDowngrade(ConsumerGroup group)
        => space.Settings.MigrationPolicy is "BIDIRECTIONAL" or "DOWNGRADE" && group.Members.Count > 0 && group.Members.Count <= space.Settings.ClassicMaxSize
            && group.Members.Values.All(m => m.Classic is not null);

    /// <summary>The classic group that a consumer group becomes, with the members and what they have.</summary>
    public ClassicGroup Downgrade(ConsumerGroup old)
    {
        records.GroupEnds(old);
        var group = new ClassicGroup(old.Id) { Generation = old.Epoch, ProtocolType = ConsumerProtocol };
        foreach (var member in old.Members.Values)
        {
            Clear(GroupTimerKind.ConsumerSession, old, member.Id);
            Clear(GroupTimerKind.ConsumerRebalance, old, member.Id);
            var protocol = member.Classic!.Protocols[0];
            var assignment = new ConsumerProtocolAssignment
            {
                AssignedPartitions = member.Assigned.Topics.Where(t => Image.Names.ContainsKey(t.Key)).Select(t => new ConsumerProtocolAssignment.TopicPartition { Topic = Image.Names[t.Key], Partitions = [.. t.Value] }).ToList(),
            };
            group.Add(new ClassicMember(member.Id)
            {
                InstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                RebalanceTimeoutMs = member.RebalanceTimeoutMs,
                SessionTimeoutMs = member.Classic.SessionTimeoutMs,
                Protocols = [.. member.Classic.Protocols],
                Assignment = ConsumerMetadata.Write(assignment, Math.Clamp(ConsumerMetadata.VersionOf(protocol.Metadata), (short)0, assignment.HighestVersion)),
            });
        }

        group.Protocol = group.ChooseProtocol();
        group.Enter(ClassicState.Stable, space.NowMs);
        space.Records.Classic(space.Effects, group.Id, group.ToRecord());
        return group;
    }

    private (ErrorCode Error, ConsumerMember? Member) JoiningClassic(ConsumerGroup group, string memberId, JoinGroupRequest request)
    {
        if (group.StaticMember(request.GroupInstanceId) is not { } former) return (ErrorCode.None, group.Members.GetValueOrDefault(memberId, new ConsumerMember(memberId)));
        if (former.Id == memberId) return (ErrorCode.None, former);
        if (request.MemberId.Length > 0) return (ErrorCode.FencedInstanceId, null);
        // A classic static member that starts anew says no farewell: it takes its former self's place at once.
        var target = group.Target.GetValueOrDefault(former.Id, PartitionMap.Empty);
        Clear(GroupTimerKind.ConsumerSession, group, former.Id);
        Clear(GroupTimerKind.ConsumerRebalance, group, former.Id);
        records.MemberEnds(group, former.Id);
        group.Remove(former.Id);
        var member = former with { Id = memberId };
        group.Put(member);
        group.Target[memberId] = target;
        records.Member(group, member);
        records.Target(group, memberId, target);
        records.Current(group, member);
        return (ErrorCode.None, member);
    }

    // The first protocol of each classic member counts; all must know it.
    private static bool Fits(ConsumerGroup group, JoinGroupRequest request)
    {
        if (request.ProtocolType != ConsumerProtocol || request.Protocols.Count == 0) return false;
        foreach (var member in group.Members.Values)
        {
            if (member.Classic is { } classic && member.Id != request.MemberId && !classic.Protocols.Any(p => request.Protocols.Exists(asked => asked.Name == p.Name))) return false;
        }

        return true;
    }

    private static (ErrorCode Error, ConsumerMember? Member) ClassicMember(ConsumerGroup group, string memberId, string? instanceId, int generation)
    {
        if (instanceId is not null)
        {
            if (group.StaticMember(instanceId) is not { } owner) return (ErrorCode.UnknownMemberId, null);
            if (owner.Id != memberId) return (ErrorCode.FencedInstanceId, null);
        }

        if (!group.Members.TryGetValue(memberId, out var member) || member.Classic is null) return (ErrorCode.UnknownMemberId, null);
        return generation == member.Epoch ? (ErrorCode.None, member) : (ErrorCode.IllegalGeneration, null);
    }

    private static bool MustRejoin(ConsumerGroup group, ConsumerMember member)
    {
        if (member.Epoch < group.TargetEpoch || member.State == ConsumerMemberState.Unrevoked) return true;
        return member.State == ConsumerMemberState.Unreleased
            && !group.Target.GetValueOrDefault(member.Id, PartitionMap.Empty).All.Any(p => !member.Assigned.Has(p.Topic, p.Partition) && group.IsTaken(p.Topic, p.Partition, member.Id));
    }

    private PartitionMap OwnedBy(ConsumerProtocolSubscription subscription)
        => PartitionMap.Of(subscription.OwnedPartitions.Where(t => Image.Topics.ContainsKey(t.Topic)).SelectMany(t => t.Partitions.Select(p => (Image.Topics[t.Topic].Id, p))));

    private ConsumerMember Convert(ClassicGroup group, ClassicMember member)
    {
        var subscription = ConsumerMetadata.Subscription(member.MetadataOf(group.Protocol ?? member.Protocols[0].Name))!;
        var assignment = ConsumerMetadata.Assignment(member.Assignment)?.AssignedPartitions ?? [];
        return new ConsumerMember(member.Id)
        {
            InstanceId = member.InstanceId,
            RackId = ConsumerMetadata.RackOf(subscription),
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            Topics = subscription.Topics.Distinct().Order(StringComparer.Ordinal).ToList(),
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            Classic = new ClassicSide(member.SessionTimeoutMs, [.. member.Protocols]),
            Epoch = group.Generation,
            PreviousEpoch = group.Generation,
            Assigned = PartitionMap.Of(assignment.Where(t => Image.Topics.ContainsKey(t.Topic)).SelectMany(t => t.Partitions.Select(p => (Image.Topics[t.Topic].Id, p)))),
        };
    }
}
