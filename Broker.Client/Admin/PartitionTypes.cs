using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <summary>A topic, or a piece of one, with the replicas of its partitions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, or zero.</param>
/// <param name="IsInternal">Whether it is the cluster's own.</param>
/// <param name="Partitions">Its partitions by number, in this piece; empty where <paramref name="Error"/> says why.</param>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
public sealed record TopicPartitions(string Name, Guid Id, bool IsInternal, IReadOnlyList<PartitionReplicas> Partitions, ErrorCode Error)
{
    /// <summary>Throws unless it went well.</summary>
    /// <exception cref="BrokerException">It did not.</exception>
    public void ThrowIfFailed() => BrokerException.ThrowIf(Error, $"topic {Name}");
}

/// <summary>A partition and its replicas, all by broker id.</summary>
/// <param name="Index">Its number, from 0 on.</param>
/// <param name="Leader">Who leads it, or -1.</param>
/// <param name="LeaderEpoch">Of that leadership, or -1.</param>
/// <param name="Replicas">All replicas, the preferred leader first.</param>
/// <param name="InSync">Those in sync.</param>
/// <param name="Offline">Those whose broker or disk is not there.</param>
/// <param name="Eligible">Those that are not in sync and could lead without a loss (KIP-966).</param>
/// <param name="LastKnownEligible">Those that were the last to be able to, where nobody is.</param>
/// <param name="Error">What is wrong with it, or <see cref="ErrorCode.None"/>.</param>
public sealed record PartitionReplicas(int Index, int Leader, int LeaderEpoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSync, IReadOnlyList<int> Offline, IReadOnlyList<int> Eligible, IReadOnlyList<int> LastKnownEligible, ErrorCode Error);

/// <summary>Where an epoch of leadership ended in a partition's log.</summary>
/// <param name="Epoch">The largest epoch in the log that is not beyond the one that was asked for, or -1 where the leader knows none.</param>
/// <param name="End">The offset behind its last record, or -1.</param>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
public readonly record struct EpochEnd(int Epoch, long End, ErrorCode Error);
