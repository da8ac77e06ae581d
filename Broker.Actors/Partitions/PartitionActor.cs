using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Coordinators;
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
        if (coordinators.PropsOf(handle) is { } props) handle.Coordinator = Context.ActorOf(props, "coordinator");
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (handle.IsRemoved)
        {
            Gone(message);
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
                checkpoints.Raise();
                break;
            case TransactionVerified verified:
                if (state.Verified(verified)) Self.Tell(WritePending.Instance, ActorRefs.NoSender);
                break;
            case DeleteRecordsBefore delete: Delete(delete); break;
            case LookAtProducers look: look.Done(ErrorCode.None, [.. handle.Log.Producers]); break;
            case Reconfigure reconfigure: Configure(reconfigure); break;
            case Housekeep:
                handle.Log.Housekeep(NowMs);
                state.GiveUpWaiting(NowMs);
                if (state.Pending == 0) handle.Log.Rest();
                Advance((0, state.FlushDue(NowMs)));
                break;
            case PrepareCleaning prepare: Sender.Tell(new CleaningPrepared(handle.Log.BeginCleaning(prepare.FirstDirty, NowMs)), Self); break;
            case SwapGroup swap: Sender.Tell(new GroupSwapped(handle.Log.SwapCleaned(swap.Group, NowMs)), Self); break;
            case CloseLog close: Close(close); break;
            case CoordinatorMessage told: Pass(told); break;
            default: Unhandled(message); break;
        }
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
        if (state.Failing is null == !reported) return;
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
            case CloseLog close:
                handle.Log.Abandon();
                handle.Waiters.Progress(0);
                handle.Coordinator?.Tell(CoordinatorClosed.Instance, Self);
                // Whoever looked the partition up before it was gone may still tell it something, and waits for the answer.
                Context.System.Scheduler.ScheduleTellOnce(LingerAfterRemoval, Self, PoisonPill.Instance, ActorRefs.NoSender);
                close.Done(ErrorCode.None);
                break;
        }

        state.Refuse(ErrorCode.UnknownTopicOrPartition);
    }
}
