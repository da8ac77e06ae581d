using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>DescribeLogDirs: what lies in each log directory, how much room there is, and which are offline.</summary>
/// <param name="broker">The broker.</param>
public sealed class DescribeLogDirsHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var answer = new DescribeLogDirsResponse();
        var handles = Asked((DescribeLogDirsRequest)slot.Request).ToList();
        foreach (var directory in broker.Directories) answer.Results.Add(Describe(directory, handles));
        slot.Complete(answer);
    }

    private static DescribeLogDirsResponse.DescribeLogDirsResult Describe(LogDirectory directory, List<PartitionHandle> handles)
    {
        var result = new DescribeLogDirsResponse.DescribeLogDirsResult { LogDir = Path.GetFullPath(directory.Path), IsCordoned = directory.IsCordoned };
        if (directory.Space is not { } space || directory.IsOffline)
        {
            result.ErrorCode = ErrorCode.KafkaStorageError;
            return result;
        }

        (result.TotalBytes, result.UsableBytes) = (space.Total, space.Free);
        var topics = new Dictionary<string, DescribeLogDirsResponse.DescribeLogDirsTopic>(StringComparer.Ordinal);
        foreach (var handle in handles)
        {
            if (handle.IsOffline) continue;
            if (handle.Home == directory) Add(handle, new() { PartitionIndex = handle.Index, PartitionSize = handle.Log.SizeInBytes });
            if (handle.Move is { } move && move.Target == directory) Add(handle, new() { PartitionIndex = handle.Index, PartitionSize = move.SizeInBytes, OffsetLag = move.OffsetLag, IsFutureKey = true });
        }

        return result;

        void Add(PartitionHandle handle, DescribeLogDirsResponse.DescribeLogDirsPartition partition)
        {
            if (!topics.TryGetValue(handle.Topic, out var topic))
            {
                topics.Add(handle.Topic, topic = new() { Name = handle.Topic });
                result.Topics.Add(topic);
            }

            topic.Partitions.Add(partition);
        }
    }

    // Null asks for everything.
    private IEnumerable<PartitionHandle> Asked(DescribeLogDirsRequest request)
    {
        if (request.Topics is null) return broker.Partitions.All;
        return request.Topics.SelectMany(topic => topic.Partitions.Select(index => broker.Partitions.Find(topic.Topic, index))).OfType<PartitionHandle>().Distinct();
    }
}
