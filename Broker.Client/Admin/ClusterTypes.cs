using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <summary>A broker of the cluster.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">Where clients reach it; empty where that is not known.</param>
/// <param name="Port">At which port; 0 where that is not known.</param>
/// <param name="Rack">Its rack, or null.</param>
/// <param name="IsFenced">Whether it is registered and not there: it leads nothing.</param>
/// <param name="IsShuttingDown">Whether it is about to stop: its leaders are being moved. Only AkkaStream's brokers tell.</param>
public sealed record ClusterBroker(int Id, string Host, int Port, string? Rack, bool IsFenced, bool IsShuttingDown);

/// <summary>What came of one partition.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
/// <param name="Message">The broker's own words, if any.</param>
public sealed record PartitionResult(TopicPartition Partition, ErrorCode Error, string? Message);

/// <summary>A partition that moves between brokers.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Replicas">Broker ids of its replicas now, those that come and those that go included.</param>
/// <param name="Adding">Those that come: the move ends when all of them are in sync.</param>
/// <param name="Removing">Those that go.</param>
public sealed record Reassignment(TopicPartition Partition, IReadOnlyList<int> Replicas, IReadOnlyList<int> Adding, IReadOnlyList<int> Removing);

/// <summary>Who keeps the controller's journal.</summary>
/// <param name="Leader">Broker id of the controller, or -1.</param>
/// <param name="Epoch">The controller's epoch.</param>
/// <param name="Committed">Offset behind the last event that a majority has.</param>
/// <param name="Voters">Who counts for a majority.</param>
/// <param name="Observers">Who has it, or follows it, and does not count.</param>
public sealed record QuorumInfo(int Leader, int Epoch, long Committed, IReadOnlyList<QuorumReplica> Voters, IReadOnlyList<QuorumReplica> Observers);

/// <summary>One who has the controller's journal.</summary>
/// <param name="Id">Broker id.</param>
/// <param name="Disk">Id of the disk that a vote stands on; <see cref="Guid.Empty"/> where that is not told.</param>
/// <param name="Address">Where the others reach it; empty where that is not told.</param>
/// <param name="End">Offset behind the last event that it is known to have; -1 where nothing is known.</param>
/// <param name="LastFetch">When it was last heard of, milliseconds since 1970, or -1.</param>
/// <param name="LastCaughtUp">When it had everything, milliseconds since 1970, or -1.</param>
public sealed record QuorumReplica(int Id, Guid Disk, string Address, long End, long LastFetch, long LastCaughtUp);
