using System.Globalization;
using System.Text;
using System.Text.Json;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Verbs;

/// <summary>
/// What the controller decided, in the places and words in which Kafka kept it in ZooKeeper. Made of the answers to ordinary requests, so that it is what clients
/// are told too. What ZooKeeper had for its own use is not in it; what it did not know (racks of fenced brokers, voters, replicas that are eligible to lead) is.
/// </summary>
internal sealed class MetadataTree
{
    private readonly SortedDictionary<string, string?> nodes = new(StringComparer.Ordinal) { ["/"] = null };

    /// <summary>A path as it is kept: from the root, without a slash at its end.</summary>
    internal static string Normal(string path) => "/" + string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The path that a path lies under; the root's is the root.</summary>
    internal static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    /// <summary>Asks for what lies at a path and below it, and for the first steps of the rest.</summary>
    internal static async Task<MetadataTree> Read(ClientSession session, string path, CancellationToken cancellation)
    {
        var tree = new MetadataTree();
        foreach (var known in new[] { "/admin/reassign_partitions", "/brokers/ids", "/brokers/topics", "/cluster/id", "/config/brokers", "/config/topics", "/controller", "/controller_epoch", "/quorum/observers", "/quorum/voters" }) tree.Set(known, null);
        if (Concerns(path, "/brokers/ids") || Concerns(path, "/config/brokers")) await tree.AddBrokers(session, path, cancellation);
        if (Concerns(path, "/cluster") || Concerns(path, "/brokers/topics") || Concerns(path, "/config/topics") || Concerns(path, "/admin")) await tree.AddTopics(session, path, cancellation);
        if (Concerns(path, "/controller") || Concerns(path, "/controller_epoch") || Concerns(path, "/quorum")) tree.AddQuorum(await session.Admin.DescribeQuorumAsync(cancellation));
        return tree;
    }

    /// <summary>Whether there is such a path.</summary>
    internal bool Has(string path) => nodes.ContainsKey(path);

    /// <summary>What it holds, as JSON; null for nothing.</summary>
    internal string? Get(string path) => nodes.GetValueOrDefault(path);

    /// <summary>Names of what lies right under a path: numbers in their order.</summary>
    internal IEnumerable<string> Children(string path)
        => Below(path).Where(p => ParentOf(p) == path).Select(p => p[(p.LastIndexOf('/') + 1)..]).OrderBy(n => long.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1);

    /// <summary>Paths of all that lies under a path.</summary>
    internal IEnumerable<string> Below(string path)
    {
        var prefix = path == "/" ? "/" : path + "/";
        return nodes.Keys.Where(p => p.Length > prefix.Length && p.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static bool Concerns(string path, string section) => path == section || path.StartsWith(section + "/", StringComparison.Ordinal) || path == "/" || section.StartsWith(path + "/", StringComparison.Ordinal);

    private void Set(string path, string? json)
    {
        nodes[path] = json;
        for (var parent = ParentOf(path); !nodes.ContainsKey(parent); parent = ParentOf(parent)) nodes[parent] = null;
    }

    private async Task AddBrokers(ClientSession session, string path, CancellationToken cancellation)
    {
        foreach (var broker in await session.Admin.ListBrokersAsync(cancellation))
        {
            Set($"/brokers/ids/{broker.Id}", Json(json => Write(json, broker)));
            await AddConfig(session, path, $"/config/brokers/{broker.Id}", ConfigResource.OfBroker(broker.Id), ConfigSource.Broker, cancellation);
        }

        await AddConfig(session, path, "/config/brokers/<default>", new ConfigResource(ConfigResourceType.Broker, ""), ConfigSource.AllBrokers, cancellation);
    }

    // Only what was set; and only asked for where it is looked at, one request each.
    private async Task AddConfig(ClientSession session, string path, string at, ConfigResource resource, ConfigSource source, CancellationToken cancellation)
    {
        Set(at, "{}");
        if (path != at) return;
        var entries = (await session.Admin.DescribeConfigsAsync(resource, cancellation)).Where(e => e.Source == source).OrderBy(e => e.Name, StringComparer.Ordinal).ToList();
        Set(at, Json(json =>
        {
            json.WriteNumber("version", 1);
            json.WriteStartObject("config");
            foreach (var entry in entries) json.WriteString(entry.Name, entry.Value);
            json.WriteEndObject();
        }));
    }

    private async Task AddTopics(ClientSession session, string path, CancellationToken cancellation)
    {
        var topics = await session.Admin.ListTopicsAsync(cancellation);
        var moving = await session.Admin.ListReassignmentsAsync(cancellation);
        var epoch = Concerns(path, "/brokers/topics") ? (await session.Admin.DescribeQuorumAsync(cancellation)).Epoch : 0;
        Set("/cluster/id", Json(json =>
        {
            json.WriteString("version", "1");
            json.WriteString("id", session.Cluster.Metadata.ClusterId);
        }));
        foreach (var topic in topics)
        {
            AddTopic(topic, moving, epoch);
            await AddConfig(session, path, "/config/topics/" + topic.Name, new ConfigResource(ConfigResourceType.Topic, topic.Name), ConfigSource.Topic, cancellation);
        }

        if (moving.Count > 0) Set("/admin/reassign_partitions", Json(json => Write(json, moving)));
    }

    private void AddTopic(TopicMetadata topic, IReadOnlyList<Reassignment> moving, int epoch)
    {
        var own = moving.Where(m => m.Partition.Topic == topic.Name).ToList();
        var at = $"/brokers/topics/{topic.Name}";
        Set(at, Json(json =>
        {
            json.WriteNumber("version", 3);
            json.WriteString("topic_id", KafkaUuid.ToText(topic.Id));
            Write(json, "partitions", topic.Partitions.OrderBy(p => p.Index).Select(p => (p.Index, p.Replicas)));
            Write(json, "adding_replicas", own.Where(m => m.Adding.Count > 0).Select(m => (m.Partition.Partition, m.Adding)));
            Write(json, "removing_replicas", own.Where(m => m.Removing.Count > 0).Select(m => (m.Partition.Partition, m.Removing)));
        }));
        foreach (var partition in topic.Partitions)
        {
            Set($"{at}/partitions/{partition.Index}/state", Json(json =>
            {
                json.WriteNumber("controller_epoch", epoch);
                json.WriteNumber("leader", partition.Leader);
                json.WriteNumber("version", 1);
                json.WriteNumber("leader_epoch", partition.LeaderEpoch);
                Write(json, "isr", partition.InSync);
            }));
        }
    }

    private void AddQuorum(QuorumInfo quorum)
    {
        Set("/controller", Json(json =>
        {
            json.WriteNumber("version", 2);
            json.WriteNumber("brokerid", quorum.Leader);
            json.WriteNumber("kraftControllerEpoch", quorum.Epoch);
        }));
        Set("/controller_epoch", quorum.Epoch.ToString(CultureInfo.InvariantCulture));
        foreach (var voter in quorum.Voters) Set($"/quorum/voters/{voter.Id}", Json(json => Write(json, voter)));
        foreach (var observer in quorum.Observers) Set($"/quorum/observers/{observer.Id}", Json(json => Write(json, observer)));
    }

    private static void Write(Utf8JsonWriter json, ClusterBroker broker)
    {
        json.WriteNumber("version", 5);
        json.WriteString("host", broker.Host);
        json.WriteNumber("port", broker.Port);
        json.WriteString("rack", broker.Rack);
        json.WriteString("state", BrokersVerb.StateOf(broker));
    }

    private static void Write(Utf8JsonWriter json, QuorumReplica replica)
    {
        json.WriteString("address", replica.Address);
        json.WriteNumber("end_offset", replica.End);
        if (replica.Disk != Guid.Empty) json.WriteString("disk", KafkaUuid.ToText(replica.Disk));
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<Reassignment> moving)
    {
        json.WriteNumber("version", 1);
        json.WriteStartArray("partitions");
        foreach (var one in moving)
        {
            json.WriteStartObject();
            json.WriteString("topic", one.Partition.Topic);
            json.WriteNumber("partition", one.Partition.Partition);
            Write(json, "replicas", one.Replicas.Except(one.Removing));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<(int Partition, IReadOnlyList<int> Brokers)> lists)
    {
        json.WriteStartObject(name);
        foreach (var (partition, brokers) in lists) Write(json, partition.ToString(CultureInfo.InvariantCulture), brokers);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
