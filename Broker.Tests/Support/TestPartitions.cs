using Akka.Actor;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions;

namespace AkkaStream.Tests.Support;

/// <summary>Partitions outside of a broker.</summary>
internal static class TestPartitions
{
    /// <summary>What they work with; nobody writes their checkpoints.</summary>
    public static PartitionMeans Means(ActorSystem system, IActorRef flusher, CoordinatorFactory coordinators)
        => new(flusher, new CheckpointSignal(system.Scheduler, static () => { }), new HousekeepingSchedule(system.Scheduler), static _ => false, coordinators);
}
