using System.Globalization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Verbs;

/// <summary>The throttle of moves between brokers, set and taken away as Kafka's tool does it, so that either ends what the other began.</summary>
internal static class MoveThrottle
{
    private const string LeaderRate = "leader.replication.throttled.rate";
    private const string FollowerRate = "follower.replication.throttled.rate";
    private const string LeaderReplicas = "leader.replication.throttled.replicas";
    private const string FollowerReplicas = "follower.replication.throttled.replicas";

    /// <summary>Sets it before moves begin: brokers that have a partition send it, and those that get it take it, with no more than so many bytes a second each.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="moves">Where partitions are, and shall be.</param>
    /// <param name="bytesPerSecond">The rate.</param>
    /// <param name="cancellation">Gives up.</param>
    internal static async Task Set(ClientSession session, IReadOnlyCollection<(TopicPartition Partition, IReadOnlyList<int> Now, IReadOnlyList<int> Target)> moves, long bytesPerSecond, CancellationToken cancellation)
    {
        var moving = moves.Where(m => m.Target.Except(m.Now).Any()).ToList();
        foreach (var topic in moving.GroupBy(m => m.Partition.Topic))
        {
            var resource = new ConfigResource(ConfigResourceType.Topic, topic.Key);
            var known = await session.Admin.DescribeConfigsAsync(resource, cancellation);
            var values = new Dictionary<string, string>
            {
                [LeaderReplicas] = Joined(known, LeaderReplicas, topic.SelectMany(m => m.Now.Select(b => (m.Partition.Partition, b)))),
                [FollowerReplicas] = Joined(known, FollowerReplicas, topic.SelectMany(m => m.Target.Except(m.Now).Select(b => (m.Partition.Partition, b)))),
            };
            await session.Admin.AlterConfigsAsync(resource, values, [], cancellation);
        }

        // One that is not there sends and takes nothing.
        var there = (await session.Admin.ListBrokersAsync(cancellation)).Where(b => !b.IsFenced).Select(b => b.Id);
        var rate = bytesPerSecond.ToString(CultureInfo.InvariantCulture);
        foreach (var broker in moving.SelectMany(m => m.Now.Concat(m.Target)).Intersect(there).Order()) await session.Admin.AlterConfigsAsync(ConfigResource.OfBroker(broker), new Dictionary<string, string> { [LeaderRate] = rate, [FollowerRate] = rate }, [], cancellation);
    }

    /// <summary>Takes it away from all brokers, and from these topics.</summary>
    /// <returns>Whether there was anything to take away.</returns>
    internal static async Task<bool> Clear(ClientSession session, ClusterPicture picture, IEnumerable<string> topics, CancellationToken cancellation)
    {
        var cleared = false;
        foreach (var topic in topics.Where(name => picture.Topics.Any(t => t.Name == name)).Distinct())
        {
            cleared |= await Clear(session, new ConfigResource(ConfigResourceType.Topic, topic), [LeaderReplicas, FollowerReplicas], ConfigSource.Topic, cancellation);
        }

        foreach (var broker in picture.Brokers.Where(b => !b.IsFenced)) cleared |= await Clear(session, ConfigResource.OfBroker(broker.Id), [LeaderRate, FollowerRate], ConfigSource.Broker, cancellation);
        return cleared;
    }

    // What brokers have is taken away unseen: Kafka's tool does the same.
    private static async Task<bool> Clear(ClientSession session, ConfigResource resource, string[] keys, ConfigSource source, CancellationToken cancellation)
    {
        if (resource.Type == ConfigResourceType.Topic)
        {
            var known = await session.Admin.DescribeConfigsAsync(resource, cancellation);
            keys = keys.Where(key => known.Any(e => e.Name == key && e.Source == source)).ToArray();
            if (keys.Length == 0) return false;
        }

        await session.Admin.AlterConfigsAsync(resource, new Dictionary<string, string>(), keys, cancellation);
        return resource.Type == ConfigResourceType.Topic;
    }

    private static string Joined(IReadOnlyList<ConfigEntry> known, string key, IEnumerable<(int Partition, int Broker)> more)
    {
        var before = known.FirstOrDefault(e => e.Name == key && e.Source == ConfigSource.Topic)?.Value ?? "";
        if (before == "*") return before;
        var pairs = before.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Concat(more.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Partition}:{p.Broker}")));
        return string.Join(',', pairs.Distinct());
    }
}
