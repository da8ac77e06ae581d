using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>What has to happen before a broker can be taken away for good.</summary>
public static class Decommission
{
    /// <summary>The partitions that a broker has a replica of, or is to get one of.</summary>
    public static IEnumerable<(TopicImage Topic, PartitionImage Partition)> PartitionsOf(MetadataImage image, int broker)
        => from topic in image.Topics.Values from partition in topic.Partitions where partition.IsReplica(broker) select (topic, partition);

    /// <summary>
    /// The moves that leave a broker with nothing: each replica goes, in its place in the order, to the broker that racks and counts speak for. A partition that moves already
    /// goes on to where it was going, this broker excepted.
    /// </summary>
    /// <param name="context">What is known.</param>
    /// <param name="broker">The broker that shall go.</param>
    /// <param name="stuck">Gets those partitions for which no other broker is left; they are not in the plan.</param>
    public static AlterPartitionReassignmentsRequest Plan(ControllerContext context, int broker, List<(string Topic, int Partition)> stuck)
    {
        var placer = new ReplicaPlacer(context, broker);
        var moves = new SortedDictionary<string, List<AlterPartitionReassignmentsRequest.ReassignablePartition>>(StringComparer.Ordinal);
        foreach (var (topic, partition) in PartitionsOf(context.Image, broker).OrderBy(p => p.Topic.Name, StringComparer.Ordinal).ThenBy(p => p.Partition.Index))
        {
            if (PartitionImage.Contains(partition.Removing, broker)) continue;
            var target = partition.Replicas.Where(r => !PartitionImage.Contains(partition.Removing, r)).ToList();
            var place = target.IndexOf(broker);
            var others = target.Where(r => r != broker).ToList();
            var next = placer.Follower(others);
            if (next < 0)
            {
                stuck.Add((topic.Name, partition.Index));
                continue;
            }

            placer.Uncount(target);
            target[place] = next;
            placer.Count(target);
            if (!moves.TryGetValue(topic.Name, out var list)) moves.Add(topic.Name, list = []);
            list.Add(new() { PartitionIndex = partition.Index, Replicas = target });
        }

        return new() { Topics = [.. moves.Select(m => new AlterPartitionReassignmentsRequest.ReassignableTopic { Name = m.Key, Partitions = m.Value })] };
    }
}
