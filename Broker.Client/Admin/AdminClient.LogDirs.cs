using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>The log directories of a broker with what lies in them.</summary>
    /// <param name="topics">Topics to tell of; all where it is empty.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">The broker refused.</exception>
    public async ValueTask<IReadOnlyList<LogDir>> DescribeLogDirsAsync(IReadOnlyCollection<string> topics, CancellationToken cancellation = default)
    {
        List<DescribeLogDirsRequest.DescribableLogDirTopic>? asked = topics.Count == 0 ? null : [];
        foreach (var name in topics)
        {
            var topic = await DescribeTopicAsync(name, cancellation).ConfigureAwait(false);
            asked!.Add(new() { Topic = name, Partitions = topic.Partitions.Select(p => p.Index).ToList() });
        }

        var answer = await cluster.SendAsync<DescribeLogDirsResponse>(new DescribeLogDirsRequest { Topics = asked }, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the log directories");
        return LogDirs(answer);
    }

    /// <summary>Has a partition moved to another log directory of its broker; returns when the move has begun.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="directory">The directory, in full.</param>
    /// <param name="cancellation">Gives up waiting; the move may still begin.</param>
    /// <exception cref="BrokerException">The broker refused: it has no such directory or partition, or one of its directories is offline.</exception>
    public async ValueTask MoveToLogDirAsync(TopicPartition partition, string directory, CancellationToken cancellation = default)
    {
        var request = new AlterReplicaLogDirsRequest { Dirs = [new() { Path = directory, Topics = [new() { Name = partition.Topic, Partitions = [partition.Partition] }] }] };
        var answer = await cluster.SendAsync<AlterReplicaLogDirsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.Results[0].Partitions[0].ErrorCode, $"{partition.Topic}-{partition.Partition} to {directory}");
    }

    private static List<LogDir> LogDirs(DescribeLogDirsResponse answer)
        => answer.Results.Select(r => new LogDir(r.LogDir, r.ErrorCode, r.TotalBytes, r.UsableBytes, Replicas(r)) { IsCordoned = r.IsCordoned }).ToList();

    private static List<LogDirReplica> Replicas(DescribeLogDirsResponse.DescribeLogDirsResult directory)
        => directory.Topics.SelectMany(t => t.Partitions.Select(p => new LogDirReplica(new TopicPartition(t.Name, p.PartitionIndex), p.PartitionSize, p.OffsetLag, p.IsFutureKey)))
            .OrderBy(r => r.Partition.Topic, StringComparer.Ordinal).ThenBy(r => r.Partition.Partition).ToList();
}

/// <summary>A log directory of a broker.</summary>
/// <param name="Path">Its path there.</param>
/// <param name="Error"><see cref="ErrorCode.KafkaStorageError"/> while it is offline.</param>
/// <param name="TotalBytes">Size of its volume; -1 where it is not known.</param>
/// <param name="UsableBytes">Room on its volume; -1 where it is not known.</param>
/// <param name="Replicas">What lies in it, by topic and partition.</param>
public sealed record LogDir(string Path, ErrorCode Error, long TotalBytes, long UsableBytes, IReadOnlyList<LogDirReplica> Replicas)
{
    /// <summary>Whether it gets no new partitions.</summary>
    public bool IsCordoned { get; init; }
}

/// <summary>A partition in a log directory.</summary>
/// <param name="Partition">Which.</param>
/// <param name="SizeInBytes">Bytes of its segments.</param>
/// <param name="OffsetLag">Records that it lacks.</param>
/// <param name="IsFuture">It is a copy on the way from another directory.</param>
public sealed record LogDirReplica(TopicPartition Partition, long SizeInBytes, long OffsetLag, bool IsFuture);
