using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions.Moving;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Owns one partition's log. Everything that changes the log is a message to it; the first append since the last write makes it tell itself
/// to write, and all appends that come before that message go to the file together.
/// </summary>
public sealed class PartitionActor : UntypedActor
{
    private static readonly TimeSpan LingerAfterRemoval = TimeSpan.FromSeconds(10);
    private readonly PartitionHandle handle;
    private readonly IActorRef flusher;
    private readonly CheckpointSignal checkpoints;
    private readonly CoordinatorFactory coordinators;
    private readonly PartitionState state;
    private readonly ITimeProvider time;
    private (EndMove Asked, IActorRef Mover)? moving;
    private bool reported;

    /// <summary>The actor of a partition.</summary>
    /// <param name="handle">The partition.</param>
    /// <param name="flusher">The actor that waits for the disk, off this one's turn.</param>
    /// <param name="checkpoints">Told when more of the log is durable.</param>
    /// <param name="coordinators">Makes the coordinator where the topic is one of coordinators.</param>
    public PartitionActor(PartitionHandle handle, IActorRef flusher, CheckpointSignal checkpoints, CoordinatorFactory coordinators)
    {
        this.coordinators = coordinators;
        this.handle = handle;
        this.flusher = flusher;
        this.checkpoints = checkpoints;
        time = Context.System.Scheduler;
        state = new PartitionState(handle);
    }

    private long NowMs => time.Now.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        // What lies in a directory that is offline is not known: a coordinator that knows nothing would be worse than none.
        if (!handle.IsOffline && coordinators.PropsOf(handle) is { } props) handle.Coordinator = Context.ActorOf(props, "coordinator");
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
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
            case WritePending: Advance(state.Write(NowMs)); break;
            case FlushRan ran:
                Advance(state.Flushed(ran.Flush, NowMs));
                checkpoints.Raise(handle);
                break;
            case TransactionVerified verified:
                if (state.Verified(verified)) Self.Tell(WritePending.Instance, ActorRefs.NoSender);
                break;
            case DeleteRecordsBefore delete: Delete(delete); break;
            case LookAtProducers look: look.Done(ErrorCode.None, [.. handle.Log.Producers]); break;
            case Reconfigure reconfigure: Configure(reconfigure); break;
            case PrepareCleaning prepare: Sender.Tell(new CleaningPrepared(handle.Log.BeginCleaning(prepare.FirstDirty, NowMs)), Self); break;
            case SwapGroup swap: Sender.Tell(new GroupSwapped(handle.Log.SwapCleaned(swap.Group, NowMs)), Self); break;
            case Housekeep: KeepHouse(); break;
            case CloseLog close: Close(close); break;
            case CoordinatorMessage told: Pass(told); break;
            case EndMove end: Begin(end); break;
            case LetGo old: LetGoOf(old); break;
            default: Unhandled(message); break;
        }

        if (moving is not null && !state.IsFlushing) End(moving);
    }

    // No flush begins from now on, so that none is on its way in the old log when the new one takes its place.
    private void Begin(EndMove end)
    {
        if (state.Pending > 0) Advance(state.Write(NowMs));
        moving = (end, Sender);
        state.HoldsFlushes = true;
    }

    private void End((EndMove Asked, IActorRef Mover)? ending)
    {
        var ((move, host), mover) = ending!.Value;
        moving = null;
        if (state.Pending > 0) Advance(state.Write(NowMs));
        var old = handle.Log;
        var result = MoveStep.More;
        if (old.SizeInBytes - move.SizeInBytes <= Limits.MoveTailBytes) result = host.Finish(move, NowMs);
        state.HoldsFlushes = false;
        if (handle.Log != old)
        {
            state.Configured();
            // Readers that looked at the old log go on with it.
            Context.System.Scheduler.ScheduleTellOnce(LingerAfterRemoval, Self, new LetGo(old, host), ActorRefs.NoSender);
        }

        checkpoints.Raise(handle);
        mover.Tell(new MoveEnded(move, result), Self);
        Advance((0, state.FlushDue(NowMs)));
    }

    private void LetGoOf(LetGo old)
    {
        old.Log.Abandon();
        old.Host.RemoveDoomed();
    }

    private void KeepHouse()
    {
        var start = handle.Log.View.StartOffset;
        handle.Log.Housekeep(NowMs);
        state.GiveUpWaiting(NowMs);
        if (handle.Log.View.StartOffset != start) checkpoints.Raise(handle);
        Advance((0, state.FlushDue(NowMs)));
    }

    private void Advance((int Bytes, LogFlush? Flush) result)
    {
        if (result.Bytes > 0) handle.Waiters.Progress(result.Bytes);
        // A marker of a few bytes may set free all that its transaction wrote.
        if (state.TakeEndedTransaction()) handle.Waiters.Progress(0);
        if (result.Flush is { } flush) flusher.Tell(flush, Self);
        Report();
    }

    // A failing disk is told once when it begins and once when it ends, not for each of thousands of appends.
    private void Report()
    {
        // A directory that went offline is told of once, not for each of its partitions.
        if (state.Failing is null == !reported || handle.IsOffline) return;
        reported = state.Failing is not null;
        var log = Context.GetLogger();
        if (reported) log.Error("{0}: writing to {1} fails: {2}. Producers get KAFKA_STORAGE_ERROR; reading goes on, and so does writing as soon as the disk takes it again.", handle, handle.Log.Directory, state.Failing);
        else log.Info("{0}: writing to {1} works again", handle, handle.Log.Directory);
    }

    private void Configure(Reconfigure reconfigure)
    {
        handle.Config = reconfigure.Config;
        handle.Log.Config = reconfigure.Config.ToLogConfig();
        state.Configured();
    }

    private void Delete(DeleteRecordsBefore delete)
    {
        var error = handle.Log.DeleteRecords(delete.Offset, NowMs);
        checkpoints.Raise(handle);
        delete.Done(error, error == ErrorCode.None ? handle.Log.View.StartOffset : -1);
        handle.Waiters.Progress(0);
    }

    // Only what came before the coordinator was made takes this way.
    private void Pass(CoordinatorMessage told)
    {
        if (handle.Coordinator is { } coordinator) coordinator.Tell(told, ActorRefs.NoSender);
        else told.Refuse(ErrorCode.NotCoordinator);
    }

    private void Close(CloseLog close)
    {
        if (state.Pending > 0) Advance(state.Write(NowMs));
        state.Refuse(ErrorCode.NotLeaderOrFollower);
        var error = handle.Log.Close();
        if (handle.IsOffline) error = ErrorCode.None; // its directory's failure was told, and the others' stop is clean
        handle.Waiters.Progress(0);
        Context.Stop(Self);
        close.Done(error);
    }

    // The partition was deleted, and a log of the same name may be there already: nothing is written, whoever waits is told.
    private void Gone(object message)
    {
        switch (message)
        {
            case PartitionAppend append: state.Add(append); break;
            case DeleteRecordsBefore delete: delete.Done(ErrorCode.UnknownTopicOrPartition, -1); break;
            case PrepareCleaning: Sender.Tell(new CleaningPrepared(null), Self); break;
            case SwapGroup: Sender.Tell(new GroupSwapped(ErrorCode.OffsetOutOfRange), Self); break;
            case LookAtProducers look: look.Done(ErrorCode.UnknownTopicOrPartition, []); break;
            case CoordinatorMessage told: told.Refuse(ErrorCode.NotCoordinator); break;
            case EndMove end: Sender.Tell(new MoveEnded(end.Move, MoveStep.More), Self); break;
            case CloseLog close:
                handle.Log.Abandon();
                handle.Waiters.Progress(0);
                handle.Coordinator?.Tell(CoordinatorClosed.Instance, Self);
                // Whoever looked the partition up before it was gone may still tell it something, and waits for the answer.
                Context.System.Scheduler.ScheduleTellOnce(LingerAfterRemoval, Self, PoisonPill.Instance, ActorRefs.NoSender);
                close.Done(ErrorCode.None);
                break;
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
            case PartitionAppend append: state.Add(append); break;
            case DeleteRecordsBefore delete: delete.Done(ErrorCode.KafkaStorageError, -1); break;
            case EndMove end: Sender.Tell(new MoveEnded(end.Move, MoveStep.More), Self); break;
            case PrepareCleaning: Sender.Tell(new CleaningPrepared(null), Self); break;
            case SwapGroup: Sender.Tell(new GroupSwapped(ErrorCode.OffsetOutOfRange), Self); break;
            case LookAtProducers look: look.Done(ErrorCode.KafkaStorageError, []); break;
            case CoordinatorMessage told: told.Refuse(ErrorCode.NotCoordinator); break;
            case Reconfigure reconfigure: handle.Config = reconfigure.Config; break;
            case DirectoryWentOffline:
                handle.Coordinator?.Tell(CoordinatorClosed.Instance, Self);
                handle.Coordinator = null;
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
}
