using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>
/// AlterReplicaLogDirs: has partitions moved to other log directories. The answer says that the moves have begun; DescribeLogDirs shows how far they are.
/// </summary>
/// <param name="broker">The broker.</param>
public sealed class AlterReplicaLogDirsHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var results = new Dictionary<string, AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult>(StringComparer.Ordinal);
        var open = 1;
        foreach (var directory in ((AlterReplicaLogDirsRequest)slot.Request).Dirs)
        {
            foreach (var topic in directory.Topics)
            {
                if (!results.TryGetValue(topic.Name, out var result)) results.Add(topic.Name, result = new() { TopicName = topic.Name });
                foreach (var index in topic.Partitions)
                {
                    var partition = new AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult { PartitionIndex = index };
                    result.Partitions.Add(partition);
                    Interlocked.Increment(ref open);
                    broker.Host.Move(new PartitionName(topic.Name, index), directory.Path, error =>
                    {
                        partition.ErrorCode = error;
                        Arrived();
                    });
                }
            }
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) slot.Complete(new AlterReplicaLogDirsResponse { Results = [.. results.Values] });
        }
    }
}
