using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>
/// AlterReplicaLogDirs: judges where partitions are to lie. A partition that lies there already is fine; moving one to another directory is not
/// done, which the client hears as OPERATION_NOT_ATTEMPTED.
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="directories">The log directories.</param>
public sealed class AlterReplicaLogDirsHandler(BrokerServices broker, IReadOnlyList<string> directories) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var results = new Dictionary<string, AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult>(StringComparer.Ordinal);
        foreach (var directory in ((AlterReplicaLogDirsRequest)slot.Request).Dirs)
        {
            var known = directories.Any(d => IsSame(d, directory.Path));
            foreach (var topic in directory.Topics)
            {
                if (!results.TryGetValue(topic.Name, out var result)) results.Add(topic.Name, result = new() { TopicName = topic.Name });
                foreach (var partition in topic.Partitions)
                {
                    result.Partitions.Add(new() { PartitionIndex = partition, ErrorCode = known ? ErrorOf(directory.Path, topic.Name, partition) : ErrorCode.LogDirNotFound });
                }
            }
        }

        slot.Complete(new AlterReplicaLogDirsResponse { Results = [.. results.Values] });
    }

    private ErrorCode ErrorOf(string directory, string topic, int partition)
    {
        if (broker.Partitions.Find(topic, partition) is not { } handle) return ErrorCode.UnknownTopicOrPartition;
        return IsSame(Path.GetDirectoryName(handle.Log.Directory) ?? "", directory) ? ErrorCode.None : ErrorCode.OperationNotAttempted;
    }

    // A path of no meaning to the system is simply none of ours.
    private static bool IsSame(string ours, string asked)
        => asked.Length > 0 && !asked.Contains('\0') && Path.TrimEndingDirectorySeparator(Path.GetFullPath(ours)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked));
}
