using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>What groups committed: taken, told, aged, dropped.</summary>
internal sealed class GroupOffsets(GroupSpace space, ClassicGroups classic)
{
    private const short FirstWithGroupNotFound = 9;
    private readonly Dictionary<long, HashSet<Group>> transactions = [];
    private long order;

    /// <summary>OffsetCommit.</summary>
    public void Commit(CommitCall call)
    {
        var request = call.Request;
        var error = Admit(request.GroupId, new Committer(request.MemberId, request.GroupInstanceId, request.GenerationIdOrMemberEpoch, call.Caller.Version, false), out var group);
        if (error != ErrorCode.None)
        {
            call.Refuse(error);
            return;
        }

        var now = space.NowMs;
        var most = space.Settings.MetadataMaxBytes;
        var answer = new OffsetCommitResponse { Topics = new(request.Topics.Count) };
        foreach (var topic in request.Topics)
        {
            var results = new List<OffsetCommitResponse.OffsetCommitResponsePartition>(topic.Partitions.Count);
            answer.Topics.Add(new() { Name = topic.Name, TopicId = topic.TopicId, Partitions = results });
            foreach (var partition in topic.Partitions)
            {
                var result = new OffsetCommitResponse.OffsetCommitResponsePartition { PartitionIndex = partition.PartitionIndex };
                results.Add(result);
                if (IsTooLong(partition.CommittedMetadata, most))
                {
                    result.ErrorCode = ErrorCode.OffsetMetadataTooLarge;
                    continue;
                }

                var committed = new CommittedOffset(
                    partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? "", partition.CommitTimestamp >= 0 ? partition.CommitTimestamp : now,
                    request.RetentionTimeMs >= 0 ? now + request.RetentionTimeMs : -1, topic.TopicId, ++order);
                var place = new TopicPartition(topic.Name, partition.PartitionIndex);
                space.Records.Offset(space.Effects, group!.Id, place, committed);
                group.Offsets[place] = committed;
            }
        }

        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(answer);
            else call.Refuse(failed);
        });
    }

    /// <summary>TxnOffsetCommit: counts when the transaction does.</summary>
    public void CommitInTransaction(TxnCommitCall call)
    {
        if (call.MayHaveEnded?.Invoke() ?? false)
        {
            // The client comes again, and the transaction's coordinator is asked again.
            call.Refuse(ErrorCode.CoordinatorLoadInProgress);
            return;
        }

        var request = call.Request;
        var error = Admit(request.GroupId, new Committer(request.MemberId, request.GroupInstanceId, request.GenerationId, call.Caller.Version, true), out var group);
        if (error != ErrorCode.None)
        {
            call.Refuse(error);
            return;
        }

        space.Effects.WriteInTransaction(request.ProducerId, request.ProducerEpoch);
        var now = space.NowMs;
        var answer = OffsetAnswers.Commit(request, ErrorCode.None);
        for (var t = 0; t < request.Topics.Count; t++)
        {
            var topic = request.Topics[t];
            for (var p = 0; p < topic.Partitions.Count; p++)
            {
                var partition = topic.Partitions[p];
                if (IsTooLong(partition.CommittedMetadata, space.Settings.MetadataMaxBytes))
                {
                    answer.Topics[t].Partitions[p].ErrorCode = ErrorCode.OffsetMetadataTooLarge;
                    continue;
                }

                var committed = new CommittedOffset(partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.CommittedMetadata ?? "", now, -1, TopicIdOf(topic.Name), ++order);
                var place = new TopicPartition(topic.Name, partition.PartitionIndex);
                space.Records.Offset(space.Effects, group!.Id, place, committed);
                AddPending(group, request.ProducerId, place, committed);
            }
        }

        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(answer);
            else call.Refuse(failed);
        });
    }

    /// <summary>OffsetFetch. Answered when all that it saw is in the log.</summary>
    public void Fetch(FetchOffsetsCall call)
    {
        var request = call.Request;
        var answer = new OffsetFetchResponse.OffsetFetchResponseGroup { GroupId = request.GroupId };
        var group = space.Groups.GetValueOrDefault(request.GroupId);
        if (group is ConsumerGroup young && ConsumerGroups.CheckReader(young, request.MemberId, request.MemberEpoch) is var wrong and not ErrorCode.None)
        {
            call.Refuse(wrong);
            return;
        }

        if (request.Topics is null)
        {
            if (group is not null) AddAll(group, call.RequireStable, answer);
        }
        else
        {
            foreach (var topic in request.Topics)
            {
                var results = new List<OffsetFetchResponse.OffsetFetchResponsePartitions>(topic.PartitionIndexes.Count);
                answer.Topics.Add(new() { Name = topic.Name, TopicId = topic.TopicId, Partitions = results });
                foreach (var index in topic.PartitionIndexes) results.Add(Find(group, new TopicPartition(topic.Name, index), call.RequireStable));
            }
        }

        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(answer);
            else call.Refuse(failed);
        });
    }

    /// <summary>OffsetDelete.</summary>
    public void Delete(DeleteOffsetsCall call)
    {
        var request = call.Request;
        var answer = new OffsetDeleteResponse();
        if (!space.Groups.TryGetValue(request.GroupId, out var group))
        {
            call.Refuse(ErrorCode.GroupIdNotFound);
            return;
        }

        if (group is ClassicGroup { IsEmpty: false, IsOfConsumers: false })
        {
            call.Refuse(ErrorCode.NonEmptyGroup);
            return;
        }

        foreach (var topic in request.Topics)
        {
            var results = new List<OffsetDeleteResponse.OffsetDeleteResponsePartition>(topic.Partitions.Count);
            answer.Topics.Add(new() { Name = topic.Name, Partitions = results });
            var error = group.IsSubscribedTo(topic.Name) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            foreach (var partition in topic.Partitions)
            {
                results.Add(new() { PartitionIndex = partition.PartitionIndex, ErrorCode = error });
                if (error == ErrorCode.None) Drop(group, new TopicPartition(topic.Name, partition.PartitionIndex));
            }
        }

        space.Effects.WhenCommitted(failed =>
        {
            if (failed == ErrorCode.None) call.Answer(answer);
            else call.Refuse(failed);
        });
    }

    /// <summary>Drops everything that a group committed; the group goes.</summary>
    public void DropAll(Group group)
    {
        foreach (var partition in group.Offsets.Keys) space.Records.Offset(space.Effects, group.Id, partition, null);
        group.Offsets.Clear();
        foreach (var producer in group.Pending?.Keys.ToList() ?? []) RemovePending(group, producer);
    }

    /// <summary>Topics are gone, and what was committed of them with them.</summary>
    public void TopicsGone(IReadOnlyCollection<string> topics)
    {
        var gone = topics as ISet<string> ?? topics.ToHashSet(StringComparer.Ordinal);
        foreach (var group in space.Groups.Values)
        {
            if (group.Offsets.Count == 0) continue;
            foreach (var partition in group.Offsets.Keys.Where(p => gone.Contains(p.Topic)).ToList()) Drop(group, partition);
        }
    }

    /// <summary>Drops what is older than it may be. Gives the groups that have nothing left.</summary>
    public List<Group> Expire()
    {
        var now = space.NowMs;
        var bare = new List<Group>();
        foreach (var group in space.Groups.Values)
        {
            foreach (var (partition, committed) in group.Offsets.ToList())
            {
                if (IsOld(group, partition, committed, now)) Drop(group, partition);
            }

            if (group.Offsets.Count == 0 && group.Pending is null && group.IsEmpty) bare.Add(group);
        }

        return bare;
    }

    /// <summary>A record of a committed offset in the log.</summary>
    public void Replay(Group group, TopicPartition partition, OffsetCommitValue? value, long producerId)
    {
        if (value is null)
        {
            group.Offsets.Remove(partition);
            return;
        }

        var committed = new CommittedOffset(value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp, value.TopicId, ++order);
        if (producerId >= 0) AddPending(group, producerId, partition, committed);
        else group.Offsets[partition] = committed;
    }

    /// <summary>A transaction ended.</summary>
    public void End(long producerId, bool commit)
    {
        if (!transactions.Remove(producerId, out var groups)) return;
        foreach (var group in groups)
        {
            if (group.Pending is null || !group.Pending.Remove(producerId, out var written)) continue;
            if (group.Pending.Count == 0) group.Pending = null;
            if (!commit) continue;
            foreach (var (partition, committed) in written)
            {
                // A commit outside of the transaction that came later stays.
                if (!group.Offsets.TryGetValue(partition, out var there) || there.Order < committed.Order) group.Offsets[partition] = committed;
            }
        }
    }

    /// <summary>A group became one of the other protocol, and takes over what it had committed.</summary>
    public void Replaced(Group before, Group after)
    {
        after.TakeOffsetsOf(before);
        foreach (var groups in transactions.Values)
        {
            if (groups.Remove(before)) groups.Add(after);
        }
    }

    private ErrorCode Admit(string id, in Committer committer, out Group? group)
    {
        if (!space.Groups.TryGetValue(id, out group))
        {
            if (committer.Generation >= 0) return !committer.IsTransactional && committer.Version >= FirstWithGroupNotFound ? ErrorCode.GroupIdNotFound : ErrorCode.IllegalGeneration;
            // A group that only keeps offsets has no record of its own.
            var simple = new ClassicGroup(id);
            simple.Enter(ClassicState.Empty, space.NowMs);
            space.Groups.Add(id, group = simple);
            return ErrorCode.None;
        }

        return group switch
        {
            ConsumerGroup young => ConsumerGroups.CheckCommit(young, committer.MemberId, committer.Generation, committer.Version, committer.IsTransactional),
            ClassicGroup old => classic.CheckCommit(old, committer.MemberId, committer.InstanceId, committer.Generation, committer.IsTransactional),
            _ => ErrorCode.None,
        };
    }

    private static void AddAll(Group group, bool requireStable, OffsetFetchResponse.OffsetFetchResponseGroup answer)
    {
        var topics = new Dictionary<string, List<OffsetFetchResponse.OffsetFetchResponsePartitions>>(StringComparer.Ordinal);
        foreach (var partition in group.Offsets.Keys)
        {
            if (!topics.TryGetValue(partition.Topic, out var results))
            {
                topics.Add(partition.Topic, results = []);
                answer.Topics.Add(new() { Name = partition.Topic, Partitions = results });
            }

            results.Add(Find(group, partition, requireStable));
        }
    }

    private static OffsetFetchResponse.OffsetFetchResponsePartitions Find(Group? group, TopicPartition partition, bool requireStable)
    {
        var result = new OffsetFetchResponse.OffsetFetchResponsePartitions { PartitionIndex = partition.Partition, CommittedOffset = -1, CommittedLeaderEpoch = -1, Metadata = "" };
        if (group is null) return result;
        if (requireStable && group.IsPending(partition)) result.ErrorCode = ErrorCode.UnstableOffsetCommit;
        else if (group.Offsets.TryGetValue(partition, out var committed)) (result.CommittedOffset, result.CommittedLeaderEpoch, result.Metadata) = (committed.Offset, committed.LeaderEpoch, committed.Metadata);
        return result;
    }

    private bool IsOld(Group group, TopicPartition partition, in CommittedOffset committed, long now)
    {
        if (group.IsPending(partition)) return false;
        if (committed.ExpireMs >= 0) return now >= committed.ExpireMs;
        return group.AgesFrom(partition, committed) is { } from && now - from >= space.Settings.OffsetsRetention;
    }

    private void Drop(Group group, TopicPartition partition)
    {
        if (group.Offsets.Remove(partition)) space.Records.Offset(space.Effects, group.Id, partition, null);
    }

    private void AddPending(Group group, long producerId, TopicPartition partition, in CommittedOffset committed)
    {
        group.Pending ??= [];
        if (!group.Pending.TryGetValue(producerId, out var written)) group.Pending[producerId] = written = [];
        written[partition] = committed;
        if (!transactions.TryGetValue(producerId, out var groups)) transactions[producerId] = groups = [];
        groups.Add(group);
    }

    private void RemovePending(Group group, long producerId)
    {
        group.Pending?.Remove(producerId);
        if (group.Pending is { Count: 0 }) group.Pending = null;
        if (transactions.TryGetValue(producerId, out var groups) && groups.Remove(group) && groups.Count == 0) transactions.Remove(producerId);
    }

    private Guid TopicIdOf(string topic) => space.Environment.Image().Topics.TryGetValue(topic, out var known) ? known.Id : Guid.Empty;

    // A text has at most three bytes a character: a short one need not be counted.
    private static bool IsTooLong(string? metadata, int most)
        => metadata is not null && metadata.Length * 3 > most && System.Text.Encoding.UTF8.GetByteCount(metadata) > most;

    private readonly record struct Committer(string MemberId, string? InstanceId, int Generation, short Version, bool IsTransactional);
}
