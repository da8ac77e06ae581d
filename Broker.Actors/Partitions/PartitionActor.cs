using Akka.Actor;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions.Moving;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Owns one partition's log. Everything that changes the log is a message to it; the first append since the last write makes it tell itself
/// to write, and all appends that come before that message go to the file together.
/// </summary>
public sealed partial class PartitionActor : UntypedActor
{
    private static readonly TimeSpan LingerAfterRemoval = TimeSpan.FromSeconds(10);
    private readonly PartitionHandle handle;
    private readonly PartitionMeans means;
    private readonly PartitionState state;
    private readonly ITimeProvider time;
    private (EndMove Asked, IActorRef Mover)? moving;

    /// <summary>The actor of a partition.</summary>
    /// <param name="handle">The partition.</param>
    /// <param name="means">What it works with.</param>
    public PartitionActor(PartitionHandle handle, PartitionMeans means)
    {
        this.handle = handle;
        this.means = means;
        time = Context.System.Scheduler;
        state = new PartitionState(handle) { IsReplicated = means.Replication is not null };
    }

    /// <summary>The recipe of a partition's actor.</summary>
    /// <param name="handle">The partition.</param>
    /// <param name="means">What it works with.</param>
    public static Props PropsOf(PartitionHandle handle, PartitionMeans means) => Props.CreateBy(new Maker(handle, means));

    private long NowMs => time.Now.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        // What lies in a directory that is offline is not known: a coordinator that knows nothing would be worse than none.
        if (!handle.IsOffline) Begin();
        else if (!handle.Home.IsOffline) means.Housekeeping.Set(handle, NowMs + Limits.ReopenMs);
    }

    private void Begin()
    {
        if (handle.IsLeader) StartCoordinator();
        TakeRole();
        Plan();
    }

    // There was no room to open the log, or to make it: perhaps there is now.
    private void Reopen()
    {
        if (!means.Reopen(handle))
        {
            means.Housekeeping.Set(handle, NowMs + Limits.ReopenMs);
            return;
        }

        state.Configured();
        Begin();
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        // The copy that a move left behind goes whatever became of the partition meanwhile.
        if (message is LetGo old)
        {
            old.Log.Abandon();
            old.Host.RemoveDoomed();
            return;
        }

        if (handle.IsRemoved)
        {
            Gone(message);
            return;
        }

        if (handle.IsOffline)
        {
            Offline(message);
            return;
        }

        switch (message)
        {
            case PartitionAppend append:
                if (state.Add(append)) Self.Tell(WritePending.Instance, ActorRefs.NoSender);
                break;
            case WritePending: Write(); break;
            case FlushRan ran:
                Advance(state.Flushed(ran.Flush, NowMs));
                means.Checkpoints.Raise(handle);
                PlanEarlier();
                if (means.Replication is not null) Flushed();
                if (state.CannotWrite) TellTrouble();
                break;
            case TransactionVerified verified:
                if (state.Verified(verified)) Self.Tell(WritePending.Instance, ActorRefs.NoSender);
                break;
            case IReplicationMessage replicated: Take(replicated); break;
            case SendMore: Send(); break;
            case Decided decided: Take(decided); break;
            case CheckReplicas: Check(); break;
            case PeerLost lost:
                if (following is not null && following.Leader == lost.BrokerId) Ask();
                break;
            case Lead or Follow:
                role = message;
                TakeRole();
                break;
            case DeleteRecordsBefore delete: Delete(delete); break;
            case LookAtProducers look: look.Done(ErrorCode.None, [.. handle.Log.Producers]); break;
            case Reconfigure reconfigure: Configure(reconfigure); break;
            case PrepareCleaning prepare: Sender.Tell(new CleaningPrepared(handle.Log.BeginCleaning(prepare.FirstDirty, NowMs)), Self); break;
            case SwapGroup swap:
                Sender.Tell(new GroupSwapped(handle.Log.SwapCleaned(swap.Group, NowMs)), Self);
                PlanEarlier();
                break;
            case Housekeep: KeepHouse(); break;
            case CloseLog close: Close(close); break;
            case CoordinatorMessage told: Pass(told); break;
            case EndMove end: Begin(end); break;
            default: Unhandled(message); break;
        }

        if (moving is { } ending && !state.IsFlushing) End(ending);
    }

    private void Write()
    {
        if (following is not null)
        {
            CommitFollowed();
            if (state.Pending == 0) return;
        }

        var now = NowMs;
        Advance(state.Write(now));
        if (means.Replication is not null) Written();
        if (state.CannotWrite) TellTrouble();
        // The first write since the partition was looked after; the ones behind it find that done.
        means.Housekeeping.SetEarlier(handle, state.NextAfterWrite(now, means.Housekeeping.IntervalMs));
    }

    // No flush begins from now on, so that none is on its way in the old log when the new one takes its place.
    private void Begin(EndMove end)
    {
        CommitFollowed();
        if (state.Pending > 0) Advance(state.Write(NowMs));
        moving = (end, Sender);
        state.HoldsFlushes = true;
    }

    private void End((EndMove Asked, IActorRef Mover) ending)
    {
        var ((move, host), mover) = ending;
        moving = null;
        CommitFollowed();
        if (state.Pending > 0) Advance(state.Write(NowMs));
        var old = handle.Log;
        var result = MoveStep.More;
        if (old.SizeInBytes - move.SizeInBytes <= Limits.MoveTailBytes) result = host.Finish(move, NowMs);
        state.HoldsFlushes = false;
        if (handle.Log != old)
        {
            if (means.Replication is not null) handle.Log.Config = LogConfig;
            state.Configured();
            // Readers that looked at the old log go on with it.
            Context.System.Scheduler.ScheduleTellOnce(LingerAfterRemoval, Self, new LetGo(old, host), ActorRefs.NoSender);
        }

        means.Checkpoints.Raise(handle);
        mover.Tell(new MoveEnded(move, result), Self);
        Advance((0, state.FlushDue(NowMs)));
    }

    private void KeepHouse()
    {
        var start = handle.Log.View.StartOffset;
        var result = handle.Log.Housekeep(NowMs);
        state.GiveUpWaiting(NowMs);
        if (handle.Log.View.StartOffset != start)
        {
            means.Checkpoints.Raise(handle);
            Send();
        }

        Advance((0, state.FlushDue(NowMs)));
        if (handle.Log.IsSilent) state.Rest();
        if (result == ErrorCode.None) Plan();
        else means.Housekeeping.Set(handle, NowMs + means.Housekeeping.IntervalMs);
    }

    private void Plan() => means.Housekeeping.Set(handle, state.NextHousekeeping(NowMs, means.Housekeeping.IntervalMs));

    // What is due earlier stays due: a partition that is flushed more often than every interval would never be looked after.
    private void PlanEarlier() => means.Housekeeping.SetEarlier(handle, state.NextHousekeeping(NowMs, means.Housekeeping.IntervalMs));

    private void Advance((int Bytes, LogFlush? Flush) result)
    {
        if (result.Bytes > 0) handle.Waiters.Progress(result.Bytes);
        // A marker of a few bytes may set free all that its transaction wrote, and so may a replica's word.
        if (state.TakeSeesMore()) handle.Waiters.Progress(0);
        if (result.Flush is { } flush) means.Flusher.Tell(flush, Self);
    }

    private void Configure(Reconfigure reconfigure)
    {
        handle.Config = reconfigure.Config;
        handle.Log.Config = LogConfig;
        state.Configured();
        if (state.Tracker is not null) ReplicasChanged();
        else if (following is not null) Advance((0, state.FlushDue(NowMs)));
        if (following is not null) ThrottleChanged();
        means.Housekeeping.SetEarlier(handle, NowMs + means.Housekeeping.IntervalMs);
    }

    private void Delete(DeleteRecordsBefore delete)
    {
        var error = handle.Log.DeleteRecords(delete.Offset, NowMs);
        means.Checkpoints.Raise(handle);
        delete.Done(error, error == ErrorCode.None ? handle.Log.View.StartOffset : -1);
        handle.Waiters.Progress(0);
        Send();
        PlanEarlier();
    }

    // Only what came before the coordinator was made takes this way.
    private void Pass(CoordinatorMessage told)
    {
        if (handle.Coordinator is { } coordinator) coordinator.Tell(told, ActorRefs.NoSender);
        else told.Refuse(ErrorCode.NotCoordinator);
    }

    private void Close(CloseLog close)
    {
        CommitFollowed();
        if (state.Pending > 0) Advance(state.Write(NowMs));
        state.Refuse(ErrorCode.NotLeaderOrFollower);
        following = null;
        means.Housekeeping.Set(handle, long.MaxValue);
        var error = handle.Log.Close();
        if (handle.IsOffline) error = ErrorCode.None; // its directory's failure was told, and the others' stop is clean
        handle.Waiters.Progress(0);
        Context.Stop(Self);
        close.Done(error);
    }

    // Answers whoever asks for something that cannot be had any more; false for what is none of that.
    private bool Refuse(object message, ErrorCode error)
    {
        switch (message)
        {
            case PartitionAppend append: state.Add(append); return true;
            case DeleteRecordsBefore delete: delete.Done(error, -1); return true;
            case LookAtProducers look: look.Done(error, []); return true;
            case PrepareCleaning: Sender.Tell(new CleaningPrepared(null), Self); return true;
            case SwapGroup: Sender.Tell(new GroupSwapped(ErrorCode.OffsetOutOfRange), Self); return true;
            case CoordinatorMessage told: told.Refuse(ErrorCode.NotCoordinator); return true;
            case EndMove end: Sender.Tell(new MoveEnded(end.Move, MoveStep.More), Self); return true;
            default: return false;
        }
    }

    // The partition was deleted, and a log of the same name may be there already: nothing is written, whoever waits is told.
    private void Gone(object message)
    {
        if (!Refuse(message, ErrorCode.UnknownTopicOrPartition) && message is CloseLog close)
        {
            means.Housekeeping.Set(handle, long.MaxValue);
            handle.Log.Abandon();
            handle.Waiters.Progress(0);
            handle.Coordinator?.Tell(CoordinatorClosed.Instance, Self);
            // Whoever looked the partition up before it was gone may still tell it something, and waits for the answer.
            Context.System.Scheduler.ScheduleTellOnce(LingerAfterRemoval, Self, PoisonPill.Instance, ActorRefs.NoSender);
            close.Done(ErrorCode.None);
        }

        GiveBack();
        state.Refuse(ErrorCode.UnknownTopicOrPartition);
    }

    // The move that waits for its last step goes back to the mover, which sees what became of the partition.
    private void GiveBack()
    {
        if (moving is not { } waiting) return;
        moving = null;
        state.HoldsFlushes = false;
        waiting.Mover.Tell(new MoveEnded(waiting.Asked.Move, MoveStep.More), Self);
    }

    // The log directory failed: nothing in it can be read or written until the next start, and whoever waits is told.
    private void Offline(object message)
    {
        switch (message)
        {
            case var _ when Refuse(message, ErrorCode.KafkaStorageError): break;
            case Reconfigure reconfigure: handle.Config = reconfigure.Config; break;
            case Lead or Follow:
                role = message;
                TellTrouble();
                break;
            case Housekeep when handle.IsUnopened && !handle.Home.IsOffline:
                Reopen();
                return;
            case DirectoryWentOffline:
                handle.Coordinator?.Tell(CoordinatorClosed.Instance, Self);
                handle.Coordinator = null;
                if (means.Replication is not null) StepDown();
                following = null;
                TellTrouble();
                break;
            case CloseLog close:
                handle.Log.Abandon();
                Context.Stop(Self);
                close.Done(ErrorCode.None);
                break;
        }

        GiveBack();
        state.Refuse(ErrorCode.KafkaStorageError, handle.Home.Failure);
        handle.Waiters.Progress(0);
    }

    // Reflection and an array of arguments would cost ten thousand partitions more than their actors.
    private sealed class Maker(PartitionHandle handle, PartitionMeans means) : IIndirectActorProducer
    {
        public Type ActorType => typeof(PartitionActor);

        public ActorBase Produce() => new PartitionActor(handle, means);

        public void Release(ActorBase actor)
        {
        }
    }
}
