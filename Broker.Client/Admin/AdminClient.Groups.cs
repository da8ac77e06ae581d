using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <content>Groups and what they committed.</content>
public sealed partial class AdminClient
{
    private const short LastFetchByName = 9;
    private const short LastDescribeWithoutError = 5;

    /// <summary>Groups of all brokers, by id.</summary>
    /// <param name="states">Only groups in these states; all where empty.</param>
    /// <param name="types">Only groups of these types; all where empty.</param>
    /// <param name="cancellation">Gives up.</param>
    public ValueTask<IReadOnlyList<GroupListing>> ListGroupsAsync(IReadOnlyCollection<string> states, IReadOnlyCollection<string> types, CancellationToken cancellation = default)
        => cluster.RetryAsync("ListGroups", async token =>
        {
            await cluster.RefreshAsync([], cancellation: token).ConfigureAwait(false);
            var groups = new List<GroupListing>();
            foreach (var broker in cluster.Metadata.Brokers.Keys)
            {
                var connection = await cluster.ToAsync(broker, token).ConfigureAwait(false);
                using var got = await connection.SendAsync(new ListGroupsRequest { StatesFilter = [.. states], TypesFilter = [.. types] }, cluster.Options.RequestTimeout, cancellation: token).ConfigureAwait(false);
                var answer = got.As<ListGroupsResponse>();
                BrokerException.ThrowIf(answer.ErrorCode, "ListGroups");
                groups.AddRange(answer.Groups.Select(g => new GroupListing(g.GroupId, g.ProtocolType, g.GroupState, g.GroupType)));
            }

            return (IReadOnlyList<GroupListing>)groups.OrderBy(g => g.Id, StringComparer.Ordinal).ToList();
        }, cancellation);

    /// <summary>Looks into a group of either protocol.</summary>
    /// <exception cref="BrokerException">There is no such group.</exception>
    public ValueTask<GroupDescription> DescribeGroupAsync(string group, CancellationToken cancellation = default)
        => AtCoordinator("DescribeGroups", group, async (link, token) =>
        {
            var (broker, address) = await link.Coordinator(group, token).ConfigureAwait(false);
            if (await link.Serves(ApiKey.ConsumerGroupDescribe, group, token).ConfigureAwait(false))
            {
                using var young = await link.Send(new ConsumerGroupDescribeRequest { GroupIds = [group] }, cluster.Options.RequestTimeout, group, token).ConfigureAwait(false);
                var found = young.As<ConsumerGroupDescribeResponse>().Groups[0];
                if (found.ErrorCode != ErrorCode.GroupIdNotFound)
                {
                    BrokerException.ThrowIf(found.ErrorCode, $"group {group}", found.ErrorMessage);
                    return new GroupDescription(group, "consumer", found.GroupState, found.AssignorName, broker, address, found.GroupEpoch, found.AssignmentEpoch, found.Members.ConvertAll(MemberOf));
                }
            }

            using var old = await link.Send(new DescribeGroupsRequest { Groups = [group] }, cluster.Options.RequestTimeout, group, token, LastDescribeWithoutError).ConfigureAwait(false);
            var described = old.As<DescribeGroupsResponse>().Groups[0];
            BrokerException.ThrowIf(described.GroupState == "Dead" && described.ErrorCode == ErrorCode.None ? ErrorCode.GroupIdNotFound : described.ErrorCode, $"group {group}");
            return new GroupDescription(group, "classic", described.GroupState, described.ProtocolData, broker, address, -1, -1, described.Members.ConvertAll(MemberOf));
        }, cancellation);

    /// <summary>What a group committed.</summary>
    public ValueTask<IReadOnlyDictionary<TopicPartition, GroupOffset>> ListGroupOffsetsAsync(string group, CancellationToken cancellation = default)
        => AtCoordinator("OffsetFetch", group, async (link, token) =>
        {
            var request = new OffsetFetchRequest { Groups = [new() { GroupId = group, Topics = null }] };
            using var got = await link.Send(request, cluster.Options.RequestTimeout, group, token, LastFetchByName).ConfigureAwait(false);
            var answer = got.As<OffsetFetchResponse>().Groups[0];
            BrokerException.ThrowIf(answer.ErrorCode, $"the offsets of group {group}");
            var offsets = new Dictionary<TopicPartition, GroupOffset>();
            foreach (var topic in answer.Topics)
            {
                foreach (var p in topic.Partitions.Where(p => p.CommittedOffset >= 0)) offsets[new TopicPartition(topic.Name, p.PartitionIndex)] = new GroupOffset(p.CommittedOffset, p.CommittedLeaderEpoch, p.Metadata ?? "");
            }

            return (IReadOnlyDictionary<TopicPartition, GroupOffset>)offsets;
        }, cancellation);

    /// <summary>Commits for a group without members.</summary>
    /// <exception cref="BrokerException">The group has members, or a partition was refused.</exception>
    public async ValueTask AlterGroupOffsetsAsync(string group, IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellation = default)
    {
        await using var commits = new GroupCommits(cluster, new GroupOptions { GroupId = group, Topics = [] });
        await commits.Commit(offsets, "", -1, cancellation).ConfigureAwait(false);
    }

    /// <summary>Drops what a group committed for partitions. Gives what went wrong, by partition.</summary>
    /// <exception cref="BrokerException">There is no such group, or it cannot be done while it has members.</exception>
    public ValueTask<IReadOnlyDictionary<TopicPartition, ErrorCode>> DeleteGroupOffsetsAsync(string group, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default)
        => AtCoordinator("OffsetDelete", group, async (link, token) =>
        {
            var request = new OffsetDeleteRequest { GroupId = group };
            foreach (var topic in partitions.GroupBy(p => p.Topic)) request.Topics.Add(new() { Name = topic.Key, Partitions = [.. topic.Select(p => new OffsetDeleteRequest.OffsetDeleteRequestPartition { PartitionIndex = p.Partition })] });
            using var got = await link.Send(request, cluster.Options.RequestTimeout, group, token).ConfigureAwait(false);
            var answer = got.As<OffsetDeleteResponse>();
            BrokerException.ThrowIf(answer.ErrorCode, $"group {group}");
            return (IReadOnlyDictionary<TopicPartition, ErrorCode>)answer.Topics.SelectMany(t => t.Partitions.Select(p => (new TopicPartition(t.Name, p.PartitionIndex), p.ErrorCode))).ToDictionary(p => p.Item1, p => p.ErrorCode);
        }, cancellation);

    /// <summary>Deletes a group without members, and what it committed.</summary>
    /// <exception cref="BrokerException">There is no such group, or it has members.</exception>
    public async ValueTask DeleteGroupAsync(string group, CancellationToken cancellation = default)
        => await AtCoordinator("DeleteGroups", group, async (link, token) =>
        {
            using var got = await link.Send(new DeleteGroupsRequest { GroupsNames = [group] }, cluster.Options.RequestTimeout, group, token).ConfigureAwait(false);
            BrokerException.ThrowIf(got.As<DeleteGroupsResponse>().Results[0].ErrorCode, $"group {group}");
            return true;
        }, cancellation).ConfigureAwait(false);

    private ValueTask<T> AtCoordinator<T>(string what, string group, Func<CoordinatorLink, CancellationToken, ValueTask<T>> work, CancellationToken cancellation)
        => cluster.RetryAsync(what, async token =>
        {
            await using var link = new CoordinatorLink(cluster);
            return await work(link, token).ConfigureAwait(false);
        }, cancellation);

    private static GroupMember MemberOf(ConsumerGroupDescribeResponse.Member member)
    {
        static List<TopicPartition> Of(ConsumerGroupDescribeResponse.Assignment assignment) => assignment.TopicPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.TopicName, p))).ToList();
        return new GroupMember(member.MemberId, member.InstanceId, member.ClientId, member.ClientHost, Of(member.Assignment), Of(member.TargetAssignment), member.MemberEpoch);
    }

    private static GroupMember MemberOf(DescribeGroupsResponse.DescribedGroupMember member)
    {
        var assignment = ConsumerMessages.TryRead<ConsumerProtocolAssignment>(member.MemberAssignment);
        var partitions = assignment?.AssignedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p))).ToList() ?? [];
        return new GroupMember(member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost, partitions, partitions, -1);
    }
}
