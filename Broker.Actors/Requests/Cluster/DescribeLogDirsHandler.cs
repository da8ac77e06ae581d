using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>DescribeLogDirs: what lies in each log directory, and how much room there is.</summary>
/// <param name="broker">The broker.</param>
/// <param name="disk">Tells the room.</param>
/// <param name="directories">The log directories.</param>
public sealed class DescribeLogDirsHandler(BrokerServices broker, IDisk disk, IReadOnlyList<string> directories) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (DescribeLogDirsRequest)slot.Request;
        var answer = new DescribeLogDirsResponse();
        foreach (var directory in directories) answer.Results.Add(Describe(directory, request));
        slot.Complete(answer);
    }

    private DescribeLogDirsResponse.DescribeLogDirsResult Describe(string directory, DescribeLogDirsRequest request)
    {
        var result = new DescribeLogDirsResponse.DescribeLogDirsResult { LogDir = Path.GetFullPath(directory) };
        try
        {
            var space = disk.SpaceOf(directory);
            (result.TotalBytes, result.UsableBytes) = (space.Total, space.Free);
        }
        catch (IOException)
        {
            result.ErrorCode = ErrorCode.KafkaStorageError;
            return result;
        }

        foreach (var group in broker.Partitions.All.Where(h => Path.GetDirectoryName(h.Log.Directory) == directory.TrimEnd('/') && IsAsked(h.Topic, h.Index, request)).GroupBy(h => h.Topic))
        {
            var partitions = group.Select(h => new DescribeLogDirsResponse.DescribeLogDirsPartition { PartitionIndex = h.Index, PartitionSize = h.Log.SizeInBytes });
            result.Topics.Add(new() { Name = group.Key, Partitions = partitions.ToList() });
        }

        return result;
    }

    private static bool IsAsked(string topic, int index, DescribeLogDirsRequest request)
        => request.Topics is null || request.Topics.Exists(t => t.Topic == topic && t.Partitions.Contains(index));
}
