using Akka.Actor;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions.Replication;

namespace AkkaStream.Actors.Partitions;

/// <summary>What every partition of a broker works with; one for all of them.</summary>
/// <param name="Flusher">The actor that waits for the disk, off the partitions' turns.</param>
/// <param name="Checkpoints">Told when more of a log is durable.</param>
/// <param name="Housekeeping">Told when a partition wants to be looked after next.</param>
/// <param name="Reopen">Opens the log of a partition that could not be opened; false where it cannot be now either. On the partition's turn.</param>
/// <param name="Coordinators">Makes the coordinator where the topic is one of coordinators.</param>
public sealed record PartitionMeans(IActorRef Flusher, CheckpointSignal Checkpoints, HousekeepingSchedule Housekeeping, Func<PartitionHandle, bool> Reopen, CoordinatorFactory Coordinators)
{
    /// <summary>The way to other brokers; null for a lone one.</summary>
    public ReplicationMeans? Replication { get; init; }
}
