using Akka.Actor;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Partitions;

/// <summary>The leader of a replicated partition: sends its log to followers as it grows, within their windows, and takes what they report.</summary>
public sealed partial class PartitionActor
{
    private const int FrameBits = 20;
    private bool hasSteppedDown;

    // What was read last goes to the next follower as it is.
    private ReplicaFrame? lastRead;
    private long frameNumber;

    private ReplicationMeans Replication => means.Replication!;

    private TrackerFacts Facts
    {
        get
        {
            var view = handle.Log.View;
            return new TrackerFacts(view.EndOffset, view.HighWatermark, NowMs, Replication.LagTimeMaxMs, Replication.BrokerEpoch());
        }
    }

    private void Take(Subscribe asked)
    {
        if (Refuse(asked) is var error and not ErrorCode.None)
        {
            Sender.Tell(new SubscribeRefused(handle.LeaderEpoch, asked.Session, error), Self);
            return;
        }

        if (Contradict(asked) is { } answer)
        {
            Sender.Tell(answer, Self);
            return;
        }

        var replica = state.Tracker!.Find(asked.ReplicaId)!;
        Replication.Budget.Give(replica.Id, replica.Subscribe(asked, Sender, handle.Log.View.EndOffset, NowMs));
        ReplicasChanged();
    }

    private ErrorCode Refuse(Subscribe asked)
    {
        if (asked.LeaderEpoch > handle.LeaderEpoch)
        {
            // The controller has decided already, and this broker hears of it later.
            if (handle.IsLeader)
            {
                StepDown();
                hasSteppedDown = true;
            }

            return ErrorCode.UnknownLeaderEpoch;
        }

        if (asked.LeaderEpoch < handle.LeaderEpoch) return ErrorCode.FencedLeaderEpoch;
        if (state.Tracker is not { } tracker) return ErrorCode.NotLeaderOrFollower;
        if (tracker.Find(asked.ReplicaId) is not { } replica) return ErrorCode.ReplicaNotAvailable;
        return asked.BrokerEpoch < replica.BrokerEpoch ? ErrorCode.StaleBrokerEpoch : ErrorCode.None;
    }

    // Both logs must be the same up to the follower's end; where they are not, it is told from where on.
    private object? Contradict(Subscribe asked)
    {
        var view = handle.Log.View;
        if (asked.Offset < view.StartOffset) return new OutOfRange(handle.LeaderEpoch, asked.Session, view.StartOffset, view.EndOffset);
        if (asked.LastEpoch >= 0)
        {
            var end = handle.Log.EndOfEpoch(asked.LastEpoch);
            if (end.Epoch < 0) return new SubscribeRefused(handle.LeaderEpoch, asked.Session, ErrorCode.UnknownLeaderEpoch);
            if (end.Epoch != asked.LastEpoch || end.StartOffset < asked.Offset) return new Diverged(handle.LeaderEpoch, asked.Session, end.Epoch, end.StartOffset);
        }

        return asked.Offset > view.EndOffset ? new OutOfRange(handle.LeaderEpoch, asked.Session, view.StartOffset, view.EndOffset) : null;
    }

    private void Take(Replicated report)
    {
        if (state.Tracker is not { } tracker || report.LeaderEpoch != handle.LeaderEpoch) return;
        var end = handle.Log.View.EndOffset;
        if (tracker.Find(report.ReplicaId) is not { } replica || !replica.Knows(report.BrokerEpoch, report.Session) || report.EndOffset > end) return;
        replica.Release(report.Frame, Replication.Frames);
        Replication.Budget.Give(replica.Id, replica.Reported(report.EndOffset, end, NowMs));
        ReplicasChanged();
    }

    // The high watermark may move, another in-sync set be due, and there may be room in a window.
    private void ReplicasChanged()
    {
        state.Advance();
        Advance((0, state.FlushDue(NowMs)));
        Propose();
        Send();
        if (state.Tracker is { } tracker) CheckAt(Math.Min(tracker.NextDueMs(Facts), state.WaitsUntilMs));
    }

    private void Propose()
    {
        if (state.Tracker?.Propose(Facts, handle.TopicId, handle.Index) is not { } proposal) return;
        // Both sets count from now on.
        state.Advance();
        var self = Self;
        Replication.Proposals.Propose(proposal, answer => self.Tell(new Decided(proposal, answer), ActorRefs.NoSender));
    }

    private void Take(Decided decided)
    {
        if (state.Tracker is not { } tracker || decided.Proposal.LeaderEpoch != tracker.LeaderEpoch) return;
        tracker.Answered(decided.Proposal, decided.Answer, NowMs);
        ReplicasChanged();
    }

    // Called after each write: where there are no followers it costs a look at a field.
    private void Send()
    {
        if (state.Tracker is not { Replicas.Count: > 0 } tracker) return;
        var view = handle.Log.View;
        var replicas = tracker.Replicas;
        for (var i = 0; i < replicas.Count; i++)
        {
            var replica = replicas[i];
            while (replica.Takes(view.EndOffset) && !IsHeldBack(replica) && Send(replica, view))
            {
            }

            if (replica.IsSubscribed && !replica.IsStalled && replica.BytesUnderWay == 0 && (replica.ToldHighWatermark != view.HighWatermark || replica.ToldStart != view.StartOffset)) SendState(replica, view);
            CheckAt(replica.SilentAtMs);
        }

        ForgetRead();
    }

    private void ForgetRead()
    {
        if (lastRead is { IsUnused: true }) Replication.Frames.Return(lastRead.Data.Frame);
        lastRead = null;
    }

    // One that is in sync is never: writers wait for it.
    private bool IsThrottled(FollowingReplica replica)
        => Replication.LeaderThrottle.IsLimited && handle.Config.LeaderThrottled.Has(handle.Index, Replication.BrokerId) && !state.Tracker!.InSync.Contains(replica.Id);

    private bool IsHeldBack(FollowingReplica replica)
    {
        if (replica.Held.UntilMs == 0) return false;
        if (!IsThrottled(replica) || !replica.Held.Holds(Replication.LeaderThrottle, NowMs))
        {
            replica.Held = default;
            return false;
        }

        CheckAt(replica.Held.UntilMs);
        return true;
    }

    private bool Send(FollowingReplica replica, LogView view)
    {
        if (lastRead is not { } read || read.Data.FirstOffset != replica.Next)
        {
            ForgetRead();
            if (Read(replica.Next, view) is not { } now)
            {
                // It cannot be read now: the follower asks again, later than others do.
                replica.Actor!.Tell(new SubscribeRefused(handle.LeaderEpoch, replica.Session, ErrorCode.KafkaStorageError), Self);
                Replication.Budget.Give(replica.Id, replica.Stall(NowMs));
                return false;
            }

            lastRead = read = now;
        }

        var bytes = read.Data.Frame.Length;
        if (!Replication.Budget.TryTake(replica.Id, bytes, Self)) return false;
        replica.Sent(read, NowMs);
        (replica.ToldHighWatermark, replica.ToldStart) = (view.HighWatermark, view.StartOffset);
        replica.Actor!.Tell(read.Data, Self);
        if (IsThrottled(replica)) replica.Held = Replication.LeaderThrottle.Take(bytes, NowMs);
        return true;
    }

    // One read into the array that is sent. A batch that is cut off at its end is the follower's to leave out.
    private ReplicaFrame? Read(long from, LogView view)
    {
        using var read = handle.Log.Read(from, Limits.ReplicaChunkBytes, ReadLimit.End, minOneBatch: true);
        if (read.Error != ErrorCode.None || read.Length == 0) return null;
        var frame = Replication.Frames.Rent(ReplicaData.HeadBytes + read.Length);
        var batches = frame.AsSpan(ReplicaData.HeadBytes, read.Length);
        // No other partition's records travel along, and the same run is the same bytes.
        frame.AsSpan(ReplicaData.HeadBytes + read.Length).Clear();
        try
        {
            if (read.ReadInto(batches) != read.Length) return null;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return null;
        }

        var next = from;
        var walker = new RecordBatchWalker(batches, takesOldFormats: true);
        while (walker.MoveNext()) next = walker.Header.NextOffset;
        if (next <= from) return null;
        // Also above those of an earlier life of this broker, which a late report might name.
        frameNumber = Math.Max(frameNumber, NowMs << FrameBits) + 1;
        return new ReplicaFrame(ReplicaData.Around(frame, handle.LeaderEpoch, from, view.HighWatermark, view.StartOffset, frameNumber, batches.Length), next);
    }

    private void SendState(FollowingReplica replica, LogView view)
    {
        (replica.ToldHighWatermark, replica.ToldStart) = (view.HighWatermark, view.StartOffset);
        replica.Actor!.Tell(new LeaderState(handle.LeaderEpoch, view.EndOffset, view.HighWatermark, view.StartOffset), Self);
    }

    private void CheckFollowers()
    {
        var now = NowMs;
        state.GiveUpOn(now);
        foreach (var replica in state.Tracker!.Replicas)
        {
            if (replica.SilentAtMs > now) continue;
            Replication.Budget.Give(replica.Id, replica.Stall(now));
            replica.Actor?.Tell(new SubscribeAgain(handle.LeaderEpoch), Self);
        }

        ReplicasChanged();
    }

    // What is on its way to followers is nobody's any more.
    private void Forget()
    {
        if (state.Tracker is not { } tracker) return;
        foreach (var replica in tracker.Replicas) Replication.Budget.Give(replica.Id, replica.Forget());
    }

    private sealed record Decided(InSyncProposal Proposal, InSyncAnswer Answer);
}
