using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <summary>Topics, partitions, configurations and offsets of a cluster. Methods for several things give a result for each.</summary>
/// <param name="cluster">The cluster; stays the caller's.</param>
public sealed partial class AdminClient(ClusterClient cluster)
{
    private int TimeoutMs => (int)cluster.Options.RequestTimeout.TotalMilliseconds;

    /// <summary>Creates topics.</summary>
    /// <param name="topics">What to create.</param>
    /// <param name="validateOnly">Only says what would happen.</param>
    /// <param name="cancellation">Gives up waiting; what was asked may still happen.</param>
    public async ValueTask<IReadOnlyList<TopicResult>> CreateTopicsAsync(IEnumerable<NewTopic> topics, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var request = new CreateTopicsRequest { TimeoutMs = TimeoutMs, ValidateOnly = validateOnly, Topics = topics.Select(Creatable).ToList() };
        var answer = await cluster.SendAsync<CreateTopicsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        return answer.Topics.Select(t => new TopicResult(t.Name, t.TopicId, t.ErrorCode, t.ErrorMessage)).ToList();
    }

    /// <summary>Deletes topics and all their records.</summary>
    public async ValueTask<IReadOnlyList<TopicResult>> DeleteTopicsAsync(IEnumerable<string> names, CancellationToken cancellation = default)
    {
        var list = names.ToList();
        var request = new DeleteTopicsRequest { TimeoutMs = TimeoutMs, Topics = list.Select(n => new DeleteTopicsRequest.DeleteTopicState { Name = n }).ToList() };
        var connection = await cluster.AnyAsync(cancellation).ConfigureAwait(false);
        if (connection.VersionOf(ApiKey.DeleteTopics) < 6) request = new DeleteTopicsRequest { TimeoutMs = TimeoutMs, TopicNames = list };
        var answer = await cluster.SendAsync<DeleteTopicsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        return answer.Responses.Select(t => new TopicResult(t.Name ?? "", t.TopicId, t.ErrorCode, t.ErrorMessage)).ToList();
    }

    /// <summary>Raises a topic's number of partitions to <paramref name="count"/>.</summary>
    public ValueTask<TopicResult> CreatePartitionsAsync(string topic, int count, CancellationToken cancellation = default)
        => CreatePartitionsAsync(topic, count, null, cancellation: cancellation);

    /// <summary>Raises a topic's number of partitions to <paramref name="count"/>, the new ones on brokers of one's choice.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="count">How many it has then.</param>
    /// <param name="assignments">Broker ids for each new partition, the preferred leader first; null where the cluster is to choose.</param>
    /// <param name="validateOnly">Only says what would happen.</param>
    /// <param name="cancellation">Gives up waiting; it may still happen.</param>
    public async ValueTask<TopicResult> CreatePartitionsAsync(string topic, int count, IReadOnlyList<IReadOnlyList<int>>? assignments, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var places = assignments?.Select(a => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. a] }).ToList();
        var request = new CreatePartitionsRequest { TimeoutMs = TimeoutMs, ValidateOnly = validateOnly, Topics = [new() { Name = topic, Count = count, Assignments = places }] };
        var answer = await cluster.SendAsync<CreatePartitionsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        var result = answer.Results.Count == 1 ? answer.Results[0] : throw new BrokerException(ErrorCode.UnknownServerError, topic, "no result came back");
        return new TopicResult(result.Name, Guid.Empty, result.ErrorCode, result.ErrorMessage);
    }

    /// <summary>Every topic of the cluster by name, its partitions included.</summary>
    public async ValueTask<IReadOnlyList<TopicMetadata>> ListTopicsAsync(CancellationToken cancellation = default)
    {
        var answer = await cluster.RetryAsync("Metadata", token => cluster.RefreshAsync(null, cancellation: token), cancellation).ConfigureAwait(false);
        return answer.Topics.Where(t => t.ErrorCode == ErrorCode.None && t.Name is not null).Select(t => cluster.Metadata.Topics[t.Name!]).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
    }

    /// <summary>One topic.</summary>
    /// <exception cref="BrokerException">There is none of that name.</exception>
    public async ValueTask<TopicMetadata> DescribeTopicAsync(string name, CancellationToken cancellation = default)
    {
        var answer = await cluster.RetryAsync("Metadata", token => cluster.RefreshAsync([name], cancellation: token), cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.Topics[0].ErrorCode, $"topic {name}");
        return cluster.Metadata.Topics[name];
    }

    /// <summary>The configuration of a topic or broker, defaults included.</summary>
    public async ValueTask<IReadOnlyList<ConfigEntry>> DescribeConfigsAsync(ConfigResource resource, CancellationToken cancellation = default)
    {
        var request = new DescribeConfigsRequest { Resources = [new() { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, ConfigurationKeys = null }] };
        var answer = await OfOwnerAsync<DescribeConfigsResponse>(resource, request, cancellation).ConfigureAwait(false);
        var result = answer.Results[0];
        BrokerException.ThrowIf(result.ErrorCode, resource.ToString(), result.ErrorMessage);
        return result.Configs.Select(c => new ConfigEntry(c.Name, c.Value, (ConfigSource)c.ConfigSource, c.ReadOnly, c.IsSensitive)).ToList();
    }

    // What a broker has of its own nobody else can tell, or may change.
    private async ValueTask<T> OfOwnerAsync<T>(ConfigResource resource, IApiMessage request, CancellationToken cancellation)
        where T : class, IApiMessage
    {
        if (resource.Type == ConfigResourceType.Broker && int.TryParse(resource.Name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var broker))
        {
            if (!cluster.Metadata.Brokers.ContainsKey(broker)) await cluster.RefreshAsync([], cancellation: cancellation).ConfigureAwait(false);
            if (cluster.Metadata.Brokers.ContainsKey(broker))
            {
                var own = await cluster.ToAsync(broker, cancellation).ConfigureAwait(false);
                using var sent = await own.SendAsync(request, cluster.Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
                return sent.As<T>();
            }
        }

        return await cluster.SendAsync<T>(request, cancellation: cancellation).ConfigureAwait(false);
    }

    /// <summary>Sets and removes single configuration values; all of them or none.</summary>
    /// <param name="resource">Whose configuration.</param>
    /// <param name="set">New values by key.</param>
    /// <param name="delete">Keys that take their defaults again.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">A key or value was refused.</exception>
    public async ValueTask AlterConfigsAsync(ConfigResource resource, IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> delete, CancellationToken cancellation = default)
    {
        var changes = set.Select(s => new IncrementalAlterConfigsRequest.AlterableConfig { Name = s.Key, Value = s.Value, ConfigOperation = 0 })
            .Concat(delete.Select(d => new IncrementalAlterConfigsRequest.AlterableConfig { Name = d, Value = null, ConfigOperation = 1 }));
        var request = new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Configs = changes.ToList() }] };
        var answer = await OfOwnerAsync<IncrementalAlterConfigsResponse>(resource, request, cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.Responses[0].ErrorCode, resource.ToString(), answer.Responses[0].ErrorMessage);
    }

    /// <summary>The brokers of the cluster.</summary>
    public ValueTask<DescribeClusterResponse> DescribeClusterAsync(CancellationToken cancellation = default)
        => cluster.SendAsync<DescribeClusterResponse>(new DescribeClusterRequest(), cancellation: cancellation);

    private static CreateTopicsRequest.CreatableTopic Creatable(NewTopic topic) => new()
    {
        Name = topic.Name,
        NumPartitions = topic.Partitions,
        ReplicationFactor = topic.ReplicationFactor,
        Assignments = topic.Assignments.Select(a => new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = a.Key, BrokerIds = [.. a.Value] }).ToList(),
        Configs = topic.Configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Key, Value = c.Value }).ToList(),
    };
}
