using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>What the partition's actor is: leader or follower, as the controller decides.</summary>
public sealed partial class PartitionActor
{
    // The last word about it; a log that could not be opened takes it up when it is.
    private object? role;
    private ICancelable? check;
    private long checkAtMs = long.MaxValue;
    private long tellTroubleAtMs;

    /// <inheritdoc/>
    protected override void PostStop()
    {
        check?.Cancel();
        Forget();
    }

    private LogConfig LogConfig
    {
        get
        {
            var config = handle.Config.ToLogConfig();
            // A follower deletes what its leader has deleted.
            return means.Replication is null || handle.IsLeader ? config : config with { DeletesByRetention = false };
        }
    }

    private void Take(IReplicationMessage message)
    {
        switch (message)
        {
            case Replicated report: Take(report); break;
            case ReplicaData data: Take(data); break;
            case LeaderState told: Take(told); break;
            case Subscribe asked: Take(asked); break;
            case SubscribeAgain again when following is not null && again.LeaderEpoch == following.LeaderEpoch: AskedAgain(); break;
            case Diverged told: Take(told); break;
            case OutOfRange told: Take(told); break;
            case SubscribeRefused told: Take(told); break;
            default: break;
        }
    }

    // The controller is told while the replica counts for something: others lead, and nobody waits for it. What has no room says so with each write that fails, now and then.
    private void TellTrouble()
    {
        if (means.Replication is not { } replication || handle.Image is not { } image) return;
        var self = replication.BrokerId;
        if (image.Leader != self && !image.IsInSync(self) && !PartitionImage.Contains(image.Elr, self)) return;
        var isLost = handle.Home.IsOffline;
        if (!isLost && NowMs < tellTroubleAtMs) return;
        tellTroubleAtMs = NowMs + Limits.TroubleToldMs;
        replication.Troubled(new ReplicaTrouble(handle.TopicId, handle.Index, isLost));
    }

    // Copies on disk count where the topic has flush.mode=group.
    private void Flushed()
    {
        if (following is not null && handle.Config.FlushMode == FlushMode.Group) Report();
        else if (state.Tracker is not null) ReplicasChanged();
    }

    private void Written()
    {
        Send();
        CheckAt(Math.Min(state.WaitsUntilMs, state.Tracker is { IsSole: false } ? NowMs + Replication.LagTimeMaxMs + 1 : long.MaxValue));
    }

    private void TakeRole()
    {
        if (role is Lead lead) BecomeLeader(lead.Image);
        else if (role is Follow follow) BecomeFollower(follow.Image);
    }

    private void BecomeLeader(PartitionImage image)
    {
        if (image.LeaderEpoch < handle.LeaderEpoch) return;
        if (image.LeaderEpoch == handle.LeaderEpoch && state.Tracker is { } tracker)
        {
            if (tracker.Update(image, NowMs)) ReplicasChanged();
            return;
        }

        // It has heard of a higher epoch before, and waits for the one that comes after it.
        if (image.LeaderEpoch == handle.LeaderEpoch && hasSteppedDown) return;
        StepDown();
        CommitFollowed();
        following = null;
        hasSteppedDown = false;
        handle.Log.BecomeLeader(image.LeaderEpoch);
        handle.LeaderEpoch = image.LeaderEpoch;
        state.Tracker = new ReplicaTracker(means.Replication!.BrokerId, image, handle.Log.View.EndOffset, NowMs);
        handle.IsLeader = true;
        handle.Log.Config = LogConfig;
        StartCoordinator();
        ReplicasChanged();
        Plan();
    }

    private void BecomeFollower(PartitionImage image)
    {
        if (image.LeaderEpoch < handle.LeaderEpoch) return;
        if (following is { } now && now.LeaderEpoch == image.LeaderEpoch && now.Leader == image.Leader)
        {
            ThrottleChanged();
            return;
        }

        StepDown();
        CommitFollowed();
        hasSteppedDown = false;
        handle.LeaderEpoch = image.LeaderEpoch;
        following = new FollowerState(image);
        handle.Log.Config = LogConfig;
        state.Configured();
        Plan();
        if (following.Leader >= 0) Ask();
    }

    // Whoever waits is told; the coordinator hears of its own batches before it ends.
    private void StepDown()
    {
        if (!handle.IsLeader) return;
        handle.IsLeader = false;
        Forget();
        state.Tracker = null;
        state.Refuse(ErrorCode.NotLeaderOrFollower);
        handle.Coordinator?.Tell(PoisonPill.Instance, ActorRefs.NoSender);
        handle.Coordinator = null;
        handle.Waiters.Progress(0);
    }

    private void StartCoordinator()
    {
        if (means.Coordinators.PropsOf(handle) is not { } props) return;
        // On the threads that its partition runs on: what a connection asks and the partition answers then wakes no other one.
        if (Context.Props.Dispatcher is { } dispatcher) props = props.WithDispatcher(dispatcher);
        handle.Coordinator = Context.ActorOf(props, means.Replication is null ? "coordinator" : $"coordinator-{handle.LeaderEpoch}");
    }

    // One timer for everything that no message would bring; none while nothing is outstanding.
    private void CheckAt(long atMs)
    {
        if (atMs >= checkAtMs) return;
        check?.Cancel();
        checkAtMs = atMs;
        var delay = TimeSpan.FromMilliseconds(Math.Clamp(atMs - NowMs, 1, int.MaxValue));
        check = Context.System.Scheduler.ScheduleTellOnceCancelable(delay, Self, CheckReplicas.Instance, ActorRefs.NoSender);
    }

    private void Check()
    {
        checkAtMs = long.MaxValue;
        if (following is not null) CheckLeader();
        else if (state.Tracker is not null) CheckFollowers();
    }

    private sealed record CheckReplicas
    {
        public static readonly CheckReplicas Instance = new();
    }
}
