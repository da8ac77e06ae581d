using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Partitions;

/// <summary>A follower: appends what its leader sends as it is, and reports how far it has come.</summary>
public sealed partial class PartitionActor
{
    private FollowerState? following;
    private long takenBytes;
    private long reportedEnd;
    private readonly List<ReplicaData> taken = [];
    private long takenFrame;
    private long doneFrame;

    private void Ask()
    {
        CommitFollowed();
        // With flush.mode=group what an earlier life left counts once it is known to be on disk.
        Advance((0, state.FlushDue(NowMs)));
        var log = handle.Log;
        var end = log.View.EndOffset;
        // An epoch without records says nothing of the log.
        var epochs = log.LeaderEpochs;
        var last = epochs.Count - 1;
        while (last >= 0 && epochs[last].StartOffset >= end) last--;
        var facts = new FollowerLog(end, state.CountedEnd, last < 0 ? -1 : epochs[last].Epoch);
        (takenFrame, doneFrame) = (0, 0);
        var subscribe = following!.Ask((handle.TopicId, handle.Index), (Replication.BrokerId, Replication.BrokerEpoch()), facts, FollowsThrottled, NowMs);
        reportedEnd = facts.Counted;
        Replication.ReplicasOf(following.Leader)?.Tell(subscribe, Self);
        CheckAt(following.RetryAtMs);
    }

    private void Take(ReplicaData data)
    {
        if (following is null) return;
        switch (following.Take(data, Sender, handle.Log.StagedEndOffset))
        {
            case TakeData.AskAgain:
                data.Recycle();
                Ask();
                break;
            case TakeData.Append:
                if (takenBytes == 0) Self.Tell(WritePending.Instance, ActorRefs.NoSender);
                // What comes after it, and before the write, goes to the file with it.
                takenBytes += Math.Max(1, data.Batches.Length);
                taken.Add(data);
                takenFrame = Math.Max(takenFrame, data.Number);
                if (!Stage(data)) AskLater();
                break;
            default:
                data.Recycle();
                break;
        }
    }

    // Checked here as everything that is written is: a leader's mistake, or the network's, is not to be copied.
    private bool Stage(ReplicaData data)
    {
        var log = handle.Log;
        var batches = data.Batches;
        var walker = new RecordBatchWalker(batches.Span, takesOldFormats: true);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            if (header.LastOffset < log.StagedEndOffset) continue;
            if (!header.HasCrcOf(walker.Batch))
            {
                Context.GetLogger().Error("{0}: the batch at offset {1} came damaged from broker {2}; it is asked for again", handle, header.BaseOffset, following!.Leader);
                return false;
            }

            if (log.StageReplica(batches.Slice(walker.Position, walker.Batch.Length), header, NowMs).Error != ErrorCode.None) return false;
        }

        return walker.End != BatchWalkEnd.Corrupt;
    }

    // Writes what came with one write, and says so.
    private void CommitFollowed()
    {
        if (following is null || takenBytes == 0) return;
        var now = NowMs;
        var committed = handle.Log.Commit();
        var flush = state.Took(takenBytes, now);
        if (FollowsThrottled) following.Held = Replication.FollowerThrottle.Take(takenBytes, now);
        takenBytes = 0;
        Recycle(committed.Error);
        if (committed.Error != ErrorCode.None)
        {
            AskLater();
            TellTrouble();
        }

        FollowLeader();
        Advance((0, flush));
        Report();
        means.Housekeeping.SetEarlier(handle, state.NextAfterWrite(now, means.Housekeeping.IntervalMs));
    }

    // What is in the file is needed no more; where it is not, nobody knows who looks at it still.
    private void Recycle(ErrorCode committed)
    {
        if (committed == ErrorCode.None)
        {
            foreach (var data in taken) data.Recycle();
        }

        taken.Clear();
        doneFrame = takenFrame;
    }

    private void Report()
    {
        if (following is not { LeaderActor: { } leader } follower) return;
        if (IsHeldBack(follower)) return;
        reportedEnd = state.CountedEnd;
        leader.Tell(new Replicated(Replication.BrokerId, Replication.BrokerEpoch(), follower.LeaderEpoch, follower.Session, reportedEnd, doneFrame), Self);
    }

    private void Take(LeaderState told)
    {
        if (following is null || !following.Take(told, Sender)) return;
        if (takenBytes == 0) FollowLeader();
        // A flush that ended before the leader had answered could be told to nobody; without new records nothing else would.
        if (reportedEnd != state.CountedEnd) Report();
    }

    // High watermark and log start are the leader's, as far as the log goes.
    private void FollowLeader()
    {
        var log = handle.Log;
        var before = log.View;
        log.SetHighWatermark(following!.HighWatermark);
        var start = Math.Min(following.LogStart, log.View.HighWatermark);
        if (start > before.StartOffset && log.DeleteRecords(start, NowMs) == ErrorCode.None) means.Checkpoints.Raise(handle);
        if (log.View != before) handle.Waiters.Progress(0);
    }

    private void Take(Diverged told)
    {
        if (following is null) return;
        CommitFollowed();
        var at = following.CutAt(told, handle.Log.EndOfEpoch(told.Epoch));
        if (at >= 0) Cut(at, isAll: false);
    }

    private void Take(OutOfRange told)
    {
        if (following is null || !following.IsFor(told.LeaderEpoch, told.Session)) return;
        CommitFollowed();
        if (handle.Log.View.EndOffset < told.Start) Cut(told.Start, isAll: true);
        else Cut(told.End, isAll: false);
    }

    private void Cut(long at, bool isAll)
    {
        var view = handle.Log.View;
        if (at < view.HighWatermark && !isAll)
        {
            Context.GetLogger().Warning("{0}: its log is cut at offset {1}, below the high watermark {2}: broker {3} leads it in epoch {4} with another log, which an unclean election or a lost disk explains", handle, at, view.HighWatermark, following!.Leader, following.LeaderEpoch);
        }

        handle.Move?.SourceIsCut();
        var error = isAll ? handle.Log.TruncateFully(at, NowMs) : handle.Log.TruncateTo(at, NowMs);
        // Where it ends has to be known before anything is appended behind it.
        if (error == ErrorCode.None) error = handle.Home.WriteCheckpoints([new(handle.Name, handle.Log)]);
        handle.Waiters.Progress(0);
        if (error == ErrorCode.None) Ask();
        else AskLater();
    }

    private void Take(SubscribeRefused told)
    {
        if (following is null) return;
        // A leader that cannot read its log now says so without being asked.
        if (!following.IsAsking && told.Session == following.Session && told.LeaderEpoch == following.LeaderEpoch) AskLater();
        following.Refused(told, NowMs);
        CheckAt(following.RetryAtMs);
    }

    private void AskLater()
    {
        following!.RetryAt(NowMs + Limits.SubscribeRetryMs);
        CheckAt(following.RetryAtMs);
    }

    // One that is in sync is never: writers wait for it.
    private bool FollowsThrottled
        => Replication.FollowerThrottle.IsLimited && handle.Config.FollowerThrottled.Has(handle.Index, Replication.BrokerId) && handle.Image?.IsInSync(Replication.BrokerId) == false;

    // The leader sends nothing more before it is told what has come: so a follower is slow without anything being lost.
    private bool IsHeldBack(FollowerState follower)
    {
        if (follower.Held.UntilMs == 0) return false;
        if (!FollowsThrottled || !follower.Held.Holds(Replication.FollowerThrottle, NowMs))
        {
            follower.Held = default;
            return false;
        }

        CheckAt(follower.Held.UntilMs);
        return true;
    }

    // The leader wonders why nothing is said; it hears of it when it is time, and waits longer the next time.
    private void AskedAgain()
    {
        if (!IsHeldBack(following!))
        {
            Ask();
            return;
        }

        following!.RetryAt(following.Held.UntilMs);
        CheckAt(following.RetryAtMs);
    }

    // Rate, replicas or in-sync set changed: with a window of one piece a follower that is not throttled any more would be slow for ever.
    private void ThrottleChanged()
    {
        if (following is not { Leader: >= 0 } follower) return;
        if (follower.IsThrottled != FollowsThrottled) Ask();
        else if (follower.Held.UntilMs != 0 && !IsHeldBack(follower)) Report();
    }

    private void CheckLeader()
    {
        if (following!.RetryAtMs <= NowMs)
        {
            Ask();
            return;
        }

        if (following.Held.UntilMs != 0 && !IsHeldBack(following)) Report();
        CheckAt(following.RetryAtMs);
    }
}
