using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Partitions that lie in two log directories at a start: a move was cut short between giving the copy its name and taking it from the old place, or a directory was
/// away while the partition was deleted and made anew.
/// </summary>
internal static class Duplicates
{
    /// <summary>Leaves each partition in one directory: where its topic's id is, if both name one, and else where it goes on further. Gives what was done, in sentences.</summary>
    public static IEnumerable<string> Resolve(IReadOnlyList<LogDirectory> directories, MetadataImage image, Func<Guid> newId)
    {
        var told = new List<string>();
        var homes = new Dictionary<PartitionName, LogDirectory>();
        foreach (var directory in directories)
        {
            foreach (var partition in directory.Partitions.ToArray())
            {
                if (homes.TryAdd(partition, directory) || partition.Topic == TopicNames.ClusterMetadata) continue;
                var (keep, drop) = Choose(partition, homes[partition], directory, image);
                homes[partition] = keep;
                drop.Remove(partition, newId());
                told.Add($"{partition} lies in {keep.Path} and in {drop.Path}: what is in {keep.Path} goes on, the other is removed");
            }
        }

        return told;
    }

    private static (LogDirectory Keep, LogDirectory Drop) Choose(PartitionName partition, LogDirectory one, LogDirectory other, MetadataImage image)
    {
        var id = image.Topics.TryGetValue(partition.Topic, out var topic) ? topic.Id : Guid.Empty;
        var (first, second) = (one.TopicIdOf(partition.ToString()), other.TopicIdOf(partition.ToString()));
        // One that names no topic, because it is torn or came so, may be the one that went on.
        var isTold = first != second && first != Guid.Empty && second != Guid.Empty;
        if (isTold && (first == id || second == id)) return first == id ? (one, other) : (other, one);
        return EndOf(other, partition) > EndOf(one, partition) ? (other, one) : (one, other);
    }

    private static long EndOf(LogDirectory directory, PartitionName partition)
    {
        var log = directory.OpenPartition(partition, LogConfig.Default, Guid.Empty, 0);
        var end = log.View.EndOffset;
        log.Abandon();
        return end;
    }
}
