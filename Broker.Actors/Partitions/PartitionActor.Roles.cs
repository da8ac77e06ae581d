using Akka.Actor;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>What the partition's actor is: leader or follower, as the controller decides.</summary>
public sealed partial class PartitionActor
{
    // The last word about it; a log that could not be opened takes it up when it is.
    private object? role;

    private void TakeRole()
    {
        if (role is Lead lead) Begin(lead.Image);
        else if (role is Follow follow) End(follow.Image);
    }

    private void Begin(PartitionImage image)
    {
        if (image.LeaderEpoch < handle.LeaderEpoch || (handle.IsLeader && image.LeaderEpoch == handle.LeaderEpoch)) return;
        StepDown();
        handle.Log.BecomeLeader(image.LeaderEpoch);
        handle.LeaderEpoch = image.LeaderEpoch;
        handle.IsLeader = true;
        state.Configured();
        StartCoordinator();
    }

    private void End(PartitionImage image)
    {
        if (image.LeaderEpoch < handle.LeaderEpoch) return;
        StepDown();
        handle.LeaderEpoch = image.LeaderEpoch;
        state.Configured();
    }

    // Whoever waits is told; the coordinator hears of its own batches before it ends.
    private void StepDown()
    {
        if (!handle.IsLeader) return;
        handle.IsLeader = false;
        state.Refuse(ErrorCode.NotLeaderOrFollower);
        handle.Coordinator?.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        handle.Coordinator = null;
    }

    private void StartCoordinator()
    {
        if (means.Coordinators.PropsOf(handle) is { } props) handle.Coordinator = Context.ActorOf(props, means.Replication is null ? "coordinator" : $"coordinator-{handle.LeaderEpoch}");
    }
}
