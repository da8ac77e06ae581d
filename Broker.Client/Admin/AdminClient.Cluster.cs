using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <content>Brokers, their replicas, and who leads what.</content>
public sealed partial class AdminClient
{
    private const short FirstWithFenced = 2;
    private const string MetadataTopic = "__cluster_metadata";

    // As this one, an asker gets to see a follower's log, and its end, whatever of it counts already.
    private const int DebuggingReplica = -2;

    /// <summary>The brokers of the cluster, those that are registered and not there (fenced) included where the broker that is asked can tell.</summary>
    /// <exception cref="BrokerException">The broker refused.</exception>
    public async ValueTask<IReadOnlyList<ClusterBroker>> ListBrokersAsync(CancellationToken cancellation = default)
    {
        var connection = await cluster.AnyAsync(cancellation).ConfigureAwait(false);
        var request = new DescribeClusterRequest { IncludeFencedBrokers = connection.VersionOf(ApiKey.DescribeCluster) >= FirstWithFenced };
        var answer = await cluster.SendAsync<DescribeClusterResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the cluster", answer.ErrorMessage);
        return answer.Brokers.OrderBy(b => b.BrokerId).Select(b => new ClusterBroker(b.BrokerId, b.Host, b.Port, b.Rack, b.IsFenced, b.IsShuttingDown)).ToList();
    }

    /// <summary>The log directories of one broker with what lies in them.</summary>
    /// <param name="broker">The broker; known after <see cref="ListTopicsAsync"/> or another refresh of the metadata.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">The broker refused.</exception>
    /// <exception cref="Transport.TransportException">It cannot be reached.</exception>
    public async ValueTask<IReadOnlyList<LogDir>> DescribeLogDirsAsync(int broker, CancellationToken cancellation = default)
    {
        var connection = await cluster.ToAsync(broker, cancellation).ConfigureAwait(false);
        using var sent = await connection.SendAsync(new DescribeLogDirsRequest { Topics = null }, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        var answer = sent.As<DescribeLogDirsResponse>();
        BrokerException.ThrowIf(answer.ErrorCode, $"the log directories of broker {broker}");
        return LogDirs(answer);
    }

    /// <summary>Where the log of each of these partitions ends on one broker, be it their leader or a follower. Those that it cannot tell are left out.</summary>
    /// <param name="broker">The broker; known after <see cref="ListTopicsAsync"/> or another refresh of the metadata.</param>
    /// <param name="partitions">Partitions that it has replicas of.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="Transport.TransportException">It cannot be reached.</exception>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, long>> ReplicaEndsAsync(int broker, IEnumerable<TopicPartition> partitions, CancellationToken cancellation = default)
    {
        var request = new ListOffsetsRequest { ReplicaId = DebuggingReplica, TimeoutMs = TimeoutMs };
        foreach (var topic in partitions.GroupBy(p => p.Topic))
        {
            request.Topics.Add(new() { Name = topic.Key, Partitions = topic.Select(p => new ListOffsetsRequest.ListOffsetsPartition { PartitionIndex = p.Partition, Timestamp = OffsetSpec.Latest }).ToList() });
        }

        var connection = await cluster.ToAsync(broker, cancellation).ConfigureAwait(false);
        using var answer = await connection.SendAsync(request, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        var ends = new Dictionary<TopicPartition, long>();
        foreach (var topic in answer.As<ListOffsetsResponse>().Topics)
        {
            foreach (var p in topic.Partitions.Where(p => p.ErrorCode == ErrorCode.None)) ends[new TopicPartition(topic.Name, p.PartitionIndex)] = p.Offset;
        }

        return ends;
    }

    /// <summary>What is in force of one topic key, by topic.</summary>
    /// <param name="topics">Topics that are there.</param>
    /// <param name="key">The key, such as <c>min.insync.replicas</c>.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">A topic or the key was refused.</exception>
    public async ValueTask<IReadOnlyDictionary<string, ConfigEntry>> DescribeTopicKeyAsync(IEnumerable<string> topics, string key, CancellationToken cancellation = default)
    {
        var resources = topics.Select(name => new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = name, ConfigurationKeys = [key] }).ToList();
        var found = new Dictionary<string, ConfigEntry>(StringComparer.Ordinal);
        if (resources.Count == 0) return found;
        var answer = await cluster.SendAsync<DescribeConfigsResponse>(new DescribeConfigsRequest { Resources = resources }, cancellation: cancellation).ConfigureAwait(false);
        foreach (var result in answer.Results)
        {
            BrokerException.ThrowIf(result.ErrorCode, $"topic {result.ResourceName}", result.ErrorMessage);
            foreach (var c in result.Configs) found[result.ResourceName] = new ConfigEntry(c.Name, c.Value, (ConfigSource)c.ConfigSource, c.ReadOnly, c.IsSensitive);
        }

        return found;
    }

    /// <summary>Has preferred leaders lead, or gives partitions without a leader one that may lack records.</summary>
    /// <param name="partitions">Which; null for all.</param>
    /// <param name="unclean">Whether replicas may lead that are not in sync: what they lack is lost.</param>
    /// <param name="cancellation">Gives up waiting; it may still happen.</param>
    /// <returns>What came of each that was named; with null, of those that changed or could not.</returns>
    /// <exception cref="BrokerException">The whole request was refused.</exception>
    public async ValueTask<IReadOnlyList<PartitionResult>> ElectLeadersAsync(IEnumerable<TopicPartition>? partitions, bool unclean, CancellationToken cancellation = default)
    {
        var request = new ElectLeadersRequest
        {
            ElectionType = (sbyte)(unclean ? 1 : 0),
            TimeoutMs = TimeoutMs,
            TopicPartitions = partitions?.GroupBy(p => p.Topic).Select(t => new ElectLeadersRequest.TopicPartitionsEntry { Topic = t.Key, Partitions = t.Select(p => p.Partition).ToList() }).ToList(),
        };
        var answer = await cluster.SendAsync<ElectLeadersResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the election");
        return answer.ReplicaElectionResults.SelectMany(t => t.PartitionResult.Select(p => new PartitionResult(new TopicPartition(t.Topic, p.PartitionId), p.ErrorCode, p.ErrorMessage))).ToList();
    }

    /// <summary>Has partitions move to other brokers; returns when the moves have begun.</summary>
    /// <param name="targets">Broker ids by partition, the preferred leader first; null stops the move of that partition.</param>
    /// <param name="allowFactorChange">Whether a partition may get more or fewer replicas than it has. Only brokers that know the word can be told no.</param>
    /// <param name="cancellation">Gives up waiting; the moves may still begin.</param>
    /// <exception cref="BrokerException">The whole request was refused.</exception>
    public async ValueTask<IReadOnlyList<PartitionResult>> ReassignAsync(IReadOnlyDictionary<TopicPartition, IReadOnlyList<int>?> targets, bool allowFactorChange = true, CancellationToken cancellation = default)
    {
        var request = new AlterPartitionReassignmentsRequest { TimeoutMs = TimeoutMs, AllowReplicationFactorChange = allowFactorChange };
        foreach (var topic in targets.GroupBy(t => t.Key.Topic))
        {
            request.Topics.Add(new() { Name = topic.Key, Partitions = topic.Select(p => new AlterPartitionReassignmentsRequest.ReassignablePartition { PartitionIndex = p.Key.Partition, Replicas = p.Value?.ToList() }).ToList() });
        }

        var answer = await cluster.SendAsync<AlterPartitionReassignmentsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the reassignment", answer.ErrorMessage);
        return answer.Responses.SelectMany(t => t.Partitions.Select(p => new PartitionResult(new TopicPartition(t.Name, p.PartitionIndex), p.ErrorCode, p.ErrorMessage))).ToList();
    }

    /// <summary>The partitions that move between brokers now.</summary>
    /// <exception cref="BrokerException">The request was refused.</exception>
    public async ValueTask<IReadOnlyList<Reassignment>> ListReassignmentsAsync(CancellationToken cancellation = default)
    {
        var answer = await cluster.SendAsync<ListPartitionReassignmentsResponse>(new ListPartitionReassignmentsRequest { TimeoutMs = TimeoutMs, Topics = null }, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the reassignments", answer.ErrorMessage);
        return answer.Topics.SelectMany(t => t.Partitions.Select(p => new Reassignment(new TopicPartition(t.Name, p.PartitionIndex), p.Replicas, p.AddingReplicas, p.RemovingReplicas)))
            .OrderBy(r => r.Partition.Topic, StringComparer.Ordinal).ThenBy(r => r.Partition.Partition).ToList();
    }

    /// <summary>Forgets a broker that will not come back. It has to be stopped.</summary>
    /// <exception cref="BrokerException">It is not known, or still there.</exception>
    public async ValueTask UnregisterBrokerAsync(int broker, CancellationToken cancellation = default)
    {
        var answer = await cluster.SendAsync<UnregisterBrokerResponse>(new UnregisterBrokerRequest { BrokerId = broker }, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, $"broker {broker}", answer.ErrorMessage);
    }

    /// <summary>Who keeps the controller's journal, and how far each is.</summary>
    /// <exception cref="BrokerException">The request was refused.</exception>
    public async ValueTask<QuorumInfo> DescribeQuorumAsync(CancellationToken cancellation = default)
    {
        var request = new DescribeQuorumRequest { Topics = [new() { TopicName = MetadataTopic, Partitions = [new() { PartitionIndex = 0 }] }] };
        var answer = await cluster.SendAsync<DescribeQuorumResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the controller", answer.ErrorMessage);
        var found = answer.Topics.SelectMany(t => t.Partitions).First();
        BrokerException.ThrowIf(found.ErrorCode, "the controller", found.ErrorMessage);
        var addresses = answer.Nodes.DistinctBy(n => n.NodeId).ToDictionary(n => n.NodeId, n => n.Listeners.Count > 0 ? $"{n.Listeners[0].Host}:{n.Listeners[0].Port}" : "");
        return new QuorumInfo(found.LeaderId, found.LeaderEpoch, found.HighWatermark, Members(found.CurrentVoters), Members(found.Observers));

        List<QuorumReplica> Members(List<DescribeQuorumResponse.ReplicaState> states)
            => states.OrderBy(s => s.ReplicaId).Select(s => new QuorumReplica(s.ReplicaId, s.ReplicaDirectoryId, addresses.GetValueOrDefault(s.ReplicaId, ""), s.LogEndOffset, s.LastFetchTimestamp, s.LastCaughtUpTimestamp)).ToList();
    }

    /// <summary>Gives a broker a vote on the controller's journal. It has to run, and gets the whole journal before it counts.</summary>
    /// <param name="voter">The broker.</param>
    /// <param name="disk">Id of the disk that its vote stands on; <see cref="Guid.Empty"/> for the one that it has (AkkaStream's brokers alone find out).</param>
    /// <param name="endpoint">Where other voters reach it: listener, host, port; null for the address that it registered with (AkkaStream's brokers alone find out).</param>
    /// <param name="cancellation">Gives up waiting; it may still happen.</param>
    /// <exception cref="BrokerException">It was refused; the message says why.</exception>
    public async ValueTask AddVoterAsync(int voter, Guid disk = default, (string Listener, string Host, int Port)? endpoint = null, CancellationToken cancellation = default)
    {
        var request = new AddRaftVoterRequest { ClusterId = null, TimeoutMs = TimeoutMs, VoterId = voter, VoterDirectoryId = disk };
        if (endpoint is { } at) request.Listeners.Add(new() { Name = at.Listener, Host = at.Host, Port = (ushort)at.Port });
        var answer = await cluster.SendAsync<AddRaftVoterResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, $"broker {voter} as a voter", answer.ErrorMessage);
    }

    /// <summary>Takes a broker's vote on the controller's journal away.</summary>
    /// <param name="voter">The broker.</param>
    /// <param name="disk">Id of the disk that its vote stands on, as <see cref="DescribeQuorumAsync"/> tells it.</param>
    /// <param name="cancellation">Gives up waiting; it may still happen.</param>
    /// <exception cref="BrokerException">It was refused; the message says why.</exception>
    public async ValueTask RemoveVoterAsync(int voter, Guid disk, CancellationToken cancellation = default)
    {
        var answer = await cluster.SendAsync<RemoveRaftVoterResponse>(new RemoveRaftVoterRequest { ClusterId = null, VoterId = voter, VoterDirectoryId = disk }, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, $"voter {voter}", answer.ErrorMessage);
    }
}
